package config

import (
	"math"
	"net/netip"
	"strconv"
	"strings"
)

// The export of RouterOS 6 and 7: a peer with each of its identities is a
// Connection, each of its policies a Child.
//
// Until 6.42 a peer holds what profile and identity hold since. An export has
// what differs from the defaults; those here are what verbose exports of 6.43 to
// 7.18 print, and of older ones what a file does not say is open.

// ros is one configuration being read.
type ros struct {
	s          *source
	r          *rosReader
	split      bool // profiles and identities stand apart from peers
	secrets    bool // the file shows keys
	profiles   map[string]*record
	proposals  map[string]*record
	policies   map[string][]*record     // by peer, those that are not disabled
	sources    map[string]Value[string] // the own addresses of policies, by peer
	modes      map[string]*record
	identityOf map[string][]*record // by peer
}

func (s *source) mikroTik(name string, b []byte) {
	r := &rosReader{s: s, name: name}
	r.read(b)
	if s.c.Version == "" {
		s.c.Version = r.version
	}
	c := &ros{s: s, r: r, profiles: map[string]*record{}, proposals: map[string]*record{}, policies: map[string][]*record{}, sources: map[string]Value[string]{}, modes: map[string]*record{}}
	release := releaseOf(s.c.Version)
	c.split = between(release, [2]int{6, 43}, [2]int{math.MaxInt16, 0})
	for _, rec := range r.records {
		switch rec.section {
		case "ip ipsec profile", "ip ipsec peer profile":
			c.split = true
			c.profiles[rec.name] = rec
		case "ip ipsec identity":
			c.split = true
			c.secrets = c.secrets || rec.text("secret").Origin != Unset
		case "ip ipsec peer":
			c.secrets = c.secrets || rec.text("secret").Origin != Unset
		case "ip ipsec proposal":
			c.proposals[rec.name] = rec
		case "ip ipsec mode-config":
			c.modes[rec.name] = rec
		}
	}
	c.assign()
	for _, rec := range r.in["ip ipsec peer"] {
		if rec.section != "" {
			c.peer(rec)
		}
	}
	c.translate()
	s.c.Unknown = append(s.c.Unknown, r.foreign...)
	for _, rec := range r.records {
		if strings.HasPrefix(rec.section, "ip ipsec") {
			s.c.Unknown = append(s.c.Unknown, rec.leftovers(rosWords, func(Pos) {})...) // commands are counted as a whole
		}
	}
}

// off reports whether an entry is disabled.
func off(r *record) bool { return r.has("disabled", "yes", "true") }

// assign finds the peer of each policy: the one that it names or, where peers
// have no names, the one whose address is its end.
func (c *ros) assign() {
	byAddress := map[string]string{}
	for _, p := range c.r.in["ip ipsec peer"] {
		if a := strings.TrimSuffix(p.text("address").V, "/32"); a != "" && byAddress[a] == "" {
			byAddress[a] = rosPeerName(p)
		}
	}
	names := map[string]bool{}
	for _, p := range c.r.in["ip ipsec peer"] {
		names[rosPeerName(p)] = true
	}
	for _, p := range c.r.in["ip ipsec policy"] {
		if p.section == "" || p.name == "default" || p.has("template", "yes") {
			p.item("template")
			continue
		}
		peer := p.text("peer")
		name := peer.V
		if peer.Origin == Unset {
			name = byAddress[strings.TrimSuffix(p.text("sa-dst-address").V, "/32")]
		} else {
			ref := SectionRef{Kind: "peer", Name: name, In: "policy", At: peer.At, Defined: names[name]}
			c.s.c.SectionRefs = append(c.s.c.SectionRefs, ref)
			if !names[name] && !p.has("action", "none", "discard") {
				c.s.c.Found = append(c.s.c.Found, Issue{Kind: IssueReference, Effect: NoEffect, Connection: -1, Child: -1, Subject: name, Setting: Setting{Key: "peer", Text: name, At: peer.At, Origin: Written}})
			}
		}
		if off(p) {
			continue
		}
		c.policies[name] = append(c.policies[name], p)
		if v := p.text("sa-src-address"); c.sources[name].V == "" && v.V != "" && v.V != "0.0.0.0" && v.V != "::" {
			c.sources[name] = v
		}
	}
}

