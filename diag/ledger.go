package diag

// A ledger is what a strand's observations and the rules ask for, and the join
// does not: of a negotiation that nobody speaks of it is packed.
type ledger struct {
	slots   []*slot // sorted
	last    Where
	at      [values]spot // where the source gave what the strand is known by, 0 where it did not
	dropped uint32       // facts for which there was no room of their own
	turned  *Connection  // the policy with its ends exchanged, set by the join
}

// What a strand is known by.
const (
	valueRole = iota
	valueLocal
	valueRemote
	valueName
	valueLocalID
	valueRemoteID
	values
)

// later moves to a spot, unless that is before it.
func (p *spot) later(at spot) bool {
	if at < *p {
		return false
	}
	*p = at
	return true
}

// open returns the ledger, unpacked.
func (s *strand) open() *ledger {
	if s.ledger == nil {
		s.ledger = &ledger{}
		if s.packed.with != nil {
			s.packed.with.packer.unpack(s)
		}
	}
	return s.ledger
}

// facts returns what was observed, sorted.
func (s *strand) facts() []*slot { return s.open().slots }
