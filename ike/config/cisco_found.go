package config

import "strings"

// found leaves for Lint what the reading of an IOS configuration came upon:
// names that mean nothing, and crypto maps that no interface carries.
func (c *cisco) found() {
	conns := map[string]*Connection{}
	for i := range c.s.c.Connections {
		k := &c.s.c.Connections[i]
		conns[k.Name] = k
		if k.Unbound.V {
			k.Found = append(k.Found, Issue{Kind: IssueUnbound, Effect: Fails, Child: -1, Subject: k.Unbound.Key, Key: k.Unbound.Key,
				Setting: Setting{Key: k.Name, At: k.Unbound.At, Origin: Written}})
		}
	}
	if c.nameif && !c.showsIfaces() {
		return // an extract, such as show running-config crypto map gives
	}
	for _, r := range c.s.c.Undefined() {
		i := Issue{Kind: IssueReference, Effect: Fails, Connection: -1, Child: -1, Subject: r.Name, Setting: Setting{Key: r.Kind, Text: r.Name, At: r.At, Origin: Written}}
		switch k := conns[strings.TrimPrefix(r.In, "interface ")]; {
		case k == nil:
			i.Effect = NoEffect
			c.s.c.Found = append(c.s.c.Found, i)
		case strings.HasSuffix(r.Kind, "transform-set") && !k.lacksSuites():
			i.Effect = NoEffect // it has another
			k.Found = append(k.Found, i)
		default:
			k.Found = append(k.Found, i)
		}
	}
}

// lacksSuites reports whether no transform set of a connection exists.
func (c *Connection) lacksSuites() bool {
	return len(c.Children) == 0 || c.Children[0].Proposals.V.Defaults
}
