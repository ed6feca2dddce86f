package config

import (
	"slices"
	"strings"
)

// What of Cisco's configurations has no place in the model.

// ciscoVocabulary are words of a format that have no bearing on a tunnel, as
// far as this package compares, parted by blanks.
type ciscoVocabulary struct {
	top, crypto, third, below string // of the top level, behind crypto, behind that, and below commands of the model
}

// leftovers lists what has no place in the model. Only the first words show:
// what follows may be a password.
func (c *cisco) leftovers() {
	for i := range c.sections {
		sec := &c.sections[i]
		known := c.knows(&sec.ciscoLine)
		c.leftover("", &sec.ciscoLine, known)
		name := ""
		if known || sec.taken {
			name = strings.ToLower(strings.Join(c.shown(&sec.ciscoLine), " "))
		}
		modelled := sec.taken && !sec.is("interface") && !sec.is("int") && !sec.is("route-map") || sec.is("crypto", "ikev2")
		for j := range sec.subs {
			l := &sec.subs[j]
			// What stands below a foreign command is as foreign; below one of
			// the model each word should be known.
			c.leftover(name, l, known && !modelled || modelled && (l.foreign || hasWord(c.vocabulary.below, strings.ToLower(l.words[0]))))
		}
	}
}

// knows reports whether a command begins with words of the format.
func (c *cisco) knows(l *ciscoLine) bool {
	w := l.words
	if strings.EqualFold(w[0], "no") && len(w) > 1 {
		w = w[1:]
	}
	first := strings.ToLower(w[0])
	if first == "crypto" {
		return len(w) > 1 && hasWord(c.vocabulary.crypto, strings.ToLower(w[1]))
	}
	return l.taken || hasWord(c.vocabulary.top, first) || slices.Contains([]string{"interface", "hostname", "version", "access-list", "object-group"}, first)
}

// shown returns the words of a command that cannot be part of a secret.
func (c *cisco) shown(l *ciscoLine) []string {
	n := 1
	if l.is("crypto") || l.is("no") {
		for n < min(len(l.words), 3) && hasWord(c.vocabulary.crypto+" crypto "+c.vocabulary.top+" "+c.vocabulary.third, strings.ToLower(l.words[n])) {
			n++
		}
	}
	return l.words[:n]
}

func (c *cisco) leftover(section string, l *ciscoLine, known bool) {
	if l.taken {
		c.s.recognize(l.at)
		return
	}
	st := Statement{Section: section, At: l.at, Word: known}
	if known {
		c.s.recognize(l.at)
		if w := strings.ToLower(l.words[0]); section == "" || hasWord(c.vocabulary.below+" "+c.vocabulary.top, w) {
			st.Key = strings.ToLower(strings.Join(c.shown(l), " "))
		}
	}
	c.s.c.Unknown = append(c.s.c.Unknown, st)
}
