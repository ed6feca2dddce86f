package config

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// A tunnel of AWS, as its options and the XML have it.

func (s *source) awsTunnel(t *awsTunnel) Connection {
	c := Connection{At: t.at, Dialect: AWS, InitiateVersion: IKEv2}
	c.Local.Addresses = t.address("vpn_gateway", "OutsideIpAddress")
	c.Remote.Addresses = t.address("customer_gateway", "")
	c.Name = strings.TrimSpace(t.id + " " + addressText(c.Local.Addresses.V))
	s.awsVersion(&c, t)
	c.Aggressive = defaulted("mode", false) // main mode only
	ikeXML, ipsec := t.xml.find("ike"), t.xml.find("ipsec")
	c.Lifetime.Total = s.awsNumber(t.options, "Phase1LifetimeSeconds", ikeXML, "lifetime", 28800)
	c.Lifetime.Rekey = defaulted("Phase1LifetimeSeconds", c.Lifetime.Total.V)
	c.Local.ID = hostIdentity("OutsideIpAddress", &c.Local)
	c.Remote.ID = Value[ike.Identity]{V: ike.Identity{Any: true}, Key: "customer_gateway"} // which it expects is not told
	s.awsKey(&c, t, ikeXML)
	none := defaulted("PreSharedKey", AuthNone)
	c.Local.Auth2, c.Remote.Auth2 = none, none
	c.XAuth = defaulted("PreSharedKey", XAuthNone)
	c.Proposals, _ = s.awsSuites(t.options, ikeXML, ike.ProtocolIKE)
	dpd := ipsec.find("dead_peer_detection")
	c.DPD.Delay = s.awsNumber(nil, "", dpd, "interval", 10)
	c.DPD.Timeout = s.awsNumber(t.options, "DpdTimeoutSeconds", nil, "", 30)
	c.DPD.Action = defaulted("DpdTimeoutAction", "clear")
	c.Encap = defaulted("NatTraversal", EncapAuto)
	c.Fragmentation = Value[Fragmentation]{V: FragmentAccept, Key: "Fragmentation"}
	c.Rekey, c.Push = defaulted("RekeyMarginTimeSeconds", true), defaulted("mode", false)
	c.Start = defaulted("StartupAction", StartNone)
	if v, ok := t.options.take("StartupAction"); ok {
		c.Start = spelt(v, StartNone)
		if v.V == "start" {
			c.Start.V = StartNow
		}
	}
	c.Children = []Child{s.awsChild(&c, t, ipsec)}
	return c
}

// awsVersion reads which versions are taken: both where nothing is said.
func (s *source) awsVersion(c *Connection, t *awsTunnel) {
	c.Version = defaulted("IkeVersions", VersionAny)
	v, list := awsList(t.options, "IkeVersions", "")
	if v.Origin == Unset {
		if x, ok := t.xml.find("ike").take("ike_version"); ok {
			v, list = x, []string{x.V}
		}
	}
	if len(list) != 1 {
		return
	}
	c.Version = spelt(v, IKEv2)
	if strings.HasSuffix(list[0], "1") {
		c.Version.V, c.InitiateVersion = IKEv1, IKEv1
	}
}

// awsKey reads the key, which is for this tunnel alone. Without one the ends
// have certificates, or it lies where the file only points at.
func (s *source) awsKey(c *Connection, t *awsTunnel, xml *element) {
	v, ok := t.options.take("PreSharedKey")
	if x, in := xml.take("pre_shared_key"); in && !ok {
		v, ok = x, true
	}
	_, elsewhere := t.options.take("PreSharedKeyArn")
	method := Value[string]{At: v.At, Origin: v.Origin, Key: cmp.Or(v.Key, "PreSharedKey")}
	switch {
	case ok || elsewhere:
		if !ok {
			method.Origin, method.At = Default, t.at
		}
		c.Local.Auth, c.Remote.Auth = as(method, AuthPSK), as(method, AuthPSK)
	default:
		c.Local.Auth, c.Remote.Auth = Value[Auth]{Key: method.Key}, Value[Auth]{Key: method.Key}
		return
	}
	ring := "tunnel " + strconv.Itoa(len(s.c.Connections))
	c.Keyrings = Value[[]string]{V: []string{ring}, At: t.at, Origin: Written, Key: method.Key}
	e := SecretEntry{Kind: SecretPSK, Name: method.Key, Keyring: ring, At: v.At, Owners: []ike.Identity{{Any: true}}, OwnerText: []string{addressText(c.Remote.Addresses.V)}}
	if !ok || masked(v.V) {
		e.Secret, e.Spelling = Value[ike.Secret]{At: cmp.Or(v.At, t.at), Origin: Hidden, Key: method.Key}, Masked
	} else {
		e.set(written(v.At, v.Key, []byte(v.V)), Plain)
	}
	s.c.Secrets = append(s.c.Secrets, e)
}

