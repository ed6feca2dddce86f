package ingest_test

import (
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
)

// A terminal's session, or a support bundle, is read by its parts: of the
// configuration, the state and the log in it each is a source, and lines keep
// their numbers.
func TestSession(t *testing.T) {
	x := end{addr: "192.0.2.1", peer: "198.51.100.9", id: "192.0.2.1", peerID: "198.51.100.9", net: "10.1.0.0/24", peerNet: "10.2.0.0/24",
		key: "oneSecretOfBoth23", bits: 256, hash: sha1, group: 14, espBits: 256, espHash: sha1, pfs: 14, life: 28800, espLife: 3600}
	y := x
	y.addr, y.peer, y.id, y.peerID, y.net, y.peerNet = x.peer, x.addr, x.peerID, x.id, x.peerNet, x.net
	y.key = "anotherSecretOfThem"
	config := writtenASA(x)["show-run.txt"]
	const state = `
IKEv1 SAs:

   Active SA: 1
    Rekey SA: 0 (A tunnel will report 1 Active and 1 Rekey SA during rekey)
Total IKE SA: 1

1   IKE Peer: 198.51.100.9
    Type    : user            Role    : initiator
    Rekey   : no              State   : MM_WAIT_MSG6

There are no IKEv2 SAs
`
	const log = `%ASA-7-715036: Group = 198.51.100.9, IP = 198.51.100.9, Sending keep-alive of type DPD R-U-THERE (seq number 0x14c14b6f)
%ASA-5-713904: IP = 198.51.100.9, Received encrypted packet with no matching SA, dropping
%ASA-3-713902: Group = 198.51.100.9, IP = 198.51.100.9, Removing peer from peer table failed, no match!
`
	for name, text := range map[string]string{
		"session": "gw> enable\nPassword: *****\ngw# show version\n\nCisco Adaptive Security Appliance Software Version 9.14(2)\n\ngw# show crypto ikev1 sa\n" + state + "gw# show running-config\n" + config +
			"gw# debug crypto ikev1 127\n" + log + "gw# undebug all\n",
		"bundle": "\n------------------ show version ------------------\n\nCisco Adaptive Security Appliance Software Version 9.14(2)\n" + strings.Repeat("a line of no interest\n", 8000) +
			"------------------ show crypto ikev1 sa ------------------\n" + state + "------------------ show running-config ------------------\n\n" + config + "\n------------------ show logging ------------------\n\n" + log,
	} {
		before, _, _ := strings.Cut(text, " ikev1 pre-shared-key")
		want := strings.Count(before, "\n") + 1
		r := diagnose(t, append(inputsOf(y, "swanctl"), memory("gw/"+name+".txt", x.addr, []byte(text))))
		kinds := map[diag.SourceKind]int{}
		for _, s := range r.Sources {
			if strings.HasPrefix(s.Name, "gw/") {
				kinds[s.Kind]++
			}
		}
		if kinds[diag.KindConfig] != 1 || kinds[diag.KindState] != 1 || kinds[diag.KindLog] != 1 {
			t.Errorf("%s: %v", name, kinds)
		}
		n, f := rank(r, []string{string(diag.IKEP1PSKMismatch)})
		if f == nil || n > 0 {
			t.Errorf("%s: rank %d, %+v", name, n, r.Findings)
			continue
		}
		found := false
		for _, m := range f.Remedies {
			found = found || m.Line == want
		}
		if !found {
			t.Errorf("%s: no remedy at line %d: %+v", name, want, f.Remedies)
		}
	}
}
