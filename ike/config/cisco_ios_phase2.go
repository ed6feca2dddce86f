package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Phase 2 of IOS: transform sets, ipsec profiles and crypto maps.

// iosSet is a transform set: what is applied together.
type iosSet struct {
	at     Pos
	list   []ike.Proposal
	text   string
	mode   Value[ike.Mode]
	must   bool // mode transport require
	ipcomp bool
}

// transformSet reads crypto ipsec transform-set NAME TRANSFORM... and its mode.
func (c *ios) transformSet(sec *iosSection) {
	if sec.arg(3) == "" {
		c.s.problem(sec.at, "crypto ipsec transform-set", ErrSyntax)
		return
	}
	t := &iosSet{at: sec.at, mode: defaulted("mode", ike.ModeTunnel)}
	var words []string
	for _, w := range sec.rest(4) {
		if strings.HasPrefix(strings.ToLower(w), "comp-") {
			t.ipcomp = true
			continue
		}
		words = append(words, w)
	}
	t.text = strings.Join(words, " ")
	t.list = ike.AppendCiscoTransforms(nil, t.text)
	for i := range t.list {
		if len(t.list[i].Unknown) > 0 {
			c.s.problem(sec.at, "crypto ipsec transform-set", wrong("a transform"))
		}
	}
	for i := range sec.subs {
		l := &sec.subs[i]
		if !l.is("mode") {
			continue
		}
		l.taken = true
		switch {
		case l.is("mode", "tunnel"):
			t.mode = as(l.value("mode", ""), ike.ModeTunnel)
		case l.is("mode", "transport"):
			t.mode, t.must = as(l.value("mode", ""), ike.ModeTransport), l.is("mode", "transport", "require")
		default:
			c.s.problem(l.at, "mode", ErrValue)
		}
	}
	c.sets[sec.arg(3)] = t
}

// iosEntry is an entry of a crypto map or dynamic map, or an ipsec profile:
// they say the same things.
type iosEntry struct {
	name string // of the map or profile
	seq  int
	at   Pos
	path string // the command, as in crypto map VPN 10

	dynamic  Value[string] // the dynamic map that the entry stands for
	manual   bool          // keys by hand, or a group domain: no IKE
	peers    []Value[string]
	sets     []Value[string]
	acl      Value[string]
	pfs      Value[string] // the group; empty where the command has none
	profile  Value[string]
	profile2 Value[string] // of IKEv2
	life     Value[uint32]
	bytes    Value[uint64]
	idle     Value[uint32]
	window   Value[uint32]
}

// statements reads the commands of an entry.
func (c *ios) statements(e *iosEntry, subs []iosLine) {
	for i := range subs {
		l := &subs[i]
		l.taken = true
		switch {
		case l.is("set", "peer"):
			if len(l.words) > 2 {
				e.peers = append(e.peers, l.value("set peer", l.arg(2)))
			}
		case l.is("set", "transform-set"), l.is("set", "ikev1", "transform-set"):
			from := 2
			if l.is("set", "ikev1") {
				from = 3
			}
			e.sets = nil
			for _, w := range l.rest(from) {
				e.sets = append(e.sets, l.value("set transform-set", w))
			}
		case l.is("set", "pfs"):
			e.pfs = l.value("set pfs", strings.ToLower(l.arg(2)))
		case l.is("set", "isakmp-profile"):
			e.profile = l.value("set isakmp-profile", l.arg(2))
		case l.is("set", "ikev2-profile"):
			e.profile2 = l.value("set ikev2-profile", l.arg(2))
		case l.is("match", "address"):
			name := l.arg(2)
			if strings.EqualFold(name, "ipv6") && len(l.words) > 3 {
				name = l.arg(3)
			}
			e.acl = l.value("match address", name)
		case l.is("set", "security-association"):
			l.taken = c.lifetime(l, 2, &e.life, &e.bytes, &e.idle, &e.window)
		default:
			l.taken = false
		}
	}
}

// entryDefaults inherits the device's lifetimes, which an entry may change.
func (c *ios) newEntry(name string, seq int, at Pos, path string) *iosEntry {
	e := &iosEntry{name: name, seq: seq, at: at, path: path}
	e.pfs.Key = "set pfs"
	const life = "set security-association lifetime"
	e.life.Key, e.bytes.Key = life+" seconds", life+" kilobytes"
	e.idle.Key, e.window.Key = "set security-association idle-time", "set security-association replay window-size"
	return e
}

// own returns an entry's setting, or the device's where it has none.
func own[T any](v, device Value[T]) Value[T] {
	if v.Origin != Unset {
		return v
	}
	if device.Origin == Written {
		device.Origin = Inherited
	}
	return device
}

func (c *ios) ipsecProfile(sec *iosSection) {
	name := sec.arg(3)
	e := c.newEntry(name, 0, sec.at, "crypto ipsec profile "+name)
	c.statements(e, sec.subs)
	c.policy2[name] = e
}

