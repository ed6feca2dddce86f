package report

import (
	"slices"
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// Columns of a ladder in characters.
const (
	placesWidth  = 11 // lines and frames on either side
	momentWidth  = 12
	bodyWidest   = 56
	roomForSides = 72 // the width from which on there is room for places and times
	arrowLeast   = 4  // what a label leaves of its arrow on either side
	flowsDrawn   = 4  // flows that Text shows unless Options.Verbose is set
)

// exchange writes the ladders and what passed on the SAs, and what the ends are
// configured for: of all parts with Options.Verbose, else of some that fail the
// ladder that matters.
func (p *printer) exchange(s *part, ladder bool) {
	for _, v := range s.views {
		if p.verbose || ladder && v.shows && s.fails() {
			p.ladder(v)
			p.flows(v)
		}
	}
	if p.verbose {
		p.settings(s)
	}
}

// fails reports whether something is wrong with a part, and not merely weak.
func (s *part) fails() bool {
	return slices.ContainsFunc(s.cards, func(c *card) bool { return c.finding.Severity >= diag.Error })
}

func (p *printer) ladder(v *ladderView) {
	if len(v.steps) == 0 {
		return
	}
	p.blank()
	p.heading(2, bold, ladderTitle(v))
	for _, l := range drawLadder(v, p.width-4) {
		p.raw("    " + l)
	}
}

// ladderTitle says what the numbers in a ladder are.
func ladderTitle(v *ladderView) safe {
	t := v.title + " (:line, #frame"
	if v.day != "" {
		t += "; UTC, " + v.day
	}
	return t + ")"
}

// A canvas is the layout of a ladder in characters.
type canvas struct {
	left, right, body int
	clock             int
	timed, sided      bool
	lines             []string
}

// drawLadder draws a ladder in lines of at most width columns.
func drawLadder(v *ladderView, width int) []string {
	c := canvas{clock: v.clock()}
	if c.sided = width+4 >= roomForSides; c.sided {
		for _, s := range v.steps {
			c.left = max(c.left, len(strings.Join(c.places(s, onLeft), " ")))
			c.right = max(c.right, len(strings.Join(c.places(s, onRight), " ")))
			c.timed = c.timed || s.moment(c.clock) != ""
		}
		c.left, c.right = min(c.left, placesWidth), min(c.right, placesWidth)
	}
	c.body = width - 4
	if c.sided {
		c.body -= c.left + c.right + 2
		if c.timed {
			c.body -= momentWidth + 1
		}
	}
	c.body = min(c.body, bodyWidest)
	for _, h := range [][2]safe{v.roles, v.heads} {
		if half := c.body/2 + 1; h != [2]safe{} {
			c.lines = append(c.lines, c.indent()+" "+pad(cut(string(h[0]), half), half)+padFront(cut(string(h[1]), half), c.body+2-half))
		}
	}
	var decides, fault, lost, unseen bool
	for i, s := range v.steps {
		if v.left > 0 && i == v.gap {
			c.row(" ", nil, "", center(string(plural(v.left, "step")+" left out"), c.body, ' '), nil, ':')
		}
		c.step(s)
		decides, fault = decides || s.decides, fault || s.rung.Fault
		if s.message() {
			head := arrowHead(s)
			lost, unseen = lost || head == 'x', unseen || head == '?'
		}
	}
	var legend []safe
	for _, l := range []struct {
		on   bool
		text safe
	}{{decides, "> the cause rests on it"}, {fault, "! a failure"}, {lost, "x lost"}, {unseen, "? not seen to come"}} {
		if l.on {
			legend = append(legend, l.text)
		}
	}
	for _, l := range wrap(string(joined("; ", legend...)), width) {
		if l != "" {
			c.lines = append(c.lines, l)
		}
	}
	return c.lines
}

// places lists the places in a column, those on the path on the left.
func (c *canvas) places(s *step, column int) []string {
	if column == onLeft {
		return append(s.places(onLeft), s.places(onPath)...)
	}
	return s.places(column)
}

// indent is what stands before the ladder's lines.
func (c *canvas) indent() string {
	n := 0
	if c.sided {
		n = c.left + 1
		if c.timed {
			n += momentWidth + 1
		}
	}
	return strings.Repeat(" ", n)
}

// mark is what stands out about a step.
func mark(s *step) string {
	switch {
	case s.decides:
		return ">"
	case s.rung.Fault:
		return "!"
	}
	return " "
}

func (c *canvas) step(s *step) {
	if !s.message() {
		lines := wrap(string(s.label), c.body-4)
		for i, l := range lines {
			switch s.side {
			case onRight:
				l = padFront(l+"  ", c.body)
			case onLeft:
				l = pad("  "+l, c.body)
			default:
				l = center(l, c.body, ' ')
			}
			c.part(s, i == 0, l)
		}
		return
	}
	lines := wrap(string(joined(", ", s.label, s.outcome)), c.body-2*arrowLeast)
	if len(lines) > 1 && s.outcome != "" {
		lines = append(wrap(string(s.label), c.body-2*arrowLeast), wrap(string(s.outcome), c.body-2*arrowLeast)...)
	}
	for i, l := range lines {
		if i < len(lines)-1 {
			c.part(s, i == 0, center(l, c.body, ' '))
			continue
		}
		c.part(s, i == 0, arrow(s, l, c.body))
	}
}

// part writes a line of a step, its places and its time with the first.
func (c *canvas) part(s *step, first bool, body string) {
	if !first {
		c.row(" ", nil, "", body, nil, '|')
		return
	}
	c.row(mark(s), c.places(s, onLeft), s.moment(c.clock), body, c.places(s, onRight), '|')
}

func (c *canvas) row(mark string, left []string, moment, body string, right []string, line byte) {
	l := mark + string(line) + body + string(line)
	if c.sided {
		head := pad(fit(left, c.left), c.left) + " "
		if c.timed {
			head += pad(moment, momentWidth) + " "
		}
		l = head + l + " " + fit(right, c.right)
	}
	c.lines = append(c.lines, strings.TrimRight(l, " "))
}

// fit joins as many places as n columns hold.
func fit(places []string, n int) string {
	text := ""
	for _, s := range places {
		if t := strings.TrimPrefix(text+" "+s, " "); len(t) <= n {
			text = t
		}
	}
	return text
}

// arrowHead is the end of a message's arrow: > where it came or may have.
func arrowHead(s *step) byte {
	switch s.rung.Fate.String() {
	case "lost":
		return 'x'
	case "unseen", "unknown":
		return '?'
	}
	return '>'
}

// arrow draws a message of n columns.
func arrow(s *step, label string, n int) string {
	head, gap := arrowHead(s), 0
	if head != '>' {
		gap = 3
	}
	line := center(" "+label+" ", n-1-gap, '-')
	if s.side == onLeft {
		return line + string(head) + strings.Repeat(" ", gap)
	}
	if head == '>' {
		head = '<'
	}
	return strings.Repeat(" ", gap) + string(head) + line
}

// center puts a text into the middle of n columns of a character.
func center(s string, n int, fill byte) string {
	room := max(n-columns(s), 0)
	f := string(fill)
	return strings.Repeat(f, room/2) + s + strings.Repeat(f, room-room/2)
}

// padFront fills a text with spaces at its start up to n columns.
func padFront(s string, n int) string {
	return strings.Repeat(" ", max(n-columns(s), 0)) + s
}

// flows writes what passed on an attempt's SAs.
func (p *printer) flows(v *ladderView) {
	if len(v.flows) == 0 {
		return
	}
	p.blank()
	p.heading(2, bold, "Packets")
	shown := len(v.flows)
	if !p.verbose {
		shown = min(shown, flowsDrawn)
	}
	for _, f := range v.flows[:shown] {
		p.heading(4, plain, f.title)
		width := 0
		for _, b := range f.bars {
			width = max(width, columns(string(b.where)))
		}
		for _, b := range f.bars {
			p.hang(6, width, b.where, plain, joined(", ", b.packets, b.span, b.note))
		}
	}
	if n := len(v.flows) - shown; n > 0 {
		p.heading(4, plain, "and "+plural(n, "other"))
	}
}

// settings writes what the two ends do not have alike.
func (p *printer) settings(s *part) {
	if len(s.pairs) == 0 {
		return
	}
	p.blank()
	p.heading(2, bold, "Configured differently")
	for _, fits := range []bool{false, true} {
		for _, v := range s.pairs {
			if v.fits != fits {
				continue
			}
			name := v.name
			if fits {
				name += " (goes together all the same)"
			}
			p.heading(4, plain, name)
			width := slices.Max([]int{columns(string(v.heads[0])), columns(string(v.heads[1]))})
			for i, c := range v.cells {
				p.hang(6, width, v.heads[i], plain, joined(" ", c.text, c.where))
			}
		}
	}
}
