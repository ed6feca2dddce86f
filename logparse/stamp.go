package logparse

import "time"

// stamp is a time as a log writes it, with what it leaves out.
type stamp struct {
	year, month, day     int // 0: not written
	hour, min, sec, nsec int
	frac                 int // digits of the fraction
	offset               int // seconds east of UTC, if zoned
	zoned, epoch         bool
	// Of what was scanned, how many octets there are from the seconds on, and
	// behind their fraction.
	fromSeconds, behind int
}

// scanStamp reads the time that b begins with and returns its length, 0 where
// b begins with something else. It knows syslog's times with and without year
// and fraction, ISO 8601 and its relatives with a blank, slashes or dots,
// those of the syslog of Sophos UTM, ctime, RFC 2822, the times of web servers, seconds since 1970, and a clock
// time alone.
func scanStamp(b []byte, s *stamp) int {
	*s = stamp{}
	if len(b) < 8 {
		return 0
	}
	if m := month(b); m > 0 { // syslog's
		return s.monthFirst(b, m)
	}
	i := 0
	if weekday(b) {
		if i = 3; b[i] == ',' {
			i++
		}
		for i < len(b) && b[i] == ' ' {
			i++
		}
	}
	n := 0
	m := 0
	if i > 0 {
		m = month(b[i:])
	}
	switch {
	case m > 0:
		n = s.monthFirst(b[i:], m)
	case len(b) > i+9 && b[i+3] == '/' && b[i]-'a' <= 25:
		n = s.monthSlash(b[i:])
	case digits(b[i:]) > 0:
		n = s.digitFirst(b[i:])
	}
	if n == 0 {
		return 0
	}
	return i + n
}

// monthFirst reads "Jan  2 15:04:05", with the year before or after the time.
func (s *stamp) monthFirst(b []byte, month int) int {
	s.month = month
	i := 0
	if s.day, i = dayOfMonth(b); i == 0 {
		return 0
	}
	n := s.clock(b[i:])
	if n == 0 && i+4 < len(b) && b[i+4] == ' ' && digits(b[i:]) == 4 {
		s.year = atoi(b[i : i+4])
		i += 5
		n = s.clock(b[i:])
	}
	if n == 0 {
		return 0
	}
	i += n
	if s.year == 0 && i+4 < len(b) && b[i] == ' ' && digits(b[i+1:]) == 4 && (b[i+1] == '1' && b[i+2] == '9' || b[i+1] == '2' && b[i+2] == '0') &&
		(i+5 == len(b) || b[i+5] == ' ' || b[i+5] == ':') {
		s.year = atoi(b[i+1 : i+5])
		i += 5
	}
	return i + s.zone(b[i:])
}

// dayOfMonth reads the day behind a month's name and returns where what follows
// it is, 0 if it is none.
func dayOfMonth(b []byte) (day, end int) {
	if len(b) > 6 && b[3] == ' ' && b[5]-'0' <= 9 && b[6] == ' ' { // nearly all
		if tens := b[4] - '0'; tens <= 9 {
			return int(tens)*10 + int(b[5]-'0'), 7
		} else if b[4] == ' ' {
			return int(b[5] - '0'), 7
		}
	}
	i := 3
	for i < len(b) && b[i] == ' ' && i < 5 {
		i++
	}
	n := digits(b[i:])
	if i == 3 || n < 1 || n > 2 || i+n >= len(b) || b[i+n] != ' ' {
		return 0, 0
	}
	return atoi(b[i : i+n]), i + n + 1
}

// monthSlash reads RouterOS's "jan/02/2006 15:04:05", with or without the year.
func (s *stamp) monthSlash(b []byte) int {
	name := [4]byte{b[0] - 'a' + 'A', b[1], b[2], ' '}
	s.month = month(name[:])
	n := digits(b[4:])
	if s.month == 0 || n != 2 {
		return 0
	}
	s.day = atoi(b[4:6])
	i := 6
	if len(b) > 12 && b[6] == '/' && digits(b[7:]) == 4 {
		s.year = atoi(b[7:11])
		i = 11
	}
	if i >= len(b) || b[i] != ' ' {
		return 0
	}
	if n = s.clock(b[i+1:]); n == 0 || s.day < 1 || s.day > 31 {
		return 0
	}
	return i + 1 + n
}