// cryptoMap reads crypto map NAME SEQ ipsec-isakmp [dynamic NAME], and what
// holds for all entries of a map.
func (c *ios) cryptoMap(sec *iosSection) {
	name := sec.arg(2)
	seq, err := strconv.Atoi(sec.arg(3))
	if err != nil {
		o := c.mapOpts[name]
		if o == nil {
			o = &iosMapOptions{}
			c.mapOpts[name] = o
		}
		switch strings.ToLower(sec.arg(3)) {
		case "local-address":
			o.local = sec.value("crypto map local-address", strings.Join(sec.rest(4), ""))
		case "client":
			switch {
			case strings.EqualFold(sec.arg(4), "authentication"):
				o.client = sec.value("crypto map client authentication list", sec.arg(6))
			case strings.EqualFold(sec.arg(4), "configuration"):
				o.hands = sec.value("crypto map client configuration address", sec.arg(6))
			default:
				sec.taken = false
			}
		case "isakmp-profile":
			o.profile = sec.value("crypto map isakmp-profile", sec.arg(4))
		default:
			sec.taken = false
		}
		return
	}
	e := c.entry(&c.maps, sec, name, seq, "crypto map")
	if _, ok := c.defined[name]; !ok {
		c.defined[name] = sec.at
	}
	rest := sec.rest(4)
	switch {
	case len(rest) == 0:
	case strings.EqualFold(rest[0], "ipsec-isakmp"):
		if len(rest) > 2 && strings.EqualFold(rest[1], "dynamic") {
			e.dynamic = sec.value("crypto map dynamic", rest[2])
		}
	case strings.EqualFold(rest[0], "ipsec-manual"), strings.EqualFold(rest[0], "gdoi"):
		e.manual = true
	default: // the command of one line, as other products have it
		c.statements(e, []iosLine{{words: rest, at: sec.at}})
	}
	c.statements(e, sec.subs)
}

func (c *ios) dynamicMap(sec *iosSection) {
	name := sec.arg(2)
	seq, err := strconv.Atoi(sec.arg(3))
	if err != nil {
		sec.taken = false
		return
	}
	list := c.dynamic[name]
	e := c.entry(&list, sec, name, seq, "crypto dynamic-map")
	c.dynamic[name] = list
	if rest := sec.rest(4); len(rest) > 0 {
		c.statements(e, []iosLine{{words: rest, at: sec.at}})
	}
	c.statements(e, sec.subs)
}

// entry finds the entry of a number, or adds it.
func (c *ios) entry(list *[]*iosEntry, sec *iosSection, name string, seq int, command string) *iosEntry {
	n := len(*list) // what is given again mostly follows what was
	for i := n - 1; i >= max(0, n-64); i-- {
		if e := (*list)[i]; e.name == name && e.seq == seq {
			return e
		}
	}
	e := c.newEntry(name, seq, sec.at, command+" "+name+" "+strconv.Itoa(seq))
	*list = append(*list, e)
	return e
}

// suites are the transform sets of an entry as proposals, with the group that
// it wants for PFS.
func (c *ios) suites(e *iosEntry) (v Value[Proposals], mode Value[ike.Mode], must bool, ipcomp Value[bool]) {
	mode = defaulted("mode", ike.ModeTunnel)
	ipcomp = defaulted("crypto ipsec transform-set", false)
	v = Value[Proposals]{Key: "set transform-set"}
	var texts []string
	for i, name := range e.sets {
		t := c.sets[name.V]
		c.refer("crypto ipsec transform-set", e.path, name, setPos(t), t != nil)
		if t == nil {
			continue
		}
		if len(texts) == 0 {
			v.At, v.Origin, v.Key = t.at, Inherited, "crypto ipsec transform-set "+name.V
			mode, must = t.mode, t.must
			if mode.Origin == Written {
				mode.Origin = Inherited
			}
			if t.ipcomp {
				ipcomp = Value[bool]{V: true, At: t.at, Origin: Inherited, Key: v.Key}
			}
		}
		_ = i
		at := Value[string]{V: t.text, At: t.at, Origin: Inherited, Key: "crypto ipsec transform-set " + name.V}
		for _, p := range t.list {
			p = p.Clone()
			terms := Terms{ike.AttrEncryption: at, ike.AttrHash: at, ike.AttrKeyLength: at, ike.AttrProtocol: at, ike.AttrGroup: e.pfs}
			c.pfs(e, &p)
			v.V.List, v.V.Terms = append(v.V.List, p), append(v.V.Terms, terms)
		}
		texts = append(texts, t.text)
	}
	if len(texts) == 0 {
		v.V = Proposals{Text: "default", Defaults: true, List: []ike.Proposal{{Protocol: ike.ProtocolESP, Default: true}}}
		return v, mode, must, ipcomp
	}
	v.V.Text, v.V.Strict = strings.Join(texts, ", "), true
	return v, mode, must, ipcomp
}

func setPos(t *iosSet) Pos {
	if t == nil {
		return Pos{}
	}
	return t.at
}

