package state

import (
	"slices"
	"strings"
)

// What MikroTik's RouterOS prints for ip ipsec active-peers print and ip ipsec
// installed-sa print: records of names and values, of which a long one goes on
// on further lines, or a table. It prints keys, which are not kept:
//
//	Flags: R - responder, N - natt-peer
//	 0 R  id="branch" local-address=192.0.2.1 port=4500 remote-address=192.0.2.9
//	      port=4500 state=established side=responder uptime=5h9m14s ph2-total=3
//
//	Flags: S - seen-traffic; H - hw-aead; A - AH, E - ESP
//	 0   E spi=0xE841441 src-address=192.0.2.9 dst-address=192.0.2.1 state=mature
//	       auth-algorithm=sha256 enc-algorithm=aes-cbc enc-key-size=256
//	       auth-key="…
//	         …"
//	       add-lifetime=24m23s/30m29s current-bytes=1820 current-packets=25 replay=128
//
// With as-value the names and values of all records stand on one line, parted
// by semicolons, each record after ".id=".

// isRouterOS recognises lines of either.
func isRouterOS(line string) Format {
	s := strings.TrimSpace(line)
	flags := strings.HasPrefix(s, "Flags: ")
	switch {
	case flags && strings.Contains(s, "A - AH") && strings.Contains(s, "E - ESP"),
		strings.Contains(s, "spi=") && strings.Contains(s, "src-address=") && strings.Contains(s, "dst-address="),
		strings.HasPrefix(s, "#") && strings.Contains(s, " SPI ") && strings.Contains(s, " SRC-ADDRESS "):
		return RouterOSSAs
	case flags && strings.Contains(s, "natt-peer"), strings.Contains(s, "remote-address=") && strings.Contains(s, "side="),
		strings.HasPrefix(s, "#") && strings.Contains(s, " STATE ") && strings.Contains(s, "REMOTE-ADDRESS"),
		strings.HasPrefix(s, "Columns: ") && strings.Contains(s, "PH2-TOTAL"):
		return RouterOSPeers
	}
	return FormatUnknown
}

// routerOS is a reading of either.
type routerOS struct {
	p      *parser
	part   Format
	table  []string // the columns of a table
	open   bool     // a record is being read
	quoted bool     // within a value in quotes
	line   int
	flags  string
	values []routerValue
	number string // of a row of a table whose comment stands before it
	count  bool   // some SA has counted
}

type routerValue struct{ key, value string }

func readRouterOS(p *parser) {
	r := routerOS{p: p, part: p.st.Format}
	for p.next() {
		s := strings.TrimSpace(p.line)
		if r.quoted = r.quoted && !strings.Contains(s, "spi="); r.quoted {
			r.words(s)
			continue
		}
		if f := isRouterOS(s); f != FormatUnknown && (f != r.part || strings.HasPrefix(s, "Flags: ")) {
			r.close()
			r.part, r.table = f, nil
		}
		switch {
		case s == "":
			r.close()
		case strings.HasPrefix(s, "Flags: "), strings.HasPrefix(s, "Columns: "), strings.HasPrefix(s, "["), strings.HasPrefix(s, ";;;"):
		case strings.HasPrefix(s, "#"):
			r.table = strings.Fields(s)
		case r.table != nil:
			r.row(s)
		case strings.Contains(s, ".id=*"):
			r.asValue(s)
		default:
			r.record(s)
		}
	}
	r.close()
	for i := range p.st.Kernel { // what is 0 is not printed; hardware does not count
		p.st.Kernel[i].Counted = r.count && !slices.Contains(p.st.Kernel[i].Flags, "hw-aead")
	}
}

// record reads a line of a record: one that begins with a number begins another.
func (r *routerOS) record(s string) {
	word, rest, _ := strings.Cut(s, " ")
	if isNumber(word) {
		r.close()
		r.begin()
		for rest = strings.TrimLeft(rest, " "); ; {
			flag, more, _ := strings.Cut(rest, " ")
			if flag == "" || len(flag) > 4 || strings.Contains(flag, "=") || strings.HasPrefix(flag, ";") {
				break
			}
			r.flags += flag
			rest = strings.TrimLeft(more, " ")
		}
		s = rest
	}
	if !r.open {
		r.p.unknown()
		return
	}
	if !strings.HasPrefix(s, ";;;") {
		r.words(s)
	}
}

