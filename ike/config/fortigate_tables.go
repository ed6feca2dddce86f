package config

import (
	"slices"
	"strings"
)

// The tables of FortiOS and their entries, as commands open and close them.

// config opens a table. One of the device itself cannot stand within an entry:
// then an end is missing.
func (r *fortiReader) config(at Pos) {
	var names []string
	for _, w := range r.words[1:] {
		names = append(names, strings.ToLower(w.text))
	}
	path := strings.Join(names, " ")
	known := hasWord(fortiTrees, names[0])
	if len(names) > 1 && known {
		for l := r.top(); l != nil && !fortiOuter(l); l = r.top() {
			if !l.entry {
				r.s.problem(l.at, "config", ErrUnclosed)
			}
			r.pop()
		}
	}
	if l := r.top(); l != nil && !fortiOuter(l) {
		path, known = l.table+"/"+path, l.known
	}
	if len(r.open) >= r.s.lim.Depth {
		if r.deep == 0 {
			r.s.problem(at, "config", ErrTooDeep)
		}
		r.deep++
		return
	}
	lv := fortiLevel{table: path, at: at, known: known || path == "vdom" || path == "global"}
	if slices.Contains(fortiSingles, path) {
		lv.rec = r.record(path, "", at)
	}
	if lv.known {
		r.s.recognize(at)
	}
	if !strings.Contains(path, "/") && !slices.Contains(fortiTables, path) && lv.rec == nil && !fortiOuter(&lv) {
		st := Statement{At: at, Word: lv.known}
		if lv.known {
			st.Key = "config " + names[0]
		}
		r.foreign = append(r.foreign, st)
	}
	r.open = append(r.open, lv)
}

// fortiOuter reports whether a level is one in which tables of the device
// stand: config global, config vdom and its entries.
func fortiOuter(l *fortiLevel) bool { return l.table == "vdom" || l.table == "global" }

func (r *fortiReader) edit(at Pos) {
	if r.deep > 0 {
		return
	}
	l := r.top()
	if l != nil && l.entry {
		r.s.problem(l.at, "edit", ErrUnclosed)
		r.pop()
		l = r.top()
	}
	lv := fortiLevel{entry: true, at: at}
	name := r.words[1].text
	if l != nil {
		lv.table, lv.known = l.table, l.known
		switch {
		case l.table == "vdom":
			r.vdom = name
		case slices.Contains(fortiTables, l.table):
			lv.rec = r.record(l.table, name, at)
		}
	}
	if lv.known {
		r.s.recognize(at)
	}
	r.open = append(r.open, lv)
}

// record returns the entry of a name, a new one if there is none. Entry 0 is
// always new: the device gives it the next number.
func (r *fortiReader) record(table, name string, at Pos) *record {
	key := table + "\x00" + r.vdom + "\x00" + name
	if rec := r.byName[key]; rec != nil && name != "0" {
		return rec
	}
	rec := &record{section: table, scope: r.vdom, name: name, at: at, prefix: "set "}
	r.byName[key] = rec
	r.records = append(r.records, rec)
	return rec
}

// remove is the command delete.
func (r *fortiReader) remove(name string) {
	if l := r.top(); l != nil && !l.entry {
		key := l.table + "\x00" + r.vdom + "\x00" + name
		if rec := r.byName[key]; rec != nil {
			rec.section = ""
			delete(r.byName, key)
		}
	}
}

func (r *fortiReader) pop() {
	if l := r.top(); l.entry && l.table == "vdom" {
		r.vdom = ""
	}
	r.open = r.open[:len(r.open)-1]
}

func (r *fortiReader) next() {
	if r.deep > 0 {
		return
	}
	if l := r.top(); r.s.full && l != nil && l.entry && l.rec != nil {
		l.rec.section = "" // it was cut apart
	}
	for i := len(r.open) - 1; i >= 0 && !r.s.full; i-- {
		if !r.open[i].entry {
			continue
		}
		for len(r.open) > i {
			if l := r.top(); !l.entry {
				r.s.problem(l.at, "config", ErrUnclosed)
			}
			r.pop()
		}
		return
	}
}

func (r *fortiReader) end() {
	if r.deep > 0 {
		r.deep--
		return
	}
	if l := r.top(); l != nil && l.entry {
		r.pop()
	}
	if len(r.open) > 0 {
		r.pop()
	}
}

// set notes a setting; append adds words to it.
func (r *fortiReader) set(at Pos, more bool) {
	l := r.top()
	switch {
	case r.deep > 0:
	case l == nil || l.rec == nil:
		if l != nil && l.known {
			r.s.recognize(at)
		}
	default:
		x := recordItem{key: strings.ToLower(r.words[1].text), at: at, quoted: len(r.words) > 2 && r.words[2].quoted}
		if more {
			x.words = slices.Clone(l.rec.list(x.key))
		}
		for _, w := range r.words[2:] {
			x.words = append(x.words, w.text)
		}
		l.rec.put(x)
	}
}
