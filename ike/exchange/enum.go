package exchange

import "strconv"

// enumName returns the n-th name, or Type(n) for a number without one.
func enumName(names []string, n uint8, typ string) string {
	if int(n) < len(names) {
		return names[n]
	}
	return typ + "(" + strconv.Itoa(int(n)) + ")"
}
