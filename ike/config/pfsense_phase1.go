package config

import (
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Phase 1 of pfSense and OPNsense.

// pfSenseWords1 are the elements of a phase1 that have a field.
const pfSenseWords1 = "ikeid iketype interface remote-gateway mode protocol myid_type myid_data peerid_type peerid_data encryption encryption-algorithm hash-algorithm dhgroup lifetime " +
	"pre-shared-key authentication_method nat_traversal dpd_delay dpd_maxfail disabled responderonly startaction auto rekey_time reauth_time mobile"

func (p *pfSense) phase1(n *element, id Value[string]) Connection {
	c := Connection{Name: "con" + id.V, At: n.at, Dialect: p.s.c.Dialect, InitiateVersion: IKEv1}
	mobile := n.has("mobile")
	if mobile && !p.opn {
		c.Name = "con-mobile"
	}
	p.version(&c, n)
	family, _ := n.take("protocol")
	c.Interfaces = Value[[]string]{Key: "interface"}
	if dev, ok := n.take("interface"); ok {
		c.Interfaces = as(dev, []string{dev.V})
		c.Local.Addresses = p.source(dev, family.V == "inet6")
	} else {
		c.Local.Addresses = defaulted("interface", []Address{{Text: "any"}})
	}
	c.Remote.Addresses = defaulted("remote-gateway", []Address{{Text: "any"}})
	if gw, ok := n.take("remote-gateway"); ok && !mobile {
		c.Remote.Addresses = spelt(gw, []Address{parseAddress(gw.V)})
	}
	p.proposals1(&c, n)
	p.auth(&c, n)
	p.identities(&c, n, mobile)
	life := p.number(n, "lifetime", 28800)
	c.Lifetime.Total = life
	// It is made anew when nine tenths are over.
	rekey := p.number(n, "rekey_time", life.V/10*9)
	c.Lifetime.Rekey, c.Lifetime.Reauth = rekey, rekey
	c.Lifetime.Over = defaulted("lifetime", life.V-min(life.V, rekey.V))
	c.DPD.Delay = p.number(n, "dpd_delay", 0)
	tries := p.number(n, "dpd_maxfail", 5)
	if tries.V == 0 {
		c.DPD.Delay.V = 0
	}
	c.DPD.Timeout = as(tries, uint32(min(uint64(c.DPD.Delay.V)*(uint64(tries.V)+1), 1<<32-1)))
	c.DPD.Action = defaulted("dpd_action", "trap")
	c.Fragmentation = defaulted("fragmentation", FragmentYes)
	c.Encap = defaulted("nat_traversal", EncapAuto)
	if v, ok := n.take("nat_traversal"); ok {
		c.Encap = spelt(v, EncapAuto) // off as well: strongSwan detects NATs in any case
		if v.V == "force" {
			c.Encap.V = EncapForce
		}
	}
	c.Rekey, c.Push, c.Tries = defaulted("rekey_enable", true), defaulted("client", false), defaulted("keyingtries", uint32(1))
	c.Unique = defaulted("uniqueids", "replace")
	if mobile && p.pool.Origin != Unset {
		c.Remote.VirtualIPs = as(p.pool, []string{p.pool.V})
	}
	c.Start = p.start(n, mobile)
	p.key(&c, n, mobile)
	for i, k := range p.phase2[id.V] {
		if !k.has("disabled") && (!k.has("mobile") || p.mobile || p.opn) {
			if !p.s.child(k.at) {
				break
			}
			c.Children = append(c.Children, p.child(&c, k, i, family.V == "inet6"))
		}
	}
	return c
}

func (p *pfSense) version(c *Connection, n *element) {
	v, ok := n.take("iketype")
	if !ok {
		v = defaulted("iketype", "ikev1")
	}
	c.Version = spelt(v, IKEv1)
	switch v.V {
	case "ikev2":
		c.Version.V, c.InitiateVersion = IKEv2, IKEv2
	case "auto", "ike":
		c.Version.V, c.InitiateVersion = VersionAny, IKEv2
	case "ikev1":
	default:
		p.s.problem(v.At, v.Key, ErrValue)
	}
	mode, ok := n.take("mode")
	if !ok {
		mode = defaulted("mode", "main")
	}
	c.Aggressive = spelt(mode, mode.V == "aggressive")
}

// start returns what is done with a phase1: trap, unless it is told otherwise.
func (p *pfSense) start(n *element, mobile bool) Value[Start] {
	out := defaulted("startaction", StartTrap)
	if mobile {
		out.V = StartNone
	}
	for _, key := range []string{"startaction", "auto"} {
		v, ok := n.take(key)
		if !ok || mobile {
			continue
		}
		out = spelt(v, StartNone)
		switch v.V {
		case "trap", "route":
			out.V = StartTrap
		case "start":
			out.V = StartNow
		case "none", "add":
		default:
			p.s.problem(v.At, key, ErrValue)
		}
	}
	if v := n.find("responderonly"); v != nil {
		v.taken = true
		out = Value[Start]{V: StartNone, At: v.at, Origin: Written, Key: "responderonly"}
	}
	switch v := n.find("disabled"); {
	case v != nil:
		v.taken = true
		out = Value[Start]{V: StartIgnore, At: v.at, Origin: Written, Key: "disabled"}
	case !p.enabled:
		out = Value[Start]{V: StartIgnore, At: n.at, Origin: Inherited, Key: "enable"}
	}
	return out
}

// number reads a number.
func (p *pfSense) number(n *element, key string, def uint32) Value[uint32] {
	v, ok := n.take(key)
	if !ok {
		return defaulted(key, def)
	}
	x, ok := number(v.V)
	if !ok {
		p.s.problem(v.At, key, ErrValue)
		return defaulted(key, def)
	}
	return spelt(v, x)
}

// proposals1 reads the offers: a list of items, or what older releases have in
// the phase1 itself.
func (p *pfSense) proposals1(c *Connection, n *element) {
	items := n.find("encryption").all("item")
	if len(items) == 0 {
		items = []*element{n}
	}
	var out Proposals
	var texts []string
	at := Value[string]{At: n.at, Key: "encryption"}
	for _, item := range items[:min(len(items), ike.MaxProposals)] {
		cipher, name := pfSenseCipher(item.find("encryption-algorithm"), "encryption-algorithm")
		if cipher.Origin == Unset {
			continue
		}
		hash, _ := item.take("hash-algorithm")
		group, _ := item.take("dhgroup")
		q := p.proposal(ike.ProtocolIKE, name, strings.Split(hash.V, ","), cipher)
		p.groups(&q, group)
		out.List = append(out.List, q)
		out.Terms = append(out.Terms, Terms{ike.AttrEncryption: cipher, ike.AttrHash: hash, ike.AttrGroup: group})
		texts = append(texts, q.Config(ike.DialectPfSense))
		if len(texts) == 1 {
			at.At, at.Origin = cipher.At, Written
		}
	}
	if len(out.List) == 0 {
		c.Proposals = builtIn("encryption", "default", ike.ProtocolIKE)
		return
	}
	out.Text, out.Strict = strings.Join(texts, " or "), true
	c.Proposals = as(at, out)
}

// pfSenseCipher reads a cipher and its length, as both stand and in
// strongSwan's words.
func pfSenseCipher(n *element, key string) (v Value[string], word string) {
	v.Key = key
	name, ok := n.take("name")
	if !ok {
		return v, ""
	}
	v.At, v.Origin = name.At, Written
	length, _ := n.take("keylen")
	if v.V = name.V; length.V != "" {
		v.V += " " + length.V
	}
	return v, name.V + strings.TrimSuffix(length.V, "auto")
}

// proposal makes a proposal of strongSwan's words for a cipher and hashes.
func (p *pfSense) proposal(proto ike.Protocol, cipher string, hashes []string, at Value[string]) ike.Proposal {
	var words []string
	if cipher != "" {
		words = append(words, cipher)
	}
	for _, h := range hashes {
		if h = strings.TrimPrefix(strings.TrimSpace(h), "hmac_"); h != "" {
			words = append(words, h)
		}
	}
	list, _ := ike.AppendConfigProposals(nil, strings.Join(words, "-"), proto, ike.DialectStrongSwan)
	if len(list) != 1 {
		p.s.problem(at.At, at.Key, ErrValue)
		return ike.Proposal{Protocol: proto, Unknown: []ike.Unknown{{Kind: ike.AttrEncryption, Name: cipher}}}
	}
	if len(list[0].Unknown) > 0 {
		p.s.problem(at.At, at.Key, ErrValue)
	}
	return list[0]
}

// groups adds the groups of a list.
func (p *pfSense) groups(q *ike.Proposal, v Value[string]) {
	for g := range strings.SplitSeq(v.V, ",") {
		if g = strings.TrimSpace(g); g == "" || g == "0" || g == "off" {
			continue
		}
		n, err := strconv.ParseUint(g, 10, 16)
		if err != nil {
			p.s.problem(v.At, v.Key, ErrValue)
			continue
		}
		q.Groups = append(q.Groups, ike.Group(n))
	}
}

// auth reads the method. A server's asks its clients for a password as well.
func (p *pfSense) auth(c *Connection, n *element) {
	v, ok := n.take("authentication_method")
	if !ok {
		v = defaulted("authentication_method", "pre_shared_key")
	}
	local, remote, second := AuthPubkey, AuthPubkey, AuthNone
	switch v.V {
	case "pre_shared_key":
		local, remote = AuthPSK, AuthPSK
	case "xauth_psk_server":
		local, remote, second = AuthPSK, AuthPSK, AuthXAuth
	case "xauth_rsa_server", "xauth_cert_server":
		second = AuthXAuth
	case "hybrid_rsa_server", "hybrid_cert_server":
		remote = AuthXAuth
	case "rsasig", "cert", "pkcs11", "public_key", "pubkey":
	case "eap-tls", "eap-radius", "eap-mschapv2", "psk_eap-tls", "rsa_eap-mschapv2":
		remote = AuthEAP
	default:
		p.s.problem(v.At, v.Key, ErrValue)
		local, remote = AuthNone, AuthNone
	}
	c.Local.Auth, c.Remote.Auth = spelt(v, local), spelt(v, remote)
	c.Local.Auth2, c.Remote.Auth2 = defaulted(v.Key, AuthNone), spelt(v, second)
	c.XAuth = defaulted(v.Key, XAuthNone)
	if second == AuthXAuth || remote == AuthXAuth {
		c.XAuth = spelt(v, XAuthServer)
	}
	if ref, ok := n.take("certref"); ok {
		c.Local.Certs = as(ref, []string{ref.V})
	}
	if ref, ok := n.take("caref"); ok {
		c.Remote.CAs = as(ref, []string{ref.V})
	}
}

// identities reads both ends'.
func (p *pfSense) identities(c *Connection, n *element, mobile bool) {
	c.Local.ID = p.identity(n, "myid", &c.Local)
	c.Remote.ID = p.identity(n, "peerid", &c.Remote)
	if mobile {
		c.Remote.ID = defaulted("peerid_type", ike.Identity{Any: true})
	}
}

func (p *pfSense) identity(n *element, key string, e *End) Value[ike.Identity] {
	kind, ok := n.take(key + "_type")
	data, _ := n.take(key + "_data")
	if !ok {
		return hostIdentity(key+"_type", e)
	}
	prefix := ""
	switch kind.V {
	case "myaddress", "peeraddress":
		return worded(as(kind, hostIdentity("", e).V), kind.V)
	case "any", "auto", "none":
		return worded(as(kind, ike.Identity{Any: true}), kind.V)
	case "address":
	case "fqdn", "asn1dn":
		prefix = kind.V + ":"
	case "user_fqdn":
		prefix = "userfqdn:"
	case "dyn_dns":
		prefix = "dns:"
	case "keyid tag":
		prefix = "keyid:"
	default:
		p.s.problem(kind.At, kind.Key, ErrValue)
		return hostIdentity(key+"_type", e)
	}
	if prefix == "asn1dn:" && !strings.HasPrefix(data.V, "#") {
		prefix = ""
	}
	return spelt(data, ike.ParseIdentity(prefix+data.V, ike.DialectStrongSwan))
}

// key reads the key of a phase1, which strongSwan is given for the peer's
// identity.
func (p *pfSense) key(c *Connection, n *element, mobile bool) {
	v, ok := n.take("pre-shared-key")
	if !ok || !c.UsesPSK() || !c.Loaded() {
		return
	}
	e := SecretEntry{Kind: SecretPSK, Name: "phase1", At: v.At}
	owner := c.Remote.ID.V
	if mobile || owner.IsZero() {
		owner = ike.Identity{Any: true}
	}
	if owner.Any && !mobile && c.Remote.ID.Text != "any" {
		owner = ike.Identity{Value: addressText(c.Remote.Addresses.V)} // of a name the address is not known
	}
	e.Owners = []ike.Identity{{Any: true}, owner}
	e.OwnerText = []string{"%any", owner.String()}
	p.secret(&e, v)
}