func (r *routerOS) begin() {
	r.open, r.quoted, r.line, r.flags, r.values = true, false, r.p.n, "", r.values[:0]
}

// words reads names and values parted by blanks. Of a value that goes on on the
// next line, a key as a rule, nothing is kept.
func (r *routerOS) words(s string) {
	if r.quoted {
		_, rest, ends := strings.Cut(s, `"`)
		if !ends {
			return
		}
		r.quoted, s = false, rest
	}
	for s = strings.TrimLeft(s, " "); s != ""; s = strings.TrimLeft(s, " ") {
		key, rest, ok := strings.Cut(s, "=")
		if i := strings.IndexByte(key, ' '); i >= 0 { // a word on its own
			s = s[i:]
			continue
		}
		if !ok {
			return
		}
		if strings.HasPrefix(rest, `"`) {
			value, after, ends := strings.Cut(rest[1:], `"`)
			if !ends {
				r.quoted = true
				return
			}
			r.set(key, value)
			s = after
			continue
		}
		value, after, _ := strings.Cut(rest, " ")
		r.set(key, value)
		s = after
	}
}

// maxRouterValues bounds the values of a record.
const maxRouterValues = 64

// set keeps a value, unless it is a key.
func (r *routerOS) set(key, value string) {
	if key != "auth-key" && key != "enc-key" && len(r.values) < maxRouterValues {
		r.values = append(r.values, routerValue{key, value})
	}
}

// get returns the n-th value of a name.
func (r *routerOS) get(key string, n int) string {
	for _, v := range r.values {
		if v.key == key {
			if n == 0 {
				return v.value
			}
			n--
		}
	}
	return ""
}

// asValue reads records that stand on one line.
func (r *routerOS) asValue(s string) {
	if !strings.HasPrefix(s, ".id=") {
		_, s, _ = strings.Cut(s, ".id=")
	}
	for part := range strings.SplitSeq(s, ";") {
		key, value, ok := strings.Cut(part, "=")
		switch {
		case key == ".id":
			r.close()
			r.begin()
		case ok && r.open && (key == "AH" || key == "ESP") && value == "true":
			r.flags += key[:1]
		case ok && r.open:
			r.set(key, strings.Trim(value, `"`))
		}
	}
	r.close()
}

// row reads a row of a table. What a field is tells its column, but for those of
// addresses, whose columns stand in order.
func (r *routerOS) row(s string) {
	if n, _, ok := cut2(s, ";;;"); ok {
		r.number = n
		return
	}
	f := strings.Fields(r.number + " " + s)
	r.number = ""
	if len(f) < 2 || !isNumber(f[0]) {
		r.p.unknown()
		return
	}
	r.begin()
	var addresses []string
	for _, col := range r.table {
		if strings.HasSuffix(col, "-ADDRESS") {
			addresses = append(addresses, strings.ToLower(col))
		}
	}
	state := false
	for i, w := range f[1:] {
		_, isAddress := routerEnd(w)
		switch {
		case i == 0 && len(w) <= 4 && strings.Trim(w, "SHAEPMRN") == "":
			r.flags = w
		case strings.HasPrefix(w, "0x"):
			r.set("spi", w)
		case !state && routerState(w):
			r.set("state", w)
			state = true
		case isAddress && state && len(addresses) > 0:
			r.set(addresses[0], w)
			addresses = addresses[1:]
		case r.part == RouterOSPeers && !state:
			r.set("id", w)
		case routerSpan(w).Known && !isNumber(w):
			r.set("uptime", w)
		case r.part == RouterOSPeers:
			r.set("ph2-total", w)
		case isNumber(w):
			r.set("enc-key-size", w)
		case r.get("auth-algorithm", 0) == "" && routerIntegrity(w) != "":
			r.set("auth-algorithm", w)
		default:
			r.set("enc-algorithm", w)
		}
	}
	r.close()
}
