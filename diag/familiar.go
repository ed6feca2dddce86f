package diag

import "github.com/ikediag/ikediag/ike"

// familiar is what the last observations of a source said, as it is kept: the next
// often say the same, and share it.
type familiar struct {
	content []byte // of the source, where that is in memory
	clock   *clock
	offers  [2][]ike.Proposal // of phase 1, of phase 2
}

// moment returns a time as it is kept, most often by the clock of the last one.
func (f *familiar) moment(t *Time) (m moment) {
	if c := f.clock; c != nil && c.tells(t) {
		return c.at(t)
	}
	m, f.clock = f.clock.moment(t)
	return m
}

// proposals returns the last ones that were told of a phase: those of an offer are
// most often the same.
func (f *familiar) proposals(o *Offer) []ike.Proposal { return f.offers[o.phase()] }

// learn remembers a body that was kept.
func (f *familiar) learn(b Body, k BodyKind) {
	if k == BodyOffer {
		o := b.(*Offer)
		f.offers[o.phase()] = o.Proposals
	}
}

func (o *Offer) phase() int {
	if o.Phase2 {
		return 1
	}
	return 0
}
