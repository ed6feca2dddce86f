package diag

import (
	"strings"
	"sync"
)

//go:generate go run gen.go

// Code names what a finding says, stable for ever: IKE-P1-PSK-MISMATCH. The
// catalogue lists ours; a user's rules bring their own, with a prefix that no
// catalogue code has.
type Code string

// Entry is a row of the catalogue: what is fixed about a code.
type Entry struct {
	Code     Code
	Kind     Kind
	Phase    Phase
	Severity Severity // the default; a rule may raise or lower it by outcome
	Title    string
	// Parent is the more general code of which this is a special case; empty
	// where there is none. It is right wherever the special case is.
	Parent Code
}

// Catalogue returns the rows of all stable codes, sorted as in the catalogue.
func Catalogue() []Entry { return append([]Entry(nil), catalogue[:]...) }

// Lookup returns the catalogue's row of a code.
func Lookup(c Code) (Entry, bool) {
	byCode.once.Do(func() {
		byCode.at = make(map[Code]int, len(catalogue))
		for i := range catalogue {
			byCode.at[catalogue[i].Code] = i
		}
	})
	if i, ok := byCode.at[c]; ok {
		return catalogue[i], true
	}
	return Entry{}, false
}

// byCode is where in the catalogue the codes are, once somebody asks.
var byCode struct {
	once sync.Once
	at   map[Code]int
}

// valid reports whether a code has the form that codes have: capitals, digits
// and dashes.
func (c Code) valid() bool {
	return c != "" && strings.Trim(string(c), "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == "" && c[0] != '-'
}
