package diag

import "time"

// A moment is a Time, for keeping: what the times of one source have in common
// is there once, and a moment points to it alone.
type moment struct {
	seconds     int64 // since 1970
	clock       *clock
	nanoseconds int32
}

// A clock is what there is to say of all times of a source, or of many.
type clock struct {
	zone      *time.Location
	precision time.Duration
	assumed   string
}

// moment returns a time as it is kept, and its clock: c where that fits.
func (c *clock) moment(t Time) (moment, *clock) {
	k := clock{t.Value.Location(), t.Precision, t.Assumed}
	if c == nil || *c != k {
		if t == (Time{}) {
			return moment{}, c
		}
		c = &clock{k.zone, k.precision, k.assumed}
	}
	return moment{t.Value.Unix(), c, int32(t.Value.Nanosecond())}, c
}

// time returns the time that a moment was made of.
func (m moment) time() Time {
	if m.clock == nil {
		return Time{}
	}
	return Time{time.Unix(m.seconds, int64(m.nanoseconds)).In(m.clock.zone), m.clock.precision, m.clock.assumed}
}

// sub returns how much later a moment is than another one, where both are known.
func (m moment) sub(n moment) time.Duration {
	const years = 1 << 33 // 272 in seconds, fewer than a Duration holds
	if s := m.seconds - n.seconds; -years < s && s < years {
		return time.Duration(s)*time.Second + time.Duration(m.nanoseconds-n.nanoseconds)
	}
	return m.time().Value.Sub(n.time().Value)
}

// before compares two moments that are known.
func (m moment) before(n moment) bool {
	return m.seconds < n.seconds || m.seconds == n.seconds && m.nanoseconds < n.nanoseconds
}
