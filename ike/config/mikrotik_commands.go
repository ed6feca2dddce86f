package config

import (
	"slices"
	"strconv"
	"strings"
)

// What the commands of a RouterOS export do.

func (r *rosReader) do(words []rosWord, at Pos) {
	if w := words[0].key; strings.HasPrefix(w, ":") {
		r.s.recognize(at)
		if (w == ":local" || w == ":global" || w == ":set") && len(words) == 3 && !words[2].hasVal && !words[2].group && len(r.vars) < 1000 {
			r.vars[words[1].key] = words[2].key
		}
		return
	}
	if strings.HasPrefix(words[0].key, "/") {
		n := 0
		for n < len(words) && !words[n].hasVal && !words[n].group && !rosCommand(words[n].key) {
			n++
		}
		var path []string
		for _, w := range words[:n] {
			path = append(path, w.key)
		}
		menu := strings.Join(path, " ")
		if i := strings.LastIndexByte(menu, '/'); i > 0 && rosCommand(menu[i+1:]) { // /ip/ipsec/peer/add
			words[n-1].key, n = menu[i+1:], n-1
			menu = menu[:i]
		}
		r.enter(menu, at)
		if words = words[n:]; len(words) == 0 {
			r.s.recognize(at)
			return
		}
	}
	if r.menu == "" {
		r.s.problem(at, "", ErrSyntax)
		return
	}
	if r.known {
		r.s.recognize(at)
	}
	if !slices.Contains(rosMenus, r.menu) {
		return
	}
	switch words[0].key {
	case "add":
		rec := &record{section: r.menu, at: at}
		r.fill(rec, words[1:])
		r.add(rec)
	case "set":
		if rec, rest := r.meant(words[1:], at); rec != nil {
			r.fill(rec, rest)
		}
	case "remove":
		if rec, _ := r.meant(words[1:], at); rec != nil {
			rec.section = ""
		}
	case "print", "export", "find", "enable", "disable", "edit", "move", "get", "unset", "reset":
	default:
		r.s.problem(at, "", ErrSyntax)
	}
}

// enter changes to a menu.
func (r *rosReader) enter(menu string, at Pos) {
	r.menu = strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(menu, "/", " "))), " ")
	first, _, _ := strings.Cut(r.menu, " ")
	r.known = hasWord(rosTrees, first)
	if !slices.Contains(rosMenus, r.menu) && !r.seen[r.menu] && len(r.seen) < 10000 {
		r.seen[r.menu] = true
		st := Statement{At: at, Word: r.known}
		if r.known {
			st.Key = "/" + first
		}
		r.foreign = append(r.foreign, st)
	}
}

// rosCommand reports whether a word is a command.
func rosCommand(w string) bool {
	switch w {
	case "add", "set", "remove", "print", "export", "find", "enable", "disable", "edit", "move", "get", "unset", "reset":
		return true
	}
	return false
}

func (r *rosReader) add(rec *record) {
	r.records = append(r.records, rec)
	r.in[rec.section] = append(r.in[rec.section], rec)
	if v := rec.text("name"); v.V != "" {
		rec.name = v.V
		r.byName[rec.section+"\x00"+rec.name] = rec
	}
}

// meant returns the entry that a set is about, and the settings.
func (r *rosReader) meant(words []rosWord, at Pos) (*record, []rosWord) {
	name := ""
	switch {
	case len(words) == 0:
		return nil, nil
	case words[0].group:
		sel := strings.Fields(strings.Trim(words[0].val, "[] "))
		for _, f := range sel {
			switch k, v, _ := strings.Cut(f, "="); k {
			case "default":
				name = "default"
			case "name":
				name = strings.Trim(v, `"`)
			}
		}
		words = words[1:]
	case !words[0].hasVal:
		name = words[0].key
		words = words[1:]
	case words[0].key == "numbers":
		name = words[0].val
		words = words[1:]
	default: // a menu of one entry
		name = "default"
	}
	if rec := r.byName[r.menu+"\x00"+name]; rec != nil {
		return rec, words
	}
	if n, err := strconv.Atoi(name); err == nil {
		// The first policy is the template that is always there.
		if n == 0 && r.menu == "ip ipsec policy" {
			name = "default"
		} else if list := r.in[r.menu]; n >= 0 && n < len(list) {
			return list[n], words
		}
	}
	if name != "default" && name != "*default" {
		return nil, nil
	}
	rec := &record{section: r.menu, name: "default", at: at}
	r.records = append(r.records, rec)
	r.in[rec.section] = append(r.in[rec.section], rec)
	r.byName[rec.section+"\x00default"] = rec
	return rec, words
}

func (r *rosReader) fill(rec *record, words []rosWord) {
	for _, w := range words {
		if !w.hasVal {
			continue
		}
		x := recordItem{key: strings.ToLower(w.key), words: []string{w.val}, at: w.at, open: w.open}
		if w.val == "" {
			x.words = nil
		}
		rec.put(x)
	}
}
