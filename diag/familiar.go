package diag

import "github.com/ikediag/ikediag/ike"

// familiar is what the last observations of a source said, as it is kept: the next
// often say the same, and share it.
type familiar struct {
	content []byte // of the source, where that is in memory
	clock   *clock
	offers  [2][]ike.Proposal // of phase 1, of phase 2
}

// offer returns where an offer is to be kept, which has the last one's proposals.
func (f *familiar) offer(o *Offer) *Offer { return &Offer{Proposals: f.offers[o.phase()]} }

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
