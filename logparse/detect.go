package logparse

import "bytes"

// Detect looks at the head of a stream, some KiB of it, and names the daemon
// that wrote it: also one whose logs are not read, where dialect is nil. A
// score of 0 means that it is no IKE daemon's log that anybody here knows;
// from 50 it is quite sure.
func Detect(head []byte) (name string, dialect *Dialect, score int) {
	lines := 0
	p := Parser{}
	var e Event
	for line := range bytes.Lines(head) {
		line = bytes.TrimSpace(line)
		if len(line) < 3 {
			continue
		}
		if lines++; lines > detectLines {
			break
		}
		for _, d := range Dialects() {
			if s := d.Detect(line); s > score {
				name, dialect, score = d.Name, d, s
			}
		}
		for i := range foreign {
			if score < 90 && foreign[i].knows(line) {
				name, dialect, score = foreign[i].name, nil, 90
			}
		}
		// A message without any prefix, as clients of the daemon print it, is
		// known by its words alone.
		if score < 45 && p.Parse(line, &e) && !e.Kind.HostWide() && e.Dialect != nil {
			name, dialect, score = e.Dialect.Name, e.Dialect, 45
		}
	}
	return name, dialect, score
}

// detectLines is how many lines Detect looks at.
const detectLines = 200

// foreign lists the daemons whose logs are known by name only, each with words
// of which a line of theirs has one.
var foreign = [...]foreignDaemon{
	{"libreswan", []string{": initiating IKEv1 ", ": initiating Main Mode", "STATE_MAIN_", "STATE_AGGR_", "STATE_QUICK_", " pluto[", "Initializing NSS using ", "Starting Pluto "}},
	{"cisco-ios", []string{"ISAKMP:(", "ISAKMP: (", "ISAKMP-PAK: (", "ISAKMP-ERROR: (", "ISAKMP (", "%CRYPTO-", "IPSEC(", "ISAKMP error: "}},
	{"cisco-asa", []string{"%ASA-", "%PIX-", "%FTD-", "[IKEv1]", "[IKEv1 DEBUG]", "[IKEv1 DECODE]"}},
	{"racoon", []string{" racoon: ", " racoon[", " new phase 1 negotiation: ", " new phase 2 negotiation: ", "ISAKMP-SA established "}},
	{"fortigate", []string{`logid="01010371`, "ike 0:", "ike V="}},
	{"aws-vpn", []string{"ike_phase1_state"}},
	{"juniper", []string{" kmd[", " iked["}},
	{"isakmpd", []string{" isakmpd["}},
}

type foreignDaemon struct {
	name  string
	words []string
}

func (f *foreignDaemon) knows(line []byte) bool {
	for _, w := range f.words {
		if bytes.Contains(line, []byte(w)) {
			return true
		}
	}
	return false
}
