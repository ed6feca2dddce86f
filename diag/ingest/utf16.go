package ingest

import (
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// Windows' editors and shells write texts in UTF-16 with a byte-order mark: what
// somebody saved of a log, or of a configuration.

// narrow returns what is read of r in UTF-8 where head, its first octets, is the
// byte-order mark of UTF-16 (RFC 2781, section 3.2); else r.
func narrow(r io.Reader, head []byte) io.Reader {
	if len(head) < 2 {
		return r
	}
	switch [2]byte(head) {
	case [2]byte{0xff, 0xfe}:
		return &narrower{r: r, low: 0}
	case [2]byte{0xfe, 0xff}:
		return &narrower{r: r, low: 1}
	}
	return r
}

// narrower turns UTF-16 into UTF-8.
type narrower struct {
	r    io.Reader
	low  int // which octet of two is the lower one
	in   [4 << 10]byte
	have int // octets in in
	out  []byte
	room [6 << 10]byte // of out: two octets become three at most
	err  error
}

func (n *narrower) Read(b []byte) (int, error) {
	for len(n.out) == 0 {
		if n.err != nil {
			return 0, n.err
		}
		m, err := n.r.Read(n.in[n.have:])
		n.have, n.err = n.have+m, err
		n.convert()
	}
	m := copy(b, n.out)
	n.out = n.out[m:]
	return m, nil
}

// convert turns what was read, but for half a character at its end.
func (n *narrower) convert() {
	in, out := n.in[:n.have], n.room[:0]
	for len(in) >= 2 {
		r := rune(in[n.low]) | rune(in[1-n.low])<<8
		size := 2
		if utf16.IsSurrogate(r) {
			if len(in) < 4 && n.err == nil {
				break
			}
			second := utf8.RuneError
			if len(in) >= 4 {
				second = rune(in[2+n.low]) | rune(in[3-n.low])<<8
			}
			if r = utf16.DecodeRune(r, second); r != utf8.RuneError {
				size = 4
			}
		}
		if in = in[size:]; r != 0xfeff { // the mark
			out = utf8.AppendRune(out, r)
		}
	}
	n.out, n.have = out, copy(n.in[:], in)
}
