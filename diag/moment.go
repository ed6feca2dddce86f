package diag

import "time"

// A moment is a Time, for keeping: what the times of one source have in common
// is there once, and a moment points to it alone.
type moment struct {
	since time.Duration // the clock's start
	clock *clock
}

// A clock is what there is to say of all times of a source, or of many.
type clock struct {
	start     int64 // in seconds since 1970: of an age
	zone      *time.Location
	precision time.Duration
	assumed   string
}

// age is the seconds for which one clock can tell the time, 136 years.
const age = 1 << 32

// tells reports whether a time is of the clock.
func (c *clock) tells(t *Time) bool {
	return uint64(t.Value.Unix()-c.start) < age && t.Value.Location() == c.zone && t.Precision == c.precision && t.Assumed == c.assumed
}

// at returns a time of the clock.
func (c *clock) at(t *Time) moment {
	return moment{time.Duration(t.Value.Unix()-c.start)*time.Second + time.Duration(t.Value.Nanosecond()), c}
}

// moment returns a time as it is kept, and its clock: c where that fits.
func (c *clock) moment(t *Time) (moment, *clock) {
	if c == nil || !c.tells(t) {
		if *t == (Time{}) {
			return moment{}, c
		}
		c = &clock{t.Value.Unix() &^ (age - 1), t.Value.Location(), t.Precision, t.Assumed}
	}
	return c.at(t), c
}

// time returns the time that a moment was made of.
func (m moment) time() Time {
	if m.clock == nil {
		return Time{}
	}
	return Time{time.Unix(m.seconds(), int64(m.since%time.Second)).In(m.clock.zone), m.clock.precision, m.clock.assumed}
}

// seconds returns how many there were since 1970, of a moment that is known.
func (m moment) seconds() int64 { return m.clock.start + int64(m.since/time.Second) }

// sub returns how much later a moment is than another one, where both are known.
func (m moment) sub(n moment) time.Duration {
	if m.clock.start == n.clock.start {
		return m.since - n.since
	}
	return m.time().Value.Sub(n.time().Value)
}

// before compares two moments that are known.
func (m moment) before(n moment) bool {
	if m.clock == n.clock || m.clock.start == n.clock.start {
		return m.since < n.since
	}
	return m.clock.start < n.clock.start
}
