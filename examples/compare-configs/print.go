package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/config"
)

// printer writes what differs, for people.
type printer struct {
	w     io.Writer
	all   bool
	wrong bool // something cannot work
	// common is where the names of both files begin alike, short how they go
	// on; separator is what each format has between a setting and its value.
	common           string
	short, separator [2]string
}

// compare finds the connections that answer each other and lists where they
// disagree.
func (p *printer) compare(a, b *config.Config) {
	p.names(a, b)
	pairs, alone := config.Match(a, b)
	for i := range pairs {
		x := &pairs[i]
		fmt.Fprintf(p.w, "%s, %s at %s\n  and %s, %s at %s\n", clean(x.A.Connection.Name), a.Dialect, p.at(x.A.Connection.At), clean(x.B.Connection.Name), b.Dialect, p.at(x.B.Connection.At))
		c := config.Compare(x.A, x.B)
		told := 0
		for j := range c.Differences {
			if d := &c.Differences[j]; p.all || d.Degree >= config.Unverifiable {
				p.difference(d)
				told++
			}
		}
		if told == 0 {
			fmt.Fprintln(p.w, "  nothing differs that matters")
		}
		p.wrong = p.wrong || !c.Compatible()
		fmt.Fprintln(p.w)
	}
	for _, c := range alone {
		fmt.Fprintf(p.w, "%s at %s: nothing at the other end answers it\n\n", clean(c.Name), p.at(c.At))
		p.wrong = true
	}
	if len(pairs)+len(alone) == 0 {
		fmt.Fprintln(p.w, "neither configuration has a connection")
	}
}

// degrees are what the degrees mean to who reads them.
var degrees = map[config.Degree]string{
	config.Mismatch: "cannot work", config.Unverifiable: "cannot be told from here", config.Advisory: "does no harm",
}

func (p *printer) difference(d *config.Difference) {
	fmt.Fprintf(p.w, "  %v: %s", d.Field, degrees[d.Degree])
	var attributes []string
	for _, a := range d.Attributes {
		attributes = append(attributes, a.String())
	}
	if len(attributes) > 0 {
		fmt.Fprintf(p.w, " (%s)", strings.Join(attributes, ", "))
	}
	if d.Note != "" {
		fmt.Fprintf(p.w, "; %s", d.Note)
	}
	fmt.Fprintln(p.w)
	for i, s := range []config.Setting{d.A, d.B} {
		at := p.at(s.At)
		if s.Origin == config.Default {
			at = p.short[i] + ", by default"
		}
		fmt.Fprintf(p.w, "    %s\n      %s\n", at, clean(strings.TrimSpace(s.Key+p.separator[i]+s.Text)))
	}
}

// at names a place without the folders that all of them have in common.
func (p *printer) at(pos config.Pos) string { return strings.TrimPrefix(pos.String(), p.common) }

// names takes note of what the two ends are called.
func (p *printer) names(a, b *config.Config) {
	dir := filepath.Dir(a.Name)
	for dir != "." && !strings.HasPrefix(b.Name, dir+string(filepath.Separator)) && dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir)
	}
	if dir != "." {
		p.common = dir + string(filepath.Separator)
	}
	for i, c := range []*config.Config{a, b} {
		p.short[i], p.separator[i] = p.at(config.Pos{File: c.Name}), c.Dialect.Separator()
	}
}

// lint lists what is odd about one configuration by itself.
func (p *printer) lint(c *config.Config) {
	issues := config.Lint(c)
	if len(issues) == 0 {
		return
	}
	fmt.Fprintf(p.w, "%s by itself\n", p.at(config.Pos{File: c.Name}))
	for i := range issues {
		s := &issues[i]
		fmt.Fprintf(p.w, "  %v (%v)\n    %s\n      %s\n", s.Kind, s.Effect, p.at(s.Setting.At), clean(strings.TrimSpace(s.Setting.Key+c.Dialect.Separator()+s.Setting.Text)))
		if s.Key != "" && s.Write != "" {
			fmt.Fprintf(p.w, "      write %s%s%s\n", s.Key, c.Dialect.Separator(), clean(s.Write))
		}
	}
	fmt.Fprintln(p.w)
}

// clean makes a text from a file fit for a terminal.
func clean(s string) string { return diag.Clean(s, 200) }
