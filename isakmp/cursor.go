package isakmp

import "iter"

// Cursor walks a payload chain without a Message: the cheapest way to see
// which payloads there are. It is a value; a copy goes its own way. It checks
// the chain, but not what is in the payloads.
type Cursor struct {
	b    []byte
	at   int // where the next payload begins
	next PayloadType
	cur  Payload
	err  error
}

// Walk returns a Cursor before the first payload of b, which has type first.
// For a message in the clear that is b[HeaderLen:] and Header.NextPayload.
func Walk(first PayloadType, b []byte) Cursor { return Cursor{b: b, next: first} }

// Next goes to the next payload and reports whether there is one.
func (c *Cursor) Next() bool {
	if c.next == PayloadNone || c.err != nil {
		return false
	}
	left := len(c.b) - c.at
	if left < PayloadHeaderLen {
		c.err = ErrTruncated
		return false
	}
	b := c.b[c.at:]
	switch n := int(b[2])<<8 | int(b[3]); {
	case n < PayloadHeaderLen:
		c.err = ErrLength
	case n > left:
		c.err = ErrTruncated
	default:
		c.cur.Body = b[PayloadHeaderLen:n:n]
		c.cur.Offset = uint32(c.at)
		c.cur.Type = c.next
		c.cur.Reserved = b[1]
		c.at += n
		c.next = PayloadType(b[0])
		if c.cur.Type == PayloadV2Encrypted || c.cur.Type == PayloadV2Fragment {
			c.next = PayloadNone // it names the first payload inside
		}
	}
	return c.err == nil
}

// Payload returns the current payload. Its Body aliases the input; its Offset
// counts from the beginning of that.
func (c *Cursor) Payload() Payload { return c.cur }

// Offset returns where the next payload begins, or where Err stands.
func (c *Cursor) Offset() int { return c.at }

// Err returns why the walk ended early: ErrTruncated or ErrLength, nil if it
// did not.
func (c *Cursor) Err() error { return c.err }

// All yields the payloads from where the Cursor stands. It allocates nothing
// unless such loops are nested within one function.
func (c Cursor) All() iter.Seq[Payload] {
	return func(yield func(Payload) bool) {
		for c.Next() && yield(c.cur) {
		}
	}
}
