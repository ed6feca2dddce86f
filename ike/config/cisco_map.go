package config

import (
	"strconv"
	"strings"
)

// Crypto maps, dynamic maps and ipsec profiles of Cisco's products.

// ciscoEntry is an entry of a crypto map or dynamic map, or an ipsec profile:
// they say the same things.
type ciscoEntry struct {
	name string // of the map or profile
	seq  int
	at   Pos
	path string // the command, as in crypto map VPN 10
	// prefix is what stands before its settings where they are commands of
	// their own.
	prefix string

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

// key is the name of a setting of the entry.
func (e *ciscoEntry) key(setting string) string { return e.prefix + setting }

// statements reads the commands of an entry.
func (c *cisco) statements(e *ciscoEntry, subs []ciscoLine) {
	for i := range subs {
		l := &subs[i]
		l.taken = true
		switch {
		case l.is("set", "peer"):
			peers := l.rest(2)
			if !c.nameif { // what follows is an option
				peers = peers[:min(1, len(peers))]
			}
			for _, w := range peers {
				e.peers = append(e.peers, l.value(e.key("set peer"), c.address4(w)))
			}
		case l.is("set", "transform-set"), l.is("set", "ikev1", "transform-set"):
			from, key := 2, e.key("set transform-set")
			if l.is("set", "ikev1") {
				from, key = 3, e.key("set ikev1 transform-set")
			}
			e.sets = nil
			for _, w := range l.rest(from) {
				e.sets = append(e.sets, l.value(key, w))
			}
		case l.is("set", "pfs"):
			e.pfs = l.value(e.key("set pfs"), strings.ToLower(l.arg(2)))
		case l.is("set", "isakmp-profile"):
			e.profile = l.value(e.key("set isakmp-profile"), l.arg(2))
		case l.is("set", "ikev2-profile"):
			e.profile2 = l.value(e.key("set ikev2-profile"), l.arg(2))
		case l.is("match", "address"):
			name := l.arg(2)
			if strings.EqualFold(name, "ipv6") && len(l.words) > 3 {
				name = l.arg(3)
			}
			e.acl = l.value(e.key("match address"), name)
		case l.is("set", "security-association"):
			l.taken = c.lifetime(l, 2, &e.life, &e.bytes, &e.idle, &e.window)
		default:
			l.taken = false
		}
	}
}

// newEntry makes an entry that says nothing yet.
func (c *cisco) newEntry(name string, seq int, at Pos, path string) *ciscoEntry {
	e := &ciscoEntry{name: name, seq: seq, at: at, path: path}
	if c.nameif && seq > 0 {
		e.prefix = path + " "
	}
	e.pfs.Key = e.key("set pfs")
	life := e.key("set security-association lifetime ")
	e.life.Key, e.bytes.Key = life+"seconds", life+"kilobytes"
	e.idle.Key, e.window.Key = e.key("set security-association idle-time"), e.key("set security-association replay window-size")
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

func (c *cisco) ipsecProfile(sec *ciscoSection) {
	name := sec.arg(3)
	e := c.newEntry(name, 0, sec.at, "crypto ipsec profile "+name)
	c.statements(e, sec.subs)
	c.policy2[name] = e
}

// numbered reads crypto map NAME SEQ ... for who understands what follows the
// number in the same line.
func (c *cisco) numbered(sec *ciscoSection, name string, seq int, line func(e *ciscoEntry, rest []string)) *ciscoEntry {
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
	default:
		line(e, rest)
	}
	return e
}

// dynamicMap reads crypto dynamic-map NAME SEQ ... in the same way; it returns
// nil for what is none.
func (c *cisco) dynamicMap(sec *ciscoSection, line func(e *ciscoEntry, rest []string)) *ciscoEntry {
	name := sec.arg(2)
	seq, err := strconv.Atoi(sec.arg(3))
	if err != nil {
		sec.taken = false
		return nil
	}
	list := c.dynamic[name]
	e := c.entry(&list, sec, name, seq, "crypto dynamic-map")
	c.dynamic[name] = list
	if rest := sec.rest(4); len(rest) > 0 {
		line(e, rest)
	}
	return e
}

// entry finds the entry of a number, or adds it.
func (c *cisco) entry(list *[]*ciscoEntry, sec *ciscoSection, name string, seq int, command string) *ciscoEntry {
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
