package logparse

import (
	"bytes"
	"io"
	"iter"
)

// Events reads r to its end and yields each line's event. Blank lines are
// left out. The Event is reused. An error of r is yielded last, with an Event
// that says nothing new; what was read before it is not lost. The lines of a
// *bytes.Reader are not copied: they are the caller's octets, which must stay
// as they are meanwhile.
func (p *Parser) Events(r io.Reader) iter.Seq2[*Event, error] {
	return func(yield func(*Event, error) bool) {
		var e Event
		lr := lineReader{r: r, max: p.maxLine(), buf: p.room.read}
		defer func() { p.room.read = lr.buf }()
		lr.inPlace()
		for {
			if lr.plain { // nearly always
				rest, at := lr.rest, 0
				for {
					line := rest[at:]
					i := bytes.IndexByte(line, '\n')
					if i < 0 {
						break
					}
					at += i + 1
					if known := p.Parse(line[:i], &e); (!known || e.Kind != Blank) && !yield(&e, nil) {
						return
					}
				}
				lr.rest = rest[at:]
			}
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
	r     io.Reader
	max   int
	buf   []byte
	rest  []byte // of buf, what was read and not given yet
	err   error
	skip  bool // the rest of a cut line is being skipped
	wide  byte // 'l', 'b': the text is UTF-16, little or big end first
	begun bool
	plain bool // rest begins with a line of octets
}

// next returns the next line without its end. The last line may come with an
// error.
func (l *lineReader) next() (line []byte, cut bool, err error) {
	for {
		if b := l.rest; len(b) > 0 {
			i := bytes.IndexByte(b, '\n')
			switch {
			case i >= 0 && l.skip:
				l.rest = b[i+1:]
				l.skip, l.plain = false, l.wide == 0
				continue
			case i >= 0:
				l.rest = b[i+1:]
				return l.narrow(b[:i]), false, nil
			case l.skip:
				l.rest = nil
			case len(b) > l.max:
				l.skip, l.plain = true, false
				l.rest = nil
				return l.narrow(b), true, nil
			case l.err != nil:
				l.rest = nil
				return l.narrow(b), true, l.err
			}
		}
		if l.err != nil {
			return nil, false, l.err
		}
		l.fill()
	}
}

// readSize is how much is read at once, as long as no line is longer than half of
// it.
const readSize = 32 << 10

// fill reads more behind what is left.
func (l *lineReader) fill() {
	old := l.buf
	if len(l.rest) > len(old)/2 || old == nil {
		l.buf = make([]byte, max(2*len(old), readSize))
	}
	had := copy(l.buf, l.rest)
	for tries := 0; l.err == nil; tries++ {
		var n int
		n, l.err = l.r.Read(l.buf[had:])
		had += max(n, 0)
		if n > 0 && (l.begun || had >= 2) { // two octets tell UTF-16
			break
		}
		if tries > 100 && l.err == nil && n <= 0 {
			l.err = io.ErrNoProgress
		}
	}
	l.rest = l.buf[:had]
	if !l.begun && len(l.rest) >= 2 {
		l.begun, l.plain = true, true
		switch {
		case l.rest[0] == 0xff && l.rest[1] == 0xfe:
			l.wide, l.plain, l.rest = 'l', false, l.rest[2:]
		case l.rest[0] == 0xfe && l.rest[1] == 0xff:
			l.wide, l.plain, l.rest = 'b', false, l.rest[2:]
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

// inPlace takes a text that is in memory as it lies there, so that it is not
// copied. UTF-16, whose lines are changed, is read as from elsewhere.
func (l *lineReader) inPlace() {
	r, ok := l.r.(*bytes.Reader)
	if !ok || r.Len() < 2 {
		return
	}
	first, _ := r.ReadByte() // of two at least
	r.UnreadByte()
	if first >= 0xfe {
		return
	}
	var w whole
	if _, err := r.WriteTo(&w); err == nil {
		l.rest, l.err, l.begun, l.plain = w, io.EOF, true, true
	}
}

// whole is where a bytes.Reader writes what it has, in one piece of its own.
type whole []byte

func (w *whole) Write(b []byte) (int, error) { *w = b; return len(b), nil }
