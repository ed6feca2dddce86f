package diag

// Flood: a capture shows more negotiations that nobody went on with than are
// followed at a time, as somebody makes who sends first messages under forged
// addresses. The oldest of them were forgotten, others were not.
type Flood struct {
	// Begun counts all negotiations of the capture, Forgotten those of which
	// nothing is told.
	Begun, Forgotten uint64
}

// Kind returns BodyFlood.
func (*Flood) Kind() BodyKind        { return BodyFlood }
func (*Flood) party() Party          { return PartyUnknown }
func (*Flood) slot() uint64          { return 0 }
func (f *Flood) clone(dst Body) Body { d := reuse[Flood](dst); *d = *f; return d }
