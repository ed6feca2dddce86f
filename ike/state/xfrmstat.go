package state

import (
	"strconv"
	"strings"
)

// What Linux has in /proc/net/xfrm_stat: a name and a number on each line, for
// the whole network namespace, since it came up. Newer kernels have more
// names.

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
	for p.next() {
		c, ok := xfrmCounter(p.line)
		if !ok {
			p.unknown()
			continue
		}
		if c.Line = p.n; p.room() {
			p.st.Counters = append(p.st.Counters, c)
		}
	}
}
