package logparse

import (
	"bytes"
	"io"
	"iter"
)

// Events reads r to its end and yields each line's event. Blank lines are
// left out. The Event is reused. An error of r is yielded last; what was read
// before it is not lost.
func (p *Parser) Events(r io.Reader) iter.Seq2[*Event, error] {
	return func(yield func(*Event, error) bool) {
		var e Event
		lr := lineReader{r: r, max: p.maxLine()}
		for {
			line, cut, err := lr.next()
			if line != nil {
				known := p.Parse(line, &e)
				// A last line without end is cut unless it makes sense.
				if cut && !e.Cut && (!known || err == nil) {
					e.Cut = true
					p.stats.Cut++
				}
				if (!known || e.Kind != Blank) && !yield(&e, nil) {
					return
				}
			}
			if err != nil {
				if p.Flush(&e) && !yield(&e, nil) {
					return
				}
				if err != io.EOF {
					yield(&e, err)
				}
				return
			}
		}
	}
}

// lineReader gives lines of bounded length in bounded memory.
type lineReader struct {
	r        io.Reader
	max      int
	buf      []byte
	from, to int
	err      error
	skip     bool // the rest of a cut line is being skipped
	wide     byte // 'l', 'b': the text is UTF-16, little or big end first
	begun    bool
}

// next returns the next line without its end. The last line may come with an
// error.
func (l *lineReader) next() (line []byte, cut bool, err error) {
	if l.buf == nil {
		l.buf = make([]byte, max(l.max+64<<10, 128<<10))
	}
	for {
		if b := l.buf[l.from:l.to]; len(b) > 0 {
			i := bytes.IndexByte(b, '\n')
			switch {
			case i >= 0 && l.skip:
				l.from += i + 1
				l.skip = false
				continue
			case i >= 0:
				l.from += i + 1
				return l.narrow(b[:i+1]), false, nil
			case l.skip:
				l.from = l.to
			case len(b) > l.max:
				l.skip = true
				l.from = l.to
				return l.narrow(b), true, nil
			case l.err != nil:
				l.from = l.to
				return l.narrow(b), true, l.err
			}
		}
		if l.err != nil {
			return nil, false, l.err
		}
		if l.from > 0 {
			l.to = copy(l.buf, l.buf[l.from:l.to])
			l.from = 0
		}
		for tries := 0; ; tries++ {
			n, err := l.r.Read(l.buf[l.to:])
			l.to += max(n, 0)
			l.err = err
			if n > 0 || err != nil {
				break
			}
			if tries > 100 {
				l.err = io.ErrNoProgress
				break
			}
		}
		if !l.begun && l.to >= 2 {
			l.begun = true
			switch {
			case l.buf[0] == 0xff && l.buf[1] == 0xfe:
				l.wide, l.from = 'l', 2
			case l.buf[0] == 0xfe && l.buf[1] == 0xff:
				l.wide, l.from = 'b', 2
			}
		}
	}
}

// narrow takes the zero octets out of a line of UTF-16, which makes ASCII of
// it; what is not ASCII is left as it is.
func (l *lineReader) narrow(b []byte) []byte {
	if l.wide == 0 {
		return b
	}
	n := 0
	for _, c := range b {
		if c != 0 {
			b[n] = c
			n++
		}
	}
	return b[:n]
}
