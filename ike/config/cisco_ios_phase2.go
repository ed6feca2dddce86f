package config

import (
	"strconv"
	"strings"
)

// Phase 2 of IOS: transform sets, ipsec profiles and crypto maps.

// cryptoMap reads crypto map NAME SEQ ipsec-isakmp [dynamic NAME], and what
// holds for all entries of a map.
func (c *ios) cryptoMap(sec *ciscoSection) {
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
	e := c.numbered(sec, name, seq, c.oneLine(sec))
	c.statements(e, sec.subs)
}

// oneLine reads the commands of one line that other products have.
func (c *ios) oneLine(sec *ciscoSection) func(*ciscoEntry, []string) {
	return func(e *ciscoEntry, rest []string) { c.statements(e, []ciscoLine{{words: rest, at: sec.at}}) }
}