// digitFirst reads every form that begins with a digit.
func (s *stamp) digitFirst(b []byte) int {
	n := digits(b)
	sep := byte(0)
	if n < len(b) {
		sep = b[n]
	}
	i := 0
	switch {
	case n >= 10 && n <= 19:
		return s.sinceEpoch(b, n)
	case n == 4 && sep == ' ' && month(b[5:]) > 0:
		s.year = atoi(b[:4])
		m := s.monthFirst(b[5:], month(b[5:]))
		if m == 0 {
			return 0
		}
		return 5 + m
	case n <= 2 && sep == ':':
		m := s.clock(b)
		return m + s.zone(b[m:])
	case n == 4 && (sep == '-' || sep == '/' || sep == '.' || sep == ':'):
		if len(b) < 16 || b[7] != sep || sep == ':' && b[10] != '-' || digits(b[5:7]) != 2 || digits(b[8:10]) != 2 {
			return 0
		}
		s.year, s.month, s.day = atoi(b[:4]), atoi(b[5:7]), atoi(b[8:10])
		i = 10
	case n <= 2 && (sep == ' ' || sep == '/' || sep == '-') && month(b[n+1:]) > 0:
		s.day, s.month = atoi(b[:n]), month(b[n+1:])
		if i = n + 4; i+5 > len(b) || b[i] != sep || digits(b[i+1:]) != 4 {
			return 0
		}
		s.year = atoi(b[i+1 : i+5])
		i += 5
	case n == 2 && (sep == '.' || sep == '/') && len(b) > 15 && b[5] == sep && digits(b[3:5]) == 2 && digits(b[6:10]) == 4:
		s.day, s.month, s.year = atoi(b[:2]), atoi(b[3:5]), atoi(b[6:10])
		if sep == '/' { // as in the United States, unless that is impossible
			s.american()
		}
		i = 10
	case n <= 2 && sep == '/':
		if i = s.shortDate(b, n); i == 0 {
			return 0
		}
	default:
		return 0
	}
	if s.month < 1 || s.month > 12 || s.day < 1 || s.day > 31 || i >= len(b) {
		return 0
	}
	if b[i] == ',' && i+1 < len(b) && b[i+1] == ' ' {
		i++
	}
	if c := b[i]; c != ' ' && c != 'T' && c != 't' && c != ':' && c != '-' && c != '_' {
		return 0
	}
	for i++; i < len(b) && b[i] == ' '; i++ {
	}
	if len(b) > i+5 && string(b[i:i+5]) == "time=" { // FortiGate's, behind "date="
		i += 5
	}
	m := s.clock(b[i:])
	if m == 0 {
		return 0
	}
	i += m
	return i + s.zone(b[i:])
}

// shortDate reads the date of "1/20/16 3:08:02.674 PM", as macOS's Console copies
// it.
func (s *stamp) shortDate(b []byte, n int) int {
	m := digits(b[n+1:])
	i := n + 1 + m
	if m < 1 || m > 2 || i+3 >= len(b) || b[i] != '/' {
		return 0
	}
	year := digits(b[i+1:])
	if year != 2 && year != 4 {
		return 0
	}
	s.day, s.month, s.year = atoi(b[:n]), atoi(b[n+1:i]), atoi(b[i+1:i+1+year])
	if year == 2 {
		s.year += 2000
	}
	s.american()
	return i + 1 + year
}

// american takes the first of two numbers for the month, unless that is
// impossible.
func (s *stamp) american() {
	if s.month, s.day = s.day, s.month; s.month > 12 {
		s.month, s.day = s.day, s.month
	}
}

func (s *stamp) sinceEpoch(b []byte, n int) int {
	v, _ := parseUint(b[:n])
	var unit uint64
	switch n {
	case 10:
		unit = 1
	case 13:
		unit, s.frac = 1e3, 3
	case 16:
		unit, s.frac = 1e6, 6
	case 19:
		unit, s.frac = 1e9, 9
	default:
		return 0
	}
	s.epoch = true
	t := time.Unix(int64(v/unit), int64(v%unit*(1e9/unit))).UTC()
	s.year, s.month, s.day = t.Year(), int(t.Month()), t.Day()
	s.hour, s.min, s.sec, s.nsec = t.Hour(), t.Minute(), t.Second(), t.Nanosecond()
	s.zoned = true
	if n == 10 {
		n += s.fraction(b[n:])
	}
	if n < len(b) && b[n] != ' ' && b[n] != ':' && b[n] != ']' && b[n] != '\t' {
		return 0
	}
	return n
}

// clock reads hh:mm:ss and a fraction.
func (s *stamp) clock(b []byte) int {
	n, ok := 2, false
	if s.hour, s.min, s.sec, ok = twoDigitClock(b); !ok {
		n = digits(b)
		if n < 1 || n > 2 || len(b) < n+6 || b[n] != ':' || b[n+3] != ':' || digits(b[n+1:n+3]) != 2 || digits(b[n+4:n+6]) != 2 {
			return 0
		}
		s.hour, s.min, s.sec = atoi(b[:n]), atoi(b[n+1:n+3]), atoi(b[n+4:n+6])
	}
	if s.hour > 24 || s.min > 59 || s.sec > 60 {
		return 0
	}
	end := n + 6 + s.fraction(b[n+6:])
	s.fromSeconds, s.behind = len(b)-(n+4), len(b)-end
	return end + s.half(b[end:])
}

