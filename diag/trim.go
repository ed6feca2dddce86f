package diag

import (
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

func (p *piece) text() string {
	if p.made != nil {
		return p.made.text()
	}
	return string(p.s.said(p.f))
}

func (v *View) kindOf(p *piece) EvidenceKind {
	if p.made != nil {
		return p.made.Kind
	}
	return v.engine.sources[p.source].Kind.evidence()
}

func (v *View) comparePiece(a, b *piece) int {
	if a.source == b.source && a.at != b.at { // as nearly always
		return cmp.Compare(a.at, b.at)
	}
	if c := v.comparePlace(a.source, b.source, a.at, b.at); c != 0 {
		return c
	}
	return cmp.Compare(a.text(), b.text())
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
		j := i
		for j > 0 && v.comparePiece(&all[j-1], &all[i]) > 0 {
			if j--; i-j == few {
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
	for _, x := range f.Traces.at {
		s.pieces = append(s.pieces, piece{shown: x, at: x.f.at, source: x.s.key.source, of: of, weight: f.Traces.weight})
		most = max(most, f.Traces.weight)
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
	out := all[:0]
	var weights [Proof + 1]int // how many there are of each
	for i := range all {
		p := &all[i]
		if n := len(out); n > 0 && out[n-1].source == p.source && out[n-1].at == p.at && v.kindOf(&out[n-1]) == v.kindOf(p) {
			weights[out[n-1].weight]--
			out[n-1].weight = max(out[n-1].weight, p.weight)
		} else {
			out = append(out, *p)
		}
		weights[out[len(out)-1].weight]++
	}
	for w := Background; len(out) > evidenceKept && w <= Proof; w++ {
		if weights[w] == 0 {
			continue
		}
		over := len(out) - evidenceKept
		kept := out[:0]
		var before SourceID
		for i := range out {
			p := out[i]
			// The first of a source stays as long as anything does.
			if over > 0 && p.weight == w && i > 0 && before == p.source {
				over--
			} else {
				kept = append(kept, p)
			}
			before = p.source
		}
		out = kept
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
