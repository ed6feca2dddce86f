package report

import (
	"encoding/json"
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// valueLabel is what people call a field of a detail.
func valueLabel(n safe) safe {
	switch n {
	case "attributes":
		return "differs in"
	case "got_type":
		return "of type"
	case "ends":
		return "keys at"
	case "of":
		return "identity of"
	case "side":
		return "waiting"
	case "messages":
		return "lost"
	case "translated":
		return "NAT"
	case "spi_in":
		return "SPI in"
	case "spi_out":
		return "SPI out"
	}
	return safe(strings.ReplaceAll(string(n), "_", " "))
}

// values lays out a finding's detail for people, whatever its type: a rule of
// somebody else's shows as well as one of ours.
func (b *builder) values(s *section, f *diag.Finding) (list []entry) {
	o := b.decodeDetail(f.Detail)
	if o == nil {
		return nil
	}
	for _, x := range o[1:] {
		if x.name == "phase2" {
			continue // the code says which
		}
		if texts := b.texts(s, x.value); len(texts) > 0 {
			if x.name == "attributes" {
				texts[0] = safe(strings.ReplaceAll(string(texts[0]), "_", " "))
			}
			list = append(list, entry{valueLabel(x.name), texts})
		}
	}
	return list
}

// texts returns a value as lines for people, none where it says nothing.
func (b *builder) texts(s *section, x value) []safe {
	switch x := x.(type) {
	case safe:
		if x != "" {
			return []safe{safe(cut(string(x), maxValue))}
		}
	case json.Number:
		return []safe{safe(x)}
	case bool:
		if x {
			return []safe{"yes"}
		}
	case object:
		if t := b.inline(s, x); t != "" {
			return []safe{t}
		}
	case []value:
		var out, words []safe
		for _, y := range x {
			switch y.(type) {
			case object, []value:
				out = append(out, b.texts(s, y)...)
			default:
				words = append(words, b.texts(s, y)...)
			}
		}
		if t := joined(", ", words...); t != "" {
			out = append(out, t)
		}
		return out
	}
	return nil
}

// inline writes an object in one line: its own text where it has one, a place
// in a file as such a place.
func (b *builder) inline(s *section, o object) safe {
	if t, ok := o.get("text").(safe); ok {
		return safe(cut(string(t), maxValue))
	}
	var out, place safe
	if f, ok := o.get("file").(safe); ok && f != "" {
		place = safe(cutFront(strings.TrimPrefix(string(f), b.folder), maxValue))
		if n, ok := o.get("line").(json.Number); ok && n != "0" {
			place += ":" + safe(n)
		}
	}
	for _, x := range o {
		switch x.name {
		case "file", "line":
			if place != "" {
				continue
			}
		case "gateway":
			id, _ := x.value.(safe)
			if end := s.end(string(id)); end >= 0 {
				out = joined(", ", out, s.label(end))
				continue
			}
		}
		if t := joined(" ", b.texts(s, x.value)...); t != "" {
			out = joined(", ", out, x.name+" "+t)
		}
	}
	return joined(": ", out, place)
}
