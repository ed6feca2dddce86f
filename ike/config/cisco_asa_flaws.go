package config

import "strings"

// flaws leaves for Lint what the reading of an ASA configuration came upon
// besides what it has in common with IOS: IKEv1 is not enabled on the interface
// that a crypto map is applied to. An extract does not tell.
func (c *asa) flaws() {
	if !c.whole && len(c.enabled) == 0 || !c.showsIfaces() || !c.s.c.AllRead() {
		return
	}
	word := "crypto ikev1 enable"
	if c.syntax == asaIsakmp {
		word = "crypto isakmp enable"
	}
	for i := range c.s.c.Connections {
		k := &c.s.c.Connections[i]
		if !k.Loaded() || k.Version.V == IKEv2 || len(k.Interfaces.V) == 0 {
			continue
		}
		closed := ""
		for _, name := range k.Interfaces.V {
			if f := c.iface(name); f != nil && f.protection.Origin != Unset {
				name = f.source.V // a tunnel's
			}
			low := strings.ToLower(name)
			if _, ok := c.enabled[low]; ok || c.ikev2On[low] && k.Version.V == VersionAny || name == "" {
				closed = ""
				break
			}
			closed = name
		}
		if closed != "" {
			k.Found = append(k.Found, Issue{Kind: IssueV1Disabled, Effect: Fails, Child: -1, Subject: word, Key: word, Write: closed,
				Setting: Setting{Key: k.Interfaces.Key, Text: closed, At: k.Interfaces.At, Origin: k.Interfaces.Origin}})
		}
	}
}
