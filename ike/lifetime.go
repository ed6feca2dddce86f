package ike

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Lifetime is how long an SA may live, in time and in volume. 0 is "not
// stated" and also "without limit", which no implementation negotiates apart.
type Lifetime struct {
	// Seconds and Kilobytes are 0 where not stated.
	Seconds   uint64
	Kilobytes uint64 // of 1024 octets
}

// Duration returns the time, bounded by what a time.Duration can hold.
func (l Lifetime) Duration() time.Duration {
	if l.Seconds > math.MaxInt64/uint64(time.Second) {
		return math.MaxInt64
	}
	return time.Duration(l.Seconds) * time.Second
}

// IsZero reports whether neither time nor volume is stated.
func (l Lifetime) IsZero() bool { return l == Lifetime{} }

// String spells the lifetime as 3600s, 4608000kB or 3600s/4608000kB, and an
// empty one as unlimited.
func (l Lifetime) String() string {
	switch {
	case l.Kilobytes == 0 && l.Seconds == 0:
		return "unlimited"
	case l.Kilobytes == 0:
		return strconv.FormatUint(l.Seconds, 10) + "s"
	case l.Seconds == 0:
		return strconv.FormatUint(l.Kilobytes, 10) + "kB"
	}
	return strconv.FormatUint(l.Seconds, 10) + "s/" + strconv.FormatUint(l.Kilobytes, 10) + "kB"
}

// SetAttribute takes a life duration of the wire with its life type, which is
// 1 for seconds and 2 for kilobytes in both phases (RFC 2409 appendix A, RFC
// 2407 section 4.5), and reports whether the type is known.
func (l *Lifetime) SetAttribute(lifeType uint16, duration uint64) bool {
	switch lifeType {
	case 1:
		l.Seconds = duration
	case 2:
		l.Kilobytes = duration
	default:
		return false
	}
	return true
}

// lifeUnits are the units of time and volume. A volume is in octets.
var lifeUnits = []struct {
	names  string // between blanks
	factor uint64
	volume bool
}{
	{" s sec secs second seconds ", 1, false},
	{" m min mins minute minutes ", 60, false},
	{" h hour hours ", 3600, false},
	{" d day days ", 86400, false},
	{" w week weeks ", 604800, false},
	{" b byte bytes ", 1, true},
	{" k kb kbyte kbytes kilobyte kilobytes ", 1 << 10, true},
	{" mb mbyte mbytes megabyte megabytes ", 1 << 20, true},
	{" g gb gbyte gbytes gigabyte gigabytes ", 1 << 30, true},
	{" tb tbyte tbytes terabyte terabytes ", 1 << 40, true},
}

func lifeUnit(s string) (factor uint64, volume, ok bool) {
	if s == "" || len(s) > 16 {
		return 0, false, false
	}
	s = " " + strings.ToLower(s) + " "
	for _, u := range lifeUnits {
		if strings.Contains(u.names, s) {
			return u.factor, u.volume, true
		}
	}
	return 0, false, false
}

// ParseLifetime reads a lifetime in time, in volume, or both:
//
//	3600  3600s  60m  1h  1.5h  1d  24 hour  86400 seconds
//	4608000 kilobytes  100 MB  1GB
//	3600 seconds, 4608000 kilobytes
//	seconds 3600 kilobytes 4608000      Cisco, a unit before each number
//	3600s/4608000kB                     as String spells it
//	unlimited  none  disabled  never
//
// A number without a unit is in seconds. A volume is rounded up to whole
// kilobytes. An error wraps ErrLifetime.
func ParseLifetime(s string) (Lifetime, error) {
	l, ok := parseLifetime(s)
	if !ok {
		return Lifetime{}, fmt.Errorf("%w: %s", ErrLifetime, quoteShort(s))
	}
	return l, nil
}

func parseLifetime(s string) (l Lifetime, ok bool) {
	pending := "" // a unit that stands before its number
	for {
		var w string
		if w, s = lifeWord(s); w == "" {
			return l, ok && pending == ""
		}
		n := numberPrefix(w)
		if n == 0 {
			switch strings.ToLower(w) {
			case "unlimited", "none", "disable", "disabled", "never":
				ok, pending = true, ""
				continue
			case "time", "lifetime", "volume":
				continue
			}
			if _, _, known := lifeUnit(w); !known || pending != "" {
				return l, false
			}
			pending = w
			continue
		}
		unit := w[n:]
		if unit == "" {
			if unit = pending; unit == "" {
				if next, rest := lifeWord(s); next != "" {
					if _, _, known := lifeUnit(next); known {
						unit, s = next, rest
					}
				}
			}
			pending = ""
		}
		if unit == "" {
			unit = "s"
		}
		factor, volume, known := lifeUnit(unit)
		if !known {
			return l, false
		}
		v, fits := scaled(w[:n], factor)
		if !fits {
			return l, false
		}
		if volume {
			l.Kilobytes = v>>10 + min(v&1023, 1)
		} else {
			l.Seconds = v
		}
		ok = true
	}
}

// lifeWord cuts the first word off s.
func lifeWord(s string) (w, rest string) {
	const separators = " \t\r\n,;/()"
	s = strings.TrimLeft(s, separators)
	if i := strings.IndexAny(s, separators); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// numberPrefix returns how long the decimal number at s's beginning is.
func numberPrefix(s string) int {
	i := 0
	for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '.' && i > 0) {
		i++
	}
	return i
}

// scaled returns a decimal number times a factor, false where it does not fit.
func scaled(num string, factor uint64) (uint64, bool) {
	if v, err := strconv.ParseUint(num, 10, 64); err == nil {
		return v * factor, v <= math.MaxUint64/factor
	}
	f, err := strconv.ParseFloat(num, 64)
	f *= float64(factor)
	if err != nil || !(f >= 0 && f < 1<<63) {
		return 0, false
	}
	return uint64(math.Round(f)), true
}

// ParseVolume reads a volume as strongSwan's rekey_bytes and lifebytes say it:
// a number of octets, or with k, m or g of 1024, 1024² or 1024³ octets. The
// result is in kilobytes, rounded up. An error wraps ErrLifetime.
func ParseVolume(s string) (Lifetime, error) {
	t := strings.TrimSpace(s)
	n := numberPrefix(t)
	factor := uint64(0)
	switch strings.ToLower(strings.TrimSpace(t[n:])) {
	case "", "b":
		factor = 1
	case "k", "kb":
		factor = 1 << 10
	case "m", "mb":
		factor = 1 << 20
	case "g", "gb":
		factor = 1 << 30
	}
	v, ok := uint64(0), false
	if factor != 0 && n > 0 {
		v, ok = scaled(t[:n], factor)
	}
	if !ok {
		return Lifetime{}, fmt.Errorf("%w: %s", ErrLifetime, quoteShort(s))
	}
	return Lifetime{Kilobytes: v>>10 + min(v&1023, 1)}, nil
}
