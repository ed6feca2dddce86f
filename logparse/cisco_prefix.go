package logparse

import "bytes"

// What Cisco's devices put before a message, where none of it need be there:
//
//	<189>000091: gw1: *Mar  1 2020 00:34:06.187 CET: %CRYPTO-4-...
//
// a priority, the sequence number of "service sequence-numbers", the host's
// name, and the time of "service timestamps", marked * where the clock was
// never set and . where it lost its source, or else the time since the start:
// 00:12:34, 1d02h, 2w3d, 1y12w. A relay puts its own time and the host before
// all that.

// ciscoStart reports whether b begins with what only these devices begin a
// message with, and whether that message is about something else than IPsec.
func ciscoStart(b []byte) (own, foreign bool) {
	if len(b) < 8 {
		return false, false
	}
	switch b[0] {
	case '%':
		return ciscoTag(b)
	case 'I':
		switch string(b[:6]) {
		case "ISAKMP":
			c := b[6]
			return c == ':' || c == ' ' || c == '-' || c == '(', false
		case "IPSEC(", "IPSec(", "IPSEC:":
			return true, false
		}
	case 'C':
		return bytes.HasPrefix(b, []byte("Crypto mapdb :")) || bytes.HasPrefix(b, []byte("CryptoEngine")) || bytes.HasPrefix(b, []byte("CRYPTO_ENGINE")), false
	case 'c':
		return bytes.HasPrefix(b, []byte("crypto_engine: ")), false
	case '(':
		return bytes.HasPrefix(b, []byte("(ipsec_process_proposal)")), false
	case '[':
		return string(b[:6]) == "[IKEv1" || bytes.HasPrefix(b, []byte("[IKE COMMON")), false
	}
	return false, false
}

// ciscoTag reads %FACILITY-SEVERITY-MNEMONIC: and tells whether the facility
// has to do with IPsec.
func ciscoTag(b []byte) (own, foreign bool) {
	n := tagLength(b)
	if n == 0 {
		return false, false
	}
	if asaTag(b) {
		return true, !asaIPsec(b[n-7 : n-4])
	}
	facility, _, _ := bytes.Cut(b[1:n], []byte("-"))
	switch string(facility) {
	case "CRYPTO", "IKE", "IKEV2", "IPSEC", "PKI":
		return true, false
	}
	return true, !bytes.HasPrefix(facility, []byte("CRYPTO_")) && !bytes.HasPrefix(facility, []byte("IPSEC_"))
}

// tagLength returns the length of a tag with its colon, 0 where b does not
// begin with one.
func tagLength(b []byte) int {
	if len(b) > 13 && asaTag(b) && asaNumber(b) {
		return 14
	}
	dashes := 0
	for i := 1; i < len(b) && i < 80; i++ {
		switch c := b[i]; {
		case c == '-':
			dashes++
		case c == ':':
			if dashes >= 2 && i >= 9 {
				return i + 1
			}
			return 0
		case c == '_' || c-'0' <= 9 || c|0x20-'a' <= 25:
		default:
			return 0
		}
	}
	return 0
}

// ciscoStamp takes a sequence number, a marked time or a time since the start
// off, and keeps the time.
func ciscoStamp(b []byte, pr *Prefix, timed bool) (rest []byte, ok bool) {
	c := b[0]
	if c == '*' || c == '.' {
		var s stamp
		n := scanStamp(b[1:], &s)
		if n == 0 || s.month == 0 {
			return b, false
		}
		if c == '.' || !timed {
			pr.Time = b[1 : 1+n : 1+n]
		}
		if rest, ok = ciscoZone(b[1+n:]); !ok {
			rest = b[1+n:]
		}
		return bytes.TrimPrefix(rest, []byte(":")), true
	}
	n := digits(b)
	if n == 0 || n > 10 || n+2 >= len(b) {
		return b, false
	}
	if b[n] == ':' && b[n+1] == ' ' {
		after := trimLeft(b[n+1:])
		if len(after) == 0 {
			return b, false
		}
		var s stamp
		if own, _ := ciscoStart(after); own || after[0] == '*' || after[0] == '.' || scanStamp(after, &s) > 0 {
			return after, true
		}
		if host, m := cutWord(after); m < len(after) && hostWord(host) && host[len(host)-1] == ':' {
			if ciscoTimed(after[m:]) || uptime(after[m:]) > 0 {
				return after, true
			}
		}
		return b, false
	}
	if m := uptime(b); m > 0 {
		return b[m:], true
	}
	return b, false
}

