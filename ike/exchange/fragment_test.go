package exchange

import (
	"bytes"
	"testing"

	"github.com/ikediag/ikediag/isakmp"
)

// cut splits a message into IKE fragments of n octets.
func (w *wire) cut(b []byte, id uint16, n int) (out [][]byte) {
	for i := 0; len(b) > 0; i++ {
		piece := b[:min(n, len(b))]
		b = b[len(piece):]
		last := byte(0)
		if len(b) == 0 {
			last = 1
		}
		body := append([]byte{byte(id >> 8), byte(id), byte(i + 1), last}, piece...)
		out = append(out, w.message(w.r, isakmp.ExchangeMain, 0, 0, payload{isakmp.PayloadFragment, body}))
	}
	return out
}

func TestFragments(t *testing.T) {
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 1, 0, 3, 0, 2}, {2, 3, 0, 1}} {
		w := newWire()
		var tr Tracker
		var s Step
		for n := 1; n <= 4; n++ {
			d := w.mm(n)
			tr.Observe(&d, &s)
		}
		whole := w.message(w.r, isakmp.ExchangeMain, 0, 400)
		pieces := w.cut(whole, 7, 110)
		for round := range 2 {
			for i, k := range order {
				d := w.send(Initiator, pieces[k])
				tr.Observe(&d, &s)
				if s.Fragment.Number != uint8(k+1) || s.Fragment.ID != 7 || s.Class != Message || s.From != Initiator {
					t.Fatalf("order %v: %+v", order, s)
				}
				if done := i == len(order)-1; !done {
					if s.Number != 0 || s.Fragments != 0 || s.First() {
						t.Errorf("order %v, piece %d: %+v", order, i, s)
					}
				} else if s.Number != 5 || s.Fragments != 4 || s.Length != len(whole) || !s.Encrypted || s.Retransmission != round || s.First() != (round == 0) {
					t.Errorf("order %v, round %d: %+v", order, round, s)
				}
			}
		}
		if st := tr.Stats(); st.FragmentsDropped != 0 {
			t.Errorf("order %v: %+v", order, st)
		}
	}
}

// TestFragmentsApart: messages of both senders, cut with the same identifier,
// do not mix.
func TestFragmentsApart(t *testing.T) {
	w := newWire()
	var tr Tracker
	var s Step
	d := w.mm(1)
	tr.Observe(&d, &s)
	a := w.cut(w.message(w.r, isakmp.ExchangeMain, 0, 300), 1, 200)
	b := w.cut(w.message(w.r, isakmp.ExchangeMain, 0, 310), 1, 200)
	for _, c := range []struct {
		from   Side
		b      []byte
		number int
	}{{Initiator, a[0], 0}, {Responder, b[0], 0}, {Initiator, a[1], 5}, {Responder, b[1], 6}} {
		d := w.send(c.from, c.b)
		tr.Observe(&d, &s)
		if s.Number != c.number {
			t.Errorf("#%d, want #%d", s.Number, c.number)
		}
	}
}

// TestFragmentLimits: what does not fit is dropped and counted.
func TestFragmentLimits(t *testing.T) {
	var m assembler
	l := &Limits{Fragmented: 2, FragmentBytes: 100}
	add := func(id uint16, n uint8, last bool, size int) pieced {
		return m.add(l, 1, 0, Fragment{ID: id, Number: n, Last: last}, bytes.Repeat([]byte{n}, size), 0)
	}
	add(1, 1, false, 60)
	if got := add(1, 2, false, 60); got.dropped != 2 {
		t.Errorf("too long: %+v", got)
	}
	add(2, 1, false, 10)
	add(3, 1, false, 10)
	if got := add(4, 1, false, 10); got.dropped != 1 || len(m.sets) != 2 {
		t.Errorf("too many: %+v, %d", got, len(m.sets))
	}
	// A last piece before others that lie behind it.
	add(5, 3, false, 10)
	add(5, 1, false, 10)
	if got := add(5, 2, true, 10); got.whole != nil || got.dropped != 3 {
		t.Errorf("behind the last: %+v", got)
	}
	// The same number with other bytes begins anew.
	add(6, 1, false, 10)
	if got := add(6, 1, false, 11); got.dropped != 1 {
		t.Errorf("other bytes: %+v", got)
	}
	if got := add(6, 2, true, 5); len(got.whole) != 16 || got.n != 2 {
		t.Errorf("whole: %+v", got)
	}
	for _, b := range [][]byte{nil, {0, 1, 1}, {0, 1, 0, 0, 9}, {0, 1, 1, 1}} {
		if _, _, ok := readFragment(b); ok {
			t.Errorf("%x taken for a fragment", b)
		}
	}
}
