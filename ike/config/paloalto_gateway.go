package config

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// IKE gateways of PAN-OS.

// connection makes the Connection of a gateway.
func (c *palo) connection(g *paloNode) Connection {
	k := Connection{Name: g.name, At: g.at, Dialect: PaloAlto}
	type versions struct{ v, first Version }
	version := picked(c, g, versions{IKEv1, IKEv1}, choice(map[string]versions{"ikev1": {IKEv1, IKEv1}, "ikev2": {IKEv2, IKEv2}, "ikev2-preferred": {VersionAny, IKEv2}}), "protocol", "version")
	k.Version, k.InitiateVersion = worded(as(version, version.V.v), version.Text), version.V.first
	ike1 := "ikev1"
	if k.Version.V == IKEv2 {
		ike1 = "ikev2"
	}
	mode := picked(c, g, "auto", choice(map[string]string{"auto": "auto", "main": "main", "aggressive": "aggressive"}), "protocol", "ikev1", "exchange-mode")
	k.Aggressive = worded(as(mode, mode.V == "aggressive"), mode.Text)
	k.MainOnly = as(mode, mode.V != "auto") // it answers its own mode only
	c.ends(&k, g)
	c.auth(&k, g)
	c.ids(&k, g)
	c.suites(&k, g, ike1)
	k.DPD = DPD{Delay: picked(c, g, uint32(0), number, "protocol", ike1, "dpd", "interval"), Timeout: Value[uint32]{Key: "dpd interval"}, Action: defaulted("dpd enable", "clear")}
	if k.DPD.Delay.Origin == Default {
		k.DPD.Delay.Origin = Unset
	}
	k.Fragmentation = picked(c, g, FragmentYes, yesOr(FragmentYes, FragmentNo), "protocol-common", "fragmentation", "enable")
	k.Encap = picked(c, g, EncapAuto, yesOr(EncapAuto, EncapNever), "protocol-common", "nat-traversal", "enable")
	for _, o := range []*Origin{&k.Fragmentation.Origin, &k.Encap.Origin} {
		if *o == Default {
			*o = Unset // which of them is the default is not documented alike
		}
	}
	k.Rekey, k.Push, k.Unique, k.Tries, k.XAuth = defaulted("", true), defaulted("", false), defaulted("", "no"), defaulted("", uint32(0)), defaulted("", XAuthNone)
	k.Start = Value[Start]{V: StartTrap, At: g.at, Origin: Default, Key: "passive-mode"}
	if k.Remote.AnyAddress() {
		k.Start.V = StartNone
	}
	if v := g.value("protocol-common", "passive-mode"); v.V == "yes" {
		k.Start = as(v, StartNone)
	}
	if v := g.value("disabled"); v.V == "yes" {
		k.Start = as(v, StartIgnore)
	}
	return k
}

func yesOr[T any](yes, no T) func(string) (T, bool) {
	return choice(map[string]T{"yes": yes, "no": no})
}

// ends: the local address may be that of the interface alone.
func (c *palo) ends(k *Connection, g *paloNode) {
	k.Remote.Addresses = Value[[]Address]{V: []Address{{Text: "any"}}, At: g.at, Origin: Default, Key: "peer-address"}
	switch ip, name := g.value("peer-address", "ip"), g.value("peer-address", "fqdn"); {
	case ip.V != "":
		k.Remote.Addresses = as(ip, []Address{c.address(ip.V)})
	case name.V != "":
		k.Remote.Addresses = as(name, []Address{{Kind: AddressName, Text: name.V}})
	case g.get("peer-address", "dynamic") != nil:
		k.Remote.Addresses.Origin, k.Remote.Addresses.At = Written, g.get("peer-address", "dynamic").at
	case g.get("peer-address") != nil && len(g.get("peer-address").kids) == 1 && len(g.get("peer-address").kids[0].kids) == 0: // of old: peer-address A
		v := g.value("peer-address")
		k.Remote.Addresses = as(v, []Address{c.address(v.V)})
	}
	k.Local.Addresses = Value[[]Address]{V: []Address{{Text: "any"}}, At: g.at, Origin: Default, Key: "local-address ip"}
	iface := g.value("local-address", "interface")
	if iface.V != "" {
		k.Interfaces = as(iface, []string{iface.V})
	}
	for _, key := range [...]string{"ip", "floating-ip"} {
		if ip := g.value("local-address", key); ip.V != "" {
			k.Local.Addresses = as(ip, []Address{c.address(ip.V)})
			return
		}
	}
	if a, ok := c.ofInterface(iface.V); ok {
		k.Local.Addresses = a
	}
}

// address reads an address, with or without the length of its network. A name
// is that of an address object, which is not looked up.
func (c *palo) address(s string) Address {
	host, _, _ := strings.Cut(s, "/")
	if a, err := netip.ParseAddr(host); err == nil {
		return Address{Kind: AddressHost, Text: host, First: a.Unmap()}
	}
	return Address{Kind: AddressMagic, Text: s}
}

