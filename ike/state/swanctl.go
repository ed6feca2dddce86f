package state

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// What swanctl --list-sas prints for people: one line that is not indented
// begins an IKE SA, two spaces its properties, or a child whose properties
// have four.

// isSwanctlSA recognises the first line of an IKE SA: its name, its number,
// its state, its version and both cookies.
func isSwanctlSA(line []byte) bool {
	_, ok := swanctlHead(string(line))
	return ok
}

// swanctlHead reads the first line of an IKE SA.
func swanctlHead(line string) (sa SA, ok bool) {
	if line == "" || line[0] == ' ' {
		return sa, false
	}
	// The name may hold anything; what follows it does not hold ": #".
	at := strings.LastIndex(line, ": #")
	if at < 0 {
		return sa, false
	}
	f := strings.Split(line[at+3:], ", ")
	if len(f) != 4 || !strings.HasPrefix(f[2], "IKEv") {
		return sa, false
	}
	var err error
	if sa.ID, err = strconv.ParseUint(f[0], 10, 64); err != nil {
		return sa, false
	}
	sa.Name = unnamed(line[:at])
	sa.StateText, sa.State = f[1], ikeState(f[1])
	sa.Version = version(f[2])
	return sa, cookiePair(&sa, f[3])
}

// cookiePair reads "4ed43d3f6ef826aa_i* 21e8f5df0e61754c_r": the star marks
// the own side.
func cookiePair(sa *SA, s string) bool {
	i, r, _ := strings.Cut(strings.TrimSpace(s), " ")
	i, mine := strings.CutSuffix(i, "*")
	r, theirs := strings.CutSuffix(r, "*")
	var okI, okR bool
	sa.Cookies[0], okI = cookie(strings.TrimSuffix(i, "_i"))
	sa.Cookies[1], okR = cookie(strings.TrimSuffix(r, "_r"))
	switch {
	case mine:
		sa.Role = RoleInitiator
	case theirs:
		sa.Role = RoleResponder
	}
	return okI && okR
}

// unnamed turns strongSwan's word for an SA without a configuration into none.
func unnamed(s string) string {
	if s = strings.TrimSpace(s); s == "(unnamed)" {
		return ""
	}
	return s
}

func version(s string) int {
	switch s {
	case "IKEv1":
		return 1
	case "IKEv2":
		return 2
	}
	return 0
}

func readSwanctl(p *parser) {
	for p.next() {
		sa, ok := swanctlHead(p.line)
		if !ok {
			p.unknown()
			continue
		}
		sa.Line = p.n
		keep := p.room()
		swanctlBody(p, &sa)
		if keep {
			p.st.SAs = append(p.st.SAs, sa)
		}
	}
}

// swanctlBody reads the lines of an IKE SA after its first.
func swanctlBody(p *parser, sa *SA) {
	for p.next() {
		text, indented := strings.CutPrefix(p.line, "  ")
		switch {
		case !indented:
			p.back()
			return
		case strings.HasPrefix(text, "local  '"):
			swanctlEnd(p, &sa.Local, text[len("local  "):])
		case strings.HasPrefix(text, "remote '"):
			swanctlEnd(p, &sa.Remote, text[len("remote "):])
		case strings.HasPrefix(text, "established "):
			swanctlTimes(text, &sa.Age, &sa.Rekey, &sa.Reauth, nil)
		case strings.HasPrefix(text, "queued: "):
			sa.Queued = words(text[len("queued: "):])
		case strings.HasPrefix(text, "active: "):
			sa.Active = words(text[len("active: "):])
		case strings.HasPrefix(text, "passive: "):
			sa.Passive = words(text[len("passive: "):])
		case swanctlIsChild(text):
			swanctlChild(p, sa, text)
		case algorithmList(text):
			sa.Algorithms = nonNull(text)
			sa.Proposal = proposal(ike.ProtocolIKE, sa.Algorithms)
		default:
			p.unknown()
		}
	}
}

// swanctlEnd reads "'id' @ address[port] EAP: 'x' XAuth: 'x' [virtual]".
func swanctlEnd(p *parser, e *Endpoint, s string) {
	at := strings.LastIndex(s, "' @ ")
	if at < 1 {
		p.fail(p.n, ErrSyntax)
		return
	}
	e.Text = s[1:at]
	e.Identity = identity(e.Text)
	rest := s[at+len("' @ "):]
	host, rest, ok := strings.Cut(rest, "[")
	port, rest, closed := strings.Cut(rest, "]")
	n, err := strconv.ParseUint(port, 10, 16)
	a, valid := address(host)
	if !ok || !closed || err != nil || !valid {
		p.fail(p.n, ErrSyntax)
		return
	}
	e.Address = netip.AddrPortFrom(a, uint16(n))
	e.EAP = between(rest, " EAP: '", "'")
	e.XAuth = between(rest, " XAuth: '", "'")
	for _, w := range words(between(rest, " [", "]")) {
		if v, ok := address(w); ok {
			e.Virtual = append(e.Virtual, v)
		}
	}
}

