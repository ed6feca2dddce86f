package config

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// swanctl.conf(5) of strongSwan: sections connections, secrets, pools and
// authorities in the settings format. Defaults are those that 5.9.8 documents.

func (s *source) swanctl(name string, b []byte) {
	root := s.tree(name, b)
	f := &flattener{s: s, root: root, left: s.lim.Expand}
	named := referenced(root, f)
	for _, sec := range root.subs {
		switch {
		case sec.name == "connections":
			s.swanctlConnections(f.flatten(sec))
		case sec.name == "secrets":
			s.c.SecretsRead = true
			s.swanctlSecrets(f.flatten(sec))
		case sec.name == "pools" || sec.name == "authorities":
			s.other(f.flatten(sec), sec.name)
		case !named[sec.name]:
			s.c.Unknown = append(s.c.Unknown, Statement{At: sec.at})
		}
	}
	for _, x := range root.set {
		s.c.Unknown = append(s.c.Unknown, Statement{At: x.at})
	}
}

// swanctlOnlySecrets reads the secrets of a swanctl.conf and nothing else.
func (s *source) swanctlOnlySecrets(name string, b []byte) {
	units := s.c.Units
	root := s.tree(name, b)
	s.c.Units = units
	f := &flattener{s: s, root: root, left: s.lim.Expand}
	if sec := root.sub["secrets"]; sec != nil {
		x := f.flatten(sec)
		s.c.Units += x.count()
		s.swanctlSecrets(x)
	}
}

// referenced returns the sections of the top level that others refer to: they
// are then no unknown words.
func referenced(root *section, f *flattener) map[string]bool {
	names := map[string]bool{}
	root.refers(names, f.s.lim.Depth+1)
	return names
}

func (s *section) refers(names map[string]bool, depth int) {
	if depth == 0 {
		return
	}
	for _, r := range s.refs {
		first, _, _ := strings.Cut(r, ".")
		names[first] = true
	}
	for _, sub := range s.subs {
		sub.refers(names, depth-1)
	}
}

// other counts the statements of a section that policy does not need: pools
// and certification authorities.
func (s *source) other(f *flat, where string) {
	for i := range f.set {
		x := &f.set[i]
		if strings.Contains(where, "secret") || secretKey(x.key) { // a brace is missing above
			s.c.Unknown = append(s.c.Unknown, Statement{Section: where, At: x.at})
			continue
		}
		s.understood(x.setting)
		s.c.Unknown = append(s.c.Unknown, Statement{Section: where, Key: x.key, Value: x.val, At: x.at, Word: true})
	}
	for _, sub := range f.subs {
		s.other(sub, path(where, sub.name))
	}
}

func (s *source) swanctlConnections(f *flat) {
	s.c.Unknown = append(s.c.Unknown, taker{s, f}.rest("connections", "")...)
	s.c.Connections = slices.Grow(s.c.Connections, len(f.subs))
	for _, sub := range f.subs {
		s.c.Connections = append(s.c.Connections, s.swanctlConnection(sub))
	}
}

// Words of the format that have no field.
const (
	swanctlConnWords = "local_port remote_port dscp mobike send_certreq rand_time ppk_id ppk_required mediation mediated_by mediation_peer if_id_in if_id_out childless ocsp dpd_action"
	swanctlAuthWords = "round certs cacerts pubkeys eap_id aaa_id groups cert_policy revocation ca_id"
	swanctlKidWords  = "rand_time rand_bytes rand_packets updown hostaccess policies policies_fwd_out reqid priority interface mark_in mark_in_sa mark_out set_mark_in set_mark_out if_id_in if_id_out label label_mode tfc_padding hw_offload copy_df copy_ecn copy_dscp per_cpu_sas"
)

