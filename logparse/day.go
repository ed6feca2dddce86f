package logparse

import "time"

// A day is that of a time which was read, as its log writes it. Times of the same
// day and the same form differ from that one in the clock only: nothing else of
// them is read again.
type day struct {
	n         int // the length of the time; 0 where nothing can be told from it
	text      [40]byte
	clock     int   // where its clock is, 15:04:05
	end       int   // and where that ends, with its fraction
	start     int64 // the second, since 1970, in which the day begins
	precision time.Duration
	zoned     bool
	ref       time.Time // what it was read with
}

// time reads a time, for which ref and zone are what they are for Event.Time.
func (d *day) time(text []byte, ref time.Time, zone *time.Location) (t time.Time, precision time.Duration) {
	if t, precision, ok := d.read(text, ref, zone); ok {
		return t, precision
	}
	var s stamp
	n := scanStamp(text, &s)
	if n == 0 {
		return time.Time{}, 0
	}
	t, precision = s.time(ref, zone)
	if n == len(text) && (s.zoned || zone == nil || zone == time.UTC) {
		d.begin(text, &s, t, precision, ref)
	}
	return t, precision
}

// read is stamp.time for a time of the day that the one before was of; not ok for
// any other.
func (d *day) read(text []byte, ref time.Time, zone *time.Location) (t time.Time, precision time.Duration, ok bool) {
	if d.n == 0 || len(text) != d.n || !same(text[:d.clock], d.text[:d.clock]) || ref != d.ref ||
		!d.zoned && zone != nil && zone != time.UTC {
		return t, 0, false
	}
	clock, behind := text[d.clock:d.end], text[d.end:]
	hour, minute, sec, ok := twoDigitClock(clock)
	if !ok || hour > 24 || minute > 59 || sec > 60 || len(behind) > 0 && string(behind) != string(d.text[d.end:d.n]) {
		return t, 0, false
	}
	nsec := 0
	if len(clock) > 8 {
		for _, c := range clock[9:] {
			if c-'0' > 9 {
				return t, 0, false
			}
			nsec = nsec*10 + int(c-'0')
		}
		if clock[8] != d.text[d.clock+8] {
			return t, 0, false
		}
		nsec *= int(d.precision)
	}
	return time.Unix(d.start+int64(hour*3600+minute*60+sec), int64(nsec)).UTC(), d.precision, true
}

// begin takes the day of a time that was read: t of s, which is all of text.
func (d *day) begin(text []byte, s *stamp, t time.Time, precision time.Duration, ref time.Time) {
	d.n = 0
	n := len(text) - s.fromSeconds - len("15:04:")
	if s.fromSeconds == 0 || s.month == 0 || n < 0 || len(text) > len(d.text) {
		return // seconds since 1970, or any day's clock
	}
	d.clock, d.end = n, len(text)-s.behind
	hour, minute, sec, ok := twoDigitClock(text[n:])
	if !ok || hour != s.hour || minute != s.min || sec != s.sec || d.end-n > len("15:04:05.000000000") || d.end < len(text) && text[d.end] == ' ' {
		return // what follows may be AM or PM
	}
	if s.year == 0 && !ref.IsZero() {
		const aDay = 24 * 3600
		if far := t.Unix() - ref.Unix(); max(far, -far) >= nearYear-aDay {
			return // at another time of the day another year may be closer
		}
	}
	d.n = copy(d.text[:], text)
	d.start, d.precision = t.Unix()-int64(hour*3600+minute*60+sec), precision
	d.zoned, d.ref = s.zoned, ref
}