// ofInterface returns the one address of an interface, by its name: that of an
// ethernet port, a unit of it, a loopback or a VLAN.
func (c *palo) ofInterface(name string) (Value[[]Address], bool) {
	if name == "" {
		return Value[[]Address]{}, false
	}
	port, _, unit := strings.Cut(name, ".")
	var n *paloNode
	for _, path := range [][]string{
		{"interface", "ethernet", name, "layer3"}, {"interface", "ethernet", port, "layer3", "units", name}, {"interface", "aggregate-ethernet", name, "layer3"},
		{"interface", "aggregate-ethernet", port, "layer3", "units", name}, {"interface", "loopback", "units", name}, {"interface", "vlan", "units", name},
	} {
		if unit == (len(path) > 4) || port != "ethernet" {
			if n = c.net.get(path...); n != nil {
				break
			}
		}
	}
	if n == nil {
		return Value[[]Address]{}, false
	}
	if d := n.get("dhcp-client"); d != nil {
		return Value[[]Address]{V: []Address{{Kind: AddressMagic, Text: "dhcp-client"}}, At: d.at, Origin: Inherited, Key: "local-address interface"}, true
	}
	if w := n.words("ip"); len(w) == 1 {
		if a := c.address(w[0]); a.Kind == AddressHost {
			return Value[[]Address]{V: []Address{a}, At: n.value("ip").At, Origin: Inherited, Key: "local-address interface"}, true
		}
	}
	return Value[[]Address]{}, false
}

// auth: the device prints keys encrypted, what people write is plain.
func (c *palo) auth(k *Connection, g *paloNode) {
	k.Local.Auth = Value[Auth]{V: AuthNone, At: g.at, Key: "authentication"}
	k.Local.Auth2, k.Remote.Auth2 = defaulted("", AuthNone), defaulted("", AuthNone)
	psk, cert := g.get("authentication", "pre-shared-key"), g.get("authentication", "certificate")
	switch {
	case psk != nil:
		k.Local.Auth = Value[Auth]{V: AuthPSK, At: psk.at, Origin: Written, Key: "authentication", Text: "pre-shared-key"}
	case cert != nil:
		k.Local.Auth = Value[Auth]{V: AuthPubkey, At: cert.at, Origin: Written, Key: "authentication", Text: "certificate"}
		if v := cert.value("local-certificate", "name"); v.V != "" {
			k.Local.Certs = as(v, []string{v.V})
		} else if v := cert.value("local-certificate"); v.V != "" {
			k.Local.Certs = as(v, []string{v.V})
		}
		if v := cert.value("certificate-profile"); v.V != "" {
			k.Remote.CAs = as(v, []string{v.V})
		}
	}
	k.Remote.Auth = k.Local.Auth
	c.s.c.SecretsRead = true
	ring := fmt.Sprintf("%s:%d:%s", g.at.File, g.at.Line, g.name)
	k.Keyrings = Value[[]string]{V: []string{ring}, At: g.at, Origin: Inherited, Key: "pre-shared-key key"}
	key := g.value("authentication", "pre-shared-key", "key")
	if psk == nil || key.Origin == Unset {
		if psk != nil { // an excerpt without it
			e := SecretEntry{Kind: SecretPSK, Name: "pre-shared-key key", Keyring: ring, At: psk.at, Spelling: Masked, Secret: Value[ike.Secret]{At: psk.at, Origin: Hidden, Key: "pre-shared-key key"}}
			c.s.c.Secrets = append(c.s.c.Secrets, e)
		}
		return
	}
	e := SecretEntry{Kind: SecretPSK, Name: "pre-shared-key key", Keyring: ring, At: key.At}
	v := Value[ike.Secret]{At: key.At, Origin: Written, Key: "pre-shared-key key"}
	if strings.HasPrefix(key.V, "-AQ==") || strings.Trim(key.V, "*") == "" {
		v.Origin = Hidden
		e.Secret, e.Spelling = v, Masked
	} else {
		v.V = ike.NewSecret([]byte(key.V))
		e.set(v, Plain)
	}
	c.s.c.Secrets = append(c.s.c.Secrets, e)
}

// ids: without a local-id it is the address. That without a peer-id it has to be
// the peer's address is recalled, so that it is left open.
func (c *palo) ids(k *Connection, g *paloNode) {
	k.Local.ID = hostIdentity("local-id", &k.Local)
	k.Remote.ID = Value[ike.Identity]{V: ike.Identity{Any: true}, Key: "peer-id"}
	if k.Local.Auth.V == AuthPubkey {
		k.Local.ID = certIdentity("local-id")
	}
	k.Local.ID.At, k.Remote.ID.At = g.at, g.at
	for _, x := range []struct {
		key string
		to  *Value[ike.Identity]
	}{{"local-id", &k.Local.ID}, {"peer-id", &k.Remote.ID}} {
		kind, id := g.value(x.key, "type"), g.value(x.key, "id")
		g.value(x.key, "matching")
		if id.V == "" {
			continue
		}
		prefix := map[string]string{"fqdn": "fqdn:", "ufqdn": "userfqdn:", "keyid": "keyid:"}[kind.V]
		v := spelt(id, ike.ParseIdentity(prefix+id.V, ike.DialectStrongSwan))
		v.Key = x.key
		*x.to = v
	}
}