// twoDigitClock reads 15:04:05 at once.
func twoDigitClock(b []byte) (hour, minute, sec int, ok bool) {
	if len(b) < 8 {
		return 0, 0, 0, false
	}
	const colons = 0xff<<16 | 0xff<<40
	d := first8(b) ^ ('0'*each&^colons | ':'*each&colons)
	if d&colons != 0 || (d+0x76*each|d)&highest != 0 {
		return 0, 0, 0, false
	}
	d = d*10 + d>>8 // a value in each first octet of two
	return int(d & 0xff), int(d >> 24 & 0xff), int(d >> 48 & 0xff), true
}

// half reads AM or PM.
func (s *stamp) half(b []byte) int {
	if len(b) < 3 || b[0] != ' ' || b[2] != 'M' || b[1] != 'A' && b[1] != 'P' || len(b) > 3 && b[3] != ' ' && b[3] != ':' || s.hour == 0 || s.hour > 12 {
		return 0
	}
	if s.hour %= 12; b[1] == 'P' {
		s.hour += 12
	}
	return 3
}

func (s *stamp) fraction(b []byte) int {
	if len(b) < 2 || b[0] != '.' && b[0] != ',' {
		return 0
	}
	n, v := 1, 0
	for ; n < len(b) && b[n]-'0' <= 9; n++ {
		if n <= 9 {
			v = v*10 + int(b[n]-'0')
		}
	}
	if n == 1 || n > 13 {
		return 0
	}
	s.frac = min(n-1, 9)
	s.nsec = v * tens[9-s.frac]
	return n
}

// tens are the powers of ten.
var tens = [...]int{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9}

// zone reads Z, an offset or UTC. Other names of zones mean different things
// in different places and are skipped.
func (s *stamp) zone(b []byte) int {
	i := 0
	if i < len(b) && b[i] == ' ' {
		i++
	}
	if i >= len(b) || b[i] > 'Z' { // what follows is none
		return 0
	}
	switch c := b[i]; {
	case c == 'Z' && i == 0:
		s.zoned = true
		return 1
	case c == '+' || c == '-':
		n := digits(b[i+1:])
		h, m := 0, 0
		end := i + 1 + n
		switch {
		case n == 4:
			h, m = atoi(b[i+1:i+3]), atoi(b[i+3:i+5])
		case n == 2 && len(b) >= i+6 && b[i+3] == ':' && digits(b[i+4:i+6]) == 2:
			h, m = atoi(b[i+1:i+3]), atoi(b[i+4:i+6])
			end = i + 6
		case n == 2 && i == 0:
			h = atoi(b[i+1 : i+3])
		default:
			return 0
		}
		if h > 14 || m > 59 {
			return 0
		}
		s.zoned, s.offset = true, h*3600+m*60
		if c == '-' {
			s.offset = -s.offset
		}
		return end
	case i == 1 && len(b) >= 4 && (string(b[1:4]) == "UTC" || string(b[1:4]) == "GMT") && (len(b) == 4 || b[4] == ' ' || b[4] == ':'):
		s.zoned = true
		return 4
	case i == 1:
		n := 1
		for n < len(b) && n < 6 && b[n]-'A' <= 25 {
			n++
		}
		if n < len(b) && (b[n] == ' ' || b[n] == ':') {
			switch string(b[1:n]) {
			case "CEST", "CET", "EDT", "EST", "PDT", "PST", "MDT", "MST", "CDT", "CST", "BST", "WET", "EET", "EEST", "MSK", "JST", "IST":
				return n
			}
		}
	}
	return 0
}

func weekday(b []byte) bool {
	if len(b) < 4 || b[3] != ' ' && b[3] != ',' {
		return false
	}
	switch string(b[:3]) {
	case "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun":
		return true
	}
	return false
}

func month(b []byte) int {
	if len(b) < 4 {
		return 0
	}
	switch string(b[:3]) {
	case "Jan":
		return 1
	case "Feb":
		return 2
	case "Mar":
		return 3
	case "Apr":
		return 4
	case "May":
		return 5
	case "Jun":
		return 6
	case "Jul":
		return 7
	case "Aug":
		return 8
	case "Sep":
		return 9
	case "Oct":
		return 10
	case "Nov":
		return 11
	case "Dec":
		return 12
	}
	return 0
}

// digits counts the digits that b begins with.
func digits(b []byte) int {
	for i, c := range b {
		if c-'0' > 9 {
			return i
		}
	}
	return len(b)
}

func atoi(b []byte) (n int) {
	for _, c := range b {
		n = n*10 + int(c-'0')
	}
	return n
}
