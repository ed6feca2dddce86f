package config

import (
	"maps"
	"strings"
)

// racoon.conf of ipsec-tools 0.2 to 0.9 and of macOS: remote sections are phase
// 1, sainfo sections the algorithms of phase 2. Which traffic is protected, in
// which mode and to which peer, is in the kernel's policies, which a file for
// setkey(8) fills. With that file each of its policies is a Child; without it
// a sainfo for two subnets is one, and an anonymous sainfo a Child whose
// selectors are not known.
//
// Defaults are those that racoon.conf(5) of ipsec-tools documents. What Apple's
// racoon does otherwise, NAT traversal and fragmentation without being told, is
// left open.

// racoon is one gateway's configuration. It is kept, since policies may come
// when the file was read.
type racoon struct {
	s        *source // of the file being read
	remotes  []*racoonRemote
	byName   map[string]*racoonRemote
	sainfos  map[racoonPair][]*racoonSainfo // by what they are for
	byRemote map[string][]*racoonSainfo     // by remoteid
	open     bool                           // one is for what no file shows
	listen   []Value[string]
	local    Value[[]Address] // what it listens on
	network  Value[[]string]  // the pool of mode_cfg
	policies []setkeyPolicy
	setkey   bool // policies were given, were it none
	again    bool // the connections are made anew: what is wrong with values was said
}

func (r *racoon) problem(at Pos, key string, err error) {
	if !r.again {
		r.s.problem(at, key, err)
	}
}

// racoonSettings are the settings of a section by their keys.
type racoonSettings map[string]Value[string]

// racoonRemote is a remote section with what it inherits.
type racoonRemote struct {
	name   string
	at     Pos
	any    bool // anonymous
	peer   Value[string]
	port   uint16
	set    racoonSettings
	peers  []Value[string] // peers_identifier
	props  []racoonProposal
	broken []Issue
	rest   []Statement
	// lineage is the number of sections that it inherits from.
	lineage int
}

// racoonProposal is a proposal section.
type racoonProposal struct {
	at        Pos
	set       racoonSettings
	inherited bool
}

func (s *source) racoonConf(name string, b []byte) {
	r := &racoon{s: s, byName: map[string]*racoonRemote{}, sainfos: map[racoonPair][]*racoonSainfo{}, byRemote: map[string][]*racoonSainfo{}}
	s.c.racoon = r
	nodes := s.racoonNodes(name, b)
	for i := range nodes {
		r.section(&nodes[i])
	}
	r.local = r.own()
	r.connections()
}

// section reads a statement of the top level.
func (r *racoon) section(n *racoonNode) {
	switch {
	case n.is("remote") && n.block:
		r.remote(n)
	case n.is("sainfo") && n.block:
		r.sainfo(n)
	case n.is("listen"):
		r.listens(n)
	case n.is("mode_cfg"):
		r.modeCfg(n)
	case n.is("path"), n.is("log"), n.is("timer"), n.is("padding"), n.is("privsep"), n.is("gss_id_enc"), n.is("complex_bundle"), n.is("radius_cfg"), n.is("ldap_cfg"):
		r.setup(n, n.arg(0))
	default:
		r.s.c.Unknown = append(r.s.c.Unknown, r.leftover("", n))
	}
}

// setup keeps what is about the daemon as a whole.
func (r *racoon) setup(n *racoonNode, where string) {
	r.s.recognize(n.at)
	st := Statement{Key: n.arg(0), At: n.at, Word: true}
	if !n.block && (where == "path" || where == "log") {
		st.Value = n.from(1)
	}
	r.s.c.Setup = append(r.s.c.Setup, st)
	for i := range n.subs {
		sub := &n.subs[i]
		st := r.leftover(where, sub)
		if (where == "timer" || where == "padding") && st.Word {
			st.Value = sub.from(1)
		}
		r.s.c.Setup = append(r.s.c.Setup, st)
	}
}

// racoonOther are words below sections that have no field.
const racoonOther = "counter interval persend phase1 phase2 natt_keepalive randomize randomize_length maximum_length exclusive_tail strict_check user group chroot " +
	"isakmp isakmp_natt adminsock strict_address admin network4 netmask4 dns4 wins4 nbns4 auth_source conf_source accounting pool_size banner auth_throttle default_domain split_dns " +
	"split_network save_passwd pfs_group auth_groups group_source host port base subtree bind_dn bind_pw attr_user attr_addr attr_mask attr_member attr_group group_search version auth acct " +
	"timeout retries cert_verification application_version dpd_algorithm ikev2 disconnect_on_idle verification_module verification_option forced_blackbox_auth_aggressive strength " +
	"open_dir_auth_group cert_not_present identity local_ts initiate_ph1rekey keepalive support_mip6 identifier gssapi_id"

