package state

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// What swanctl --list-sas prints with --raw, or with --pretty: an event for
// each IKE SA and an empty reply at the end. It says what the form for people
// says, and besides how NAT was found, and the sizes of keys apart.

// isSwanctlRaw recognises the line that a message begins with.
func isSwanctlRaw(line []byte) bool {
	s := string(line)
	return strings.HasPrefix(s, "list-sa event {") || strings.HasPrefix(s, "list-sas reply {")
}

func readSwanctlRaw(p *parser) {
	for p.next() {
		if !isSwanctlRaw([]byte(p.line)) {
			p.unknown()
			continue
		}
		start := p.n
		msg, ok := p.viciMessage()
		if !ok {
			p.fail(start, ErrSyntax)
		}
		if msg == nil {
			continue
		}
		for _, s := range msg.sections {
			if sa, ok := rawSA(s, p.room); ok && p.room() {
				p.st.SAs = append(p.st.SAs, sa)
			}
		}
	}
}

// viciMessage reads the message that begins on the current line, in either
// form. What was read of a broken one is returned, too.
func (p *parser) viciMessage() (msg *viciSection, ok bool) {
	if !strings.HasSuffix(p.line, " {") {
		return viciLine(p.line, p.n)
	}
	var v viciReader
	for {
		whole, ok := v.pretty(p.line, p.n)
		if whole != nil {
			return whole, true
		}
		if !ok {
			p.unknown()
		}
		if v.items > maxViciItems || !p.next() {
			break
		}
		if isSwanctlRaw([]byte(p.line)) {
			p.back()
			break
		}
	}
	if len(v.stack) == 0 {
		return nil, false
	}
	return v.stack[0], false
}

// rawSA reads the section of an IKE SA.
func rawSA(s *viciSection, room func() bool) (SA, bool) {
	v := s.values
	sa := SA{
		Line: s.line, Name: unnamed(s.name), ID: number(v["uniqueid"]), StateText: v["state"], State: ikeState(v["state"]), Version: int(number(v["version"]) & 3),
		Local: rawEnd(s, "local"), Remote: rawEnd(s, "remote"), Role: RoleResponder,
		Age: seconds(v["established"]), Rekey: seconds(v["rekey-time"]), Reauth: seconds(v["reauth-time"]),
		Queued: s.lists["tasks-queued"], Active: s.lists["tasks-active"], Passive: s.lists["tasks-passive"],
		NAT: NAT{Known: true, Local: v["nat-local"] == "yes", Remote: v["nat-remote"] == "yes", Faked: v["nat-fake"] == "yes"},
	}
	if v["initiator"] == "yes" {
		sa.Role = RoleInitiator
	}
	sa.Cookies[0], _ = cookie(v["initiator-spi"])
	sa.Cookies[1], _ = cookie(v["responder-spi"])
	sa.Algorithms = rawAlgorithms(v)
	sa.Proposal = proposal(ike.ProtocolIKE, sa.Algorithms)
	for _, list := range s.sections {
		if list.name != "child-sas" {
			continue
		}
		for _, c := range list.sections {
			if room() {
				sa.Children = append(sa.Children, rawChild(c))
			}
		}
	}
	return sa, v["state"] != ""
}

// rawEnd reads one end of an IKE SA.
func rawEnd(s *viciSection, side string) Endpoint {
	v := s.values
	e := Endpoint{Text: v[side+"-id"], EAP: v[side+"-eap-id"], XAuth: v[side+"-xauth-id"]}
	e.Identity = identity(e.Text)
	if a, ok := address(v[side+"-host"]); ok {
		e.Address = netip.AddrPortFrom(a, uint16(min(number(v[side+"-port"]), 1<<16-1)))
	}
	for _, w := range s.lists[side+"-vips"] {
		if a, ok := address(w); ok {
			e.Virtual = append(e.Virtual, a)
		}
	}
	return e
}

// rawAlgorithms writes what was chosen as the form for people has it.
func rawAlgorithms(v map[string]string) string {
	var out []string
	add := func(alg, bits string) {
		if alg != "" && bits != "" {
			alg += "-" + bits
		}
		if alg != "" {
			out = append(out, alg)
		}
	}
	add(v["encr-alg"], v["encr-keysize"])
	add(v["integ-alg"], v["integ-keysize"])
	add(v["prf-alg"], "")
	add(v["dh-group"], "")
	if v["esn"] == "1" || v["esn"] == "yes" {
		out = append(out, "ESN")
	}
	return strings.Join(out, "/")
}

// rawChild reads the section of a child, whose own name carries its number.
func rawChild(s *viciSection) Child {
	v := s.values
	c := Child{
		Line: s.line, Name: v["name"], ID: number(v["uniqueid"]), ReqID: uint32(min(number(v["reqid"]), 1<<32-1)), StateText: v["state"], State: childState(v["state"]),
		UDP: v["encap"] == "yes", In: rawFlow(v, "in"), Out: rawFlow(v, "out"), Local: selectors(strings.Join(s.lists["local-ts"], " ")), Remote: selectors(strings.Join(s.lists["remote-ts"], " ")),
		Age: seconds(v["install-time"]), Rekey: seconds(v["rekey-time"]), Expire: seconds(v["life-time"]),
	}
	childMode(&c, v["mode"])
	c.Protocol, _ = ike.ParseProtocol(v["protocol"])
	c.Algorithms = rawAlgorithms(v)
	c.Proposal = proposal(c.Protocol, c.Algorithms)
	return c
}

// rawFlow reads one direction of a child. What was not used has no time of
// use.
func rawFlow(v map[string]string, way string) (f Flow) {
	spi, _ := strconv.ParseUint(v["spi-"+way], 16, 32)
	cpi, _ := strconv.ParseUint(v["cpi-"+way], 16, 16)
	f.SPI, f.CPI = uint32(spi), uint16(cpi)
	f.Bytes, f.Packets = number(v["bytes-"+way]), number(v["packets-"+way])
	_, f.Counted = v["bytes-"+way]
	f.Idle = seconds(v["use-"+way])
	return f
}

// number reads a decimal number, 0 for anything else.
func number(s string) uint64 {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
