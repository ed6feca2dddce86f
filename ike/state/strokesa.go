package state

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// maxDigits is the length of the largest number in decimal.
const maxDigits = 20

// strokeLabel splits "name[1]: text" and "name{1}:  text".
func strokeLabel(line string, open, shut byte) (name string, id uint64, text string, ok bool) {
	for from := 0; ; {
		at := strings.Index(line[from:], string(shut)+": ")
		if at < 0 {
			return "", 0, "", false
		}
		at += from
		first := max(0, at-maxDigits-1)
		start := first + strings.LastIndexByte(line[first:at], open)
		if start >= first {
			if n, err := strconv.ParseUint(line[start+1:at], 10, 64); err == nil {
				return unnamed(line[:start]), n, line[at+3:], true
			}
		}
		from = at + 1
	}
}

// strokeSA reads a line of the section Security Associations.
func strokeSA(p *parser) {
	if strings.TrimSpace(p.line) == "none" || strings.HasPrefix(strings.TrimSpace(p.line), "no match") {
		return
	}
	if name, id, text, ok := strokeLabel(p.line, '{', '}'); ok {
		var list *[]Child
		if n := len(p.st.SAs); n > 0 {
			list = &p.st.SAs[n-1].Children
		} else {
			list = &p.st.Routed
		}
		strokeChild(p, list, name, id, text)
		return
	}
	name, id, text, ok := strokeLabel(p.line, '[', ']')
	if !ok {
		p.unknown()
		return
	}
	var sa *SA
	if n := len(p.st.SAs); n > 0 && p.st.SAs[n-1].ID == id && p.st.SAs[n-1].Name == name {
		sa = &p.st.SAs[n-1]
	}
	switch {
	case sa != nil && strokeDetail(sa, text):
	case strokeNewSA(p, name, id, text):
	default:
		p.unknown()
	}
}

// strokeNewSA reads "ESTABLISHED 6 minutes ago, A[idA]...B[idB]".
func strokeNewSA(p *parser, name string, id uint64, text string) bool {
	how, ends, ok := strings.Cut(text, ", ")
	state, age, _ := strings.Cut(how, " ")
	if !ok || ikeState(state) == IKEUnknown {
		return false
	}
	sa := SA{Line: p.n, Name: name, ID: id, StateText: state, State: ikeState(state)}
	sa.Age = spelled(strings.TrimSuffix(age, " ago"))
	if !strokeEnds(&sa, ends) {
		p.fail(p.n, ErrSyntax)
	}
	if p.room() {
		p.st.SAs = append(p.st.SAs, sa)
	}
	return true
}

// strokeEnds reads "192.0.2.1[idA]...192.0.2.2[idB]". What parts the ends may
// stand in an identity as well, but then no address follows it.
func strokeEnds(sa *SA, s string) bool {
	const mid = "]..."
	if host, _, _ := strings.Cut(s, "["); !isAddress(host) {
		return false
	}
	for from := 0; ; {
		at := strings.Index(s[from:], mid)
		if at < 0 {
			return false
		}
		at += from
		if strokeEnd(&sa.Remote, s[at+len(mid):]) {
			return strokeEnd(&sa.Local, s[:at+1])
		}
		from = at + 1
	}
}

func isAddress(s string) bool {
	_, ok := address(s)
	return ok
}

// maxHost is more than an address takes.
const maxHost = 64

// strokeEnd reads "192.0.2.1[id]".
func strokeEnd(e *Endpoint, s string) bool {
	host, _, ok := strings.Cut(s[:min(len(s), maxHost)], "[")
	a, valid := address(host)
	if !ok || !valid {
		return false
	}
	e.Address = netip.AddrPortFrom(a, 0)
	e.Text = strings.TrimSuffix(s[len(host)+1:], "]")
	e.Identity = identity(e.Text)
	return true
}

// strokeDetail reads a further line of an IKE SA.
func strokeDetail(sa *SA, text string) bool {
	word, rest, ok := cut2(text, ": ")
	if !ok {
		word = strings.TrimSuffix(strings.TrimSpace(text), ":")
	}
	switch word {
	case "IKE proposal":
		sa.Algorithms = rest
		sa.Proposal = proposal(ike.ProtocolIKE, rest)
	case "Remote XAuth identity":
		sa.Remote.XAuth = rest
	case "Remote EAP identity":
		sa.Remote.EAP = rest
	case "Tasks queued":
		sa.Queued = words(rest)
	case "Tasks active":
		sa.Active = words(rest)
	case "Tasks passive":
		sa.Passive = words(rest)
	case "IKEv1 SPIs", "IKEv2 SPIs":
		sa.Version = version(strings.TrimSuffix(word, " SPIs"))
		cookies, times, _ := cut2(rest, ",")
		cookiePair(sa, cookies)
		strokeTimes(sa, times)
	default:
		return false
	}
	return true
}

