package config

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// config.xml of pfSense and OPNsense: below ipsec a phase1 for each peer and,
// joined by ikeid, a phase2 for each pair of subnets; networks may be named by
// the interface that they are of. OPNsense has a newer model besides, whose
// elements are swanctl.conf's.
//
// Both products write strongSwan's configuration from it: what is default here
// is what pfSense 2.5 to 2.7 and OPNsense 20 to 24 write where nothing is set.

// pfSense is one appliance's configuration.
type pfSense struct {
	s       *source
	root    *element
	opn     bool // OPNsense
	enabled bool
	nets    map[string]pfSenseNet
	vips    map[string]netip.Addr
	pool    Value[string] // of mobile clients
	mobile  bool
	phase2  map[string][]*element // by ikeid
}

// pfSenseNet is what an interface's addresses are.
type pfSenseNet struct {
	addr, addr6 netip.Prefix // invalid where it is not static
}

// pfSenseWanted says which elements of the file matter; the name of the root
// is that of the product.
func pfSenseWanted(path []string) bool {
	for _, w := range [][]string{{"ipsec"}, {"interfaces"}, {"virtualip"}, {"version"}, {"OPNsense", "Swanctl"}, {"OPNsense", "IPsec"}} {
		if path[0] == "ipsec" {
			return true // an excerpt
		}
		fits := true
		for i, name := range path[1:] {
			fits = fits && (i >= len(w) || w[i] == name)
		}
		if fits {
			return true
		}
	}
	return false
}

func (s *source) pfSense(name string, b []byte) {
	tree := s.xmlTree(name, b, pfSenseWanted)
	root := tree
	if len(tree.subs) > 0 && tree.subs[0].name != "ipsec" {
		root = tree.subs[0]
	}
	p := &pfSense{s: s, root: root, opn: s.c.Dialect == OPNsense, nets: map[string]pfSenseNet{}, vips: map[string]netip.Addr{}, phase2: map[string][]*element{}}
	if v := root.find("version"); v != nil && s.c.Version == "" {
		s.c.Version = v.text
	}
	p.interfaces()
	ipsec := root.find("ipsec")
	p.units(ipsec)
	// OPNsense has IPsec switched off as a whole; pfSense has no such switch
	// any more.
	p.enabled = !p.opn || ipsec.has("enable") || ipsec.find("phase1") == nil
	s.c.SecretsRead = ipsec != nil
	if c := ipsec.find("client"); c != nil {
		p.mobile = c.has("enable")
		if v, ok := c.take("pool_address"); ok {
			bits, _ := c.take("pool_netbits")
			v.V += "/" + bits.V
			p.pool = v
		}
	}
	seen := map[string]bool{}
	for _, n := range ipsec.all("phase2") {
		if id, _ := n.take("ikeid"); !n.torn {
			p.phase2[id.V] = append(p.phase2[id.V], n)
		}
	}
	for _, n := range ipsec.all("phase1") {
		id, _ := n.take("ikeid")
		if n.torn || !s.connection(len(s.c.Connections), n.at) {
			continue
		}
		seen[id.V] = true
		s.c.Connections = append(s.c.Connections, p.phase1(n, id))
	}
	for _, n := range ipsec.all("phase2") {
		if id, _ := n.take("ikeid"); !seen[id.V] {
			id.V = "ikeid " + id.V
			s.c.SectionRefs = append(s.c.SectionRefs, SectionRef{Kind: "phase1", Name: id.V, In: "phase2", At: id.At})
			s.c.Found = append(s.c.Found, Issue{Kind: IssueReference, Effect: NoEffect, Connection: -1, Child: -1, Subject: id.V, Setting: settingOf(id, id.V)})
		}
	}
	for _, n := range ipsec.all("mobilekey") {
		p.mobileKey(n)
	}
	p.model()
	p.rest(ipsec)
}

// units counts the elements that hold a value.
func (p *pfSense) units(n *element) {
	if n == nil {
		return
	}
	for _, s := range n.subs {
		if len(s.subs) == 0 {
			p.s.unit(s.at)
		}
		p.units(s)
	}
}

// pfSenseOther are elements that have no field.
const pfSenseOther = "descr uniqid reqid private-key certref caref mobike reauth_enable rekey_enable gw_duplicates splitconn tfc_enable tfc_bytes prf-algorithm prfselect_enable " +
	"rand_time authservers pkcs11certref tunnel_isolation closeaction margintime rekeyfuzz unique dpd_action pinghost keepalive natlocalid protocol spd ikeport nattport enable client " +
	"mobilekey logging user_source group_source pool_address pool_netbits dns_domain dns_server1 dns_server2 net_list save_passwd login_banner auto_routes_disable " +
	"uniqueids strictcrlpolicy preferoldsa noshuntlaninterfaces bypassrules passthrough_networks async_crypto compression filtermode unityplugin installpolicy inactivity_timeout " +
	"localid remoteid type address netbits item name keylen ikeid rightallowany local-kpref peer-kpref lifetime_bytes"