// leftover is a statement without a place in the model. What follows the word
// may be a password.
func (r *racoon) leftover(section string, n *racoonNode) Statement {
	w := n.arg(0)
	st := Statement{Section: section, At: n.at, Word: !n.words0Quoted() && (hasWord(racoonFirst, w) || hasWord(racoonOther, w))}
	if st.Word {
		st.Key = w
		r.s.recognize(n.at)
	}
	return st
}

func (n *racoonNode) words0Quoted() bool { return len(n.words) == 0 || n.words[0].quoted }

// listens reads which addresses are the gateway's own.
func (r *racoon) listens(n *racoonNode) {
	r.s.recognize(n.at)
	for i := range n.subs {
		sub := &n.subs[i]
		if !sub.is("isakmp") && !sub.is("isakmp_natt") || len(sub.words) < 2 {
			r.s.c.Setup = append(r.s.c.Setup, r.leftover("listen", sub))
			continue
		}
		r.s.recognize(sub.at)
		v := sub.value(1)
		v.V = sub.arg(1)
		r.listen = append(r.listen, v)
	}
}

// modeCfg reads the pool that clients are given addresses from.
func (r *racoon) modeCfg(n *racoonNode) {
	r.s.recognize(n.at)
	for i := range n.subs {
		sub := &n.subs[i]
		if sub.is("network4") {
			r.network = as(sub.value(1), []string{sub.arg(1)})
			r.network.Origin = Inherited
			r.s.recognize(sub.at)
			continue
		}
		r.s.c.Setup = append(r.s.c.Setup, r.leftover("mode_cfg", sub))
	}
}

// inherited are the settings as a section has them that inherits from this one.
func (s racoonSettings) inherited() racoonSettings {
	out := maps.Clone(s)
	for k, v := range out {
		v.Origin = Inherited
		out[k] = v
	}
	return out
}

// put takes a statement whose key is one of the words; the key of a lifetime
// has two.
func (s racoonSettings) put(n *racoonNode, words string) bool {
	if n.words0Quoted() || n.block || !hasWord(words, n.arg(0)) {
		return false
	}
	k := 1
	if n.is("lifetime") {
		k = 2
	}
	v := n.value(k)
	s[v.Key] = v
	return true
}

// get returns a setting, its default where there is none.
func (s racoonSettings) get(key, def string) Value[string] {
	if v, ok := s[key]; ok {
		return v
	}
	return defaulted(key, def)
}

// flag reads on or off.
func (r *racoon) flag(s racoonSettings, key string, def bool) Value[bool] {
	v, ok := s[key]
	if !ok {
		return defaulted(key, def)
	}
	b, ok := boolean(v.V)
	if !ok {
		r.problem(v.At, key, ErrValue)
		return defaulted(key, def)
	}
	return spelt(v, b)
}

// number reads a number.
func (r *racoon) number(s racoonSettings, key string, def uint32) Value[uint32] {
	v, ok := s[key]
	if !ok {
		return defaulted(key, def)
	}
	n, ok := number(v.V)
	if !ok {
		r.problem(v.At, key, ErrValue)
		return defaulted(key, def)
	}
	return spelt(v, n)
}

// seconds reads a lifetime: a number and a unit.
func (r *racoon) seconds(s racoonSettings, def uint32) Value[uint32] {
	const key = "lifetime time"
	v, ok := s[key]
	if !ok {
		return defaulted(key, def)
	}
	n, unit, _ := strings.Cut(v.V, " ")
	count, ok := number(n)
	scale := uint32(0)
	switch strings.ToLower(unit) {
	case "sec", "secs", "second", "seconds":
		scale = 1
	case "min", "mins", "minute", "minutes":
		scale = 60
	case "hour", "hours":
		scale = 3600
	}
	if !ok || scale == 0 || uint64(count)*uint64(scale) > 1<<32-1 {
		r.problem(v.At, key, wrong("a time"))
		return defaulted(key, def)
	}
	return spelt(v, count*scale)
}
