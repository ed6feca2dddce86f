package isakmp

// Limits bounds what one message may hold. What is beyond a limit is not
// decoded, is reported as ErrTooMany, and is kept as it is. Zero means the
// default. Set it before the first Decode: what a Message has room for already
// stays in use.
type Limits struct {
	Payloads   int // per message; default 256
	Proposals  int // per message; default 256
	Transforms int // per message; default 2048
	Attributes int // per message; default 16384
	Problems   int // kept per message; default 32
}

func or(n, byDefault int) int {
	if n <= 0 {
		return byDefault
	}
	return n
}

func (l *Limits) payloads() int   { return or(l.Payloads, 256) }
func (l *Limits) proposals() int  { return or(l.Proposals, 256) }
func (l *Limits) transforms() int { return or(l.Transforms, 2048) }
func (l *Limits) attributes() int { return or(l.Attributes, 16384) }
func (l *Limits) problems() int   { return or(l.Problems, 32) }