// rest lists what nobody took. Only names show: what stands in an element may
// be a key.
func (p *pfSense) rest(n *element) {
	if n == nil {
		return
	}
	for _, s := range n.subs {
		if s.taken || len(s.subs) > 0 {
			if s.taken && len(s.subs) == 0 {
				p.s.recognize(s.at)
			}
			p.rest(s)
			continue
		}
		st := Statement{Section: n.name, At: s.at, Word: n.name == "logging" || hasWord(pfSenseWords1+" "+pfSenseWords2+" "+pfSenseOther, s.name)}
		if st.Word {
			st.Key = s.name
			p.s.recognize(s.at)
		}
		p.s.c.Unknown = append(p.s.c.Unknown, st)
	}
}

// interfaces reads the addresses of the interfaces, and the virtual ones.
func (p *pfSense) interfaces() {
	list := p.root.find("interfaces")
	if list == nil {
		return
	}
	prefix := func(addr, bits *element) netip.Prefix {
		if addr == nil || bits == nil {
			return netip.Prefix{}
		}
		a, err := netip.ParseAddr(addr.text)
		n, err2 := strconv.Atoi(bits.text)
		if err != nil || err2 != nil {
			return netip.Prefix{}
		}
		return netip.PrefixFrom(a, n)
	}
	for _, n := range list.subs {
		p.nets[n.name] = pfSenseNet{prefix(n.find("ipaddr"), n.find("subnet")), prefix(n.find("ipaddrv6"), n.find("subnetv6"))}
	}
	for _, n := range p.root.find("virtualip").all("vip") {
		a, _ := n.take("subnet")
		if addr, err := netip.ParseAddr(a.V); err == nil {
			id, _ := n.take("uniqid")
			p.vips["_vip"+id.V] = addr
			if hid, ok := n.take("vhid"); ok {
				dev, _ := n.take("interface")
				p.vips[dev.V+"_vip"+hid.V] = addr
			}
		}
	}
}

// source returns the address that a phase1 is on: that of an interface or a
// virtual one.
func (p *pfSense) source(v Value[string], v6 bool) Value[[]Address] {
	out := spelt(v, []Address{{Text: v.V}}) // one that is not static is any
	set := func(a netip.Addr) { out.V = []Address{{Kind: AddressHost, Text: a.String(), First: a}} }
	if a, ok := p.vips[v.V]; ok {
		set(a)
	} else if a, err := netip.ParseAddr(v.V); err == nil {
		set(a)
	} else if n := p.nets[v.V]; v6 && n.addr6.IsValid() {
		set(n.addr6.Addr())
	} else if !v6 && n.addr.IsValid() {
		set(n.addr.Addr())
	}
	return out
}

// network reads a localid or remoteid: an address, a network, or the network of
// an interface.
func (p *pfSense) network(n *element, key string, v6 bool) (Value[[]Selector], bool) {
	id := n.find(key)
	if id == nil {
		return Value[[]Selector]{Key: key}, false
	}
	kind, _ := id.take("type")
	addr, _ := id.take("address")
	bits, _ := id.take("netbits")
	v := kind
	v.Key = key
	text := ""
	switch kind.V {
	case "address":
		text, v.At = addr.V, addr.At
	case "network":
		text, v.At = addr.V+"/"+bits.V, addr.At
	case "none", "mobile", "":
		return Value[[]Selector]{Key: key, At: id.at}, false
	default:
		net := p.nets[kind.V]
		if v6 && net.addr6.IsValid() {
			text = net.addr6.Masked().String()
		} else if !v6 && net.addr.IsValid() {
			text = net.addr.Masked().String()
		} else {
			return as(v, []Selector{{Text: kind.V, Bad: true}}), true // its address is not in the file
		}
		v.V = kind.V + " (" + text + ")"
	}
	s, err := ike.ParseSelector(text)
	if err != nil || s.Dynamic {
		p.s.problem(v.At, key, wrong("a network"))
		return as(v, []Selector{{Text: text, Bad: true}}), true
	}
	out := as(v, []Selector{{Selector: s, Text: s.String()}})
	if kind.V != "address" && kind.V != "network" {
		out.Text = v.V
	}
	return out, true
}

// mobileKey reads a key of mobile clients.
func (p *pfSense) mobileKey(n *element) {
	ident, _ := n.take("ident")
	key, ok := n.take("pre-shared-key")
	kind, _ := n.take("type")
	if !ok || n.torn {
		return
	}
	e := SecretEntry{Kind: SecretPSK, Name: "mobilekey", OwnerText: []string{ident.V}, At: n.at}
	if kind.V == "EAP" {
		e.Kind = SecretEAP
	}
	id := ident.V
	if strings.EqualFold(id, "any") || id == "allusers" {
		id = "%any"
	}
	e.Owners = []ike.Identity{ike.ParseIdentity(id, ike.DialectStrongSwan)}
	p.secret(&e, key)
}

// secret stores a key, of which blanks at either end are not part.
func (p *pfSense) secret(e *SecretEntry, v Value[string]) {
	if masked(v.V) {
		e.Secret = Value[ike.Secret]{At: v.At, Origin: Hidden, Key: v.Key}
		e.Spelling = Masked
	} else {
		e.set(written(v.At, v.Key, []byte(v.V)), Plain)
	}
	p.s.c.Secrets = append(p.s.c.Secrets, *e)
}
