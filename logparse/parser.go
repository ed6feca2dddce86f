package logparse

import "bytes"

// DefaultMaxLine is the longest line in octets that a Parser takes where it
// does not say otherwise.
const DefaultMaxLine = 64 << 10

// Parser turns the lines of one stream into events. The zero Parser is ready.
// It is not safe for concurrent use; give each stream its own.
type Parser struct {
	// Dialects are those to choose from; nil means Dialects(). A single one
	// is taken without looking.
	Dialects []*Dialect
	// MaxLine bounds a line in octets, 0 means DefaultMaxLine. The rest of a
	// longer one is skipped and the event is Cut.
	MaxLine int
	// MaxSessions bounds the negotiations kept in mind, 0 means 8192. Beyond
	// it the one that was silent longest is forgotten; before, those that have
	// ended, and those of which the log has said nothing for longer than they
	// can last.
	MaxSessions int
	// PrefixOnly leaves messages unread, which is for those who ask for times
	// and names only: events have a Prefix and a Text, and their Kind is Plain.
	PrefixOnly bool

	// What each line looks at comes first, for fewer memory accesses.
	number   int
	dialect  *Dialect // of the last line
	cur      *header  // that of the last line, nil at first
	last     *reading // that of the last line
	open     opened
	lastKind Kind // for "last message repeated"
	asms     []*reading
	headers  [2]header // of the last lines: two programs may share a log
	json     jsonLine
	inner    jsonLine // of what was in it
	csv      csvLine
	export   exportRecord
	pretty   prettyRecord
	scratch  Prefix // for likeness
	stats    stats
	room     room
}

// opened is a record of several lines, if there is one of which the next line is
// a part.
type opened uint8

const (
	openNone opened = iota
	openExport
	openPretty
)

// reading is what a stream keeps for a dialect.
type reading struct {
	d      *Dialect
	trie   *trie
	a      assembler
	recent recent
	moulds moulds
}

// Dialect returns the dialect of the last line that a daemon wrote, nil before.
func (p *Parser) Dialect() *Dialect { return p.dialect }

// Parse takes one line, with or without its end, and fills e. It reports
// whether the line was understood: a template knows it, or it deliberately
// says nothing. e is filled in either case. The line is not kept beyond the
// next call.
func (p *Parser) Parse(line []byte, e *Event) bool {
	p.number++
	e.reset(p.number)
	line = trimEnd(line)
	if n := p.maxLine(); len(line) > n {
		line = line[:n:n]
		e.Cut = true
		p.stats.Cut++
	}
	e.Line = line
	h := p.cur
	if h == nil {
		return p.elsewise(nil, e)
	}
	rest, ok := h.cut(line)
	if !ok {
		if h, rest = p.another(e.Line); h == nil {
			return p.elsewise(nil, e)
		}
	}
	h.show(e)
	e.Prefix.Time = h.time(e.Line)
	d := p.dialect
	switch {
	case d == nil || p.open != openNone:
		return p.elsewise(h, e)
	case h.dialect == d: // nearly all lines of a log with programs
		if d.Prefix != nil {
			rest = d.Prefix(rest, &e.Prefix)
		}
	case d.begins != nil && h.prefix.Program == nil: // and of a device's log
		if rest, ok = d.begins(rest, &e.Prefix); !ok {
			return p.elsewise(h, e)
		}
	default:
		return p.elsewise(h, e)
	}
	p.text(rest, d, e)
	return p.understood(e)
}

func (p *Parser) understood(e *Event) bool {
	if e.Kind == Unknown {
		p.stats.unknown(e)
		return false
	}
	return true
}

// elsewise is Parse for a line that does not begin as nearly all of a log do; h is its
// header where that is known.
func (p *Parser) elsewise(h *header, e *Event) bool {
	e.empty()
	d := p.dialect
	switch {
	case p.open != openNone:
		p.parse(e.Line, e)
	case h != nil:
		if !p.headed(h, e.Line, e) {
			p.parse(e.Line, e)
		}
	case d == nil || !d.Continues || !p.goesOn(e.Line, e):
		p.parse(e.Line, e)
	}
	e.Prefix.own = 0 // more than one dialect may have tried
	return p.understood(e)
}

func (p *Parser) maxLine() int {
	if p.MaxLine > 0 {
		return p.MaxLine
	}
	return DefaultMaxLine
}

