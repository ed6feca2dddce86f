package state

import (
	"strconv"
	"strings"
)

// What Linux has in /proc/net/xfrm_stat: a name and a number on each line, for
// the whole network namespace, since it came up. Newer kernels have more
// names. Two snapshots tell what is being counted now.

func isXfrmCounter(line []byte) bool {
	_, ok := xfrmCounter(string(line))
	return ok
}

func xfrmCounter(line string) (c Counter, ok bool) {
	if !strings.HasPrefix(line, "Xfrm") {
		return c, false
	}
	f := strings.Fields(line)
	if len(f) != 2 {
		return c, false
	}
	n, err := strconv.ParseUint(f[1], 10, 64)
	return Counter{Name: f[0], Value: n}, err == nil
}

func readXfrmStat(p *parser) {
	var first []Counter
	for p.next() {
		c, ok := xfrmCounter(p.line)
		if !ok {
			p.unknown()
			continue
		}
		if got := p.st.Counters; len(got) > 0 && got[0].Name == c.Name {
			// Another snapshot begins, as when the file is printed again and
			// again. The first and the last are kept.
			if first == nil {
				first = got
			}
			p.st.Counters = nil
		}
		if c.Line = p.n; p.room() {
			p.st.Counters = append(p.st.Counters, c)
		}
	}
	if first != nil {
		p.st.Since(&State{Counters: first})
	}
}

// Since sets the counters of st against those of an earlier snapshot of the
// same host: it fills in Before and Compared of each and leaves Value as it is.
// It does nothing and returns false where st has no counters, and where one has
// gone back: the host was started anew in between, or earlier is the later
// one.
func (st *State) Since(earlier *State) bool {
	was := make(map[string]uint64, len(earlier.Counters))
	for _, c := range earlier.Counters {
		was[c.Name] = c.Value
	}
	for _, c := range st.Counters {
		if c.Value < was[c.Name] {
			return false
		}
	}
	for i := range st.Counters {
		c := &st.Counters[i]
		c.Before, c.Compared = was[c.Name], true
	}
	return len(st.Counters) > 0
}
