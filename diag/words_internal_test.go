package diag

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// A fact says what it was told with, whatever was observed since: from the content
// of its source where the text stands there, from the ledger where it does not.
func TestSaid(t *testing.T) {
	content := []byte(strings.Repeat("the lines of a log that is in memory, ", 100))
	var texts []string
	for _, n := range []int{0, 1, 7, textKept - 1, textKept, textKept + 9, 3} {
		texts = append(texts, strings.Repeat("a", n), string(content[n:2*n]))
	}
	for _, of := range [][]byte{nil, content} {
		s, f := &strand{names: &noNames}, familiar{content: of}
		want := map[*fact]string{}
		for i := range 40 * len(texts) {
			o := Observation{Where: Where{Line: i + 1}, Text: []byte(texts[i%len(texts)]), Body: &Notify{Type: 14}, Keys: Keys{Child: uint64(i/9) % 31}}
			if at := bytes.Index(content, o.Text); i%3 == 0 && at >= 0 {
				o.Text, o.Offset = content[at:at+len(o.Text)], at
			} else {
				o.Offset = i % 5 * len(content) / 3 // that is not where it stands
			}
			text := string(o.Text[:min(len(o.Text), textKept)])
			s.observe(&o, moment{}, 1, &f)
			if i%3 != 0 {
				clear(o.Text) // the caller's, who writes the next one there
			}
			l := s.ledger
			at, _ := l.find(o.Keys.Child, BodyNotify, o.Body.slot())
			want[l.slots[at].latest()] = text
			for _, sl := range l.slots {
				for _, f := range [...]*fact{&sl.first, sl.latest()} {
					if got := string(s.said(f)); got != want[f] {
						t.Fatalf("observation %d: %q, want %q", i, got, want[f])
					}
				}
			}
		}
		most := 0
		for _, p := range s.ledger.texts {
			most += cap(p)
		}
		if bound := 31 * 4 * textKept; most > bound {
			t.Errorf("%d octets for texts, want %d at most", most, bound)
		}
	}
}

// Places in many pieces are told apart.
func TestTexts(t *testing.T) {
	var x texts
	var at []uint32
	for i := range 3000 {
		n := i%textKept + 1
		at = append(at, x.room(n, 2*textKept))
		copy(x.of(at[i], uint8(n)), fmt.Sprint(i))
	}
	for i, p := range at {
		n := min(i%textKept+1, len(fmt.Sprint(i)))
		if got, want := string(x.of(p, uint8(n))), fmt.Sprint(i)[:n]; got != want {
			t.Fatalf("%d: %q, want %q", i, got, want)
		}
	}
}