// reset empties e for a line of a number, apart from what text sets anyway.
func (e *Event) reset(number int) {
	e.Number, e.Indent = number, 0
	e.reads.asked, e.dumped = asked{}, dumpedNothing
	e.Side, e.Retransmission, e.RepeatOf = RoleNone, 0, Unknown
	e.Duplicate, e.Cut = false, false
	if e.record != nil { // a pointer that is not written costs the collector nothing
		e.record = nil
	}
}

// empty empties the rest of e but its line, for what may not come to text.
func (e *Event) empty() {
	e.Kind, e.Dialect, e.Text, e.template, e.may, e.clean = Unknown, nil, nil, nil, 0, 0
}

func (p *Parser) parse(line []byte, e *Event) {
	e.Prefix = Prefix{Thread: -1, Level: -1}
	e.Session = &noSession
	if len(line) >= 3 && line[0] == 0xef && line[1] == 0xbb && line[2] == 0xbf {
		line = line[3:]
	}
	if (p.open == openPretty || p.open == openNone && bytes.HasSuffix(line, []byte("{"))) && p.pretty.line(p, line, e) {
		return
	}
	if p.open == openExport || bytes.HasPrefix(line, []byte("__")) {
		if p.export.line(p, line, e) {
			return
		}
	}
	if p.object(line, e) {
		return
	}
	if len(line) > 0 && line[0] == '"' {
		if rest, ok := p.csv.parse(line, &e.Prefix); ok {
			p.wrapped(rest, e)
			return
		}
	}
	rest, foreign := p.carrier(line, &e.Prefix)
	if len(rest) < len(line) && p.object(rest, e) {
		return
	}
	if foreign {
		p.foreign(rest, e)
		return
	}
	p.message(rest, e)
}

// object reads what is an object of JSON, and reports whether it is one. A header
// may stand before it.
func (p *Parser) object(b []byte, e *Event) bool {
	if len(b) == 0 || b[0] != '{' {
		return false
	}
	text, ok := p.unwrap(b, &e.Prefix)
	if ok {
		p.wrapped(text, e)
	}
	return ok
}

// unwrap returns the message of an object of JSON, and fills pr from what else it
// says.
func (p *Parser) unwrap(b []byte, pr *Prefix) (text []byte, ok bool) {
	was := *pr
	if text, ok = p.json.parse(b, pr); !ok {
		*pr = was
		return nil, false
	}
	if was = *pr; len(text) > 0 && text[0] == '{' { // a container's line, that is one itself
		if inner, ok := p.inner.parse(text, pr); ok {
			text = inner
		} else {
			*pr = was
		}
	}
	return text, true
}

// another returns the header that line has if it is not that of the last one, nil if
// none is known, and what follows it.
func (p *Parser) another(line []byte) (h *header, rest []byte) {
	h = p.otherHeader()
	rest, ok := h.cut(line)
	if !ok {
		return nil, nil
	}
	p.cur = h
	return h, rest
}

// headed reads a line that has the same header as one just before it.
func (p *Parser) headed(h *header, line []byte, e *Event) bool {
	rest := line[h.n:]
	foreign := h.foreign
	switch {
	case len(rest) > 0 && rest[0] == '{':
		return false
	case foreign:
		if innerPrefix(rest) {
			return false
		}
	case h.prefix.Program == nil: // more of a header may follow
		own := false
		if own, foreign = ownStart(rest); !own {
			return false
		}
		if d := p.dialect; d != nil && d.Prefix != nil && !foreign {
			if text := d.Prefix(rest, &e.Prefix); len(text) < len(rest) { // as choose would
				p.text(text, d, e)
				return true
			}
		}
	}
	if foreign {
		e.Session = &noSession
		p.foreign(rest, e)
		return true
	}
	p.message(rest, e)
	if h.prefix.Program != nil && p.dialect.names(h.prefix.Program) {
		h.dialect = p.dialect
	}
	return true
}

// otherHeader is the one that is not that of the last line.
func (p *Parser) otherHeader() *header {
	if p.cur == &p.headers[0] {
		return &p.headers[1]
	}
	return &p.headers[0]
}

// foreign notes a line of another program, or about something else.
func (p *Parser) foreign(text []byte, e *Event) {
	p.stats.Foreign++
	e.Text, e.Kind = bytes.TrimSpace(text), Foreign
}

