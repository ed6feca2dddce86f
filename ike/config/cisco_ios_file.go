package config

import (
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// (A file named cisco_ios.go would be built for the system iOS only.)
//
// The configuration of Cisco IOS and IOS-XE: what crypto isakmp, crypto ipsec
// and crypto map say of IKEv1, with the interfaces, access lists and address
// translations that decide what becomes of it.
//
// Defaults are those of IOS 12 and 15; what later releases take is left open.

// ios is a configuration of IOS.
type ios struct {
	cisco
	keyrings map[string]Pos
	profiles map[string]*iosProfile
	inOrder  []*iosProfile
	mapOpts  map[string]*iosMapOptions
	nats     []iosNAT
	routes   map[string][]iosRouteMap
}

// iosMapOptions are what is set for all entries of a crypto map.
type iosMapOptions struct {
	local   Value[string] // the interface whose address is used
	client  Value[string] // the list of users: XAUTH
	hands   Value[string] // inner addresses are handed out
	profile Value[string]
}

func iosProduct() ciscoProduct {
	return ciscoProduct{
		dialect: CiscoIOS, spelling: ike.DialectCisco, policyKey: "crypto isakmp policy", setKey: "crypto ipsec transform-set", useKey: "set transform-set",
		policyDefaults: [...]string{"des", "sha", "rsa-sig", "1"}, pfsDefault: 1, known: [2]int{16, 99},
		vocabulary: ciscoVocabulary{top: iosWords, crypto: iosCrypto, third: iosThird, below: iosSubWords},
	}
}

func (s *source) ciscoIOS(name string, b []byte) {
	r := &ciscoReader{s: s}
	r.read(name, b)
	c := &ios{
		cisco: newCisco(s, iosProduct(), r.sections), keyrings: map[string]Pos{}, profiles: map[string]*iosProfile{},
		mapOpts: map[string]*iosMapOptions{}, routes: map[string][]iosRouteMap{},
	}
	c.device = c
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
	c.profileReferences()
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
func (c *ios) section(sec *ciscoSection) {
	sec.taken = true
	switch {
	case sec.is("version"):
		c.release(sec.arg(1))
	case sec.is("hostname"):
		c.hostname = sec.value("hostname", sec.arg(1))
	case sec.is("ip", "domain", "name"):
		c.domain = sec.value("ip domain name", sec.arg(3))
	case sec.is("ip", "domain-name"):
		c.domain = sec.value("ip domain-name", sec.arg(2))
	case sec.is("crypto", "isakmp", "policy"):
		c.policy(sec, 3)
	case sec.is("crypto", "isakmp", "key"):
		c.isakmpKey(&sec.ciscoLine)
	case sec.is("crypto", "isakmp", "client", "configuration", "group"):
		c.clientGroup(sec)
	case sec.is("crypto", "isakmp", "profile"):
		c.isakmpProfile(sec)
	case sec.is("crypto", "isakmp", "identity"):
		c.identity = sec.value("crypto isakmp identity", strings.ToLower(sec.arg(3)))
	case sec.is("crypto", "isakmp", "keepalive"):
		c.keepalive = c.number(&sec.ciscoLine, 3, c.keepalive)
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
		c.transformSet(sec, 3)
	case sec.is("crypto", "ipsec", "profile"):
		c.ipsecProfile(sec)
	case sec.is("crypto", "ipsec", "security-association"):
		sec.taken = c.lifetime(&sec.ciscoLine, 3, &c.life, &c.kilobytes, &c.idle, &c.window)
	case sec.is("crypto", "map"):
		c.cryptoMap(sec)
	case sec.is("crypto", "dynamic-map"):
		if e := c.dynamicMap(sec, c.oneLine(sec)); e != nil {
			c.statements(e, sec.subs)
		}
	case sec.is("interface"), sec.is("int"):
		c.interfaceOf(sec)
	case sec.is("access-list"), sec.is("ip", "access-list"), sec.is("ipv6", "access-list"):
		c.accessList(sec)
	case sec.is("object-group"): // was read before
	case sec.is("ip", "nat", "inside", "source"):
		c.nat(&sec.ciscoLine)
	case sec.is("route-map"):
		c.routeMap(sec)
	default:
		sec.taken = false
	}
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

// iosThird are the third words of crypto commands.
const iosThird = "aggressive-mode client df-bit enable fragmentation invalid-spi-recovery keepalive nat nat-transparency nat-traversal peer policy proposal profile security-association transform-set " +
	"certificate trustpoint trustpool server token generate param pubkey-chain default local-address session dpd optional"

// iosSubWords are commands below those of the model that have no field.
const iosSubWords = "accounting ca client description dialer isakmp qos redundancy responder-only reverse-route rsa-pubkey set vrf initiate-mode no exit quit default exit-address-family remark virtual-template " +
	"peer address pre-shared-key encryption integrity group prf proposal match authentication keyring identity dpd lifetime aaa pki nat hostname"
