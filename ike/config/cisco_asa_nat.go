package config

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Address translation of ASA, which comes before the crypto map: a rule that
// takes a tunnel's traffic leaves it without the addresses that the access list
// names.

// asaNAT is a rule. Rules are tried in the order of their parts: exemptions of
// releases before 8.3, twice NAT, the objects' own, and what is after those.
type asaNAT struct {
	in, out  string // interfaces; any for all
	part     int
	dynamic  bool
	identity bool           // it leaves the addresses as they are
	from, to []ike.Selector // nil: all
	list     string         // the access list that says what it is for
	pool     string         // before 8.3, the number of the addresses that it gives
	line     Value[string]
	unknown  bool // it is for what is not known
}

// The parts.
const (
	natExempt = iota
	natTwice
	natObject
	natAfter
)

// asaGlobal is a pool of addresses before 8.3.
type asaGlobal struct{ out, pool string }

// nat reads nat, global and static.
func (c *asa) nat(l *ciscoLine) {
	ifaces := strings.Split(strings.ToLower(strings.Trim(l.arg(1), "()")), ",")
	n := asaNAT{in: ifaces[0], out: "any", part: natTwice}
	if len(ifaces) > 1 {
		n.out = ifaces[1]
	}
	n.line = l.value(strings.ToLower(l.arg(0))+" "+l.arg(1), strings.Join(l.rest(2), " "))
	n.line.Origin = Inherited
	switch {
	case !strings.HasPrefix(l.arg(1), "("):
		l.taken = false
	case l.is("global"):
		c.global = append(c.global, asaGlobal{n.in, l.arg(2)})
	case l.is("static"):
		c.natBefore83(&n, l.rest(2), true)
	case len(ifaces) == 1:
		c.natBefore83(&n, l.rest(2), false)
	default:
		c.natTwice(&n, l.rest(2))
	}
}

// natTwice reads [line] [after-auto] source static|dynamic REAL MAPPED
// [destination static MAPPED REAL].
func (c *asa) natTwice(n *asaNAT, words []string) {
	low := func(i int) string {
		if i < len(words) {
			return strings.ToLower(words[i])
		}
		return ""
	}
	i := 0
	for i < len(words) && low(i) != "source" {
		if low(i) == "after-auto" {
			n.part = natAfter
		}
		i++
	}
	n.dynamic = low(i+1) == "dynamic"
	n.identity = !n.dynamic && low(i+2) == low(i+3)
	n.from, n.unknown = c.natNets(low(i + 2))
	for j := i + 4; j < len(words); j++ {
		switch low(j) {
		case "destination": // static MAPPED REAL
			var unknown bool
			n.to, unknown = c.natNets(low(j + 3))
			n.unknown = n.unknown || unknown
			n.identity = n.identity && low(j+2) == low(j+3)
		case "service":
			n.unknown = true // for some ports
		case "inactive":
			return
		}
	}
	if i+3 < len(words) {
		c.nats = append(c.nats, *n)
	}
}

// natNets returns the networks of an object, nil for all.
func (c *asa) natNets(name string) (nets []ike.Selector, unknown bool) {
	if name == "any" || name == "any4" {
		return nil, false
	}
	r := &aceReader{aceWords: aceWords{groups: c.groups}}
	nets = r.group(name, false)
	return nets, r.state != aceRead || len(nets) == 0
}

// objectNAT reads nat (IN,OUT) static|dynamic MAPPED, which stands with an
// object. What the object is may come later.
func (c *asa) objectNAT(g *ciscoGroup, l *ciscoLine) {
	ifaces := strings.Split(strings.ToLower(strings.Trim(l.arg(1), "()")), ",")
	if !strings.HasPrefix(l.arg(1), "(") || len(ifaces) != 2 {
		return
	}
	n := asaNAT{in: ifaces[0], out: ifaces[1], part: natObject, dynamic: l.is("nat", l.arg(1), "dynamic"), list: "object " + g.name}
	n.identity = !n.dynamic && strings.EqualFold(l.arg(3), g.name)
	n.line = l.value("nat "+l.arg(1), strings.Join(l.rest(2), " "))
	n.line.Origin = Inherited
	c.nats = append(c.nats, n)
}

// natBefore83 reads nat (IN) POOL NET MASK, nat (IN) POOL access-list NAME and
// static (IN,OUT) MAPPED REAL netmask MASK.
func (c *asa) natBefore83(n *asaNAT, words []string, static bool) {
	word := func(i int) string {
		if i < len(words) {
			return words[i]
		}
		return ""
	}
	if !static {
		n.pool, n.dynamic, n.part = word(0), word(0) != "0", natAfter
		words = words[min(1, len(words)):]
		if n.pool == "0" {
			n.identity, n.part = true, natExempt
		}
	} else if !strings.EqualFold(word(1), "access-list") { // MAPPED first, and the mask last
		mask := "255.255.255.255"
		if strings.EqualFold(word(2), "netmask") {
			mask = word(3)
		}
		n.identity = c.address4(word(0)) == c.address4(word(1))
		words = []string{word(1), mask}
	} else {
		words = words[1:]
	}
	if strings.EqualFold(word(0), "access-list") {
		n.list = word(1)
	} else if p, ok := netmask(c.address4(word(0)), word(1)); ok {
		n.from = []ike.Selector{ike.SelectorPrefix(p.Masked())}
	} else if word(0) != "0" {
		n.unknown = true
	}
	c.nats = append(c.nats, *n)
}

