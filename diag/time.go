package diag

import "time"

// Time is a moment as a source gives it.
type Time struct {
	// Value is zero where the source has no clock.
	Value time.Time
	// Precision is the unit in which the source counts: a second for syslog,
	// a microsecond for most captures. Zero means unknown.
	Precision time.Duration
	// Assumed says what of Value the source does not say and the reader
	// filled in: the year, the zone. Empty where nothing was.
	Assumed string
}

// Known reports whether the source has a clock.
func (t Time) Known() bool { return !t.Value.IsZero() }
