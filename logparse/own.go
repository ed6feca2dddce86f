package logparse

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/ikediag/ikediag/ike"
)

// ownAssembler is that of a dialect that brings none of its own.
func ownAssembler() assembler { return &byPeer{read: readOwn} }

// readOwn takes the names of a negotiation from the fields of a line; the
// dialects here have them in their prefix.
func readOwn(c *byPeer, _ *byPeerJob, e *Event) {
	if n, ok := e.Uint(FieldSA); ok {
		e.Prefix.SAID, e.Prefix.HasSAID = n, true
	}
	if name := e.Bytes(FieldConnection); len(name) > 0 {
		e.Prefix.Connection = name
	}
	for _, f := range [...]Field{FieldOffered, FieldConfigured, FieldSelected} {
		if text := e.Bytes(f); len(text) > 0 {
			c.out.add(f, spelled(text, e.Dialect.Spelling))
		}
	}
}

// spelled returns proposals that are written as configurations write them,
// aes256-sha256-modp2048, in the spelling that all dialects' events have. Others
// are as they should be.
func spelled(text []byte, d ike.Dialect) []byte {
	if bytes.IndexByte(text, '/') >= 0 {
		return text
	}
	p, rest := ike.ProtocolIKE, bytes.TrimPrefix(text, []byte("IKE:"))
	if esp, ok := bytes.CutPrefix(text, []byte("ESP:")); ok {
		p, rest = ike.ProtocolESP, esp
	}
	list, _ := ike.AppendConfigProposals(nil, rest[:min(len(rest), maxRecord/4)], p, d)
	var out []byte
	for i := range list {
		if i > 0 {
			out = append(out, ", "...)
		}
		out = list[i].Append(out)
	}
	return out
}

// names reports whether a program is that of one of the Parser's own dialects.
func (p *Parser) names(program []byte) bool {
	return len(program) > 0 && slices.ContainsFunc(p.Dialects, func(d *Dialect) bool { return d.names(program) })
}

// heard adds up how much the lines of a head are a dialect's that somebody
// brought, in whatever carrier.
func (d *Dialect) heard(head []byte) (t tally) {
	p := Parser{Dialects: []*Dialect{d}, MaxLine: 2048}
	lines := 0
	for e, err := range p.Events(bytes.NewReader(head)) {
		if lines++; err != nil || lines > detectLines {
			break
		}
		switch {
		case e.Kind == Foreign:
		case d.Detect != nil:
			t.add(d.Detect(e.Line))
		case e.Kind <= Foreign:
		case d.names(e.Prefix.Program):
			t.add(80)
		default:
			t.add(60)
		}
	}
	return t
}

// named are the fields by which a line of any Kind may name its negotiation.
var named = [...]Field{FieldSA, FieldConnection, FieldLocal, FieldRemote, FieldInitiatorCookie, FieldResponderCookie}

// ErrUnknownLine is what Dialect.Check says of a line that no template knows.
var ErrUnknownLine = errors.New("no template knows it")

// Check tells what is wrong with a dialect: a pattern that does not compile or is
// the same as another, a value that its Kind does not carry, and, where a log
// is given, each of the Templates that no line of it reaches and each line that
// none knows. A dialect that passes with a log recorded from the real daemon may
// say that its Basis is Recorded. The error joins a *PatternError for each
// pattern and an ErrUnknownLine for each line, which is shown redacted.
func (d *Dialect) Check(log io.Reader) error {
	tr, errs := newTrie(d.lists())
	for i := range tr.templates {
		t := &tr.templates[i]
		carried := func(f Field) bool {
			return f == NoField || slices.Contains(t.Kind.Fields(), f) || slices.Contains(named[:], f)
		}
		for _, f := range t.fields {
			if !carried(f) {
				errs = append(errs, &PatternError{t.Pattern, fmt.Sprintf("has %v, which %v does not carry", f, t.Kind)})
			}
		}
		for _, c := range t.consts {
			if !carried(c.field) {
				errs = append(errs, &PatternError{t.Pattern, fmt.Sprintf("has %v, which %v does not carry", c.field, t.Kind)})
			}
		}
	}
	if log == nil {
		return errors.Join(errs...)
	}
	p, reached := Parser{Dialects: []*Dialect{d}}, map[string]bool{}
	for e, err := range p.Events(log) {
		if err != nil {
			return errors.Join(append(errs, err)...)
		}
		if e.template != nil {
			reached[e.template.Pattern] = true
		}
	}
	for _, list := range d.Templates {
		for i := range list {
			if !reached[list[i].Pattern] {
				errs = append(errs, &PatternError{list[i].Pattern, "is reached by no line of the log"})
			}
		}
	}
	for _, s := range p.stats.Samples {
		errs = append(errs, fmt.Errorf("line %d: %w: %s", s.Number, ErrUnknownLine, s.Text))
	}
	return errors.Join(errs...)
}
