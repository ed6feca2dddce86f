package config

import (
	"fmt"
	"strconv"
	"strings"
)

// taker gives the settings of one section by key, converts them, and knows
// which of them nobody asked for.
type taker struct {
	s *source
	f *flat
}

// text takes a setting. An empty value is the same as none, and takes back
// what was inherited.
func (t taker) text(key string) (Value[string], bool) {
	i, ok := t.f.keys[key]
	if !ok {
		return Value[string]{Key: key}, false
	}
	x := &t.f.set[i]
	x.taken = true
	t.s.understood(x.setting)
	v := Value[string]{V: x.val, At: x.at, Origin: Written, Key: key}
	if x.inherited {
		v.Origin = Inherited
	}
	return v, x.val != ""
}

// bad notes a value that was not understood, without saying it.
func (t taker) bad(v Value[string]) { t.s.problem(v.At, v.Key, ErrValue) }

// take converts a setting; where there is none, or it is not understood, the
// default stands.
func take[T any](t taker, key string, def T, conv func(string) (T, bool)) Value[T] {
	v, ok := t.text(key)
	if !ok {
		return defaulted(key, def)
	}
	x, ok := conv(v.V)
	if !ok {
		t.bad(v)
		return defaulted(key, def)
	}
	return as(v, x)
}

// maybe converts a setting; where there is none it is Unset.
func maybe[T any](t taker, key string, conv func(string) (T, bool)) Value[T] {
	v, ok := t.text(key)
	if !ok {
		return Value[T]{Key: key}
	}
	x, ok := conv(v.V)
	if !ok {
		t.bad(v)
		return Value[T]{Key: key}
	}
	return as(v, x)
}

// first takes the first of several spellings of a key that is given.
func first[T any](t taker, def T, conv func(string) (T, bool), keys ...string) Value[T] {
	for _, k := range keys {
		if _, ok := t.f.keys[k]; ok {
			return take(t, k, def, conv)
		}
	}
	return defaulted(keys[0], def)
}

// rest lists the settings that nobody took. words are the format's own that
// have no field, parted by blanks.
func (t taker) rest(path, words string) []Statement {
	var out []Statement
	for i := range t.f.set {
		x := &t.f.set[i]
		if x.taken {
			continue
		}
		st := Statement{Section: path, At: x.at}
		if st.Word = hasWord(words, x.key); st.Word {
			st.Value = x.val
			t.s.understood(x.setting)
		}
		if st.Word || word(x.key) && !strings.Contains(path, "secret") {
			st.Key = x.key
		}
		out = append(out, st)
	}
	return out
}

func str(s string) (string, bool) { return s, true }

func boolean(s string) (bool, bool) {
	switch strings.ToLower(s) {
	case "yes", "true", "1", "on", "enabled":
		return true, true
	case "no", "false", "0", "off", "disabled":
		return false, true
	}
	return false, false
}

func list(s string) ([]string, bool) {
	var out []string
	for f := range strings.SplitSeq(s, ",") {
		if f = strings.TrimSpace(f); f != "" {
			out = append(out, f)
		}
	}
	return out, true
}

func number(s string) (uint32, bool) {
	n, err := strconv.ParseUint(s, 0, 32)
	return uint32(n), err == nil
}

// seconds reads a time: a number, with decimals in libreswan's and starter's
// formats, and a unit; seconds without one.
func seconds(s string) (uint32, bool) {
	n, ok := scaled(s, func(unit string) float64 {
		switch unit {
		case "", "s":
			return 1
		case "m":
			return 60
		case "h":
			return 3600
		case "d":
			return 86400
		case "w":
			return 7 * 86400
		case "ms":
			return 0.001
		}
		return 0
	})
	if n > 1<<32-1 {
		return 1<<32 - 1, ok
	}
	return uint32(n), ok
}

// octets reads an amount of data with k, m or g for powers of 1024.
func octets(s string) (uint64, bool) {
	n, ok := scaled(s, func(unit string) float64 {
		switch unit {
		case "", "b":
			return 1
		case "k", "kb", "kib":
			return 1 << 10
		case "m", "mb", "mib":
			return 1 << 20
		case "g", "gb", "gib":
			return 1 << 30
		case "t", "tb", "tib":
			return 1 << 40
		}
		return 0
	})
	if n >= 1<<63 {
		return 1 << 63, ok
	}
	return uint64(n), ok
}

func scaled(s string, unit func(string) float64) (float64, bool) {
	i := 0
	for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '.') {
		i++
	}
	f := unit(strings.ToLower(strings.TrimSpace(s[i:])))
	n, err := strconv.ParseFloat(s[:i], 64)
	if err != nil || f == 0 {
		return 0, false
	}
	return n * f, true
}

// hasWord reports whether w is one of the words that blanks part.
func hasWord(words, w string) bool {
	if w == "" || strings.IndexByte(w, ' ') >= 0 {
		return false
	}
	for {
		i := strings.Index(words, w)
		if i < 0 {
			return false
		}
		end := i + len(w)
		if (i == 0 || words[i-1] == ' ') && (end == len(words) || words[end] == ' ') {
			return true
		}
		words = words[end:]
	}
}

// path joins the names of nested sections.
func path(names ...string) string { return strings.Join(names, ".") }

// wrong returns ErrValue with a reason that holds nothing of the value.
func wrong(why string) error { return fmt.Errorf("%w: %s", ErrValue, why) }