// wrapped reads a message that came in a JSON object. It may have a carrier's
// header of its own, e.g. where a container's output is wrapped.
func (p *Parser) wrapped(b []byte, e *Event) {
	if d := p.dialect; d != nil && d.Continues && p.goesOn(trimEnd(b), e) {
		return // whoever wrapped it has its own name for the host
	}
	pr := &e.Prefix
	if pr.Program == nil && !innerPrefix(b) {
		was := *pr
		rest, foreign := parseHeader(trimEnd(b), pr)
		if pr.Time == nil {
			pr.Time = was.Time
		}
		if pr.Host == nil {
			pr.Host = was.Host
		}
		b = rest
		if foreign && !p.names(pr.Program) {
			p.foreign(b, e)
			return
		}
	} else if pr.Program != nil && !knownProgram(pr.Program) && !p.names(pr.Program) && !innerPrefix(b) {
		p.foreign(b, e)
		return
	}
	p.message(trimEnd(b), e)
}

// carrier takes off what stands before the daemon's own line.
func (p *Parser) carrier(line []byte, pr *Prefix) (rest []byte, foreign bool) {
	if innerPrefix(line) {
		return line, false
	}
	if p.dialect != nil && p.dialect.Continues {
		if text, ok := goesOnPlain(line); ok {
			return text, false
		}
	}
	rest, foreign = parseHeader(line, pr)
	foreign = foreign && !p.names(pr.Program)
	// Blanks alone are no header: they stand before the next lines of a message.
	if n := len(line) - len(rest); n > 0 && len(trimLeft(line[:n])) > 0 {
		p.cur = p.otherHeader()
		p.cur.learn(line, n, pr, foreign && pr.Program != nil)
		p.cur.id = p.number
	}
	return rest, foreign
}

// message reads the daemon's own line.
func (p *Parser) message(b []byte, e *Event) {
	d := p.dialect
	switch {
	case d == nil, len(b) > 0 && !(d.Continues && continues(e)):
		d, b = p.choose(b, &e.Prefix)
	case d.Prefix != nil:
		b = d.Prefix(b, &e.Prefix)
	}
	p.text(b, d, e)
}

// text reads what is left of a line without prefixes.
func (p *Parser) text(b []byte, d *Dialect, e *Event) {
	if n := len(b); n == 0 || b[0] <= ' ' || b[n-1] <= ' ' || b[n-1] == '|' {
		b = b[overBlanks(b, 0):]
		e.Indent = n - len(b)
		b = trimRight(b)
	}
	if e.Text = b; e.Dialect != d {
		e.Dialect = d
	}
	if p.PrefixOnly || len(b) == 0 {
		p.unread(e)
		return
	}
	r := p.last
	if r == nil || r.d != d {
		r = p.reading(d)
	}
	m := r.moulds.fits(e.Text)
	if m != nil && len(m.again) > 0 {
		m = m.asks(p.last.trie, e.Text, &e.spans)
	}
	if m != nil { // nearly always
		*(*[mouldSpans]span)(e.spans[:]) = m.spans
		e.template, e.may, e.Kind, e.clean = m.t, m.may, m.kind, m.clean
	} else if !p.search(p.last, e.Text, e) {
		return
	}
	p.last.a.line(e)
	p.lastKind = e.Kind
}

// unread is text for what is not read: nothing, or nothing but the prefix.
func (p *Parser) unread(e *Event) {
	if len(e.Text) > 0 {
		e.says(Plain)
		return
	}
	p.stats.Blank++
	e.says(Blank)
}

// says makes e of a Kind that no template tells, of no session.
func (e *Event) says(k Kind) {
	e.Kind, e.template, e.may, e.clean, e.Session = k, nil, 0, 0, &noSession
}

// search finds out what a text says that fits no mould, and reports whether that is
// something of its own.
func (p *Parser) search(r *reading, b []byte, e *Event) bool {
	e.Kind, e.template, e.may, e.clean = Unknown, nil, 0, 0
	if dumps(b) && hexDump(b) {
		e.Kind = HexDump
	} else if t := r.trie.match(b, &e.spans, &r.recent); t != nil {
		e.template, e.may, e.Kind = t, t.may, t.Kind
		r.moulds.keep(b, t, &e.spans)
	} else if decoration(b) {
		p.stats.Blank++
		e.says(Blank)
		return false
	} else if count, inner, ok := repeated(b); ok {
		p.again(r.d, count, inner, e)
		return false
	}
	return true
}

