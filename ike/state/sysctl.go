package state

import "strings"

// What sysctl prints of Linux's network settings, which files that set them
// have as well:
//
//	net.ipv4.ip_forward = 1
//	net.ipv4.conf.eth0.rp_filter = 1

// Setting is one of a host's kernel.
type Setting struct {
	// Line is where the dump has it.
	Line        int
	Name, Value string
}

func isSetting(line []byte) bool {
	s, ok := setting(string(line))
	return ok && (strings.HasPrefix(s.Name, "net.ipv4.") || strings.HasPrefix(s.Name, "net.ipv6."))
}

func setting(line string) (s Setting, ok bool) {
	name, value, ok := strings.Cut(line, "=")
	s.Name, s.Value = strings.ReplaceAll(strings.TrimSpace(name), "/", "."), strings.TrimSpace(value)
	return s, ok && s.Name != "" && !strings.ContainsAny(s.Name, " \t\"'{}") && strings.Contains(s.Name, ".")
}

func readSysctl(p *parser) {
	for p.next() {
		s, ok := setting(p.line)
		switch {
		case strings.HasPrefix(p.line, "#"):
		case !ok:
			p.unknown()
		case p.room():
			s.Line = p.n
			s.Name, s.Value = harmless(s.Name), harmless(s.Value)
			p.st.Settings = append(p.st.Settings, s)
		}
	}
}

// Forwards reports whether the settings let the host forward IPv4 packets;
// known is false where they do not say. The line is that of the setting.
func (st *State) Forwards() (on bool, line int, known bool) {
	for _, s := range st.Settings {
		switch s.Name {
		case "net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding": // one and the same
			on, line, known = s.Value == "1", s.Line, true
		}
	}
	return on, line, known
}

// StrictReversePath returns the settings by which interfaces drop packets whose
// sender they would not reach by the same one: the greater of an interface's
// own rp_filter and that of all, where it is 1. known is false where no setting
// of that name is there.
func (st *State) StrictReversePath() (strict []Setting, known bool) {
	all := ""
	var every Setting
	var own []Setting
	for _, s := range st.Settings {
		device, ok := strings.CutSuffix(s.Name, ".rp_filter")
		if !ok {
			continue
		}
		known = true
		switch {
		case strings.HasSuffix(device, ".all"):
			all, every = s.Value, s
		case !strings.HasSuffix(device, ".default"): // which is for interfaces to come
			own = append(own, s)
		}
	}
	if len(own) == 0 && all != "" {
		own = append(own, every)
	}
	for _, s := range own {
		if max(all, s.Value) == "1" {
			strict = append(strict, s)
		}
	}
	return strict, known
}