func rosPeerName(p *record) string {
	if p.name != "" {
		return p.name
	}
	return p.text("address").V
}

// peer makes a connection of a peer with each of its identities.
func (c *ros) peer(p *record) {
	name := rosPeerName(p)
	ids := c.identities(name)
	if len(ids) == 0 {
		ids = []*record{nil}
	} else {
		// Names are unique: what comes again is no more than one of them.
		c.identityOf[name] = ids[:1]
	}
	for i, id := range ids {
		if !c.s.room(p.at) {
			return
		}
		k := c.connection(p, id)
		k.Name = name
		if i > 0 {
			k.Name += "#" + strconv.Itoa(i+1)
		}
		for _, pol := range c.policies[name] {
			if !c.s.child(pol.at) {
				break
			}
			k.Children = append(k.Children, c.child(pol, &k))
		}
		c.s.c.Connections = append(c.s.c.Connections, k)
	}
}

// identities returns those of a peer that are not disabled.
func (c *ros) identities(peer string) (out []*record) {
	if c.identityOf == nil {
		c.identityOf = map[string][]*record{}
		for _, id := range c.r.in["ip ipsec identity"] {
			if id.section != "" && !off(id) {
				v := id.text("peer")
				c.identityOf[v.V] = append(c.identityOf[v.V], id)
			}
		}
	}
	return c.identityOf[peer]
}

// connection makes what a peer, its profile and an identity say.
func (c *ros) connection(p, id *record) Connection {
	k := Connection{At: p.at, Dialect: MikroTik}
	type kind struct {
		v          Version
		aggressive bool
	}
	mode := recorded(c.s, p, "exchange-mode", kind{v: IKEv1}, choice(map[string]kind{"main": {v: IKEv1}, "main-l2tp": {v: IKEv1}, "base": {v: IKEv1}, "aggressive": {v: IKEv1, aggressive: true}, "ike2": {v: IKEv2}}))
	k.Version, k.Aggressive = worded(as(mode, mode.V.v), mode.Text), worded(as(mode, mode.V.aggressive), mode.Text)
	k.InitiateVersion = k.Version.V
	k.MainOnly = Value[bool]{Key: "exchange-mode"}
	c.ends(&k, p)
	prof := c.profile(p)
	own := id
	if id == nil {
		own = p // of old
	}
	c.auth(&k, p, own)
	c.suites(&k, prof)
	c.ids(&k, p, own)
	life := recorded(c.s, prof, "lifetime", uint32(86400), rosTime)
	if life.Text == "" {
		life.Text = "1d"
	}
	k.Lifetime = IKELifetime{Total: life, Reauth: life, Rekey: defaulted("lifetime", uint32(0))}
	k.DPD = DPD{Delay: maybeRecorded(c.s, prof, "dpd-interval", rosTime), Timeout: Value[uint32]{Key: "dpd-interval"}, Action: defaulted("dpd-interval", "clear")}
	k.Fragmentation = Value[Fragmentation]{V: FragmentYes, Key: ""} // not documented
	k.Encap = recorded(c.s, prof, "nat-traversal", EncapAuto, choice(map[string]Encap{"yes": EncapAuto, "no": EncapNever}))
	if !c.split && !k.Encap.Stated() {
		k.Encap.Origin = Unset // it was off in early releases
	}
	k.Rekey, k.Push, k.Unique, k.Tries = defaulted("", true), defaulted("", false), defaulted("", "no"), defaulted("", uint32(0))
	k.Start = Value[Start]{V: StartTrap, At: p.at, Origin: Default, Key: "passive"}
	if p.has("passive", "yes") || k.Remote.AnyAddress() {
		k.Start = Value[Start]{V: StartNone, At: p.text("passive").At, Origin: Default, Key: "passive"}
	}
	if off(p) {
		k.Start = as(p.text("disabled"), StartIgnore)
	}
	return k
}

// maybeRecorded is recorded without a default.
func maybeRecorded[T any](s *source, r *record, key string, conv func(string) (T, bool)) Value[T] {
	var none T
	v := recorded(s, r, key, none, conv)
	if v.Origin == Default {
		v.Origin = Unset
	}
	return v
}