// again handles "last message repeated n times" and rsyslog's form that holds
// the message itself.
func (p *Parser) again(d *Dialect, count, inner []byte, e *Event) {
	if inner != nil {
		pr := e.Prefix
		number := e.Number
		e.Indent = 0
		p.message(inner, e)
		e.Number, e.Prefix.Time = number, pr.Time
		return
	}
	e.Kind, e.RepeatOf = Repeated, p.lastKind
	p.reading(d).a.line(e)
	from := offset(e.Text, count)
	e.spans[0] = span{uint32(from), uint32(from + len(count))}
	e.template, e.may = &repeatTemplate, repeatTemplate.may
}

var repeatTemplate = template{Template: Template{Kind: Repeated}, fields: []Field{FieldCount}, slot: [numFields]uint8{FieldCount: 1}, may: 1 << (FieldCount & 63)}

// repeated recognises syslog's words for a message that came again.
func repeated(b []byte) (count, inner []byte, ok bool) {
	i := bytes.Index(b, []byte("message repeated "))
	if i < 0 || i > 12 {
		return nil, nil, false
	}
	rest := b[i+len("message repeated "):]
	n := digits(rest)
	if n == 0 {
		return nil, nil, false
	}
	count = rest[:n]
	rest = rest[n:]
	if in, found := bytes.CutPrefix(rest, []byte(" times: [")); found && len(in) > 0 && in[len(in)-1] == ']' {
		return count, bytes.TrimSpace(in[:len(in)-1]), true
	}
	return count, nil, bytes.HasPrefix(rest, []byte(" time"))
}

// decoration reports whether a line is a table's frame, the name of one of
// its columns, or a divider.
func decoration(b []byte) bool {
	word := false
	for _, c := range b {
		switch c {
		case '|', '-', '+', '=', ' ', '\t', '*', '_', '.':
		default:
			word = true
		}
	}
	if !word {
		return true
	}
	b = bytes.Trim(b, "| \t")
	switch string(b) {
	case "IPSec", "IPsec", "Service", "Message", "Initiator-Log", "Responder-Log", "Initiator-Log & Responder-Log":
		return true
	}
	return false
}

// dumps reports whether a text begins as a dump's line does.
func dumps(b []byte) bool {
	return unhex(b[0]) <= 15 && len(b) > 1 && (unhex(b[1]) <= 15 || b[1] == ':')
}

// hexDump reports whether a text is one of the forms of a dump's line.
func hexDump(b []byte) bool {
	if len(b) >= 8 {
		if n := first(notHex(first8(b))); n < 8 && b[n] != ' ' && b[n] != ':' {
			return false // "deleting"
		}
	}
	return hexLine(b) || hexWords(b)
}

// hexLine reports whether a text is one line of a hex dump: "  16: 01 10 ..",
// or four octets and more.
func hexLine(b []byte) bool {
	n := digits(b)
	i := 0
	if n > 0 && n+1 < len(b) && b[n] == ':' && b[n+1] == ' ' {
		i = n + 2
		return i+2 < len(b)+1 && octet(b, i) && (i+2 == len(b) || b[i+2] == ' ')
	}
	for k := 0; ; k++ {
		if !octet(b, i) {
			return false
		}
		if i += 2; i == len(b) {
			return k >= 1
		}
		if b[i] != ' ' {
			return false
		}
		if i++; k == 3 {
			return true
		}
	}
}

func octet(b []byte, i int) bool {
	return i+2 <= len(b) && unhex(b[i]) <= 15 && unhex(b[i+1]) <= 15
}

// Flush gives the record that is still open at the end of a stream, if there
// is one.
func (p *Parser) Flush(e *Event) bool {
	was := p.open
	if was == openNone {
		return false
	}
	e.reset(p.number)
	e.empty()
	e.Prefix, e.Session = Prefix{Thread: -1, Level: -1}, &noSession
	if was == openExport {
		p.export.finish(p, e)
	} else {
		p.pretty.finish(p, e)
	}
	return e.Kind != Blank
}
