package diag

import (
	"bytes"
	"cmp"
	"slices"
)

// Traces are where a fact is shown: evidence that is yet to be made. Of a finding
// about many attempts no more of it is made than the finding keeps. They are good
// as long as the rule runs.
type Traces struct {
	at     []shown
	weight Weight
}

// As returns the traces as evidence of a weight.
func (t Traces) As(w Weight) Traces { return Traces{t.at, w} }

// A piece of a finding's evidence, which is made or, of Traces, is yet to be.
type piece struct {
	shown
	made   *Evidence
	at     spot
	source SourceID
	of     int32 // the finding, by its index
	weight Weight
}

// words returns the text that it has, or will have.
func (p *piece) words() []byte {
	if p.made != nil {
		return p.made.words()
	}
	return p.s.said(p.f)
}

func (v *View) kindOf(p *piece) EvidenceKind {
	if p.made != nil {
		return p.made.Kind
	}
	return v.engine.sources[p.source].Kind.evidence()
}

func (v *View) comparePiece(a, b *piece) int {
	if c := v.comparePlace(a.source, b.source, a.at, b.at); c != 0 {
		return c
	}
	return bytes.Compare(a.words(), b.words())
}

// appendPieces appends those of evidence that is made.
func appendPieces(all []piece, es []Evidence, of int32) []piece {
	for i := range es {
		all = append(all, piece{made: &es[i], at: es[i].Where.spot(), source: es[i].Source, of: of, weight: es[i].Weight})
	}
	return all
}

// sortPieces puts pieces in the order of their places, which is nearly theirs: what
// stands before its place goes back a few, or all are sorted.
func (v *View) sortPieces(all []piece) {
	const few = 16
	for i := 1; i < len(all); i++ {
		j, at, source := i, all[i].at, all[i].source
		for ; j > 0; j-- {
			p := &all[j-1]
			if p.source != source || p.at == at { // as seldom
				if v.comparePiece(p, &all[i]) <= 0 {
					break
				}
			} else if p.at < at {
				break
			}
			if i-j+1 == few {
				slices.SortStableFunc(all, func(a, b piece) int { return v.comparePiece(&a, &b) })
				return
			}
		}
		if j < i {
			p := all[i]
			copy(all[j+1:i+1], all[j:i])
			all[j] = p
		}
	}
}

// collect keeps the pieces of a finding's evidence, since the rule may use its own
// list again, and returns the greatest weight of what speaks for it.
func (s *Sink) collect(f *Finding, of int32) (most Weight) {
	n := len(s.evidence)
	s.evidence = append(s.evidence, f.Evidence...)
	for i := range f.Evidence {
		if e := &f.Evidence[i]; !e.Against {
			most = max(most, e.Weight)
		}
	}
	s.pieces = appendPieces(s.pieces, s.evidence[n:], of)
	if t := &f.Traces; len(t.at) > 0 {
		at := len(s.pieces)
		s.pieces = slices.Grow(s.pieces, len(t.at))[:at+len(t.at)]
		for i, x := range t.at {
			s.pieces[at+i] = piece{shown: x, at: x.f.at, source: x.s.key.source, of: of, weight: t.weight}
		}
		most = max(most, t.weight)
	}
	f.Evidence, f.Traces = nil, Traces{}
	return most
}

// byFinding puts the pieces in the order of the findings that they are of.
func (s *Sink) byFinding() []piece {
	if len(s.findings)-s.before > 1 { // as seldom
		slices.SortStableFunc(s.pieces, func(a, b piece) int { return cmp.Compare(a.of, b.of) })
	}
	return s.pieces
}

// trim makes evidence of pieces: it puts them in order, drops repetitions and keeps
// the weightiest.
func (v *View) trim(all []piece) []Evidence {
	all = v.inOrder(all)
	n := 0
	var weights [Proof + 1]int // how many there are of each
	for i := range all {
		p := &all[i]
		if q := &all[max(n-1, 0)]; q.at == p.at && n > 0 && q.source == p.source && v.kindOf(q) == v.kindOf(p) {
			weights[q.weight]--
			q.weight = max(q.weight, p.weight)
			weights[q.weight]++
			continue
		}
		weights[p.weight]++
		if n < i {
			all[n] = *p
		}
		n++
	}
	out := all[:n]
	for w := Background; len(out) > evidenceKept && w <= Proof; w++ {
		if weights[w] == 0 {
			continue
		}
		over, n := len(out)-evidenceKept, 0
		var before SourceID
		for i := range out {
			p := &out[i]
			// The first of a source stays as long as anything does.
			gone := over > 0 && p.weight == w && i > 0 && before == p.source
			before = p.source
			if gone {
				over--
				continue
			}
			if n < i {
				out[n] = *p
			}
			n++
		}
		out = out[:n]
	}
	if len(out) == 0 {
		return nil
	}
	kept := make([]Evidence, min(len(out), evidenceKept))
	for i := range kept {
		if p := &out[i]; p.made != nil {
			kept[i] = *p.made
		} else {
			v.show(&kept[i], p.s, p.f)
		}
		kept[i].Weight = out[i].weight
	}
	return kept
}

// inOrder puts pieces in order, most of which are of a few sources and stand in
// order among those of the same one.
func (v *View) inOrder(all []piece) []piece {
	var room [evidenceKept]SourceID
	sources := room[:0]
	for i := range all {
		switch s := all[i].source; {
		case i > 0 && all[i-1].source == s || slices.Contains(sources, s):
		case len(sources) == evidenceKept:
			v.sortPieces(all)
			return all
		default:
			sources = append(sources, s)
		}
	}
	if len(sources) == 1 {
		v.sortPieces(all)
		return all
	}
	slices.SortFunc(sources, v.engine.compareSource)
	out := v.engine.sink.ordered[:0]
	for _, s := range sources {
		at := len(out)
		for i := range all {
			if all[i].source == s {
				out = append(out, all[i])
			}
		}
		v.sortPieces(out[at:])
	}
	v.engine.sink.ordered = out
	return out
}
