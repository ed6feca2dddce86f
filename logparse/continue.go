package logparse

// continues reports whether a line can be the next one of a message of several.
func continues(e *Event) bool {
	pr := &e.Prefix
	return len(e.Line) > 0 && (e.Line[0] == ' ' || e.Line[0] == '\t') && len(pr.Time)+len(pr.Host)+len(pr.Program) == 0
}

// goesOn reads a line of goesOnPlain, and reports whether it is one.
func (p *Parser) goesOn(line []byte, e *Event) bool {
	text, ok := goesOnPlain(line)
	if !ok {
		return false
	}
	e.Prefix = Prefix{Thread: -1, Level: -1}
	e.Session = &noSession
	p.text(text, p.dialect, e) // no daemon's prefix begins so
	return true
}

// goesOnPlain reports whether a line begins with blanks and a word that is
// nothing of a carrier's: no time, column of a table or program. It returns
// what follows the blanks.
func goesOnPlain(line []byte) (text []byte, ok bool) {
	if len(line) == 0 || line[0] != ' ' && line[0] != '\t' {
		return nil, false
	}
	b := line[overBlanks(line, 0):]
	if len(b) == 0 || b[0]-'a' > 25 && b[0] != '(' {
		return nil, false
	}
	n := reachEither(b, 0, ' ', '|')
	if n == len(b) {
		return b, b[n-1] != ':'
	}
	if b[n] == '|' || b[n-1] == ':' {
		return nil, false
	}
	for n < len(b) && b[n] == ' ' {
		n++
	}
	return b, n == len(b) || b[n] != '|'
}
