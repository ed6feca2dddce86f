package logparse

import "bytes"

// What some daemons of syslog write of a message's priority and ID beside its
// host and program.

// priorityWord reports whether a word is a priority in words or in numbers:
// daemon.info of BusyBox and OpenWrt, <daemon.info> and <3.6> of FreeBSD without
// their brackets.
func priorityWord(w []byte) bool {
	i := bytes.IndexByte(w, '.')
	if i < 1 || i == len(w)-1 || len(w) > 20 {
		return false
	}
	facility, level := w[:i], w[i+1:]
	if digits(facility) == i {
		return i <= 2 && len(level) == 1 && level[0]-'0' <= 7
	}
	switch string(level) {
	case "emerg", "panic", "alert", "crit", "err", "error", "warn", "warning", "notice", "info", "debug":
	default:
		return false
	}
	switch string(facility) {
	case "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "security", "console", "ntp":
		return true
	}
	return i == 6 && string(facility[:5]) == "local" && facility[5]-'0' <= 7
}

// behindMessageID takes Solaris's ID of a message off: "[ID 702911 daemon.info] ".
func behindMessageID(b []byte) []byte {
	if len(b) < 8 || string(b[:4]) != "[ID " {
		return b
	}
	if end := bytes.IndexByte(b[:min(len(b), 48)], ']'); end > 0 && end+1 < len(b) && b[end+1] == ' ' {
		return b[end+2:]
	}
	return b
}

// sinceBoot reports whether a text in brackets is the time since a host's start,
// as the journal and the kernel write it: "  614.273104".
func sinceBoot(b []byte) bool {
	b = trimLeft(b)
	n := digits(b)
	return n > 0 && len(b) == n+7 && b[n] == '.' && digits(b[n+1:]) == 6
}

// tabbed reads what a table in a browser gives for a line behind its time: its
// severity, its program and its number, in columns that tabs end.
//
//	charon	81202	10[IKE] ...                 pfSense
//	Informational	charon	10[IKE] ...         OPNsense
func tabbed(b []byte, pr *Prefix) (rest []byte, foreign, ok bool) {
	b = b[1:]
	for range 4 {
		i := 0
		for i < len(b) && i < 128 && (wordByte(b[i]) || b[i] == '[' || b[i] == ']' || b[i] == ':') {
			i++
		}
		if i == 0 || i >= len(b) || b[i] != '\t' && b[i] != ' ' {
			break
		}
		column := b[:i:i]
		prog, pid, named := splitProgram(column)
		switch {
		case named:
			pr.Program, pr.PID = prog, pid
			b = b[i+1:]
			return b, !knownProgram(prog) && !innerPrefix(b), true
		case b[i] != '\t':
		case severityWord(column):
			b = b[i+1:]
			continue
		case digits(column) == i && pr.Program != nil:
			if v, fits := parseUint(column); fits && v < 1<<32 {
				pr.PID = uint32(v)
			}
			b = b[i+1:]
			continue
		case pr.Program == nil && !innerPrefix(b):
			pr.Program, b = column, b[i+1:]
			continue
		}
		break
	}
	return b, pr.Program != nil && !knownProgram(pr.Program) && !innerPrefix(b), pr.Program != nil
}

// kiwi takes the columns of Kiwi Syslog's files off that follow the time: a
// facility and a severity, "Local4.Debug", and the host.
func kiwi(b []byte, pr *Prefix) (rest []byte, ok bool) {
	column, after := cutByte(b[1:], '\t')
	var lower [20]byte
	if len(column) > len(lower) {
		return b, false
	}
	for i, c := range column {
		if c-'A' <= 'Z'-'A' {
			c |= 0x20
		}
		lower[i] = c
	}
	if !priorityWord(lower[:len(column)]) {
		return b, false
	}
	host, rest := cutByte(after, '\t')
	if !hostWord(host) || len(rest) == 0 {
		return b, false
	}
	pr.Host = host
	return rest, true
}

// severityWord reports whether a column says how bad a message is.
func severityWord(w []byte) bool {
	switch string(w) {
	case "Emergency", "Alert", "Critical", "Error", "Warning", "Notice", "Informational", "Info", "Debug":
		return true
	}
	return false
}
