package config

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// (A file named cisco_ios.go would be built for the system iOS only.)
//
// The configuration of Cisco IOS and IOS-XE: what crypto isakmp, crypto ipsec
// and crypto map say of IKEv1, with the interfaces, access lists and address
// translations that decide what becomes of it.
//
// A crypto map entry is a Connection, and so is a tunnel interface that an
// ipsec profile protects; each permit entry of an access list is a Child of
// its own, since IOS negotiates one quick mode for each. Phase 1 is common to
// all: the policies of the device. Defaults are those of IOS 12 and 15; what
// later releases take is left open.

// ios is one configuration being read.
type ios struct {
	s        *source
	sections []iosSection

	major    int // of the release, 0 where unknown
	hostname Value[string]
	domain   Value[string]

	policies []iosPolicy
	policyAt map[int]int // by number
	suite    Value[Proposals]
	inOrder  []*iosProfile
	keys     *SecretIndex // made when the first connection looks for one
	crowded  bool         // there are more connections than the limit, which was said
	steps    int          // of looking through access lists of NAT
	keyrings map[string]Pos
	profiles map[string]*iosProfile
	sets     map[string]*iosSet
	policy2  map[string]*iosEntry // ipsec profiles by name
	maps     []*iosEntry          // crypto map entries
	dynamic  map[string][]*iosEntry
	defined  map[string]Pos // crypto maps by name
	mapOpts  map[string]*iosMapOptions
	ifaces   []*iosIface
	byIface  map[string]*iosIface
	acls     map[string]*iosACL
	groups   map[string]*iosGroup
	nats     []iosNAT
	routes   map[string][]iosRouteMap

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

// iosMapOptions are what is set for all entries of a crypto map.
type iosMapOptions struct {
	local   Value[string] // the interface whose address is used
	client  Value[string] // the list of users: XAUTH
	hands   Value[string] // inner addresses are handed out
	profile Value[string]
}

// newest release whose defaults are known.
const iosKnownMajor = 16

func (s *source) ciscoIOS(name string, b []byte) {
	r := &iosReader{s: s}
	r.read(name, b)
	c := &ios{
		s: s, sections: r.sections,
		policyAt: map[int]int{}, keyrings: map[string]Pos{}, profiles: map[string]*iosProfile{}, sets: map[string]*iosSet{}, policy2: map[string]*iosEntry{},
		dynamic: map[string][]*iosEntry{}, defined: map[string]Pos{}, mapOpts: map[string]*iosMapOptions{}, byIface: map[string]*iosIface{},
		acls: map[string]*iosACL{}, groups: map[string]*iosGroup{}, routes: map[string][]iosRouteMap{},
	}
	c.defaults()
	for i := range c.sections { // access lists may name groups that come later
		if sec := &c.sections[i]; sec.is("object-group") {
			c.objectGroup(sec)
		}
	}
	for i := range c.sections {
		c.section(&c.sections[i])
	}
	c.sortPolicies()
	c.connections()
	c.found()
	c.leftovers()
}

func (c *ios) defaults() {
	const life = "crypto ipsec security-association lifetime"
	c.life = worded(defaulted(life+" seconds", uint32(3600)), "3600")
	c.kilobytes = defaulted(life+" kilobytes", uint64(4608000)<<10)
	c.idle = defaulted("crypto ipsec security-association idle-time", uint32(0))
	c.window = defaulted("crypto ipsec security-association replay window-size", uint32(64))
	c.keepalive = defaulted("crypto isakmp keepalive", uint32(0))
	c.fragmentation = defaulted("crypto isakmp fragmentation", FragmentNo)
	c.natt = defaulted("crypto ipsec nat-transparency", EncapAuto)
	c.identity = defaulted("crypto isakmp identity", "address")
	c.mainOnly = defaulted("crypto isakmp aggressive-mode disable", false)
}

// section gives a command of the top level to who understands it.
func (c *ios) section(sec *iosSection) {
	sec.taken = true
	switch {
	case sec.is("version"):
		if c.s.c.Version == "" {
			c.s.c.Version = sec.arg(1)
		}
		first, _, _ := strings.Cut(c.s.c.Version, ".")
		c.major, _ = strconv.Atoi(first)
	case sec.is("hostname"):
		c.hostname = sec.value("hostname", sec.arg(1))
	case sec.is("ip", "domain", "name"):
		c.domain = sec.value("ip domain name", sec.arg(3))
	case sec.is("ip", "domain-name"):
		c.domain = sec.value("ip domain-name", sec.arg(2))
	case sec.is("crypto", "isakmp", "policy"):
		c.isakmpPolicy(sec)
	case sec.is("crypto", "isakmp", "key"):
		c.isakmpKey(&sec.iosLine)
	case sec.is("crypto", "isakmp", "client", "configuration", "group"):
		c.clientGroup(sec)
	case sec.is("crypto", "isakmp", "profile"):
		c.isakmpProfile(sec)
	case sec.is("crypto", "isakmp", "identity"):
		c.identity = sec.value("crypto isakmp identity", strings.ToLower(sec.arg(3)))
	case sec.is("crypto", "isakmp", "keepalive"):
		c.keepalive = c.number(&sec.iosLine, 3, c.keepalive)
	case sec.is("crypto", "isakmp", "fragmentation"):
		c.fragmentation = as(sec.value(c.fragmentation.Key, ""), FragmentYes)
	case sec.is("crypto", "isakmp", "aggressive-mode", "disable"):
		c.mainOnly = as(sec.value(c.mainOnly.Key, ""), true)
	case sec.is("no", "crypto", "ipsec", "nat-transparency", "udp-encapsulation"), sec.is("no", "crypto", "ipsec", "nat-transparency", "udp-encaps"):
		c.natt = as(sec.value(c.natt.Key, ""), EncapNever)
	case sec.is("crypto", "ipsec", "nat-transparency", "udp-encapsulation"):
		c.natt = as(sec.value(c.natt.Key, ""), EncapAuto)
	case sec.is("crypto", "keyring"):
		c.keyring(sec)
	case sec.is("crypto", "ipsec", "transform-set"):
		c.transformSet(sec)
	case sec.is("crypto", "ipsec", "profile"):
		c.ipsecProfile(sec)
	case sec.is("crypto", "ipsec", "security-association"):
		sec.taken = c.lifetime(&sec.iosLine, 3, &c.life, &c.kilobytes, &c.idle, &c.window)
	case sec.is("crypto", "map"):
		c.cryptoMap(sec)
	case sec.is("crypto", "dynamic-map"):
		c.dynamicMap(sec)
	case sec.is("interface"), sec.is("int"):
		c.iface(sec)
	case sec.is("access-list"), sec.is("ip", "access-list"), sec.is("ipv6", "access-list"):
		c.accessList(sec)
	case sec.is("object-group"): // was read before
	case sec.is("ip", "nat", "inside", "source"):
		c.nat(&sec.iosLine)
	case sec.is("route-map"):
		c.routeMap(sec)
	default:
		sec.taken = false
	}
}

// number reads the word at an index into a setting.
func (c *ios) number(l *iosLine, i int, v Value[uint32]) Value[uint32] {
	n, err := strconv.ParseUint(l.arg(i), 10, 32)
	if err != nil {
		c.s.problem(l.at, v.Key, ErrValue)
		return v
	}
	return Value[uint32]{V: uint32(n), At: l.at, Origin: Written, Key: v.Key, Text: l.arg(i)}
}

// lifetime reads a security-association statement from the word at index i on.
func (c *ios) lifetime(l *iosLine, i int, life *Value[uint32], kb *Value[uint64], idle, window *Value[uint32]) bool {
	switch strings.ToLower(l.arg(i)) {
	case "lifetime":
		switch strings.ToLower(l.arg(i + 1)) {
		case "seconds":
			*life = c.number(l, i+2, *life)
		case "kilobytes":
			v := Value[uint64]{At: l.at, Origin: Written, Key: kb.Key}
			if n, err := strconv.ParseUint(l.arg(i+2), 10, 42); err == nil {
				v.V = n << 10
			} else if !strings.EqualFold(l.arg(i+2), "disable") {
				c.s.problem(l.at, kb.Key, ErrValue)
				return true
			}
			*kb = v
		default:
			return false
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
func (c *ios) refer(kind, in string, v Value[string], def Pos, ok bool) {
	c.s.c.SectionRefs = append(c.s.c.SectionRefs, SectionRef{Kind: kind, Name: v.V, In: in, At: v.At, Def: def, Defined: ok})
}

// iosWords are commands of the top level that have no bearing on a tunnel, as
// far as this package compares.
const iosWords = "aaa access-session alias archive arp authentication banner boot boot-start-marker boot-end-marker bridge buffers building cdp call-home card certificate class-map clock " +
	"config-register control-plane controller cpld current cts default-value device-sensor diagnostic dot1x do email end enable errdisable ethernet event exception exit fabric file flow " +
	"frame-relay gatekeeper hw-module ip ipc ipv6 key kron l2vpn l2tp-class license line lldp logging login mac mac-address-table management memory-size memory mgcp mls module monitor mpls multilink " +
	"netconf-yang no ntp object parameter-map parser password platform policy-map power process product-analytics prompt pseudowire-class qos quit redundancy resource route-map route-tag router " +
	"scheduler security service session-timeout sdm snmp snmp-server spanning-tree ssh stack-mac subscriber switch system table-map tacacs tacacs-server radius radius-server tcl telemetry template terminal time-range track transceiver " +
	"udld upgrade urpf username using vlan voice voice-card voice-port vpdn vpdn-group vrf vtp vty wireless wsma xconnect zone zone-pair"

// iosCrypto are words after crypto that are the format's own.
const iosCrypto = "ca ctcp csr-params dynamic-map eli engine gdoi gkm ikev1 ikev2 identity ipsec isakmp key keyring logging map mib pki provisioning ssl tls-tunnel vpn wui xauth"

// leftovers lists what has no place in the model. Only the first words show:
// what follows may be a password.
func (c *ios) leftovers() {
	for i := range c.sections {
		sec := &c.sections[i]
		known := iosKnown(&sec.iosLine)
		c.leftover("", &sec.iosLine, known)
		name := ""
		if known || sec.taken {
			name = strings.ToLower(strings.Join(iosHead(&sec.iosLine), " "))
		}
		modelled := sec.taken && !sec.is("interface") && !sec.is("int") && !sec.is("route-map") || sec.is("crypto", "ikev2")
		for j := range sec.subs {
			l := &sec.subs[j]
			// What stands below a foreign command is as foreign; below one of
			// the model each word should be known.
			c.leftover(name, l, known && !modelled || modelled && hasWord(iosSubWords, strings.ToLower(l.words[0])))
		}
	}
}

// iosKnown reports whether a command begins with words of the format.
func iosKnown(l *iosLine) bool {
	w := l.words
	if strings.EqualFold(w[0], "no") && len(w) > 1 {
		w = w[1:]
	}
	first := strings.ToLower(w[0])
	if first == "crypto" {
		return len(w) > 1 && hasWord(iosCrypto, strings.ToLower(w[1]))
	}
	return l.taken || hasWord(iosWords, first) || slices.Contains([]string{"interface", "hostname", "version", "access-list", "object-group"}, first)
}

// iosHead returns the words of a command that cannot be part of a secret.
func iosHead(l *iosLine) []string {
	n := 1
	if l.is("crypto") || l.is("no") {
		for n < min(len(l.words), 3) && hasWord(iosCrypto+" crypto "+iosWords+" "+iosThird, strings.ToLower(l.words[n])) {
			n++
		}
	}
	return l.words[:n]
}

// iosThird are the third words of crypto commands.
const iosThird = "aggressive-mode client df-bit enable fragmentation invalid-spi-recovery keepalive nat nat-transparency nat-traversal peer policy proposal profile security-association transform-set " +
	"certificate trustpoint trustpool server token generate param pubkey-chain default local-address session dpd optional"

// iosSubWords are commands below those of the model that have no field.
const iosSubWords = "accounting ca client description dialer isakmp qos redundancy responder-only reverse-route rsa-pubkey set vrf initiate-mode no exit quit default exit-address-family remark virtual-template " +
	"peer address pre-shared-key encryption integrity group prf proposal match authentication keyring identity dpd lifetime aaa pki nat hostname"

func (c *ios) leftover(section string, l *iosLine, known bool) {
	if l.taken {
		c.s.recognize(l.at)
		return
	}
	st := Statement{Section: section, At: l.at, Word: known}
	if known {
		c.s.recognize(l.at)
		if w := strings.ToLower(l.words[0]); section == "" || hasWord(iosSubWords+" "+iosWords, w) {
			st.Key = strings.ToLower(strings.Join(iosHead(l), " "))
		}
	}
	c.s.c.Unknown = append(c.s.c.Unknown, st)
}

// group reads a Diffie-Hellman group as IOS writes it: 14 or group14.
func iosGroupWord(w string) (ike.Group, bool) {
	n, err := strconv.ParseUint(strings.TrimPrefix(strings.ToLower(w), "group"), 10, 16)
	return ike.Group(n), err == nil && n > 0
}
