package config

import (
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Sainfo sections of racoon.conf: the algorithms of phase 2.

// racoonSainfo is a sainfo section.
type racoonSainfo struct {
	at        Pos
	text      string
	src, dst  ike.Selector
	any       bool // anonymous: for all that no other is for
	open      bool // an end is not a subnet
	from      Value[string]
	remoteID  Value[string]
	set       racoonSettings
	rest      []Statement
	proposals Value[Proposals]
}

// racoonSainfoWords are the settings of a sainfo section that have a field.
const racoonSainfoWords = "pfs_group lifetime encryption_algorithm authentication_algorithm compression_algorithm remoteid"

// sainfo reads a sainfo section.
func (r *racoon) sainfo(n *racoonNode) {
	r.s.recognize(n.at)
	x := &racoonSainfo{at: n.at, text: n.from(1), set: racoonSettings{}}
	words := n.words[1:]
	if i := slices.IndexFunc(words, func(w racoonWord) bool { return w.text == "group" && !w.quoted }); i >= 0 {
		words = words[:i]
	}
	if i := slices.IndexFunc(words, func(w racoonWord) bool { return w.text == "from" && !w.quoted }); i >= 0 {
		x.from = Value[string]{V: (&racoonNode{words: words}).from(i + 1), At: n.at, Origin: Written, Key: "from"}
		words = words[:i]
	}
	x.src, words = r.end(x, words)
	if !x.any || len(words) > 0 {
		any := x.any
		x.any = false
		x.dst, words = r.end(x, words)
		x.open = x.open || any || x.any
		x.any = any && (x.any || len(words) == 0 && x.dst == ike.Selector{})
	}
	if len(words) > 0 || len(n.words) == 1 {
		r.problem(n.at, "sainfo", ErrSyntax)
	}
	for i := range n.subs {
		if sub := &n.subs[i]; x.set.put(sub, racoonSainfoWords) {
			r.s.recognize(sub.at)
		} else {
			x.rest = append(x.rest, r.leftover("sainfo", sub))
		}
	}
	x.remoteID = x.set["remoteid"]
	x.proposals = r.suites(x)
	r.open = r.open || x.open
	r.byRemote[x.remoteID.V] = append(r.byRemote[x.remoteID.V], x)
	switch {
	case x.any:
		r.sainfos[racoonPair{remote: x.remoteID.V}] = append(r.sainfos[racoonPair{remote: x.remoteID.V}], x)
	case !x.open:
		p := racoonPair{x.remoteID.V, x.src.String(), x.dst.String()}
		r.sainfos[p] = append(r.sainfos[p], x)
	}
}

// racoonPair is what sainfo sections are for: a pair of subnets, or all where
// there is none, of a remote section with an ID or of any.
type racoonPair struct{ remote, src, dst string }

// end reads one end of a sainfo: anonymous, clientaddr, an identity, or a
// subnet with a port and a protocol.
func (r *racoon) end(x *racoonSainfo, words []racoonWord) (s ike.Selector, rest []racoonWord) {
	if len(words) == 0 {
		return s, nil
	}
	kind := words[0].text
	words = words[1:]
	switch kind {
	case "anonymous":
		x.any = true
		return s, words
	case "clientaddr":
		x.open = true
		return s, words
	case "address", "subnet":
	default: // an identity: fqdn "name" and so on
		x.open = true
		return s, words[min(1, len(words)):]
	}
	text := ""
	if len(words) > 0 {
		text, words = words[0].text, words[1:]
	}
	if len(words) > 0 && strings.HasPrefix(words[0].text, "/") {
		text, words = text+words[0].text, words[1:]
	}
	port := ""
	if len(words) > 0 && strings.HasPrefix(words[0].text, "[") {
		port, words = words[0].text, words[1:]
	}
	proto := "any"
	if len(words) > 0 {
		proto, words = words[0].text, words[1:]
	}
	s, ok := racoonSelector(text, port, proto)
	if !ok {
		x.open = true
		r.problem(x.at, "sainfo", wrong("an address"))
	}
	return s, words
}

// racoonSelector reads an address or subnet, a port between brackets and a
// protocol, as sainfo and spdadd have them.
func racoonSelector(text, port, proto string) (ike.Selector, bool) {
	if port = strings.Trim(port, "[]"); port == "any" {
		port = ""
	}
	if proto == "any" || proto == "ip4" || proto == "ipencap" && port == "" {
		if proto != "ipencap" {
			proto = ""
		}
	}
	switch {
	case proto == "" && port == "":
	case proto == "":
		text += "[0/" + port + "]"
	case port == "":
		text += "[" + proto + "]"
	default:
		text += "[" + proto + "/" + port + "]"
	}
	s, err := ike.ParseSelector(text)
	return s, err == nil && !s.Dynamic
}

// suites are the algorithms of a sainfo as one proposal: racoon offers all
// combinations of them.
func (r *racoon) suites(x *racoonSainfo) Value[Proposals] {
	p := ike.Proposal{Protocol: ike.ProtocolESP}
	terms := Terms{}
	for _, t := range []struct {
		attr ike.Attribute
		key  string
	}{{ike.AttrEncryption, "encryption_algorithm"}, {ike.AttrHash, "authentication_algorithm"}} {
		v, ok := x.set[t.key]
		if !ok {
			p.Open = p.Open.With(t.attr)
			terms[t.attr] = Value[string]{At: x.at, Key: t.key}
			continue
		}
		terms[t.attr] = v
		for name := range strings.SplitSeq(v.V, ",") {
			if name = strings.TrimSpace(name); name != "" && name != "non_auth" && !p.Add(t.attr, strings.TrimPrefix(name, "hmac_"), ike.DialectRacoon) {
				r.problem(v.At, v.Key, ErrValue)
			}
		}
	}
	if g, ok := x.set["pfs_group"]; ok && !p.Add(ike.AttrGroup, g.V, ike.DialectRacoon) {
		r.problem(g.At, g.Key, ErrValue)
	}
	terms[ike.AttrGroup] = x.set["pfs_group"]
	text := strings.TrimSuffix(p.Config(ike.DialectRacoon), ";")
	return Value[Proposals]{V: Proposals{List: []ike.Proposal{p}, Text: text, Strict: true, Terms: []Terms{terms}}, At: x.at, Origin: Written, Key: "sainfo"}
}

// child makes what the children of a sainfo have in common.
func (r *racoon) child(x *racoonSainfo) Child {
	k := Child{At: x.at, Name: strings.TrimSpace("sainfo " + x.text), Action: defaulted("spdadd", Protect), Proposals: x.proposals, Unknown: x.rest}
	k.Proposals.V.List = ike.CloneProposals(x.proposals.V.List)
	k.PFS = defaulted("pfs_group", false)
	k.PFS.At = x.at // where it would be written
	if v, ok := x.set["pfs_group"]; ok {
		k.PFS = worded(as(v, true), v.V)
	}
	k.Lifetime.Life = r.seconds(x.set, 28800)
	// It begins anew when four fifths of the time are over.
	k.Lifetime.Rekey = Value[uint32]{V: k.Lifetime.Life.V / 5 * 4, Origin: Default, Key: k.Lifetime.Life.Key}
	k.SHA256Bits96.Key = "authentication_algorithm" // what PF_KEY makes of SHA-256 depends on the kernel
	k.IPComp = defaulted("spdadd", false)
	k.DPDAction = defaulted("dpd_delay", "clear")
	k.CloseAction = defaulted("", "none")
	return k
}