func (s *source) swanctlConnection(f *flat) Connection {
	t := taker{s, f}
	c := Connection{Name: f.name, At: f.at, Dialect: Swanctl, InitiateVersion: IKEv2}
	c.Version = take(t, "version", VersionAny, func(v string) (Version, bool) {
		n, ok := number(v)
		return Version(n), ok && n <= 2
	})
	if c.Version.V != VersionAny {
		c.InitiateVersion = c.Version.V
	}
	c.Aggressive = take(t, "aggressive", false, boolean)
	addrs := func(v string) ([]Address, bool) { return parseAddresses(v), true }
	c.Local.Addresses = take(t, "local_addrs", parseAddresses("%any"), addrs)
	c.Remote.Addresses = take(t, "remote_addrs", parseAddresses("%any"), addrs)
	c.Local.Port = take(t, "local_port", 0, port)
	c.Remote.Port = take(t, "remote_port", 0, port)
	c.Local.SendCert = maybe(t, "send_cert", sendCert)
	c.Proposals = swanctlProposals(t, "proposals", ike.ProtocolIKE)
	c.Local.VirtualIPs = maybe(t, "vips", list)
	c.Remote.VirtualIPs = maybe(t, "pools", list)
	c.Push = take(t, "pull", false, func(v string) (bool, bool) { b, ok := boolean(v); return !b, ok })
	c.Encap = take(t, "encap", EncapAuto, func(v string) (Encap, bool) {
		b, ok := boolean(v)
		if b {
			return EncapForce, ok
		}
		return EncapAuto, ok
	})
	c.Fragmentation = take(t, "fragmentation", FragmentYes, fragmentation)
	c.DPD.Delay = take(t, "dpd_delay", 0, seconds)
	c.DPD.Timeout = take(t, "dpd_timeout", 0, seconds)
	c.Unique = take(t, "unique", "no", str)
	c.Tries = take(t, "keyingtries", 1, number)
	c.Rekey = defaulted("rekey_time", true)
	c.Start = defaulted("start_action", StartNone)
	c.Lifetime = swanctlLifetime(t)

	s.swanctlRounds(&c, f)
	if kids := f.sub["children"]; kids != nil {
		c.Unknown = append(c.Unknown, taker{s, kids}.rest(path("connections", f.name, "children"), "")...)
		for _, sub := range kids.subs {
			c.Children = append(c.Children, s.swanctlChild(f.name, sub))
		}
	}
	c.Unknown = append(c.Unknown, t.rest(path("connections", f.name), swanctlConnWords)...)
	c.Found = append(c.Found, f.found(NoEffect, 3)...)
	for _, sub := range f.subs {
		if sub.name != "children" && !strings.HasPrefix(sub.name, "local") && !strings.HasPrefix(sub.name, "remote") {
			c.Unknown = append(c.Unknown, Statement{Section: path("connections", f.name), At: sub.at})
		}
	}
	return c
}

func port(s string) (uint16, bool) {
	n, err := strconv.ParseUint(s, 10, 16)
	return uint16(n), err == nil
}

// swanctlLifetime applies the documented dependencies: rekey_time is 4 hours
// unless reauth_time is given, over_time a tenth of the longer of both. With
// IKEv1 the announced lifetime is that until the SA is closed.
func swanctlLifetime(t taker) (l IKELifetime) {
	l.Reauth = take(t, "reauth_time", 0, seconds)
	rekey := uint32(4 * 3600)
	if l.Reauth.V != 0 {
		rekey = 0
	}
	l.Rekey = take(t, "rekey_time", rekey, seconds)
	l.Over = take(t, "over_time", max(l.Rekey.V, l.Reauth.V)/10, seconds)
	from := l.Reauth
	if from.V == 0 {
		from = l.Rekey
	}
	if from.V != 0 {
		from.V += l.Over.V
	}
	l.Total = from
	return l
}

func swanctlProposals(t taker, key string, p ike.Protocol) Value[Proposals] {
	v, ok := t.text(key)
	if !ok {
		return builtIn(key, "default", p)
	}
	return readProposals(v, p, ike.DialectStrongSwan)
}

// swanctlRounds reads the authentication rounds: sections whose names begin
// with local or remote, ordered by their key round and then as they stand.
func (s *source) swanctlRounds(c *Connection, f *flat) {
	var rounds [2][]*flat
	for _, sub := range f.subs {
		switch {
		case strings.HasPrefix(sub.name, "local"):
			rounds[0] = append(rounds[0], sub)
		case strings.HasPrefix(sub.name, "remote"):
			rounds[1] = append(rounds[1], sub)
		}
	}
	for i, e := range []*End{&c.Local, &c.Remote} {
		slices.SortStableFunc(rounds[i], func(a, b *flat) int { return round(a) - round(b) })
		s.swanctlEnd(c, e, rounds[i], i == 1)
	}
	for i, e := range []*End{&c.Local, &c.Remote} {
		for _, a := range []Value[Auth]{e.Auth, e.Auth2} {
			if a.V == AuthXAuth {
				c.XAuth = as(a, XAuthClient+XAuthRole(i))
			}
		}
	}
	if c.XAuth.Origin == Unset {
		c.XAuth = defaulted("auth", XAuthNone)
	}
}

func round(f *flat) int {
	if i, ok := f.keys["round"]; ok {
		if n, err := strconv.Atoi(f.set[i].val); err == nil {
			return n
		}
	}
	return 0
}

func (s *source) swanctlEnd(c *Connection, e *End, rounds []*flat, remote bool) {
	e.Auth = defaulted("auth", AuthPubkey)
	e.Auth2 = defaulted("auth", AuthNone)
	id := func(t taker) {
		v, ok := t.text("id")
		if ok {
			e.ID = as(v, ike.ParseIdentity(v.V, ike.DialectStrongSwan))
		}
	}
	for i, sub := range rounds {
		t := taker{s, sub}
		a := take(t, "auth", AuthPubkey, authWord)
		switch i {
		case 0:
			e.Auth = a
			id(t)
			e.Certs, e.CAs = maybe(t, "certs", list), maybe(t, "cacerts", list)
		case 1:
			e.Auth2 = a
		}
		if v, ok := t.text("xauth_id"); ok {
			e.XAuthID = v
		}
		where := path("connections", c.Name, sub.name)
		c.Unknown = append(c.Unknown, t.rest(where, swanctlAuthWords)...)
		for _, deeper := range sub.subs {
			s.swanctlCerts(c, path(where, deeper.name), deeper)
		}
	}
	switch {
	case e.ID.Stated():
	case remote:
		e.ID = defaulted("id", ike.Identity{Any: true})
	case e.Auth.V == AuthPubkey && len(e.Certs.V) > 0:
		e.ID = certIdentity("id")
	default:
		e.ID = hostIdentity("id", e)
	}
}

