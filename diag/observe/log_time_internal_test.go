package observe

import (
	"bytes"
	"testing"
	"time"
)

// An instant is the time that it was made of, and is later where that is.
func TestInstant(t *testing.T) {
	var times []time.Time
	for _, second := range []int64{yearOne - 1, yearOne, yearOne + 1, -1, 0, 1, 1 << 31, 1 << 38} {
		for _, n := range []int64{0, 1, 999_999_999} {
			times = append(times, time.Unix(second, n).UTC())
		}
	}
	for _, a := range times {
		if got := instantOf(a).time(); got != a {
			t.Errorf("%v is %v", a, got)
		}
		for _, b := range times {
			if got := instantOf(a).after(instantOf(b)); got != a.After(b) {
				t.Errorf("%v after %v: %v", a, b, got)
			}
		}
	}
	if (instant{}).time() != (time.Time{}) {
		t.Error("the zero instant is not the zero time")
	}
}

// A stamp is a time with the same octets, all of them.
func TestStamp(t *testing.T) {
	for n := range 70 {
		var s stamp
		b := bytes.Repeat([]byte{'1'}, n)
		if s.is(b) != (n == 0) {
			t.Errorf("%d octets are none", n)
		}
		s.set(b)
		if kept := n <= len(s.text); s.is(b) != kept {
			t.Errorf("%d octets: %v", n, !kept)
		}
		if s.is(append(b, '1')) || n > 0 && s.is(b[1:]) {
			t.Errorf("%d octets: more, or less, are the same", n)
		}
		for i := range b {
			b[i] = '2'
			if s.is(b) {
				t.Errorf("%d octets: the one at %d is another", n, i)
			}
			b[i] = '1'
		}
	}
}
