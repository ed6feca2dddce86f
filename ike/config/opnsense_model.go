package config

import (
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// The newer model of OPNsense: elements named as swanctl.conf's settings, which
// point at each other by their uuid. A local, a remote and a child name the
// connection that they are of; the product writes one swanctl.conf from them,
// in which the uuid is the connection's name.

// model reads OPNsense/Swanctl, and the keys in OPNsense/IPsec.
func (p *pfSense) model() {
	m := p.root.find("OPNsense", "Swanctl")
	keys := p.root.find("OPNsense", "IPsec", "preSharedKeys")
	p.units(keys)
	for _, n := range keys.all("preSharedKey") {
		p.modelKey(n)
	}
	p.rest(keys)
	list := m.find("Connections").all("Connection")
	if len(list) == 0 {
		return
	}
	p.s.c.SecretsRead = true
	pools := map[string]string{}
	for _, n := range m.find("Pools").all("Pool") {
		if name := n.find("name"); name != nil {
			pools[n.uuid] = name.text
		}
	}
	conns, order, off := map[string]*section{}, []*section{}, map[*section]Pos{}
	for _, n := range list {
		if n.torn || !p.s.connection(len(p.s.c.Connections)+len(order), n.at) {
			continue
		}
		sec := p.modelSection(n, n.uuid, pools)
		conns[n.uuid] = sec
		order = append(order, sec)
		if on := n.find("enabled"); on != nil && on.text == "0" {
			off[sec] = on.at
		}
	}
	for _, part := range []struct{ list, item, prefix string }{{"locals", "local", "local-"}, {"remotes", "remote", "remote-"}, {"children", "child", ""}} {
		for _, n := range m.find(part.list).all(part.item) {
			p.modelPart(n, part.item, part.prefix, conns, pools)
		}
	}
	reqids := vtiReqids(m)
	f := &flattener{s: p.s, root: &section{}, left: p.s.lim.Expand}
	for _, sec := range order {
		c := p.s.swanctlConnection(f.flatten(sec))
		c.Dialect = OPNsenseModel
		if at, ok := off[sec]; ok {
			c.Start = Value[Start]{V: StartIgnore, At: at, Origin: Written, Key: "enabled"}
		}
		routed(&c, reqids)
		p.s.c.Connections = append(p.s.c.Connections, c)
	}
}

// modelPart adds a local, a remote or a child to the connection that it is of.
func (p *pfSense) modelPart(n *element, kind, prefix string, conns map[string]*section, pools map[string]string) {
	ref, _ := n.take("connection")
	conn := conns[ref.V]
	if on := n.find("enabled"); n.torn || on != nil && on.text == "0" {
		return
	}
	if conn == nil {
		p.s.c.SectionRefs = append(p.s.c.SectionRefs, SectionRef{Kind: "Connection", Name: ref.V, In: kind + " " + n.uuid, At: ref.At})
		p.s.c.Found = append(p.s.c.Found, Issue{Kind: IssueReference, Effect: NoEffect, Connection: -1, Child: -1, Subject: ref.V, Setting: settingOf(ref, ref.V)})
		return
	}
	name := prefix + n.uuid
	if kind == "child" {
		if !p.s.child(n.at) {
			return
		}
		conn = conn.child("children", n.at)
	}
	sec := p.modelSection(n, name, pools)
	if kind != "child" && sec.get("auth") == nil {
		sec.put(setting{key: "auth", val: "psk", at: n.at}) // the model's default is not swanctl.conf's
	}
	if conn.sub[name] == nil {
		into := conn.child(name, n.at)
		*into = *sec
	}
}

// modelSection makes a section of an element. Empty settings are left out, as
// the product does.
func (p *pfSense) modelSection(n *element, name string, pools map[string]string) *section {
	sec := &section{name: name, at: n.at}
	for _, e := range n.subs {
		switch {
		case e.text == "" || hasWord("connection description name enabled origin", e.name):
			continue
		case !p.s.unit(e.at):
			return sec
		}
		val := e.text
		if e.name == "pools" {
			var names []string
			for id := range strings.SplitSeq(val, ",") {
				if known, ok := pools[id]; ok {
					id = known
				}
				names = append(names, id)
			}
			val = strings.Join(names, ",")
		}
		sec.put(setting{key: e.name, val: val, at: e.at})
	}
	return sec
}

// get returns a setting of the section itself.
func (s *section) get(key string) *setting {
	if i, ok := s.keys[key]; ok {
		return &s.set[i]
	}
	return nil
}

// vtiReqids returns the reqids that tunnel interfaces are for.
func vtiReqids(m *element) map[string]bool {
	reqids := map[string]bool{}
	for _, n := range m.find("VTIs").all("VTI") {
		if on := n.find("enabled"); on != nil && on.text == "0" {
			continue
		}
		if id := n.find("reqid"); id != nil {
			reqids[id.text] = true
		}
	}
	return reqids
}

// routed marks the children that a tunnel interface is for, which has their
// reqid.
func routed(c *Connection, reqids map[string]bool) {
	for i := range c.Children {
		k := &c.Children[i]
		for _, u := range k.Unknown {
			if u.Key == "reqid" && reqids[u.Value] {
				k.Routed = true
			}
		}
	}
}

// modelKey reads a key of OPNsense/IPsec: for one identity, or for two.
func (p *pfSense) modelKey(n *element) {
	key, ok := n.take("Key")
	kind, _ := n.take("keyType")
	ident, _ := n.take("ident")
	remote, two := n.take("remote_ident")
	if !ok || n.torn {
		return
	}
	p.s.c.SecretsRead = true
	e := SecretEntry{Kind: SecretPSK, Name: "preSharedKey", At: n.at}
	if kind.V == "EAP" {
		e.Kind = SecretEAP
	}
	owners := []string{ident.V}
	if two {
		owners = append(owners, remote.V)
	}
	for _, o := range owners {
		e.OwnerText = append(e.OwnerText, o)
		e.Owners = append(e.Owners, ike.ParseIdentity(o, ike.DialectStrongSwan))
	}
	p.secret(&e, key)
}
