package logparse

// assembler ties events to sessions: it sets Event.Session, which holds the
// last line's before. It may change an Event's Kind where only
// the lines before tell what a line means, and it must be bounded. It serves the
// stream of one Parser; at its end it leaves what memory it has to the next one's.
type assembler interface {
	serve(p *Parser)
	line(e *Event)
	leave(*room)
}