// between returns what stands between two texts, "" where it does not.
func between(s, from, to string) string {
	_, s, ok := strings.Cut(s, from)
	if !ok {
		return ""
	}
	s, _, ok = strings.Cut(s, to)
	if !ok {
		return ""
	}
	return s
}

// swanctlTimes reads "established 3s ago, rekeying in 4s, reauth in 5s,
// expires in 6s", or the same of a child with "installed".
func swanctlTimes(s string, age, rekey, reauth, expire *Span) {
	for part := range strings.SplitSeq(s, ", ") {
		if t, ok := strings.CutSuffix(part, " ago"); ok {
			if i := strings.LastIndexByte(t, ' '); i >= 0 {
				*age = seconds(t[i+1:])
			}
			continue
		}
		word, t, _ := strings.Cut(part, " in ")
		var to *Span
		switch word {
		case "rekeying":
			to = rekey
		case "reauth":
			to = reauth
		case "expires":
			to = expire
		}
		if to != nil {
			*to = seconds(t)
		}
	}
}

// swanctlIsChild recognises "name: #1, reqid 1, INSTALLED, TUNNEL, ESP:…".
func swanctlIsChild(text string) bool {
	return !strings.HasPrefix(text, " ") && strings.Contains(text, ": #") && strings.Contains(text, ", reqid ")
}

func swanctlChild(p *parser, sa *SA, text string) {
	at := strings.LastIndex(text, ": #")
	f := strings.SplitN(text[at+3:], ", ", 5)
	if len(f) != 5 {
		p.fail(p.n, ErrSyntax)
		return
	}
	c := Child{Line: p.n, Name: text[:at]}
	c.ID, _ = strconv.ParseUint(f[0], 10, 64)
	reqid, _ := strconv.ParseUint(strings.TrimPrefix(f[1], "reqid "), 10, 32)
	c.ReqID = uint32(reqid)
	c.StateText, c.State = f[2], childState(f[2])
	childMode(&c, f[3])
	protocol, algorithms, _ := strings.Cut(f[4], ":")
	c.Protocol, _ = ike.ParseProtocol(protocol)
	c.Algorithms = nonNull(algorithms)
	c.Proposal = proposal(c.Protocol, c.Algorithms)
	keep := p.room()
	for p.next() {
		text, ok := strings.CutPrefix(p.line, "    ")
		if !ok {
			p.back()
			break
		}
		switch {
		case strings.HasPrefix(text, "installed "):
			swanctlTimes(text, &c.Age, &c.Rekey, new(Span), &c.Expire)
		case strings.HasPrefix(text, "in  "):
			swanctlFlow(p, &c.In, text[len("in  "):])
		case strings.HasPrefix(text, "out "):
			swanctlFlow(p, &c.Out, text[len("out "):])
		case strings.HasPrefix(text, "local  "):
			c.Local = selectors(text[len("local  "):])
		case strings.HasPrefix(text, "remote "):
			c.Remote = selectors(text[len("remote "):])
		default:
			p.unknown()
		}
	}
	if keep {
		sa.Children = append(sa.Children, c)
	}
}

// swanctlFlow reads "cd0bf0a3/0a1b (0x1), 252 bytes, 3 packets, 0s ago".
func swanctlFlow(p *parser, f *Flow, s string) {
	parts := strings.Split(s, ",")
	name, _, _ := strings.Cut(parts[0], " ")
	spi, cpi, compressed := strings.Cut(name, "/")
	if spi == null {
		return
	}
	n, err := strconv.ParseUint(spi, 16, 32)
	if err != nil {
		p.fail(p.n, ErrSyntax)
		return
	}
	f.SPI = uint32(n)
	if compressed {
		n, _ := strconv.ParseUint(cpi, 16, 16)
		f.CPI = uint16(n)
	}
	for _, part := range parts[1:] {
		number, unit, _ := cut2(strings.TrimSpace(part), " ")
		n, err := strconv.ParseUint(number, 10, 64)
		switch {
		case unit == "bytes" && err == nil:
			f.Bytes, f.Counted = n, true
		case unit == "packets" && err == nil:
			f.Packets = n
		case unit == "ago":
			f.Idle = seconds(number)
		}
	}
}
