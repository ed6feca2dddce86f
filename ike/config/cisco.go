package config

import (
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// What the configurations of Cisco's products have in common: IOS and IOS-XE
// have it in cisco_ios_*.go, ASA, PIX and FTD in cisco_asa_*.go.
//
// A crypto map entry is a Connection, and so is a tunnel interface that an
// ipsec profile protects; each permit entry of an access list is a Child of
// its own, since these devices negotiate one quick mode for each. Phase 1 is
// common to all: the policies of the device.

// cisco is one configuration being read.
type cisco struct {
	ciscoProduct
	device   ciscoDevice // the product itself
	s        *source
	sections []ciscoSection

	major, minor int // of the release, 0 where unknown
	hostname     Value[string]
	domain       Value[string]

	policies []ciscoPolicy
	policyAt map[int]int // by number
	suite    Value[Proposals]
	keys     *SecretIndex // made when the first connection looks for one
	pairs    int          // that object groups multiplied to
	steps    int          // of looking through access lists of NAT
	sets     map[string]*ciscoSet
	policy2  map[string]*ciscoEntry // ipsec profiles by name
	maps     []*ciscoEntry          // crypto map entries
	dynamic  map[string][]*ciscoEntry
	defined  map[string]Pos // crypto maps by name
	ifaces   []*ciscoIface
	byIface  map[string]*ciscoIface
	acls     map[string]*ciscoACL
	groups   map[string]*ciscoGroup
	names    map[string]string // of addresses, where the product has such

	identity      Value[string] // crypto isakmp identity
	life          Value[uint32] // crypto ipsec security-association lifetime
	kilobytes     Value[uint64]
	idle          Value[uint32]
	window        Value[uint32]
	keepalive     Value[uint32]
	fragmentation Value[Fragmentation]
	natt          Value[Encap]
	mainOnly      Value[bool]
	pools         Value[[]string]
}

// ciscoProduct is in what the products differ.
type ciscoProduct struct {
	dialect  Dialect
	spelling ike.Dialect
	// netmasks: an access list has masks of the bits that matter; otherwise of
	// those that do not.
	netmasks bool
	// nameif: interfaces go by names of their own, and what a crypto map's entry
	// says are commands of the top level.
	nameif bool
	// The commands for a phase-1 policy and for a transform set, and the setting
	// of a crypto map that names a transform set.
	policyKey, setKey, useKey string
	// The defaults of a policy's parts, in the order of policyParts, and of set
	// pfs; they are those of releases up to known.
	policyDefaults [len(policyParts)]string
	pfsDefault     uint16
	known          [2]int
	vocabulary     ciscoVocabulary
}

func newCisco(s *source, p ciscoProduct, sections []ciscoSection) cisco {
	return cisco{
		ciscoProduct: p, s: s, sections: sections,
		policyAt: map[int]int{}, sets: map[string]*ciscoSet{}, policy2: map[string]*ciscoEntry{}, dynamic: map[string][]*ciscoEntry{}, defined: map[string]Pos{},
		byIface: map[string]*ciscoIface{}, acls: map[string]*ciscoACL{}, groups: map[string]*ciscoGroup{}, names: map[string]string{},
	}
}

// release takes the release from the word that states it, as 15.4 or 9.2(2)4.
func (c *cisco) release(word string) {
	if c.s.c.Version == "" {
		c.s.c.Version = word
	}
	first, rest, _ := strings.Cut(c.s.c.Version, ".")
	c.major, _ = strconv.Atoi(first)
	if i := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
		rest = rest[:i]
	}
	c.minor, _ = strconv.Atoi(rest)
}

// moved reports whether the release is later than those whose defaults are
// known.
func (c *cisco) moved() bool {
	return c.major > c.known[0] || c.major == c.known[0] && c.minor > c.known[1]
}

// address4 returns the address that a name stands for, or the word itself.
func (c *cisco) address4(w string) string {
	if a, ok := c.names[strings.ToLower(w)]; ok {
		return a
	}
	return w
}

// number reads the word at an index into a setting.
func (c *cisco) number(l *ciscoLine, i int, v Value[uint32]) Value[uint32] {
	n, err := strconv.ParseUint(l.arg(i), 10, 32)
	if err != nil {
		c.s.problem(l.at, v.Key, ErrValue)
		return v
	}
	return Value[uint32]{V: uint32(n), At: l.at, Origin: Written, Key: v.Key, Text: l.arg(i)}
}

// lifetime reads a security-association statement from the word at index i on.
func (c *cisco) lifetime(l *ciscoLine, i int, life *Value[uint32], kb *Value[uint64], idle, window *Value[uint32]) bool {
	switch strings.ToLower(l.arg(i)) {
	case "lifetime": // ASA states both in one line
		for i++; i < len(l.words); i += 2 {
			switch strings.ToLower(l.arg(i)) {
			case "seconds":
				*life = c.number(l, i+1, *life)
			case "kilobytes":
				v := Value[uint64]{At: l.at, Origin: Written, Key: kb.Key}
				if n, err := strconv.ParseUint(l.arg(i+1), 10, 42); err == nil {
					v.V = n << 10
				} else if !strings.EqualFold(l.arg(i+1), "disable") && !strings.EqualFold(l.arg(i+1), "unlimited") {
					c.s.problem(l.at, kb.Key, ErrValue)
					return true
				}
				*kb = v
			default:
				return false
			}
		}
	case "idle-time":
		*idle = c.number(l, i+1, *idle)
	case "replay":
		if !strings.EqualFold(l.arg(i+1), "window-size") {
			return false
		}
		*window = c.number(l, i+2, *window)
	default:
		return false
	}
	return true
}

// refer notes a reference.
func (c *cisco) refer(kind, in string, v Value[string], def Pos, ok bool) {
	c.s.c.SectionRefs = append(c.s.c.SectionRefs, SectionRef{Kind: kind, Name: v.V, In: in, At: v.At, Def: def, Defined: ok})
}
