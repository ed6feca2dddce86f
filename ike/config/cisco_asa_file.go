package config

import (
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// The configuration of Cisco ASA, of PIX from release 6.3 on and of FTD, which
// shows the same: what crypto ikev1 (before 8.4 crypto isakmp, before 7.2
// isakmp), crypto ipsec and crypto map say of IKEv1, with the tunnel groups,
// group policies, interfaces, access lists, objects and address translations
// that decide what becomes of it.
//
// Defaults are those of 7.0 to 9.12; what later releases take is left open.

// asa is a configuration of ASA.
type asa struct {
	cisco
	drafts  []*ciscoSection // policies that are written in commands of one line
	draftAt map[string]*ciscoSection
	tunnels map[string]*asaTunnelGroup
	inOrder []*asaTunnelGroup
	grants  map[string]*asaGroupPolicy
	applied []asaApplied
	enabled map[string]Value[string] // interfaces that IKEv1 is enabled on
	ikev2On map[string]bool          // that IKEv2 is
	nats    []asaNAT
	global  []asaGlobal
	routes  []asaRoute
	details map[*ciscoEntry]*asaEntry
	lists   map[string]bool // the access lists that a tunnel or a translation uses
	called  int             // the first connection of a dynamic map, counted from 1
	syntax  asaSyntax
	whole   bool // the file shows its end
}

// asaSyntax says in which of its words a file speaks of IKEv1.
type asaSyntax uint8

const (
	asaUnknownWords asaSyntax = iota
	asaIsakmp                 // before 8.4
	asaIKEv1
)

// asaApplied is a crypto map on an interface.
type asaApplied struct{ name, iface Value[string] }

func asaProduct() ciscoProduct {
	return ciscoProduct{
		dialect: CiscoASA, spelling: ike.DialectASA, netmasks: true, nameif: true,
		policyKey: "crypto ikev1 policy", setKey: "crypto ipsec ikev1 transform-set", useKey: "set ikev1 transform-set",
		policyDefaults: [...]string{"3des", "sha", "pre-share", "2"}, pfsDefault: 2, known: [2]int{9, 12},
		vocabulary: ciscoVocabulary{top: asaWords, crypto: asaCrypto, third: asaThird, below: asaSubWords},
	}
}

func (s *source) ciscoASA(name string, b []byte) {
	r := &ciscoReader{s: s, asa: true}
	r.read(name, b)
	c := &asa{
		cisco: newCisco(s, asaProduct(), r.sections), draftAt: map[string]*ciscoSection{}, tunnels: map[string]*asaTunnelGroup{},
		grants: map[string]*asaGroupPolicy{}, enabled: map[string]Value[string]{}, ikev2On: map[string]bool{}, details: map[*ciscoEntry]*asaEntry{}, lists: map[string]bool{}, whole: r.ended,
	}
	c.device = c
	for i := range c.sections { // what others name may come later
		c.earlier(&c.sections[i])
	}
	c.defaults()
	for i := range c.sections {
		c.section(&c.sections[i])
	}
	for _, d := range c.drafts {
		c.policy(d, len(d.words)-1)
	}
	c.s.c.SecretsRead = c.s.c.SecretsRead || c.whole && len(c.drafts) > 0
	c.sortPolicies()
	c.apply()
	c.sortNAT()
	c.connections()
	c.users()
	c.found()
	c.flaws()
	c.leftovers()
}

// earlier reads what the rest of the file may name, and the release.
func (c *asa) earlier(sec *ciscoSection) {
	switch {
	case sec.is("asa", "version"), sec.is("pix", "version"), sec.is("ngfw", "version"):
		c.release(sec.arg(2))
		if known := c.major < 6 || c.major == 6 && c.minor <= 4; sec.is("ngfw") { // 6.4 is 9.12 of ASA
			c.major, c.minor = 9, 13
			if known {
				c.minor = 12
			}
		}
	case sec.is("name") && len(sec.words) > 2:
		c.names[strings.ToLower(sec.arg(2))] = sec.arg(1)
	case sec.is("crypto", "ikev1"), sec.is("crypto", "ipsec", "ikev1"):
		c.syntax = asaIKEv1
		return
	case sec.is("crypto", "isakmp", "policy"), sec.is("isakmp"), sec.is("crypto", "ipsec", "transform-set"):
		c.syntax = max(c.syntax, asaIsakmp)
		return
	case sec.is("object"), sec.is("object-group"):
		c.object(sec)
	case sec.is("crypto", "map"), sec.is("crypto", "dynamic-map"), sec.is("nat"), sec.is("static"), sec.is("interface"):
		c.uses(sec)
		return
	default:
		return
	}
	sec.taken = true
}

// defaults are ASA's, where it documents them; NAT traversal and the identity
// had others before 8.0.
func (c *asa) defaults() {
	const life = "crypto ipsec security-association lifetime"
	c.life = worded(defaulted(life+" seconds", uint32(28800)), "28800")
	c.kilobytes = defaulted(life+" kilobytes", uint64(4608000)<<10)
	c.idle = defaulted("vpn-idle-timeout", uint32(30*60))
	c.window = defaulted("crypto ipsec security-association replay window-size", uint32(64))
	c.keepalive = defaulted("isakmp keepalive threshold", uint32(10))
	c.fragmentation = defaulted("", FragmentYes)
	c.identity, c.natt = Value[string]{Key: "crypto isakmp identity"}, Value[Encap]{Key: "crypto isakmp nat-traversal"}
	if c.syntax == asaIKEv1 || c.major >= 8 {
		c.identity, c.natt = defaulted(c.identity.Key, "auto"), defaulted(c.natt.Key, EncapAuto)
	}
	c.mainOnly = defaulted("crypto ikev1 am-disable", false)
	if c.major > 0 && c.major < 7 { // PIX had those of IOS
		c.policyDefaults, c.pfsDefault = iosProduct().policyDefaults, iosProduct().pfsDefault
		c.keepalive, c.idle = defaulted("isakmp keepalive", uint32(0)), defaulted("", uint32(0))
	}
	if c.syntax == asaIsakmp {
		c.policyKey, c.setKey, c.useKey, c.mainOnly.Key = "crypto isakmp policy", "crypto ipsec transform-set", "set transform-set", "crypto isakmp am-disable"
	}
}

// section gives a command of the top level to who understands it.
func (c *asa) section(sec *ciscoSection) {
	if sec.taken {
		return
	}
	if sec.is("isakmp") || sec.is("no", "isakmp") { // before 7.2
		c.crypto(sec, "isakmp")
		return
	}
	sec.taken = true
	switch {
	case sec.is("hostname"):
		c.hostname = sec.value("hostname", sec.arg(1))
	case sec.is("domain-name"):
		c.domain = sec.value("domain-name", sec.arg(1))
	case sec.is("interface"):
		c.interfaceOf(sec)
	case sec.is("nameif") && len(sec.words) > 3, sec.is("ip", "address"), sec.is("ipv6", "address"):
		c.interfaceBefore7(&sec.ciscoLine)
	case sec.is("access-list"):
		c.accessList(&sec.ciscoLine)
	case sec.is("tunnel-group"):
		c.tunnelGroup(sec)
	case sec.is("group-policy"):
		c.groupPolicy(sec)
	case sec.is("nat"), sec.is("global"), sec.is("static"):
		c.nat(&sec.ciscoLine)
	case sec.is("route"):
		c.route(&sec.ciscoLine)
	case sec.is("names"):
	case sec.is("crypto"), sec.is("no", "crypto"):
		c.crypto(sec, "crypto")
	default:
		sec.taken = false
	}
}

// crypto reads the commands that begin with crypto, or before 7.2 with isakmp.
func (c *asa) crypto(sec *ciscoSection, first string) {
	sec.taken = true
	off := sec.is("no")
	i := 1 // of the word behind crypto, or isakmp
	if off {
		i = 2
	}
	if first == "crypto" && (strings.EqualFold(sec.arg(i), "isakmp") || strings.EqualFold(sec.arg(i), "ikev1")) {
		i++
		first = "isakmp"
	}
	what := strings.ToLower(sec.arg(i))
	switch {
	case first == "isakmp":
		sec.taken = c.isakmp(sec, what, i, off)
	case what == "ikev2" && strings.EqualFold(sec.arg(i+1), "enable"):
		c.ikev2On[strings.ToLower(sec.arg(i+2))] = !off
	case off: // what is not set, as show running-config all lists it
		sec.taken = what == "map" || what == "dynamic-map"
	case what == "map":
		c.cryptoMap(sec)
	case what == "dynamic-map":
		c.dynamicMap(sec, c.oneLine(sec))
	case what == "ipsec":
		c.ipsec(sec)
	default:
		sec.taken = false
	}
}

// isakmp reads a command about phase 1, whose word at index i says about what.
func (c *asa) isakmp(sec *ciscoSection, what string, i int, off bool) bool {
	switch what {
	case "policy":
		if !off {
			c.draft(sec, i+1)
		}
	case "enable":
		if name := strings.ToLower(sec.arg(i + 1)); off {
			delete(c.enabled, name)
		} else {
			c.enabled[name] = sec.value(strings.ToLower(strings.Join(sec.words[:i+1], " ")), name)
		}
	case "am-disable":
		c.mainOnly = as(sec.value(c.mainOnly.Key, ""), !off)
	case "nat-traversal":
		c.natt = as(sec.value(c.natt.Key, ""), EncapAuto)
		if off {
			c.natt.V = EncapNever
		}
	case "identity":
		if off {
			return true
		}
		c.identity = sec.value("crypto isakmp identity", strings.Join(sec.rest(i+1), " "))
	case "key":
		c.peerKeyBefore7(&sec.ciscoLine, i+1)
	case "keepalive":
		if !off {
			c.keepalive = c.number(&sec.ciscoLine, i+1, c.keepalive)
		}
	default:
		return false
	}
	return true
}

// draft collects what is said of a policy, in commands below it or in such as
// isakmp policy 10 group 2; the word at index i is its number.
func (c *asa) draft(sec *ciscoSection, i int) {
	n := sec.arg(i)
	d := c.draftAt[n]
	if d == nil {
		d = &ciscoSection{ciscoLine: ciscoLine{words: sec.words[:min(i+1, len(sec.words))], at: sec.at}}
		c.draftAt[n] = d
		c.drafts = append(c.drafts, d)
	}
	if rest := sec.rest(i + 1); len(rest) > 0 {
		d.subs = append(d.subs, ciscoLine{words: rest, at: sec.at})
	}
	for j := range sec.subs {
		l := &sec.subs[j]
		l.taken = hasWord("authentication encryption hash group lifetime", strings.ToLower(l.words[0]))
		d.subs = append(d.subs, *l)
	}
}

// ipsec reads crypto ipsec.
func (c *asa) ipsec(sec *ciscoSection) {
	i := 3 // of the name of a transform set
	if sec.is("crypto", "ipsec", "ikev1") {
		i = 4
	}
	switch {
	case strings.EqualFold(sec.arg(i-1), "transform-set"):
		t := c.sets[sec.arg(i)]
		if t != nil && strings.EqualFold(sec.arg(i+1), "mode") {
			c.setMode(t, sec.head(i+1)+" mode", &sec.ciscoLine, i+2)
			return
		}
		c.transformSet(sec, i)
		if t := c.sets[sec.arg(i)]; t != nil {
			t.mode.Key = t.key + " mode"
		}
	case sec.is("crypto", "ipsec", "security-association"):
		sec.taken = c.lifetime(&sec.ciscoLine, 3, &c.life, &c.kilobytes, &c.idle, &c.window)
	case sec.is("crypto", "ipsec", "profile"):
		c.ipsecProfile(sec)
		e := c.policy2[sec.arg(3)]
		for j := range sec.subs {
			c.detail(e, &sec.subs[j])
		}
	default:
		sec.taken = false
	}
}

// cryptoMap reads crypto map NAME SEQ ... and crypto map NAME interface IFACE.
func (c *asa) cryptoMap(sec *ciscoSection) {
	name := sec.arg(2)
	seq, err := strconv.Atoi(sec.arg(3))
	if err != nil {
		if sec.taken = strings.EqualFold(sec.arg(3), "interface"); sec.taken {
			c.applied = append(c.applied, asaApplied{sec.value("crypto map", name), sec.value("crypto map "+name+" interface", sec.arg(4))})
		}
		return
	}
	c.numbered(sec, name, seq, c.oneLine(sec))
}

// oneLine reads commands of one line.
func (c *asa) oneLine(sec *ciscoSection) func(*ciscoEntry, []string) {
	return func(e *ciscoEntry, rest []string) { c.entryLine(e, sec, rest) }
}

// entryLine gives what a command says of an entry to who understands it.
func (c *asa) entryLine(e *ciscoEntry, sec *ciscoSection, rest []string) {
	l := []ciscoLine{{words: rest, at: sec.at}}
	c.statements(e, l)
	c.detail(e, &l[0])
	sec.taken = l[0].taken
}

// localName is what the device calls itself by its host name.
func (c *asa) localName(from Value[string]) Value[ike.Identity] {
	name := c.hostname.V
	if c.domain.V != "" && c.domain.V != "default.domain.invalid" {
		name += "." + c.domain.V
	}
	if name == "" {
		return as(from, ike.Identity{Any: true})
	}
	return as(from, ike.ParseIdentity(name, ike.DialectCisco))
}
