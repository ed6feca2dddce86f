package config

import (
	"slices"
	"strings"
)

// record is a section of those formats in which a section is a name with
// settings, each of which is a key and its words.
type record struct {
	// section is the table that it is part of, scope the virtual device.
	section, scope, name string
	at                   Pos
	// prefix is what stands before each key in the file, as in set dhgrp 14.
	prefix string
	items  []recordItem
	index  map[string]int
}

// recordItem is one setting.
type recordItem struct {
	key    string
	words  []string
	at     Pos
	taken  bool
	quoted bool // the first word stands in quotes
	open   bool // it holds a variable that the file does not set
}

// put adds a setting; one that is given again replaces the earlier.
func (r *record) put(x recordItem) {
	if i, ok := r.index[x.key]; ok {
		r.items[i] = x
		return
	}
	if r.index == nil {
		r.index = make(map[string]int)
	}
	r.index[x.key] = len(r.items)
	r.items = append(r.items, x)
}

// drop takes a setting back.
func (r *record) drop(key string) {
	if i, ok := r.index[key]; ok {
		r.items[i].words, r.items[i].taken = nil, true
		delete(r.index, key)
	}
}

// item returns a setting and notes that it has a place in the model; nil where
// there is none.
func (r *record) item(key string) *recordItem {
	if r == nil {
		return nil
	}
	i, ok := r.index[key]
	if !ok {
		return nil
	}
	r.items[i].taken = true
	return &r.items[i]
}

// text returns a setting, Unset where there is none; At is then where it would
// be written.
func (r *record) text(key string) Value[string] {
	if r == nil {
		return Value[string]{Key: key}
	}
	x := r.item(key)
	if x == nil {
		return Value[string]{Key: r.prefix + key, At: r.at}
	}
	return Value[string]{V: strings.Join(x.words, " "), At: x.at, Origin: Written, Key: r.prefix + key}
}

// has reports whether a setting is one of the words given.
func (r *record) has(key string, words ...string) bool {
	x := r.item(key)
	return x != nil && len(x.words) > 0 && slices.Contains(words, strings.ToLower(x.words[0]))
}

// list returns the words of a setting.
func (r *record) list(key string) []string {
	if x := r.item(key); x != nil {
		return x.words
	}
	return nil
}

// recorded converts a setting; where there is none, or it is not understood, the
// default stands.
func recorded[T any](s *source, r *record, key string, def T, conv func(string) (T, bool)) Value[T] {
	v := r.text(key)
	out := Value[T]{V: def, At: v.At, Origin: Default, Key: v.Key}
	if v.Origin == Unset || v.V == "" {
		return out
	}
	x, ok := conv(v.V)
	if !ok {
		s.problem(v.At, v.Key, ErrValue)
		return out
	}
	return spelt(v, x)
}

// choice converts a setting that is one of a few words.
func choice[T any](words map[string]T) func(string) (T, bool) {
	return func(s string) (T, bool) {
		x, ok := words[strings.ToLower(s)]
		return x, ok
	}
}

// leftovers lists the settings that nobody took. known are the format's words
// that have no field; only those show. What was understood is told to each.
func (r *record) leftovers(known string, each func(Pos)) (out []Statement) {
	for i := range r.items {
		x := &r.items[i]
		if x.taken {
			each(x.at)
			continue
		}
		st := Statement{Section: r.section, At: x.at, Word: hasWord(known, x.key)}
		if st.Word {
			st.Key = x.key
			each(x.at)
		}
		out = append(out, st)
	}
	return out
}

// maxListed bounds the names in a list of algorithms: no vendor has more.
const maxListed = 32

// clip bounds a list as it is shown with each connection that has it.
func clip(s string) string {
	if len(s) > 256 {
		return s[:256] + "…"
	}
	return s
}
