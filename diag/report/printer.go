package report

import (
	"bufio"
	"io"
	"strings"
)

// A style is the middle of an SGR sequence (ECMA-48, section 8.3.117).
type style string

// The styles. Meaning never rests on them alone: a report without colours
// says the same.
const (
	plain  style = ""
	bold   style = "1"
	dim    style = "2"
	red    style = "1;31"
	green  style = "1;32"
	yellow style = "1;33"
)

// A printer writes lines of text. Its writer keeps the first error.
type printer struct {
	w       *bufio.Writer
	width   int
	color   bool
	verbose bool
}

func newPrinter(w io.Writer, o *Options) *printer {
	return &printer{w: bufio.NewWriter(w), width: o.width(), color: o.Color, verbose: o.Verbose}
}

func (p *printer) styled(s style, text string) string {
	if !p.color || s == plain || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

func (p *printer) blank() { _ = p.w.WriteByte('\n') } // the writer keeps its error

// raw writes a line that is laid out already.
func (p *printer) raw(line string) {
	_, _ = p.w.WriteString(strings.TrimRight(line, " "))
	_ = p.w.WriteByte('\n')
}

// heading writes a text whose further lines stand two columns farther in.
func (p *printer) heading(indent int, s style, text safe) {
	lines := []string{string(text)}
	if columns(string(text)) > p.width-indent {
		lines = wrap(string(text), p.width-indent-2)
	}
	for i, l := range lines {
		if i == 1 {
			indent += 2
		}
		p.raw(strings.Repeat(" ", indent) + p.styled(s, l))
	}
}

// para writes a label and a wrapped text that hangs below its own start.
func (p *printer) para(indent int, label safe, s style, text safe) {
	p.hang(indent, columns(string(label)), label, s, text)
}

// hang is para with the label filled up to a number of columns, so that
// several paragraphs align.
func (p *printer) hang(indent, labelWidth int, label safe, s style, text safe) {
	start := indent + max(labelWidth, columns(string(label))) + 1
	if start > p.width/2+4 {
		// A label that leaves no room gets lines of its own.
		p.heading(indent, s, label)
		start, label = indent+2, ""
	}
	for i, l := range wrap(string(text), p.width-start) {
		if i == 0 && label != "" {
			p.raw(strings.Repeat(" ", indent) + p.styled(s, string(label)) +
				strings.Repeat(" ", start-indent-columns(string(label))) + l)
			continue
		}
		p.raw(strings.Repeat(" ", start) + l)
	}
}

// item writes an entry of a list: a dash, and a text of which the lead stands
// out where it fits into the first line.
func (p *printer) item(indent int, lead, text safe) {
	all := joined(" ", lead, text)
	for i, l := range wrap(string(all), p.width-indent-2) {
		if i > 0 {
			p.raw(strings.Repeat(" ", indent+2) + l)
			continue
		}
		if rest, ok := strings.CutPrefix(l, string(lead)); ok && lead != "" {
			l = p.styled(bold, string(lead)) + rest
		}
		p.raw(strings.Repeat(" ", indent) + "- " + l)
	}
}

// joined joins texts that are not empty.
func joined(sep string, parts ...safe) safe {
	var b strings.Builder
	for _, s := range parts {
		if s == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(sep)
		}
		b.WriteString(string(s))
	}
	return safe(b.String())
}