// uptime returns the length of 1d02h:, 2w3d: or 1y12w:, 0 where there is none.
func uptime(b []byte) int {
	i := 0
	for range 2 {
		n := digits(b[i:])
		if n == 0 || i+n >= len(b) {
			return 0
		}
		switch b[i+n] {
		case 'y', 'w', 'd', 'h':
		default:
			return 0
		}
		i += n + 1
	}
	if i < len(b) && b[i] == ':' {
		return i + 1
	}
	return 0
}

// ciscoZone takes the name of a time zone off that ends a device's time.
func ciscoZone(b []byte) (rest []byte, ok bool) {
	i := 0
	if len(b) > 0 && b[0] == ' ' {
		i++
	}
	n := 0
	for i+n < len(b) && b[i+n]-'A' <= 25 {
		n++
	}
	if n < 2 || n > 5 || i+n >= len(b) || b[i+n] != ':' {
		return b, false
	}
	return b[i+n:], true
}

// ciscoHost reads "host [seq:] [host:] [time:]" before a device's message.
func ciscoHost(b []byte, pr *Prefix) (rest []byte, foreign, ok bool) {
	host, n := cutWord(b)
	if n == len(b) {
		return b, false, false
	}
	if host = bytes.TrimSuffix(host, []byte(":")); !hostWord(host) {
		return b, false, false
	}
	inner := *pr
	marked := false
	b = bytes.TrimPrefix(b[n:], []byte(": "))
	for range 6 { // as many parts as there can be
		b = trimLeft(b)
		own, f := ciscoStart(b)
		if own {
			pr.Host, pr.Time = host, inner.Time
			return b, f, true
		}
		if len(b) == 0 {
			break
		}
		if r, ok := ciscoStamp(b, &inner, true); ok {
			b, marked = r, true
			continue
		}
		var s stamp
		if m := scanStamp(b, &s); m > 0 && m < len(b) && s.month > 0 {
			inner.Time = b[:m:m]
			b = b[m:]
			if r, ok := ciscoZone(b); ok {
				b = r
			}
			b = bytes.TrimPrefix(trimLeft(b), []byte(":"))
			continue
		}
		if w, m := cutWord(b); m < len(b) && hostWord(w) {
			if own, _ := ciscoStart(trimLeft(bytes.TrimPrefix(b[m:], []byte(":")))); own || w[len(w)-1] == ':' && ciscoTimed(b[m:]) {
				b = bytes.TrimPrefix(b[m:], []byte(":"))
				continue
			}
		}
		break
	}
	if marked { // the second line of a message
		pr.Host, pr.Time = host, inner.Time
	}
	return b, false, marked
}

// ciscoTimed reports whether b begins with a time, marked or not.
func ciscoTimed(b []byte) bool {
	var s stamp
	b = bytes.TrimLeft(b, " *.")
	return len(b) > 0 && scanStamp(b, &s) > 0
}

// sequence finds the sequence number in what stands before a device's time.
func sequence(b []byte) (from, to int) {
	for i := 0; i < len(b); i++ {
		n := digits(b[i:])
		if n == 0 {
			continue
		}
		if i+n+1 < len(b) && b[i+n] == ':' && b[i+n+1] == ' ' && (i == 0 || b[i-1] == '>' || b[i-1] == ' ') {
			from, to = i, i+n
		}
		i += n
	}
	return from, to
}
