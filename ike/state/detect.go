package state

import (
	"bytes"
	"strings"
)

// Detect tells from the beginning of a dump, a few kilobytes at most, what
// wrote it. It looks at content only and returns FormatUnknown rather than
// guess.
func Detect(head []byte) Format {
	if len(head) > headSize {
		head = head[:headSize]
	}
	if len(bytes.TrimSpace(head)) == 0 {
		return FormatEmpty
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return FormatUnknown
	}
	if f := isViciJSON(head); f != FormatUnknown {
		return f
	}
	var before []byte
	read, known := readers(), marks()
	for line := range bytes.Lines(head) {
		line = bytes.TrimRight(line, "\r\n")
		for _, r := range read {
			switch known := r.knows != nil && r.knows(line); {
			case known && r.format == IPRoute && isCached(head):
				return IPRouteGet
			case known:
				return r.format
			}
		}
		if f := xfrmPair(before, line); f != FormatUnknown {
			// A monitor prints the same of what is new.
			for rest := range bytes.Lines(head) {
				if isXfrmEvent(bytes.TrimRight(rest, "\r\n")) {
					return XfrmMonitor
				}
			}
			return f
		}
		if f := named(known, before, line); f != FormatUnknown {
			return f
		}
		before = line
	}
	return FormatUnknown
}

// mark is a text that gives a format away: at the start of a line, or anywhere
// in it.
type mark struct {
	format Format
	start  bool
	text   string
}

// marks are those of formats whose records have no line of their own that
// gives them away, and of those that are not read, from the daemons' own sources
// and manuals.
func marks() []mark {
	return []mark{
		{WhackStatus, true, "000 using kernel interface"},
		{WhackStatus, true, "000 interface "},
		{WhackStatus, true, "000 Connection list:"},
		{WhackStatus, true, "000 Total IPsec connections:"},
		{WhackStatus, true, "using kernel interface: "},
		{RacoonSAs, true, "Destination            Cookies                           Created"},
		{CiscoVPNSessions, true, "Session Type: LAN-to-LAN"},
		{CiscoIKE, true, "IPv4 Crypto ISAKMP SA"},
		{CiscoIKE, true, "IKEv1 SAs:"},
		{CiscoIKE, true, "dst             src             state"},
		{CiscoIKE, false, "IKE Peer: "},
		{CiscoIKE, true, "IKE Peer      Type  Dir   Rky  State"},
		{CiscoIPsec, false, "Crypto map tag: "},
	}
}

// named recognises the formats that are known by name only.
func named(known []mark, before, line []byte) Format {
	for _, m := range known {
		if m.start && strings.HasPrefix(string(line), m.text) || !m.start && strings.Contains(string(line), m.text) {
			return m.format
		}
	}
	text := string(line)
	if f := isJunos(text); f != FormatUnknown {
		return f
	}
	if f := isForti(string(before), text); f != FormatUnknown {
		return f
	}
	if f := isRouterOS(text); f != FormatUnknown {
		return f
	}
	switch {
	case len(before) == 0 && unreached(text) != "": // what follows one is something else
		return Refusal
	case setkeyKind(text):
		return SetkeySAs
	case len(before) > 0 && bytes.IndexByte(before, '[') > 0 && setkeyWay(text) && setkeyAction(text):
		return SetkeyPolicies
	}
	return FormatUnknown
}

// xfrmPair recognises the two lines that begin a record of ip xfrm.
func xfrmPair(before, line []byte) Format {
	if !strings.HasPrefix(string(before), "src ") || !strings.Contains(string(before), " dst ") {
		return FormatUnknown
	}
	text := strings.TrimLeft(string(line), " \t")
	switch {
	case len(text) == len(line): // not indented
	case strings.HasPrefix(text, "proto ") && strings.Contains(text, " spi 0x"):
		return XfrmState
	case strings.HasPrefix(text, "dir "), strings.HasPrefix(text, "socket "), strings.HasPrefix(text, "action "), strings.HasPrefix(text, "uid "):
		return XfrmPolicy
	}
	return FormatUnknown
}

// setkeyKind recognises the second line of an SA of setkey -D.
func setkeyKind(text string) bool {
	f := strings.TrimLeft(text, " \t")
	kind, _, ok := strings.Cut(f, " mode=")
	switch strings.TrimPrefix(kind, "natt+") {
	case "esp", "ah", "esp-udp", "ipcomp":
		return ok && len(f) < len(text)
	}
	return false
}

// setkeyWay recognises the second line of a policy of setkey -DP.
func setkeyWay(text string) bool {
	f := strings.TrimLeft(text, " \t")
	return len(f) < len(text) && (strings.HasPrefix(f, "in ") || strings.HasPrefix(f, "out ") || strings.HasPrefix(f, "fwd "))
}

// setkeyAction reports whether a line ends with what a policy of setkey -DP
// does.
func setkeyAction(text string) bool {
	_, action, _ := cutLast(strings.TrimRight(text, " "), " ")
	return action == "ipsec" || action == "none" || action == "discard" || action == "bypass" || action == "entrust"
}