// sortNAT puts the rules in the order in which they are tried. Of the objects'
// own the static ones come first, and those for fewer addresses.
func (c *asa) sortNAT() {
	for i := range c.nats {
		n := &c.nats[i]
		if name, ok := strings.CutPrefix(n.list, "object "); ok {
			n.from, n.unknown = c.natNets(name)
			n.list = ""
		}
	}
	slices.SortStableFunc(c.nats, func(a, b asaNAT) int {
		if a.part != natObject || b.part != natObject {
			return a.part - b.part
		}
		return cmp.Or(number01(a.dynamic)-number01(b.dynamic), cmp.Compare(width(a.from), width(b.from)))
	})
}

func number01(b bool) int {
	if b {
		return 1
	}
	return 0
}

// width is the number of bits that are free in the first of some networks.
func width(list []ike.Selector) int {
	if len(list) == 0 {
		return 129
	}
	p, ok := list[0].Prefix()
	if !ok {
		return 64
	}
	return p.Addr().BitLen() - p.Bits()
}

func (c *asa) translate(kids []Child, carriers []*ciscoIface) {
	if len(carriers) != 1 || len(c.nats) == 0 || c.s.full {
		return
	}
	for i := range kids {
		k := &kids[i]
		if k.Action.V == Protect && len(k.Local.V) > 0 && !k.Local.V[0].Bad && !k.Local.V[0].Dynamic {
			k.Translated = c.natRule(carriers[0].name, k.Local.V[0].Selector, k.Remote.V[0].Selector)
		}
	}
}

// natRule returns the rule by which traffic between two selectors that leaves
// by an interface is translated; Unset where it is not, or where that cannot be
// told.
func (c *asa) natRule(out string, local, remote ike.Selector) (none Value[string]) {
	if c.steps += len(c.ifaces) + len(c.routes); c.steps > maxNATSteps {
		return none
	}
	in, known := c.behind(local)
	for i := range c.nats {
		n := &c.nats[i]
		if c.steps += 1 + len(n.from) + len(n.to); c.steps > maxNATSteps {
			return none
		}
		if n.out != "any" && !strings.EqualFold(n.out, out) || n.pool != "" && !n.identity && !c.pooled(n.pool, out) {
			continue
		}
		if n.in != "any" && known && !strings.EqualFold(n.in, in) {
			continue
		}
		hit, whole := c.takes(n, local, remote)
		switch {
		case !hit:
			continue
		case n.identity || n.unknown || !whole || n.in != "any" && !known:
			return none
		}
		return n.line
	}
	return none
}

// takes reports whether a rule is for some of the traffic between two
// selectors, and whether for all of it.
func (c *asa) takes(n *asaNAT, local, remote ike.Selector) (hit, whole bool) {
	if n.list != "" {
		a := c.acls[n.list]
		if a == nil {
			return true, false
		}
		for i := range a.aces {
			c.steps += len(a.aces[i].pairs)
			for _, p := range a.aces[i].pairs {
				if p[0].Overlaps(local) && p[1].Overlaps(remote) {
					return a.aces[i].permit, p[0].Contains(local) && p[1].Contains(remote)
				}
			}
		}
		return false, false
	}
	hit1, whole1 := meets(n.from, local)
	hit2, whole2 := meets(n.to, remote)
	return n.unknown || hit1 && hit2, whole1 && whole2
}

// meets reports whether a selector has addresses in common with networks, and
// whether it lies in one of them.
func meets(nets []ike.Selector, s ike.Selector) (hit, whole bool) {
	if nets == nil {
		return true, true
	}
	s = ike.Selector{From: s.From, To: s.To}
	for _, n := range nets {
		hit = hit || n.Overlaps(s)
		whole = whole || n.Contains(s)
	}
	return hit, whole
}

func (c *asa) pooled(pool, out string) bool {
	return slices.ContainsFunc(c.global, func(g asaGlobal) bool { return g.pool == pool && strings.EqualFold(g.out, out) })
}

// asaRoute is a route by an interface.
type asaRoute struct {
	iface string
	to    netip.Prefix
}

// route reads route IFACE NET MASK GATEWAY.
func (c *asa) route(l *ciscoLine) {
	if p, ok := netmask(c.address4(l.arg(2)), l.arg(3)); ok {
		c.routes = append(c.routes, asaRoute{l.arg(1), p.Masked()})
	}
}

// behind returns the interface that a network lies behind: the one that stands
// in it, or the one that the narrowest route leads by.
func (c *asa) behind(s ike.Selector) (name string, known bool) {
	bits := -1
	look := func(iface string, p netip.Prefix) {
		if p.IsValid() && p.Bits() > bits && p.Contains(s.From) && p.Contains(s.To) {
			name, bits = iface, p.Bits()
		}
	}
	for _, f := range c.ifaces {
		look(f.name, f.net.Masked())
	}
	for _, r := range c.routes {
		look(r.iface, r.to)
	}
	return name, bits >= 0
}