// ends are the addresses: of a peer that names none any will do.
func (c *ros) ends(k *Connection, p *record) {
	k.Remote.Addresses = Value[[]Address]{V: []Address{{Text: "any"}}, At: p.at, Origin: Default, Key: "address"}
	if v := p.text("address"); v.V != "" {
		a := parseAddress(strings.TrimSuffix(strings.TrimSuffix(v.V, "/32"), "/128"))
		k.Remote.Addresses = as(v, []Address{a})
	}
	k.Local.Addresses = Value[[]Address]{V: []Address{{Text: "any"}}, At: p.at, Origin: Default, Key: "local-address"}
	if v := p.text("local-address"); v.V != "" && v.V != "0.0.0.0" && v.V != "::" {
		k.Local.Addresses = as(v, []Address{parseAddress(v.V)})
		return
	}
	if v := c.sources[rosPeerName(p)]; v.V != "" { // a policy of old names its own end
		k.Local.Addresses = as(v, []Address{parseAddress(v.V)})
	}
}

// profile returns the settings of phase 1 of a peer.
func (c *ros) profile(p *record) *record {
	if !c.split {
		return p
	}
	v := p.text("profile")
	name := v.V
	if name == "" {
		name = "default"
	}
	prof := c.profiles[name]
	if v.Origin != Unset {
		ref := SectionRef{Kind: "profile", Name: name, In: rosPeerName(p), At: v.At, Defined: prof != nil || name == "default"}
		if prof != nil {
			ref.Def = prof.at
		}
		c.s.c.SectionRefs = append(c.s.c.SectionRefs, ref)
	}
	if prof == nil {
		prof = &record{section: "ip ipsec profile", name: name, at: p.at}
	}
	return prof
}

// rosTime reads a time: 1d, 8h, 1d12h30m, 00:30:00, 1d00:00:00.
func rosTime(s string) (uint32, bool) {
	total, n, digits := uint64(0), uint64(0), false
	unit := map[byte]uint64{'w': 7 * 86400, 'd': 86400, 'h': 3600, 'm': 60, 's': 1}
	if i := strings.LastIndexAny(s, "wd"); strings.Contains(s, ":") {
		head, clock := s[:i+1], s[i+1:]
		for i, f := range strings.Split(clock, ":") {
			x, err := strconv.ParseUint(f, 10, 32)
			if err != nil || i > 2 {
				return 0, false
			}
			total += x * [...]uint64{3600, 60, 1}[i]
		}
		if s = head; s == "" {
			return uint32(min(total, math.MaxUint32)), true
		}
	} else if s == "disable-dpd" || s == "none" {
		return 0, true
	}
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] >= '0' && s[i] <= '9' && n < 1<<40:
			n, digits = n*10+uint64(s[i]-'0'), true
		case digits && unit[s[i]] != 0:
			total, n, digits = total+n*unit[s[i]], 0, false
		default:
			return 0, false
		}
	}
	return uint32(min(total+n, math.MaxUint32)), s != "" // a number alone is seconds
}

// rosNet reads an address or a network.
func rosNet(s string) (netip.Prefix, bool) {
	if !strings.Contains(s, "/") {
		a, err := netip.ParseAddr(s)
		return netip.PrefixFrom(a, a.BitLen()), err == nil
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err == nil
}

// rosWords are settings of the menu ipsec that have no field.
const rosWords = "comment copy-from place-before disabled generate-policy policy-template-group match-by notrack-chain send-initial-contact port level priority group dynamic-group dynamic template " +
	"proposal-check lifebytes prf-algorithm dpd-maximum-failures eap-methods key remote-key name default system-dns static-dns split-include split-dns address-prefix-length src-address-list connection-mark " +
	"use-responder-dns responder wins-server manual-sa ppk skip-peer-id-check compatibility-options passive xauth-use-radius accounting interim-update sa-src-address sa-dst-address address-pool address lifetime " +
	"auth-algorithms enc-algorithms pfs-group dh-group enc-algorithm hash-algorithm dpd-interval nat-traversal exchange-mode profile secret certificate my-id remote-id auth-method mode-config peer local-address " +
	"src-address dst-address src-port dst-port protocol action tunnel ipsec-protocols proposal username password remote-certificate qkd-certificate tfc-padding"
