package state

import (
	"strconv"
	"strings"
)

// What nstat prints of a kernel's network counters: a name, a number and a
// rate on each line, after a line that says whose they are:
//
//	#kernel
//	IpInReceives                    6003               0.0
//	TcpExtIPReversePathFilter       5                  0.0

func isNstat(line []byte) bool { return string(line) == "#kernel" }

func readNstat(p *parser) {
	for p.next() {
		f := strings.Fields(p.line)
		if len(f) == 0 || f[0][0] == '#' {
			continue
		}
		c := Counter{Line: p.n, Name: harmless(f[0])}
		var err error
		if len(f) >= 2 {
			c.Value, err = strconv.ParseUint(f[1], 10, 64)
		}
		switch {
		case len(f) < 2 || len(f) > 3 || err != nil:
			p.unknown()
		case p.room():
			p.st.Counters = append(p.st.Counters, c)
		}
	}
}
