package state

import (
	"net/netip"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// What Juniper's Junos prints for show security ike and show security ipsec:
// tables, or records of several lines with "detail". One reading takes all of
// them, since they are often kept in one file, with the prompts between them
// and a heading for each member of a cluster:
//
//	node0:
//	--------------------------------------------------------------------------
//	Index   State  Initiator cookie  Responder cookie  Mode           Remote Address
//	4       UP     c4cd953602568b74  0d6d194993328b02  Main           192.0.2.9
//	  Total active tunnels: 1     Total Ipsec sas: 1
//	  ID    Algorithm       SPI      Life:sec/kb  Mon lsys Port  Gateway
//	  <131073 ESP:aes-cbc-128/sha1 df27aae4 326/ unlim -   root 500 192.0.2.9
//	  >131073 ESP:aes-cbc-128/sha1 5de29aa1 326/ unlim -   root 500 192.0.2.9
//
// The columns stand in another order in other releases: what a field is tells
// its form.

// isJunos recognises the first lines of the tables and records, and tells which
// it is.
func isJunos(line string) Format {
	switch s := strings.TrimSpace(line); {
	case strings.HasPrefix(s, "Index ") && strings.Contains(s, "Initiator cookie") && strings.Contains(s, "Responder cookie"),
		strings.HasPrefix(s, "IKE peer ") && strings.Contains(s, ", Index "):
		return JunosIKE
	case strings.HasPrefix(s, "Total inactive tunnels:"):
		return JunosInactive
	case strings.HasPrefix(s, "Total active tunnels:"), strings.HasPrefix(s, "ID: ") && strings.Contains(s, " Virtual-system: "):
		return JunosIPsec
	case s == "ESP Statistics:":
		return JunosStatistics
	}
	return FormatUnknown
}

// junos is a reading.
type junos struct {
	p *parser
	// part is what the lines are of, table the columns of a list of inactive
	// tunnels.
	part  Format
	table []string
	// at is the SA that a record is about, phase2 whether it is one of phase 2;
	// child and flow are the direction within.
	at     int // its index, -1 for none
	phase2 bool
	in     bool
	events bool
	group  string // the heading of counters
	// local and remote are the selectors of the tunnel.
	local, remote []ike.Selector
}

func readJunos(p *parser) {
	j := junos{p: p, at: -1}
	for p.next() {
		s := strings.TrimSpace(p.line)
		if f := isJunos(s); f != FormatUnknown {
			j.begin(f, s)
			continue
		}
		switch {
		case s == "" || junosFrame(s):
			j.events = j.events && s == ""
		case j.part == JunosIKE && j.at < 0:
			j.ikeRow(s)
		case j.part == JunosIKE:
			j.ikeLine(s)
		case j.part == JunosStatistics:
			j.count(s)
		case j.part == JunosInactive && j.at < 0:
			j.inactiveRow(s)
		case j.part == JunosIPsec && j.at < 0:
			j.ipsecRow(s)
		case j.at >= 0:
			j.ipsecLine(s)
		default:
			p.unknown()
		}
	}
}

// begin reads the first line of a table or a record.
func (j *junos) begin(f Format, s string) {
	*j = junos{p: j.p, part: f, at: -1}
	switch {
	case strings.HasPrefix(s, "IKE peer "):
		j.ikePeer(s)
	case strings.HasPrefix(s, "ID: "):
		j.tunnel(s)
	case f == JunosStatistics:
		j.group = "ESP"
	}
}

// junosFrame reports whether a line is one around the output: a prompt, the
// name of a member of a cluster, or a rule below it.
func junosFrame(s string) bool {
	return strings.HasPrefix(s, "{") && strings.HasSuffix(s, "}") || strings.Trim(s, "-") == "" ||
		strings.HasPrefix(s, "node") && strings.HasSuffix(s, ":") ||
		strings.Contains(s, "@") && (strings.HasSuffix(s, ">") || strings.HasSuffix(s, "#") || strings.Contains(s, "> show ") || strings.Contains(s, "# run show ")) && !strings.Contains(s, ": ")
}

// add begins an SA and returns it, nil where there is no room.
func (j *junos) add(sa SA) *SA {
	j.at = -1
	if !j.p.room() {
		return nil
	}
	sa.Line = j.p.n
	sa.Local.Identity, sa.Remote.Identity = ike.Identity{Any: true}, ike.Identity{Any: true}
	j.p.st.SAs = append(j.p.st.SAs, sa)
	j.at = len(j.p.st.SAs) - 1
	return &j.p.st.SAs[j.at]
}

func (j *junos) sa() *SA { return &j.p.st.SAs[j.at] }

// ikeRow reads a row of the table of IKE SAs.
func (j *junos) ikeRow(s string) {
	f := strings.Fields(s)
	sa := SA{}
	cookies, mode := 0, ""
	for i, w := range f {
		c, isCookie := cookie(w)
		a, isAddress := address(w)
		switch {
		case i == 0:
			sa.ID = number(w)
		case isCookie && cookies < 2:
			sa.Cookies[cookies] = c
			cookies++
		case isAddress:
			sa.Remote.Address = netip.AddrPortFrom(a, 0)
		case w == "UP" || w == "DOWN":
			sa.StateText = w
		default:
			mode = w
		}
	}
	if cookies != 2 || sa.StateText == "" || !isNumber(f[0]) {
		j.p.unknown()
		return
	}
	sa.junos(mode)
	j.add(sa)
	j.at = -1
}

// junos sets what the mode and the state of an IKE SA mean. One that is down and
// has no cookie of the responder's waits for the answer to its first message.
func (sa *SA) junos(mode string) {
	switch mode {
	case "Main", "Aggressive":
		sa.Version, sa.Aggressive = 1, mode == "Aggressive"
	case "IKEv2":
		sa.Version = 2
	}
	switch sa.StateText {
	case "UP":
		sa.State = IKEEstablished
	case "DOWN":
		sa.State = IKEConnecting
		if sa.Version == 1 && sa.Role != RoleResponder && sa.Cookies[0] != [8]byte{} && sa.Cookies[1] == [8]byte{} {
			sa.Sent = 1
		}
	}
}

// junosPairs yields what a line of a record says: "Role: Initiator, State: UP".
func junosPairs(s string, yield func(key, value string)) {
	for part := range strings.SplitSeq(s, ", ") {
		if key, value, ok := strings.Cut(part, ":"); ok {
			yield(strings.Join(strings.Fields(key), " "), strings.TrimSpace(value))
		}
	}
}

// junosEnd reads "192.0.2.1:500", or an address alone.
func junosEnd(s string) (netip.AddrPort, bool) {
	if a, ok := address(s); ok {
		return netip.AddrPortFrom(a, 0), true
	}
	host, port, _ := cutLast(s, ":")
	a, ok := address(host)
	return netip.AddrPortFrom(a, uint16(min(number(port), 1<<16-1))), ok
}