// awsNumber reads a number of the options, else of the XML.
func (s *source) awsNumber(options *element, key string, xml *element, name string, def uint32) Value[uint32] {
	v, ok := options.take(key)
	if !ok {
		if x, in := xml.take(name); in {
			v, ok = x, true
		}
	}
	n, err := strconv.ParseUint(v.V, 10, 32)
	switch {
	case !ok:
		return defaulted(cmp.Or(key, name), def)
	case err != nil:
		s.problem(v.At, v.Key, ErrValue)
		return defaulted(v.Key, def)
	}
	return spelt(v, uint32(n))
}

// awsList reads a list of the options, whose members are objects with a Value;
// where there is none, the default.
func awsList(options *element, key, def string) (v Value[string], list []string) {
	v.Key = key
	for _, n := range options.all(key) {
		x, ok := n.take("Value")
		if !ok && len(n.subs) == 0 { // as requests have them
			n.taken = true
			x = Value[string]{V: n.text, At: n.at}
		}
		if x.V == "" {
			continue
		}
		if v.Origin == Unset {
			v.At, v.Origin = x.At, Written
		}
		list = append(list, x.V)
	}
	if len(list) == 0 && def != "" {
		list = strings.Fields(def)
		v.Origin = Default
	}
	v.V = strings.Join(list, ", ")
	return v, list
}

// awsSuites reads what a phase takes: the lists of the options, else the one
// suite of the XML, besides which others may be taken.
func (s *source) awsSuites(options, xml *element, proto ike.Protocol) (v Value[Proposals], group Value[string]) {
	phase, groups := "Phase1", awsGroups1
	if proto != ike.ProtocolIKE {
		phase, groups = "Phase2", awsGroups2
	}
	at := [3]Value[string]{}
	var lists [3][]string
	if options != nil {
		at[0], lists[0] = awsList(options, phase+"EncryptionAlgorithms", awsCiphers)
		at[1], lists[1] = awsList(options, phase+"IntegrityAlgorithms", awsHashes)
		at[2], lists[2] = awsList(options, phase+"DHGroupNumbers", groups)
	} else {
		for i, name := range []string{"encryption_protocol", "authentication_protocol", "perfect_forward_secrecy"} {
			at[i], _ = xml.take(name)
			if at[i].V != "" {
				lists[i] = []string{at[i].V}
			}
		}
	}
	plain, combined := ike.Proposal{Protocol: proto}, ike.Proposal{Protocol: proto}
	for _, name := range lists[0] {
		if c, ok := awsCipher(name); !ok {
			s.problem(at[0].At, at[0].Key, ErrValue)
		} else if c.Cipher.AEAD() {
			combined.Ciphers = append(combined.Ciphers, c)
		} else {
			plain.Ciphers = append(plain.Ciphers, c)
		}
	}
	for _, name := range lists[1] {
		i, ok := awsHash(name)
		if !ok {
			s.problem(at[1].At, at[1].Key, ErrValue)
			continue
		}
		plain.Integrity = append(plain.Integrity, i)
		if proto == ike.ProtocolIKE {
			combined.PRF = append(combined.PRF, i.PRF())
		}
	}
	for _, name := range lists[2] {
		n, err := strconv.ParseUint(strings.TrimPrefix(strings.ToLower(name), "group"), 10, 16)
		if err != nil {
			s.problem(at[2].At, at[2].Key, ErrValue)
			continue
		}
		plain.Groups = append(plain.Groups, ike.Group(n))
	}
	combined.Groups = append(combined.Groups, plain.Groups...)
	terms := Terms{ike.AttrEncryption: at[0], ike.AttrHash: at[1], ike.AttrGroup: at[2]}
	var out Proposals
	for _, p := range []ike.Proposal{plain, combined} {
		if len(p.Ciphers) > 0 {
			out.List, out.Terms = append(out.List, p), append(out.Terms, terms)
		}
	}
	out.Strict, out.Text = true, strings.Join([]string{at[0].V, at[1].V, at[2].V}, "; ")
	if options == nil || len(out.List) == 0 {
		out.List, out.Terms = append(out.List, ike.Proposal{Protocol: proto, Default: true}), append(out.Terms, Terms{})
		out.Defaults, out.Strict = true, false
	}
	return as(at[0], out), at[2]
}

