package observe

import (
	"bufio"
	"bytes"
	"io"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/config"
)

// A terminal's session, or a support bundle, holds the outputs of several
// commands: a configuration, state dumps, a log.

// Lines are the numbers of a part's first line, from 1, and of the one behind
// its last.
type Lines struct{ From, To int }

// Part is what all outputs of one kind in a session have in common.
type Part struct {
	Detected
	Lines []Lines // in order
	// Undated: it is a log whose lines have no date, or none with a year.
	Undated bool
}

// Limits of a session.
const (
	maxParts    = 16       // kinds of outputs
	maxOutputs  = 4096     // that are told apart
	outputBytes = 16 << 10 // that tell what an output is
)

// IsSession reports whether a head shows commands at a terminal, or the headings
// of a bundle.
func IsSession(head []byte) bool {
	for {
		if prompted(head) {
			if line, _, _ := bytes.Cut(head, []byte("\n")); commandLine(line) {
				return true
			}
		}
		i := bytes.IndexByte(head, '\n')
		if i < 0 {
			return false
		}
		head = head[i+1:]
	}
}

// commandLine reports whether a line is a command at a terminal, or the heading
// of an output in a bundle.
func commandLine(line []byte) bool {
	if !prompted(line) {
		return false
	}
	line = bytes.TrimRight(line, "\r\n")
	return len(line) < 200 && config.TerminalCommand(string(line))
}

// prompted reports whether the line that b begins with may be one: nearly all
// have a blank, or a quote, before any sign that ends a prompt.
func prompted(b []byte) bool {
	end := promptEnd(b)
	return end >= 0 && prompt(b, end)
}

// promptEnd returns where the first sign is that tells, -1 where there is none.
func promptEnd(b []byte) int {
	const ends uint64 = 1<<'#' | 1<<'>' | 1<<' ' | 1<<'\t' | 1<<'"' | 1<<'\'' | 1<<'<' | 1<<'\n'
	for i, c := range b {
		if c < 64 && ends>>c&1 != 0 {
			return i
		}
	}
	return -1
}

// prompt reports whether what ends there may be a prompt.
func prompt(b []byte, end int) bool {
	c := b[end]
	return c == '#' || c == '>' || (c == ' ' || c == '\t') && b[0] == '-'
}

// Parts finds the outputs of a session by their kind: state dumps are one part,
// with the commands that gave them. What no kind is found of belongs to whole,
// which is what the session was taken for.
func Parts(r io.Reader, whole Detected) ([]Part, error) {
	p := parts{whole: whole, from: 1}
	b := bufio.NewReaderSize(r, 64<<10)
	for n := 1; ; n++ {
		line, err := b.ReadSlice('\n')
		long := err == bufio.ErrBufferFull
		for err == bufio.ErrBufferFull {
			_, err = b.ReadSlice('\n')
		}
		if err != nil && err != io.EOF {
			return nil, err
		}
		if !long && commandLine(line) {
			p.end(n)
			p.from, p.head, p.some = n+1, p.head[:0], false
		} else {
			p.some = p.some || long || len(bytes.TrimSpace(line)) > 0
			if !long && len(p.head)+len(line) <= outputBytes {
				p.head = append(p.head, line...)
			}
		}
		if err == io.EOF {
			p.end(n + 1)
			return p.list, nil
		}
	}
}

// parts is a session being cut.
type parts struct {
	whole Detected
	list  []Part
	from  int // the output's first line
	head  []byte
	some  bool // it is not empty
	n     int
}

// end gives the lines up to one to the part that they are of.
func (p *parts) end(to int) {
	if !p.some {
		return
	}
	d := p.whole
	if p.n++; p.n <= maxOutputs {
		d = Detect(p.head)
	}
	if d.Kind == diag.KindUnknown || d.Kind == diag.KindEmpty || !d.Read || d.Kind == diag.KindCapture || d.Kind == diag.KindCertificate {
		d = p.whole
	}
	from := p.from
	if d.Kind == diag.KindState && from > 1 {
		from-- // the command says what is shown
	}
	for i := range p.list {
		// State dumps are read together, of whatever formats they are.
		if l := &p.list[i]; l.Detected == d || l.Kind == d.Kind && d.Kind == diag.KindState {
			if p.n > maxOutputs+1 {
				l.Lines[len(l.Lines)-1].To = to // with the commands between
			} else {
				l.Lines = append(l.Lines, Lines{from, to})
			}
			return
		}
	}
	if len(p.list) < maxParts {
		p.list = append(p.list, Part{d, []Lines{{from, to}}, d.Kind == diag.KindLog && !Dated(p.head)})
	}
}

// Only returns what is read of the lines that are given, with the others empty,
// so that lines keep their numbers.
func Only(r io.Reader, lines []Lines) io.Reader {
	return &only{in: bufio.NewReaderSize(r, 64<<10), lines: lines, n: 1}
}

type only struct {
	in    *bufio.Reader
	lines []Lines
	n     int // of the line
	rest  []byte
	err   error
}

func (o *only) Read(b []byte) (int, error) {
	for len(o.rest) == 0 {
		if o.err != nil {
			return 0, o.err
		}
		var line []byte
		line, o.err = o.in.ReadSlice('\n')
		if o.err == bufio.ErrBufferFull {
			o.err = nil
		}
		for len(o.lines) > 0 && o.lines[0].To <= o.n {
			o.lines = o.lines[1:]
		}
		whole := bytes.HasSuffix(line, []byte("\n"))
		switch in := len(o.lines) > 0 && o.lines[0].From <= o.n; {
		case in:
			o.rest = line
		case whole:
			o.rest = line[len(line)-1:]
		}
		if whole {
			o.n++
		}
	}
	n := copy(b, o.rest)
	o.rest = o.rest[n:]
	return n, nil
}