// pfs adds the group of set pfs; without one it is group 1.
func (c *ios) pfs(e *iosEntry, p *ike.Proposal) {
	switch g, ok := iosGroupWord(e.pfs.V); {
	case e.pfs.Origin == Unset:
	case ok:
		p.Groups = append(p.Groups, g)
	case e.pfs.V == "" && c.major <= iosKnownMajor:
		p.Groups = append(p.Groups, 1)
	default:
		p.Open = p.Open.With(ike.AttrGroup)
	}
}

// iosGroupText is the group as set pfs has it.
func iosGroupText(v Value[string]) string {
	if g, ok := iosGroupWord(v.V); ok {
		return "group" + strconv.Itoa(int(g))
	}
	return ""
}

// child makes what the children of an entry have in common.
func (c *ios) child(e *iosEntry) (k Child, must bool) {
	k.At = e.at
	k.Action = defaulted("permit", Protect)
	k.Proposals, k.Mode, must, k.IPComp = c.suites(e)
	k.PFS = defaulted("set pfs", false)
	if e.pfs.Origin != Unset {
		k.PFS = worded(as(e.pfs, true), iosGroupText(e.pfs))
	} else {
		k.PFS.At = e.at // where it would be written
	}
	k.Lifetime.Life, k.Lifetime.LifeBytes = own(e.life, c.life), own(e.bytes, c.kilobytes)
	// A new SA is negotiated half a minute before the old one ends, and 256
	// kilobytes.
	k.Lifetime.Rekey = Value[uint32]{V: k.Lifetime.Life.V - min(k.Lifetime.Life.V, 30), Origin: Default, Key: k.Lifetime.Life.Key}
	k.Lifetime.RekeyBytes = Value[uint64]{V: k.Lifetime.LifeBytes.V - min(k.Lifetime.LifeBytes.V, 256<<10), Origin: Default, Key: k.Lifetime.LifeBytes.Key}
	k.SHA256Bits96 = defaulted("crypto ipsec transform-set", false)
	k.ReplayWindow, k.Inactivity = own(e.window, c.window), own(e.idle, c.idle)
	k.DPDAction, k.CloseAction = defaulted("crypto isakmp keepalive", "clear"), defaulted("", "none")
	return k, must
}

// protects returns the children of a crypto map entry: one for each pair of
// selectors that its access list permits, in order. A denied pair goes past
// this entry.
func (c *ios) protects(e *iosEntry, start Value[Start], local, remote *End) []Child {
	base, must := c.child(e)
	base.Start = start
	if e.acl.Origin == Unset {
		// Whatever the peer asks for.
		base.Name = e.path
		base.Local, base.Remote = dynamic("match address"), dynamic("match address")
		return []Child{base}
	}
	acl := c.acls[e.acl.V]
	if acl == nil || len(acl.aces) == 0 {
		base.Name = e.acl.V
		bad := []Selector{{Text: e.acl.V, Bad: true}}
		base.Local, base.Remote = Value[[]Selector]{V: bad, At: e.acl.At, Key: "match address"}, Value[[]Selector]{V: bad, At: e.acl.At, Key: "match address"}
		return []Child{base}
	}
	var out []Child
	for i := range acl.aces {
		ace := &acl.aces[i]
		pairs := ace.pairs
		if ace.bad {
			pairs = [][2]ike.Selector{{}}
		}
		for _, p := range pairs {
			if len(out) >= maxACEPairs {
				c.s.problem(ace.at, "access-list", fmt.Errorf("%w of %d pairs", ErrTooMany, maxACEPairs))
				return out
			}
			if !c.s.child(ace.at) {
				return out
			}
			k := base
			k.Proposals.V.List = ike.CloneProposals(base.Proposals.V.List)
			k.Name = acl.name
			if len(acl.aces)+len(pairs) > 2 {
				k.Name += "#" + strconv.Itoa(len(out)+1)
			}
			k.At = ace.at
			from := Value[[]Selector]{At: ace.at, Origin: Inherited, Key: acl.key}
			k.Local, k.Remote = from, from
			k.Local.V = []Selector{{Selector: p[0], Text: p[0].String(), Bad: ace.bad}}
			k.Remote.V = []Selector{{Selector: p[1], Text: p[1].String(), Bad: ace.bad}}
			if !ace.permit {
				k.Action = Value[Action]{V: Pass, At: ace.at, Origin: Inherited, Key: "deny"}
			}
			k.Mode = transport(k.Mode, must, p, local, remote)
			out = append(out, k)
		}
	}
	return out
}

// transport: mode transport holds for traffic between the peers themselves;
// everything else goes through a tunnel.
func transport(mode Value[ike.Mode], must bool, p [2]ike.Selector, local, remote *End) Value[ike.Mode] {
	if mode.V != ike.ModeTransport || must {
		return mode
	}
	for i, e := range []*End{local, remote} {
		addrs := e.Addresses.V
		known := slices.ContainsFunc(addrs, func(a Address) bool { return a.Kind == AddressHost })
		if p[i].From != p[i].To || known && !slices.ContainsFunc(addrs, func(a Address) bool { return a.First == p[i].From }) {
			mode.V = ike.ModeTunnel
		}
	}
	return mode
}