// strokeTimes reads "rekeying in 2 hours, pre-shared key reauthentication in
// 2 hours" or "rekeying disabled".
func strokeTimes(sa *SA, s string) {
	for part := range strings.SplitSeq(s, ", ") {
		what, t, _ := strings.Cut(part, " in ")
		switch {
		case what == "rekeying":
			sa.Rekey = spelled(t)
		case what == "rekeying disabled":
			sa.RekeyDisabled = true
		case strings.HasSuffix(what, " reauthentication"):
			sa.Auth, sa.Reauth = strings.TrimSuffix(what, " reauthentication"), spelled(t)
		}
	}
}

func strokeRouted(p *parser) {
	name, id, text, ok := strokeLabel(p.line, '{', '}')
	if !ok {
		p.unknown()
		return
	}
	strokeChild(p, &p.st.Routed, name, id, text)
}

// strokeChild reads a line of a child: what it is, what it has done, or its
// selectors, each indented further than the one before.
func strokeChild(p *parser, list *[]Child, name string, id uint64, text string) {
	var c *Child
	if n := len(*list); n > 0 && (*list)[n-1].ID == id && (*list)[n-1].Name == name {
		c = &(*list)[n-1]
	}
	text = strings.TrimSpace(text)
	state, rest, _ := strings.Cut(text, ", ")
	switch {
	case childState(state) != ChildUnknown:
		if p.room() {
			child := Child{Line: p.n, Name: name, ID: id, State: childState(state), StateText: state}
			strokeChildHead(&child, rest)
			*list = append(*list, child)
		}
	case c == nil:
		p.unknown()
	case strings.Contains(text, " === "):
		local, remote, _ := strings.Cut(text, " === ")
		c.Local, c.Remote = selectors(local), selectors(remote)
	case strings.Contains(text, " bytes_i"):
		strokeUse(c, text)
	default:
		p.unknown()
	}
}

// strokeChildHead reads "TUNNEL, reqid 1, ESP in UDP SPIs: a_i b_o, IPCOMP
// CPIs: c_i d_o".
func strokeChildHead(c *Child, s string) {
	for i, part := range strings.Split(s, ", ") {
		what, pair, found := strings.Cut(part, ": ")
		switch {
		case i == 0:
			childMode(c, part)
		case strings.HasPrefix(part, "reqid "):
			n, _ := number32(part[len("reqid "):])
			c.ReqID = n
		case strings.HasPrefix(part, "expires in "):
			c.Expire = spelled(part[len("expires in "):])
		case found && strings.HasSuffix(what, " CPIs"):
			in, out, _ := strings.Cut(pair, " ")
			a, _ := strconv.ParseUint(strings.TrimSuffix(in, "_i"), 16, 16)
			b, _ := strconv.ParseUint(strings.TrimSuffix(out, "_o"), 16, 16)
			c.In.CPI, c.Out.CPI = uint16(a), uint16(b)
		case found && strings.HasSuffix(what, " SPIs"):
			what, c.UDP = strings.CutSuffix(strings.TrimSuffix(what, " SPIs"), " in UDP")
			c.Protocol, _ = ike.ParseProtocol(what)
			in, out, _ := strings.Cut(pair, " ")
			a, _ := strconv.ParseUint(strings.TrimSuffix(in, "_i"), 16, 32)
			b, _ := strconv.ParseUint(strings.TrimSuffix(out, "_o"), 16, 32)
			c.In.SPI, c.Out.SPI = uint32(a), uint32(b)
		}
	}
}

// strokeUse reads "AES_CBC_128/HMAC_SHA2_256_128, 252 bytes_i (3 pkts, 0s
// ago), 252 bytes_o (3 pkts, 0s ago), rekeying in 42 minutes".
func strokeUse(c *Child, s string) {
	first, rest, _ := strings.Cut(s, ", ")
	if !strings.Contains(first, " bytes_i") { // a child without a proposal
		c.Algorithms = first
		c.Proposal = proposal(c.Protocol, first)
		s = rest
	}
	strokeFlow(&c.In, s, " bytes_i")
	strokeFlow(&c.Out, s, " bytes_o")
	_, t, ok := strings.Cut(s, ", rekeying ")
	switch {
	case !ok:
	case t == "disabled":
		c.RekeyDisabled = true
	case t == "active": // overdue
		c.Rekey = Span{Known: true}
	default:
		c.Rekey = spelled(strings.TrimPrefix(t, "in "))
	}
}

func strokeFlow(f *Flow, s, unit string) {
	at := strings.Index(s, unit)
	if at < 0 {
		return
	}
	number := s[:at]
	if i := strings.LastIndexByte(number, ' '); i >= 0 {
		number = number[i+1:]
	}
	n, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		return
	}
	f.Bytes, f.Counted = n, true
	use, ok := strings.CutPrefix(s[at+len(unit):], " (")
	if !ok {
		return
	}
	use, _, _ = strings.Cut(use, ")")
	packets, idle, _ := cut2(use, ",")
	packets, _, _ = strings.Cut(packets, " ")
	f.Packets, _ = strconv.ParseUint(packets, 10, 64)
	f.Idle = seconds(strings.TrimSuffix(idle, " ago"))
}

// number32 reads a decimal number.
func number32(s string) (uint32, bool) {
	n, err := strconv.ParseUint(s, 10, 32)
	return uint32(n), err == nil
}
