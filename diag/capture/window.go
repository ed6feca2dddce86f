package capture

import "io"

// window is a sliding view of a reader's bytes. It grows only while bytes
// really arrive, so that a length which a file claims costs nothing.
type window struct {
	src    io.Reader
	buf    []byte
	lo, hi int   // buf[lo:hi] is unread
	off    int64 // offset of buf[lo] in the input
	err    error // why src gives no more; io.EOF at its end
}

const firstWindow = 64 << 10

func (w *window) init(src io.Reader) {
	*w = window{src: src, buf: make([]byte, firstWindow)}
}

// need returns the next n bytes without consuming them, or false where the
// input ends before.
func (w *window) need(n int) ([]byte, bool) {
	if w.hi-w.lo < n && !w.fill(n) {
		return nil, false
	}
	return w.buf[w.lo : w.lo+n : w.lo+n], true
}

// upTo returns the next n bytes, or as many as there are.
func (w *window) upTo(n int) []byte {
	if w.hi-w.lo < n {
		w.fill(n)
	}
	n = min(n, w.hi-w.lo)
	return w.buf[w.lo : w.lo+n]
}

// skip consumes n bytes that need or upTo returned.
func (w *window) skip(n int) {
	w.lo += n
	w.off += int64(n)
}

// discard consumes n bytes without holding them and reports whether there
// were as many.
func (w *window) discard(n int) bool {
	for n > 0 {
		if w.lo == w.hi && !w.fill(1) {
			return false
		}
		k := min(n, w.hi-w.lo)
		w.skip(k)
		n -= k
	}
	return true
}

// rest is the number of bytes that are buffered.
func (w *window) rest() int { return w.hi - w.lo }

// fill reads until n bytes are unread. It moves what is unread to the front
// first, and doubles the buffer only when it is full of unread bytes.
func (w *window) fill(n int) bool {
	if w.err != nil {
		return false
	}
	if w.lo > 0 {
		w.hi = copy(w.buf, w.buf[w.lo:w.hi])
		w.lo = 0
	}
	for empty := 0; w.hi < n; {
		if w.hi == len(w.buf) {
			w.buf = append(w.buf, make([]byte, len(w.buf))...)
		}
		k, err := w.src.Read(w.buf[w.hi:])
		if k < 0 || k > len(w.buf)-w.hi {
			k, err = 0, io.ErrNoProgress // a reader that breaks its contract
		}
		w.hi += k
		if err != nil {
			w.err = err
			return w.hi >= n
		}
		if k > 0 {
			empty = 0
		} else if empty++; empty == 100 {
			w.err = io.ErrNoProgress
			return false
		}
	}
	return true
}
