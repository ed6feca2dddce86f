package ike

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"
)

func TestParseLifetime(t *testing.T) {
	for in, want := range map[string]Lifetime{
		"3600": {3600, 0}, "3600s": {3600, 0}, "60m": {3600, 0}, "1h": {3600, 0}, "1.5h": {5400, 0}, "1d": {86400, 0}, "8.0h": {28800, 0}, "2w": {1209600, 0},
		"24 hour": {86400, 0}, "time 1 hour": {3600, 0}, "86400 seconds": {86400, 0}, "3600 sec": {3600, 0},
		"4608000 kilobytes": {0, 4608000}, "100 MB": {0, 102400}, "1GB": {0, 1 << 20}, "1 byte": {0, 1},
		"3600 seconds, 4608000 kilobytes": {3600, 4608000}, "seconds 3600 kilobytes 4608000": {3600, 4608000}, "kilobytes 10": {0, 10},
		"3600s/4608000kB": {3600, 4608000}, "unlimited": {}, "none": {}, "seconds 3600 kilobytes disable": {3600, 0}, "0": {},
	} {
		if got, err := ParseLifetime(in); err != nil || got != want {
			t.Errorf("ParseLifetime(%q) = %v %v, want %v", in, got, err, want)
		}
		if back, err := ParseLifetime(want.String()); err != nil || back != want {
			t.Errorf("%v is read as %v %v", want, back, err)
		}
	}
	for _, in := range []string{"", " ", "h", "x", "1x", "1h x", "99999999999999999999999", "18446744073709551615w", "1e9", "-1", "seconds", "seconds hours 1", ".", strings.Repeat("9", 400), "1." + strings.Repeat("9.", 40)} {
		if got, err := ParseLifetime(in); !errors.Is(err, ErrLifetime) || got != (Lifetime{}) {
			t.Errorf("ParseLifetime(%q) = %v %v", in, got, err)
		}
	}
}

func TestParseVolume(t *testing.T) {
	for in, want := range map[string]uint64{"500000000": 488282, "1024": 1, "1025": 2, "1k": 1, "2M": 2048, "1 g": 1 << 20, "0": 0} {
		if got, err := ParseVolume(in); err != nil || got.Kilobytes != want || got.Seconds != 0 {
			t.Errorf("ParseVolume(%q) = %v %v, want %d", in, got, err, want)
		}
	}
	for _, in := range []string{"", "k", "1x", "1h"} {
		if _, err := ParseVolume(in); !errors.Is(err, ErrLifetime) {
			t.Errorf("ParseVolume(%q): %v", in, err)
		}
	}
}

func TestLifetime(t *testing.T) {
	var l Lifetime
	if !l.IsZero() || !l.SetAttribute(1, 3600) || !l.SetAttribute(2, 100) || l.SetAttribute(3, 1) || l != (Lifetime{3600, 100}) || l.IsZero() {
		t.Errorf("%v", l)
	}
	if l.Duration() != time.Hour || (Lifetime{Seconds: math.MaxUint64}).Duration() != math.MaxInt64 {
		t.Error("Duration")
	}
}
