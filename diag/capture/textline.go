package capture

import (
	"bytes"

	"github.com/ikediag/ikediag/ike/exchange"
)

// textState is the reading of tcpdump's text: lines are joined to records, a
// record is one packet.
type textState struct {
	limit    int
	clock    textClock
	peeked   int  // length of the line that peekLine returned, with its end
	lines    int  // consumed
	skipping bool // the rest of a line that is too long
	open     bool
	line     int // where the record begins
	indent   int // of that line
	head     headState
	timed    bool   // the record has a time
	marked   bool   // the record begins with "IP"
	joined   int    // number of lines in record
	carries  bool   // the packet quotes or carries another one
	record   []byte // the lines of the packet, joined by blanks
	hex      []byte // bytes of its hex dump
	bytes    [4 + 28]byte
}

func (t *textState) start(o Options) {
	t.limit = o.Limits.Record
	t.clock.start(o.Day, o.Location)
}

// looksLikeText says whether a packet as tcpdump prints it is anywhere in the
// first bytes of a text.
func looksLikeText(head []byte) bool {
	wrapped := false
	for line := range bytes.Lines(head) {
		line = bytes.TrimRight(line, " \t\r\n")
		h, state := readHead(line)
		if state == headDone && len(h.body) > 0 {
			return true
		}
		if wrapped {
			if w, _ := word(line); len(w) > 1 && w[len(w)-1] == ':' {
				if _, ok := endpoint(w[:len(w)-1]); ok {
					return true
				}
			}
		}
		wrapped = state == headOpen
	}
	return false
}

// nextText reads up to the next packet.
func (r *Reader) nextText(d *exchange.Datagram) bool {
	t := &r.text
	for {
		if r.peel.frags.live > 0 && r.peel.Expired(d) {
			r.said = Said{}
			r.cov.Datagrams++
			return true
		}
		if r.done {
			return false
		}
		line, ok := r.peekLine()
		line = bytes.TrimPrefix(line, []byte("^C")) // a terminal's echo
		switch {
		case !ok:
			r.endOfInput(false)
			got := t.open && r.closeRecord(d)
			r.peel.Flush()
			if got {
				return true
			}
			continue
		case breaksRecord(line):
			r.takeLine()
			if t.open && r.closeRecord(d) {
				return true
			}
			continue
		case t.open && t.addHex(line):
			r.takeLine()
			continue
		}
		h, state := readHead(line)
		if state != headNone && !t.continues(line, h, state) {
			if t.open { // the line is looked at again afterwards
				if r.closeRecord(d) {
					return true
				}
				continue
			}
			r.takeLine()
			t.begin(line, h)
			continue
		}
		r.takeLine()
		switch {
		case r.recorderLine(line):
		case t.open:
			t.add(line)
		default:
			r.cov.Unrecognized++
		}
	}
}

// peekLine returns the next line without its end. Of a line above the limit it
// returns the start; the rest is passed over.
func (r *Reader) peekLine() ([]byte, bool) {
	t := &r.text
	for t.skipping {
		if len(r.w.upTo(1)) == 0 {
			return nil, false
		}
		b := r.w.upTo(r.w.rest())
		i := bytes.IndexByte(b, '\n')
		t.skipping = i < 0
		if i < 0 {
			i = len(b) - 1
		}
		r.w.skip(i + 1)
	}
	for n := 0; ; {
		b := r.w.upTo(r.w.rest())
		if i := bytes.IndexByte(b[n:], '\n'); i >= 0 {
			t.peeked = n + i + 1
			return bytes.TrimRight(b[:min(n+i, t.limit)], " \t\r"), true
		}
		n = len(b)
		if n > t.limit || !r.w.fill(n+1) {
			t.peeked = n
			return bytes.TrimRight(b[:min(n, t.limit)], " \t\r"), n > 0
		}
	}
}

// takeLine consumes the line that peekLine returned. Its bytes stay valid until
// the next peekLine.
func (r *Reader) takeLine() {
	t := &r.text
	t.skipping = r.w.upTo(t.peeked)[t.peeked-1] != '\n'
	r.w.skip(t.peeked)
	r.cov.Lines++
	t.lines++
}

// breaksRecord says whether a line separates packets: an empty one, or a rule
// or fence of a document.
func breaksRecord(line []byte) bool {
	line = bytes.TrimLeft(line, " \t")
	if len(line) == 0 {
		return true
	}
	fence, ok := cutPrefix(line, "```")
	return ok && len(fence) < 16
}

// continues says whether a line that could begin a packet goes on with one: the
// ends of a packet whose header stands on the line before, or the packet inside
// of another, which is indented deeper.
func (t *textState) continues(line []byte, h textHead, state headState) bool {
	if !t.open || h.stamp.kind != stampNone || state == headOther {
		return false
	}
	if t.head == headOpen {
		return !h.marked
	}
	if t.marked && !h.marked {
		return true // in such a text every packet begins with the mark
	}
	if indentOf(line) <= t.indent {
		return false
	}
	if t.timed {
		return true
	}
	return t.carries
}

// encloses says whether a packet quotes or carries another one.
func encloses(body []byte) bool {
	for _, s := range [...]string{"ICMP", "icmp", "GRE", "gre", "AH("} {
		if _, ok := cutPrefix(body, s); ok {
			return true
		}
	}
	return false
}

func indentOf(line []byte) int {
	n := 0
	for _, c := range line {
		switch c {
		case ' ':
			n++
		case '\t':
			n += 8
		default:
			return n
		}
	}
	return n
}

// begin opens a record with its first line.
func (t *textState) begin(line []byte, h textHead) {
	t.open = true
	t.line = t.lines
	t.indent = indentOf(line)
	t.timed = h.stamp.kind != stampNone
	t.marked = h.marked
	t.joined, t.carries = 0, false
	t.record = t.record[:0]
	t.hex = t.hex[:0]
	t.add(line)
}

// add appends a line. A word that a document has hyphenated is put together
// again, and its emphasis is taken off.
func (t *textState) add(line []byte) {
	line = bytes.TrimLeft(line, " \t")
	room := t.limit - len(t.record) - 1
	if room <= 0 {
		return
	}
	if n := len(t.record); n > 0 && !(t.record[n-1] == '-' && len(line) > 0 && line[0] >= 'a' && line[0] <= 'z') {
		t.record = append(t.record, ' ')
	}
	for _, c := range line[:min(len(line), room)] {
		if c != '*' {
			t.record = append(t.record, c)
		}
	}
	// Headers end on the line after their first. What goes on much longer is
	// none, and is not read again and again.
	if t.joined++; t.joined > maxHeadLines {
		return
	}
	if t.joined == 1 || t.head == headOpen {
		var h textHead
		h, t.head = readHead(t.record)
		t.carries = t.head == headDone && encloses(h.body)
	}
}

// maxHeadLines is how many lines the ends of a packet may be spread over.
const maxHeadLines = 8
