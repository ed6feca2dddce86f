package logparse

// assembler ties events to sessions: it sets Event.Session, which holds the
// last line's before. It may change an Event's Kind where only
// the lines before tell what a line means, and it must be bounded. At the end of
// a stream it leaves what memory it has to the next one's.
type assembler interface {
	line(p *Parser, e *Event)
	leave(*room)
}
