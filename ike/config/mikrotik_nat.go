package config

import (
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Source NAT of RouterOS, which comes before the policies of IPsec: traffic
// that a rule translates no longer has the addresses that a policy names.

// rosNAT is a rule of the chain srcnat.
type rosNAT struct {
	at         Pos
	text       string
	translates bool // it changes the source address; otherwise it leaves it
	src, dst   ike.Selector
	partly     bool // it has conditions that are not looked at
}

// rosSoft are settings of a rule that do not tell which traffic it is for, or
// that hold for what leaves through the way out.
const rosSoft = "chain action src-address dst-address comment disabled log log-prefix place-before to-addresses to-ports randomise-ports out-interface out-interface-list ipsec-policy"

// translate notes which children's traffic is translated. What leaves for the
// peer takes the way out that the rules speak of, where they speak of one only.
func (c *ros) translate() {
	rules, way, ok := c.sourceNAT()
	if !ok || len(rules) == 0 {
		return
	}
	at := map[string]string{} // the interfaces of addresses
	for _, a := range c.r.in["ip address"] {
		text, _, _ := strings.Cut(a.text("address").V, "/")
		at[text] = a.text("interface").V
	}
	steps := 0
	for i := range c.s.c.Connections {
		k := &c.s.c.Connections[i]
		if !leavesBy(k, way, at) {
			continue
		}
		for j := range k.Children {
			kid := &k.Children[j]
			if kid.Action.V != Protect || kid.Mode.V != ike.ModeTunnel || kid.Local.V[0].Bad || kid.Remote.V[0].Bad || !kid.Local.Stated() || !kid.Remote.Stated() {
				continue
			}
			for n := range rules {
				if steps++; steps > maxNATSteps {
					return
				}
				r := &rules[n]
				if !r.src.Contains(kid.Local.V[0].Selector) || !r.dst.Contains(kid.Remote.V[0].Selector) {
					continue
				}
				if r.partly && r.translates {
					continue // it may be for other traffic
				}
				if r.translates {
					kid.Translated = Value[string]{V: r.text, At: r.at, Origin: Inherited, Key: "/ip firewall nat"}
				}
				break
			}
		}
	}
}

// sourceNAT returns the rules in order, with the way out; false where it takes more than the file
// to tell what they do.
func (c *ros) sourceNAT() (out []rosNAT, way string, ok bool) {
	for _, r := range c.r.in["ip firewall nat"] {
		if r.section == "" || off(r) || !r.has("chain", "srcnat") {
			continue
		}
		policy := r.text("ipsec-policy").V
		if policy == "out,none" {
			continue // not for what IPsec takes
		}
		n := rosNAT{at: r.at, src: everything(false), dst: everything(false)}
		switch action := r.text("action").V; action {
		case "masquerade", "src-nat", "same", "netmap":
			n.translates = true
		case "accept", "": // the default
		case "passthrough", "log":
			continue
		default:
			return nil, "", false // jumps, and what is not known
		}
		for _, side := range [...]struct {
			key string
			to  *ike.Selector
		}{{"src-address", &n.src}, {"dst-address", &n.dst}} {
			v := r.text(side.key).V
			if v == "" {
				continue
			}
			p, ok := rosNet(v)
			if !ok { // a range, or all but one
				n.partly = true
				continue
			}
			*side.to = ike.SelectorPrefix(p)
		}
		for _, x := range r.items {
			if !hasWord(rosSoft, x.key) && !strings.HasPrefix(x.key, "!") {
				n.partly = true
			}
		}
		if n.translates {
			out1 := r.text("out-interface").V + " " + r.text("out-interface-list").V
			if strings.Contains(out1, "!") || way != "" && out1 != " " && out1 != way {
				return nil, "", false // several ways out
			}
			if out1 != " " {
				way = out1
			}
		}
		n.text = "action=" + r.text("action").V
		if v := r.text("src-address").V; v != "" {
			n.text += " src-address=" + v
		}
		if v := r.text("dst-address").V; v != "" {
			n.text += " dst-address=" + v
		}
		out = append(out, n)
	}
	return out, way, true
}

// leavesBy reports whether a connection's traffic may leave by the interface of
// the rules: it does not where its own address is another's.
func leavesBy(k *Connection, way string, at map[string]string) bool {
	own, ok := k.Local.Host()
	name, _, _ := strings.Cut(way, " ")
	if !ok || name == "" {
		return true
	}
	iface, ok := at[own.String()]
	return !ok || iface == name
}
