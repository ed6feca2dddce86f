package config

import (
	"encoding/base64"
	"net/netip"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// ScreenOS of Juniper's SSG, ISG and NetScreen: set ike, set vpn and set policy
// with interfaces, zones and addresses. A vpn is a Connection; its Child is the
// proxy identity, or each policy that sends traffic into it. Lifetimes that
// nobody wrote are left open.

// screenOS is one configuration being read.
type screenOS struct {
	s        *source
	name     string
	gateways map[string]*screenGateway
	p1, p2   map[string]*screenProposal
	vpns     []*screenVPN
	byName   map[string]*screenVPN
	zones    map[string]string // by interface
	addrs    map[string]Value[netip.Addr]
	book     map[[2]string]Value[string] // by zone and name
	keys     map[string]int              // of gateways, among the secrets
	policies []*screenPolicy
	policyAt map[string]*screenPolicy // by id
}

// screenGateway is a gateway: who the peer is and phase 1.
type screenGateway struct {
	at                  Pos
	v2, aggressive, xa  Value[bool]
	address, out, local Value[string]
	localID, peerID     Value[string]
	key                 bool
	cert                Value[string]
	proposals           []Value[string]
	level               Value[string]
	dpd                 Value[uint32]
	natt                Value[Encap]
	client              Value[string]
	dynamic             bool
}

// begin is where a gateway begins, nowhere for none.
func (g *screenGateway) begin() Pos {
	if g == nil {
		return Pos{}
	}
	return g.at
}

// screenVPN is a vpn: phase 2.
type screenVPN struct {
	name                string
	at                  Pos
	gateway, bind       Value[string]
	mode                Value[ike.Mode]
	window              Value[uint32]
	idle                Value[uint32]
	proposals           []Value[string]
	level               Value[string]
	localNet, remoteNet Value[string]
	service             Value[string]
	monitor             bool // it brings the tunnel up
	gone                bool // taken back
}

// screenPolicy is a policy that sends traffic into a vpn.
type screenPolicy struct {
	at                 Pos
	id                 string
	from, to, src, dst string
	service, vpn       string
	off                bool
}

// screenLine is one command.
type screenLine struct {
	words []string
	at    Pos
}

func (l *screenLine) arg(i int) string {
	if i < len(l.words) {
		return l.words[i]
	}
	return ""
}

func (l *screenLine) value(key, v string) Value[string] {
	return Value[string]{V: v, At: l.at, Origin: Written, Key: key}
}

func (s *source) screenOS(name string, b []byte) {
	c := &screenOS{
		s: s, name: name, gateways: map[string]*screenGateway{}, p1: map[string]*screenProposal{}, p2: map[string]*screenProposal{}, byName: map[string]*screenVPN{},
		zones: map[string]string{}, addrs: map[string]Value[netip.Addr]{}, book: map[[2]string]Value[string]{}, policyAt: map[string]*screenPolicy{}, keys: map[string]int{},
	}
	n := 0
	for line := range strings.Lines(string(b)) {
		n++
		if s.full {
			break
		}
		c.line(Pos{name, n}, strings.TrimSpace(line))
	}
	c.connections()
}

// line reads a command.
func (c *screenOS) line(at Pos, text string) {
	if i := strings.Index(text, "-> "); i > 0 && !strings.ContainsAny(text[:i], " \"") { // a prompt
		text = strings.TrimSpace(text[i+3:])
	}
	if text == "" || text[0] == '#' || text[0] == '!' || strings.HasSuffix(text, "->") || strings.HasPrefix(text, "Total Config size") {
		return
	}
	words, ok := screenWords(text)
	if !ok {
		c.s.problem(at, "", ErrUnterminated)
		return
	}
	if !c.s.unit(at) {
		return
	}
	l := &screenLine{words: words, at: at}
	st := Statement{At: at}
	verb := strings.ToLower(l.arg(0))
	st.Word = hasWord("set unset exit get save reset exec clear", verb)
	if st.Word && c.command(verb == "set", l) {
		c.s.recognize(at)
		return
	}
	if w := strings.ToLower(l.arg(1)); st.Word && hasWord(screenWordsKnown, w) {
		st.Key = w
	} else {
		st.Word = st.Word && len(words) == 1
	}
	if st.Word {
		c.s.recognize(at)
	}
	c.s.c.Unknown = append(c.s.c.Unknown, st)
}

// screenWordsKnown are the format's own second words.
const screenWordsKnown = "address admin alarm alg alias all-out arp attack audible-alarm auth auth-server bgp bulkcli clock config console core-dump crypto-policy dbuf delete-dst-nat deny-policy " +
	"dhcp dialup-group di dip dns domain envar failover firewall flow ftp group gtp hostname icap igmp ike infranet interface ippool ipsec ipv6 key l2tp lcd license-key log mac mip mirror multicast-group-policy " +
	"nrtp nsgp nsmgmt nsrp ntp ospf pki policy pppoa pppoe preference protocol ppp proxy-id pbr rip route sa-filter scheduler scp service sflow shdsl sm-ctx snmp source-route ssh ssid ssl statistic " +
	"switch syslog telnet timer traffic-shaping url user user-group vip vpn vpn-group vpnmonitor vrouter vsys webauth webtrends wlan xauth xlate zone chassis version match action modem vr tag add-default-route auto-route-export socket sip h323 rtsp sctp tech-support"

// screenWords parts a line into words; a quoted one may hold blanks.
func screenWords(text string) (words []string, ok bool) {
	for text = strings.TrimLeft(text, " \t"); text != ""; text = strings.TrimLeft(text, " \t") {
		if len(words) == maxWords {
			break
		}
		if text[0] == '"' {
			w, rest, closed := strings.Cut(text[1:], `"`)
			if !closed {
				return nil, false
			}
			words, text = append(words, w), rest
			continue
		}
		n := strings.IndexAny(text, " \t")
		if n < 0 {
			n = len(text)
		}
		words, text = append(words, text[:n]), text[n:]
	}
	return words, true
}

// command gives a command to who understands it. set is false of unset.
func (c *screenOS) command(set bool, l *screenLine) bool {
	what := strings.ToLower(l.arg(1))
	switch {
	case what == "ike" && strings.EqualFold(l.arg(2), "gateway") && len(l.words) > 4:
		return c.gateway(set, l)
	case !set:
		if what == "vpn" && len(l.words) == 3 {
			c.forget(l.arg(2))
			return true
		}
		return what == "policy" && c.unsetPolicy(l)
	case what == "ike" && strings.EqualFold(l.arg(2), "p1-proposal"):
		return c.proposal(c.p1, ike.ProtocolIKE, l)
	case what == "ike" && strings.EqualFold(l.arg(2), "p2-proposal"):
		return c.proposal(c.p2, ike.ProtocolESP, l)
	case what == "vpn" && len(l.words) > 3:
		return c.vpn(l)
	case what == "interface" && len(l.words) > 4:
		return c.iface(l)
	case what == "address" && len(l.words) > 4:
		text := l.arg(4)
		if len(l.words) > 5 {
			if p, ok := netmask(text, l.arg(5)); ok {
				text = p.String()
			}
		}
		c.book[[2]string{l.arg(2), l.arg(3)}] = l.value("address "+l.arg(3), text)
		return true
	case what == "policy":
		return c.policy(l)
	}
	return false
}

func (c *screenOS) forget(name string) {
	if v := c.byName[name]; v != nil {
		v.gone = true
		delete(c.byName, name)
	}
}

func (c *screenOS) iface(l *screenLine) bool {
	switch name := l.arg(2); strings.ToLower(l.arg(3)) {
	case "zone":
		c.zones[name] = l.arg(4)
		return true
	case "ip":
		if p, err := netip.ParsePrefix(l.arg(4)); err == nil {
			c.addrs[name] = Value[netip.Addr]{V: p.Addr(), At: l.at, Origin: Inherited, Key: "interface ip"}
			return true
		}
	}
	return false
}

// gateway reads set ike gateway [ikev2] NAME and what follows.
func (c *screenOS) gateway(set bool, l *screenLine) bool {
	i := 3
	v2 := strings.EqualFold(l.arg(3), "ikev2") && len(l.words) > 5
	if v2 {
		i++
	}
	name := l.arg(i)
	g := c.gateways[name]
	if g == nil {
		g = &screenGateway{at: l.at}
		c.gateways[name] = g
	}
	if v2 {
		g.v2 = as(l.value("ikev2", ""), true)
	}
	understood := true
	for i++; i < len(l.words); i++ {
		w := strings.ToLower(l.words[i])
		next := func() Value[string] {
			i++
			return l.value(w, l.arg(i))
		}
		switch w {
		case "address", "ip":
			g.address = next()
			g.address.Key = "address"
		case "dynamic", "dialup":
			g.peerID, g.dynamic = next(), w == "dynamic"
		case "id":
			g.peerID, g.dynamic = next(), true
		case "main", "aggr", "aggressive":
			g.aggressive = worded(as(l.value("mode", ""), w != "main"), l.words[i])
		case "local-id":
			g.localID = next()
		case "outgoing-interface":
			g.out = next()
		case "local-address":
			g.local = next()
		case "preshare":
			c.key(name, next())
			g.key = true
		case "seed-preshare":
			next()
		case "proposal":
			for i+1 < len(l.words) && !strings.EqualFold(l.arg(i+1), "sec-level") {
				g.proposals = atMost(g.proposals, next())
			}
		case "sec-level":
			g.level = next()
		case "dpd", "dpd-liveness":
			if strings.EqualFold(l.arg(i+1), "interval") {
				if n, ok := number(l.arg(i + 2)); ok {
					g.dpd = Value[uint32]{V: n, At: l.at, Origin: Written, Key: w + " interval", Text: l.arg(i + 2)}
				}
			}
			i = len(l.words)
		case "nat-traversal":
			if i+1 == len(l.words) {
				g.natt = Value[Encap]{V: EncapAuto, At: l.at, Origin: Written, Key: w}
				if !set {
					g.natt.V = EncapNever
				}
			}
			i = len(l.words)
		case "xauth":
			if strings.EqualFold(l.arg(i+1), "client") {
				g.client = c.user(l)
			} else if set {
				g.xa = as(l.value("xauth", ""), true)
			}
			i = len(l.words)
		case "cert":
			g.cert = l.value("cert", "")
			i = len(l.words)
		default:
			understood = false
			i = len(l.words)
		}
	}
	return understood
}

// maxScreenProposals bounds the proposals that a gateway or vpn names, of which
// the device takes four.
const maxScreenProposals = 16

func atMost(list []Value[string], v Value[string]) []Value[string] {
	if len(list) < maxScreenProposals {
		list = append(list, v)
	}
	return list
}

// user reads the name and password of XAUTH's client.
func (c *screenOS) user(l *screenLine) Value[string] {
	name := Value[string]{}
	for i, w := range l.words {
		switch {
		case strings.EqualFold(w, "username") && i > 4:
			name = l.value("xauth client", l.arg(i+1))
		case strings.EqualFold(w, "password") && i > 5:
			e := SecretEntry{Kind: SecretXAuth, Name: "xauth client", At: l.at, OwnerText: []string{name.V}, Owners: []ike.Identity{ike.ParseIdentity(name.V, ike.DialectAny)}}
			c.secret(&e, l.value("password", l.arg(i+1)))
		}
	}
	return name
}

// ScreenKey is the name of the entry of a key of ScreenOS, in SecretEntry.Name;
// Keyring has its gateway.
const ScreenKey = "preshare"

func (c *screenOS) key(gateway string, v Value[string]) {
	e := SecretEntry{Kind: SecretPSK, Name: ScreenKey, Keyring: "gateway " + gateway, At: v.At}
	n := len(c.s.c.Secrets)
	c.secret(&e, v)
	i, again := c.keys[gateway]
	switch {
	case len(c.s.c.Secrets) == n:
	case again: // the last one counts
		c.s.c.Secrets[i] = c.s.c.Secrets[n]
		c.s.c.Secrets = c.s.c.Secrets[:n]
	default:
		c.keys[gateway] = n
	}
}

// secret keeps a key. What a device shows is encrypted, and looks like base64
// of some length; what was written for one is plain.
func (c *screenOS) secret(e *SecretEntry, v Value[string]) {
	c.s.c.SecretsRead = true
	if v.V == "" {
		c.s.problem(v.At, v.Key, ErrSyntax)
		return
	}
	s := Value[ike.Secret]{At: v.At, Origin: Hidden, Key: v.Key}
	b, err := base64.StdEncoding.DecodeString(v.V)
	if masked(v.V) || err == nil && len(b) >= 20 {
		e.Secret, e.Spelling = s, Masked
	} else {
		s.V, s.Origin = ike.NewSecret([]byte(v.V)), Written
		e.set(s, Plain)
	}
	c.s.c.Secrets = append(c.s.c.Secrets, *e)
}