// awsCipher reads a cipher: AES256, AES256-GCM-16, aes-256-cbc.
func awsCipher(name string) (ike.CipherKey, bool) {
	name = strings.ReplaceAll(strings.TrimSuffix(strings.ToLower(name), "-cbc"), "-", "")
	length, ok := strings.CutPrefix(name, "aes")
	length, gcm, _ := strings.Cut(length, "gcm")
	n, err := strconv.ParseUint(length, 10, 16)
	c := ike.CipherKey{Cipher: ike.CipherAESCBC, KeyBits: uint16(n)}
	if strings.Contains(name, "gcm") {
		c.Cipher = ike.CipherAESGCM16
	}
	return c, ok && err == nil && (gcm == "" || gcm == "16")
}

// awsHash reads a hash: SHA2-256, sha1, hmac-sha2-256-128.
func awsHash(name string) (ike.Integrity, bool) {
	name = strings.TrimPrefix(strings.ReplaceAll(strings.TrimPrefix(strings.ToLower(name), "hmac-"), "sha-", "sha"), "sha")
	name = strings.TrimPrefix(name, "2-")
	switch size, _, _ := strings.Cut(name, "-"); size {
	case "1":
		return ike.IntegritySHA1, true
	case "256":
		return ike.IntegritySHA256, true
	case "384":
		return ike.IntegritySHA384, true
	case "512":
		return ike.IntegritySHA512, true
	}
	return 0, false
}

// awsChild makes the one pair of SAs that a tunnel has. Where the networks are
// not narrowed it takes what the customer's gateway asks for.
func (s *source) awsChild(c *Connection, t *awsTunnel, xml *element) Child {
	k := Child{Name: c.Name, At: t.at, Action: defaulted("mode", Protect), Mode: defaulted("mode", ike.ModeTunnel), Start: c.Start}
	k.Local, k.Remote = dynamic("RemoteIpv4NetworkCidr"), dynamic("LocalIpv4NetworkCidr")
	o := t.conn.find("Options")
	here, ok1 := o.take("RemoteIpv4NetworkCidr") // as the customer sees it
	there, ok2 := o.take("LocalIpv4NetworkCidr")
	if ok1 && ok2 && (here.V != "0.0.0.0/0" || there.V != "0.0.0.0/0") {
		k.Local, k.Remote = s.awsNetwork(here), s.awsNetwork(there)
	}
	var group Value[string]
	k.Proposals, group = s.awsSuites(t.options, xml, ike.ProtocolESP)
	k.PFS = worded(as(group, true), group.V)
	k.Lifetime.Life = s.awsNumber(t.options, "Phase2LifetimeSeconds", xml, "lifetime", 3600)
	margin := s.awsNumber(t.options, "RekeyMarginTimeSeconds", nil, "", 540)
	k.Lifetime.Rekey = defaulted("RekeyMarginTimeSeconds", k.Lifetime.Life.V-min(k.Lifetime.Life.V, margin.V))
	k.ReplayWindow = s.awsNumber(t.options, "ReplayWindowSize", nil, "", 1024)
	k.SHA256Bits96, k.IPComp = defaulted("Phase2IntegrityAlgorithms", false), defaulted("protocol", false)
	k.DPDAction, k.CloseAction = defaulted("DpdTimeoutAction", "clear"), defaulted("", "none")
	if v, ok := t.options.take("DpdTimeoutAction"); ok {
		k.DPDAction = v
		c.DPD.Action = v
	}
	return k
}

func (s *source) awsNetwork(v Value[string]) Value[[]Selector] {
	x, err := ike.ParseSelector(v.V)
	if err != nil || x.Dynamic {
		s.problem(v.At, v.Key, wrong("a network"))
		return as(v, []Selector{{Text: v.V, Bad: true}})
	}
	return as(v, []Selector{{Selector: x, Text: x.String()}})
}