// swanctlCerts keeps the sections cert and cacert of a round.
func (s *source) swanctlCerts(c *Connection, where string, f *flat) {
	for i := range f.set {
		x := &f.set[i]
		st := Statement{Section: where, Key: x.key, At: x.at, Word: x.key == "handle" || x.key == "slot" || x.key == "module" || x.key == "file"}
		if st.Word {
			st.Value = x.val
			s.understood(x.setting)
		}
		c.Unknown = append(c.Unknown, st)
	}
}

func (s *source) swanctlChild(conn string, f *flat) Child {
	t := taker{s, f}
	k := Child{Name: f.name, At: f.at, FirstOnly: true}
	for _, x := range []struct {
		key string
		to  *Value[[]Selector]
	}{{"local_ts", &k.Local}, {"remote_ts", &k.Remote}} {
		if v, ok := t.text(x.key); ok {
			*x.to = selectors(t, v)
		} else {
			*x.to = dynamic(x.key)
		}
	}
	if ah, ok := t.text("ah_proposals"); ok {
		k.Proposals = readProposals(ah, ike.ProtocolAH, ike.DialectStrongSwan)
		if esp, ok := t.text("esp_proposals"); ok {
			more := readProposals(esp, ike.ProtocolESP, ike.DialectStrongSwan)
			k.Proposals.V.List = append(k.Proposals.V.List, more.V.List...)
			k.Proposals.V.Defaults = k.Proposals.V.Defaults || more.V.Defaults
			k.Proposals.V.Text += ", " + more.V.Text
		}
	} else {
		k.Proposals = swanctlProposals(t, "esp_proposals", ike.ProtocolESP)
	}
	mode := take(t, "mode", "tunnel", func(v string) (string, bool) {
		v = strings.ToLower(v)
		switch v {
		case "tunnel", "transport", "transport_proxy", "beet", "pass", "drop":
			return v, true
		}
		return "", false
	})
	k.Mode, k.Action = as(mode, ike.ModeNone), as(mode, Protect)
	switch mode.V {
	case "tunnel":
		k.Mode.V = ike.ModeTunnel
	case "transport", "transport_proxy":
		k.Mode.V = ike.ModeTransport
	case "pass":
		k.Action.V = Pass
	case "drop":
		k.Action.V = Drop
	}
	k.Lifetime = swanctlChildLifetime(t)
	k.SHA256Bits96 = take(t, "sha256_96", false, boolean)
	k.IPComp = take(t, "ipcomp", false, boolean)
	k.ReplayWindow = take(t, "replay_window", 32, number)
	k.Inactivity = take(t, "inactivity", 0, seconds)
	k.Start = take(t, "start_action", StartNone, startWord)
	k.DPDAction = take(t, "dpd_action", "clear", str)
	k.CloseAction = take(t, "close_action", "none", str)
	where := path("connections", conn, "children", f.name)
	k.Unknown = t.rest(where, swanctlKidWords)
	for _, sub := range f.subs {
		k.Unknown = append(k.Unknown, Statement{Section: where, At: sub.at})
	}
	return k
}

// startWord reads start_action; since 5.9.6 trap and start may be combined.
func startWord(v string) (Start, bool) {
	best, ok := StartNone, true
	for w := range strings.SplitSeq(strings.ToLower(v), "|") {
		switch strings.TrimSpace(w) {
		case "none", "":
		case "trap", "route":
			best = max(best, StartTrap)
		case "start":
			best = max(best, StartNow)
		default:
			ok = false
		}
	}
	return best, ok
}

// swanctlChildLifetime applies the documented dependencies: the hard limits
// are a tenth above the soft ones.
func swanctlChildLifetime(t taker) (l ChildLifetime) {
	l.Rekey = take(t, "rekey_time", 3600, seconds)
	l.Life = take(t, "life_time", l.Rekey.V+l.Rekey.V/10, seconds)
	l.RekeyBytes = take(t, "rekey_bytes", 0, octets)
	l.LifeBytes = take(t, "life_bytes", l.RekeyBytes.V+l.RekeyBytes.V/10, octets)
	l.RekeyPackets = take(t, "rekey_packets", 0, octets)
	l.LifePackets = take(t, "life_packets", l.RekeyPackets.V+l.RekeyPackets.V/10, octets)
	return l
}
