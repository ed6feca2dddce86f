package logparse

import "time"

// Time returns the line's time. What the line does not say comes from ref
// and zone: a time without year gets the one that brings it closest to ref, a
// clock time without date the day that does, and a time without zone is in
// zone, nil being UTC. Where ref is zero, a year that is not written is 1970,
// or 1972 on 29 February, which keeps the order within a year.
//
// precision is that of the writing: a second, or less where there is a
// fraction. A line without a time gives the zero time and 0.
func (e *Event) Time(ref time.Time, zone *time.Location) (t time.Time, precision time.Duration) {
	return e.day.time(e.Prefix.Time, ref, zone)
}

// YearWritten reports whether the line's time says its year.
func (p *Prefix) YearWritten() bool {
	var s stamp
	return scanStamp(p.Time, &s) > 0 && s.year != 0
}

// ZoneWritten reports whether the line's time says its zone.
func (p *Prefix) ZoneWritten() bool {
	var s stamp
	return scanStamp(p.Time, &s) > 0 && s.zoned
}

func (s *stamp) time(ref time.Time, zone *time.Location) (t time.Time, precision time.Duration) {
	if zone == nil || s.zoned {
		zone = time.UTC
	}
	precision = time.Duration(tens[9-s.frac])
	at := func(year, month, day int) time.Time {
		if zone == time.UTC && year > 1 {
			return time.Unix(int64(unixDay(year, month, day))*86400+int64(s.hour*3600+s.min*60+s.sec-s.offset), int64(s.nsec)).UTC()
		}
		return time.Date(year, time.Month(month), day, s.hour, s.min, s.sec-s.offset, s.nsec, zone).UTC()
	}
	if s.year != 0 {
		return at(s.year, s.month, s.day), precision
	}
	in := ref.In(zone)
	near := func(t time.Time, seconds int64) bool {
		d := t.Unix() - ref.Unix()
		return -seconds < d && d < seconds
	}
	switch {
	case s.month == 0 && ref.IsZero():
		return at(1970, 1, 1), precision
	case s.month == 0:
		y, m, d := in.Date()
		if t := at(y, int(m), d); near(t, nearDay) {
			return t, precision
		}
		return closest(ref, at(y, int(m), d-1), at(y, int(m), d), at(y, int(m), d+1)), precision
	case ref.IsZero():
		y := 1970
		if s.month == 2 && s.day == 29 {
			y = 1972
		}
		return at(y, s.month, s.day), precision
	}
	y := in.Year()
	if s.month == 2 && s.day == 29 {
		for y%4 != 0 || y%100 == 0 && y%400 != 0 { // the last leap year
			y--
		}
		return at(y, s.month, s.day), precision
	}
	if t := at(y, s.month, s.day); near(t, nearYear) {
		return t, precision
	}
	return closest(ref, at(y-1, s.month, s.day), at(y, s.month, s.day), at(y+1, s.month, s.day)), precision
}

// unixDay counts the days from 1970 to a date of the Gregorian calendar, where
// years begin with March, so that a leap day is a year's last one; the year is not
// the first one.
func unixDay(year, month, day int) int {
	if month < 3 {
		year, month = year-1, month+12
	}
	return 365*year + year/4 - year/100 + year/400 + (153*month-457)/5 + day - 719469
}

// A time that is nearer than these, in seconds, is the closest one: the same time
// of another day, or of another year, is further off.
const (
	nearDay  = 11 * 3600 // of a day that lacks an hour
	nearYear = 182 * 24 * 3600
)

func closest(ref time.Time, list ...time.Time) time.Time {
	best := list[0]
	for _, t := range list[1:] {
		if t.Sub(ref).Abs() < best.Sub(ref).Abs() {
			best = t
		}
	}
	return best
}
