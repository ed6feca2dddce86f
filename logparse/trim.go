package logparse

// trimEnd takes the end of a line off.
func trimEnd(b []byte) []byte {
	for len(b) > 0 && b[len(b)-1] <= '\r' && (b[len(b)-1] == '\n' || b[len(b)-1] == '\r') {
		b = b[:len(b)-1]
	}
	return b
}

// trimLeft takes off blanks. Few lines have any: one comparison tells.
func trimLeft(b []byte) []byte {
	for len(b) > 0 && b[0] <= ' ' && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	return b
}

// trimRight takes off blanks and the bar that ends a table's row.
func trimRight(b []byte) []byte {
	for n := len(b); n > 0; n = len(b) {
		switch c := b[n-1]; {
		case c == ' ' || c == '\t' || c == '\r' || c == 0:
		case c == '|' && n > 1 && b[n-2] == ' ':
		default:
			return b
		}
		b = b[:n-1]
	}
	return b
}

// trimBlanks takes blanks off both ends; what is left of an empty value is
// not nil.
func trimBlanks(b []byte) []byte {
	if n := len(b); n > 0 && b[0] > ' ' && b[n-1] > ' ' { // nearly always
		return b
	}
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}
