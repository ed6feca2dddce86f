package capture

import "time"

// stampKind says how a line tells its time.
type stampKind uint8

const (
	stampNone  stampKind = iota
	stampClock           // time of day: the default
	stampDate            // date and time of day: -tttt
	stampEpoch           // seconds since 1970: -tt
)

// stamp is the time at the start of a line.
type stamp struct {
	kind             stampKind
	year, month, day int
	clock            time.Duration // since midnight, or since 1970
}

// readStamp reads a time at the start of b and returns what follows it.
func readStamp(b []byte) (s stamp, rest []byte) {
	if v, n := digits(b); n == 4 && len(b) > 11 && b[4] == '-' && b[7] == '-' && (b[10] == ' ' || b[10] == 'T') {
		month, k := digits(b[5:7])
		day, l := digits(b[8:10])
		if clock, m := readClock(b[11:]); k == 2 && l == 2 && m > 0 && month >= 1 && month <= 12 && day >= 1 && day <= 31 {
			return stamp{stampDate, int(v), int(month), int(day), clock}, b[11+m:]
		}
		return s, b
	} else if n >= 1 && n <= 10 && len(b) > n && b[n] == '.' {
		frac, m := readFraction(b[n:])
		if end(b[n+m:]) && (m == 7 || m == 10) { // micro- or nanoseconds
			return stamp{kind: stampEpoch, clock: time.Duration(v)*time.Second + frac}, b[n+m:]
		}
		return s, b
	}
	if clock, n := readClock(b); n > 0 {
		return stamp{kind: stampClock, clock: clock}, b[n:]
	}
	return s, b
}

// readClock reads hh:mm:ss with or without a fraction and returns how many
// bytes it took.
func readClock(b []byte) (time.Duration, int) {
	if len(b) < 8 || b[2] != ':' || b[5] != ':' {
		return 0, 0
	}
	h, i := digits(b[:2])
	m, j := digits(b[3:5])
	s, k := digits(b[6:8])
	if i != 2 || j != 2 || k != 2 || h > 23 || m > 59 || s > 60 {
		return 0, 0
	}
	frac, n := readFraction(b[8:])
	if !end(b[8+n:]) {
		return 0, 0
	}
	return time.Duration(h*3600+m*60+s)*time.Second + frac, 8 + n
}

// readFraction reads a point and up to nine digits.
func readFraction(b []byte) (time.Duration, int) {
	if len(b) < 2 || b[0] != '.' {
		return 0, 0
	}
	v, n := digits(b[1:])
	if n == 0 || n > 9 {
		return 0, 0
	}
	for range 9 - n {
		v *= 10
	}
	return time.Duration(v), 1 + n
}

// end says whether a word ends here.
func end(b []byte) bool { return len(b) == 0 || b[0] == ' ' || b[0] == '\t' }

// textClock turns the times of lines into instants. Times of day without a date
// are taken to be of one day, and of the next where they jump back by more than
// half a day.
type textClock struct {
	midnight time.Time
	loc      *time.Location
	last     time.Duration
	started  bool
	relative bool
	assumed  TimeAssumption
}

func (c *textClock) start(day time.Time, loc *time.Location) {
	if loc == nil {
		loc = time.UTC
	}
	if day.IsZero() {
		day = time.Unix(0, 0).UTC()
	}
	c.loc = loc
	c.midnight = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, loc)
}

// time returns the instant of a stamp, zero where it tells none. A text whose
// first time is midnight to the nanosecond is one of -ttt or -ttttt: its times
// are distances, from what is not known.
func (c *textClock) time(s stamp) time.Time {
	switch s.kind {
	case stampEpoch:
		if s.clock == 0 {
			return time.Time{} // as in binary formats
		}
		return time.Unix(0, 0).Add(s.clock).UTC()
	case stampDate:
		c.assumed |= AssumedZone
		return c.at(s.year, time.Month(s.month), s.day, s.clock)
	case stampClock:
		if !c.started && s.clock == 0 {
			c.relative = true
		}
		c.started = true
		if c.relative {
			c.assumed |= NoTimes
			return time.Time{}
		}
		c.assumed |= AssumedZone | AssumedDate
		if s.clock < c.last-12*time.Hour {
			c.midnight = c.midnight.AddDate(0, 0, 1)
		}
		c.last = s.clock
		year, month, day := c.midnight.Date()
		return c.at(year, month, day, s.clock)
	}
	c.assumed |= NoTimes
	return time.Time{}
}

// at is the instant of a wall clock's reading.
func (c *textClock) at(year int, month time.Month, day int, clock time.Duration) time.Time {
	sec, nano := int(clock/time.Second), int(clock%time.Second)
	return time.Date(year, month, day, 0, 0, sec, nano, c.loc).UTC()
}
