package config

import (
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Transform sets of Cisco's products, and the group for PFS.

// ciscoSet is a transform set: what is applied together.
type ciscoSet struct {
	key    string // the command, as far as the name
	at     Pos
	list   []ike.Proposal
	text   string
	mode   Value[ike.Mode]
	must   bool // mode transport require
	ipcomp bool
}

// transformSet reads crypto ipsec transform-set NAME TRANSFORM... from the word
// at index i, its name, on, and its mode below.
func (c *cisco) transformSet(sec *ciscoSection, i int) {
	name := sec.arg(i)
	if name == "" {
		c.s.problem(sec.at, c.setKey, ErrSyntax)
		return
	}
	t := &ciscoSet{key: sec.head(i + 1), at: sec.at, mode: defaulted("mode", ike.ModeTunnel)}
	var words []string
	for _, w := range sec.rest(i + 1) {
		if strings.HasPrefix(strings.ToLower(w), "comp-") {
			t.ipcomp = true
			continue
		}
		words = append(words, w)
	}
	t.text = strings.Join(words, " ")
	t.list = ike.AppendCiscoTransforms(nil, t.text)
	for j := range t.list {
		if len(t.list[j].Unknown) > 0 {
			c.s.problem(sec.at, c.setKey, wrong("a transform"))
		}
	}
	for j := range sec.subs {
		if l := &sec.subs[j]; l.is("mode") {
			l.taken = true
			c.setMode(t, "mode", l, 1)
		}
	}
	c.sets[name] = t
}

// setMode reads the mode of a transform set from the word at an index on.
func (c *cisco) setMode(t *ciscoSet, key string, l *ciscoLine, i int) {
	switch v := l.value(key, ""); strings.ToLower(l.arg(i)) {
	case "tunnel":
		t.mode = as(v, ike.ModeTunnel)
	case "transport":
		t.mode, t.must = as(v, ike.ModeTransport), strings.EqualFold(l.arg(i+1), "require")
	default:
		c.s.problem(l.at, "mode", ErrValue)
	}
}

// suites are the transform sets of an entry as proposals, with the group that
// it wants for PFS.
func (c *cisco) suites(e *ciscoEntry) (v Value[Proposals], mode Value[ike.Mode], must bool, ipcomp Value[bool]) {
	mode = defaulted("mode", ike.ModeTunnel)
	ipcomp = defaulted(c.setKey, false)
	v = Value[Proposals]{Key: e.key(c.useKey)}
	var texts []string
	for i, name := range e.sets {
		t := c.sets[name.V]
		c.refer(c.setKey, e.path, name, setPos(t), t != nil)
		if t == nil {
			continue
		}
		if len(texts) == 0 {
			v.At, v.Origin, v.Key = t.at, Inherited, t.key
			mode, must = t.mode, t.must
			if mode.Origin == Written {
				mode.Origin = Inherited
			}
			if t.ipcomp {
				ipcomp = Value[bool]{V: true, At: t.at, Origin: Inherited, Key: v.Key}
			}
		}
		_ = i
		at := Value[string]{V: t.text, At: t.at, Origin: Inherited, Key: t.key}
		for _, p := range t.list {
			p = p.Clone()
			terms := Terms{ike.AttrEncryption: at, ike.AttrHash: at, ike.AttrKeyLength: at, ike.AttrProtocol: at, ike.AttrGroup: e.pfs}
			c.pfs(e, &p)
			v.V.List, v.V.Terms = append(v.V.List, p), append(v.V.Terms, terms)
		}
		texts = append(texts, t.text)
	}
	if len(texts) == 0 {
		v.V = Proposals{Text: "default", Defaults: true, List: []ike.Proposal{{Protocol: ike.ProtocolESP, Default: true}}}
		return v, mode, must, ipcomp
	}
	v.V.Text, v.V.Strict = strings.Join(texts, ", "), true
	return v, mode, must, ipcomp
}

func setPos(t *ciscoSet) Pos {
	if t == nil {
		return Pos{}
	}
	return t.at
}

// pfs adds the group of set pfs; without one it is the default.
func (c *cisco) pfs(e *ciscoEntry, p *ike.Proposal) {
	switch g, ok := ciscoGroupWord(e.pfs.V); {
	case e.pfs.Origin == Unset:
	case ok:
		p.Groups = append(p.Groups, g)
	case e.pfs.V == "" && !c.moved():
		p.Groups = append(p.Groups, ike.Group(c.pfsDefault))
	default:
		p.Open = p.Open.With(ike.AttrGroup)
	}
}

// ciscoGroupText is the group as set pfs has it.
func ciscoGroupText(v Value[string]) string {
	if g, ok := ciscoGroupWord(v.V); ok {
		return "group" + strconv.Itoa(int(g))
	}
	return ""
}

// group reads a Diffie-Hellman group as IOS writes it: 14 or group14.
func ciscoGroupWord(w string) (ike.Group, bool) {
	n, err := strconv.ParseUint(strings.TrimPrefix(strings.ToLower(w), "group"), 10, 16)
	return ike.Group(n), err == nil && n > 0
}
