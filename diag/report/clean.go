package report

import "github.com/ikediag/ikediag/diag"

// safe is text that may be shown: cleaned and cut. Whatever a renderer takes
// from a report has this type, so that a string from outside which nobody
// cleaned does not compile.
type safe string

// Bounds of what is shown, in characters before cleaning.
const (
	maxName  = 512  // identities, names of connections, settings, codes
	maxPath  = 1024 // names of sources, URLs
	maxProse = 1024 // sentences and lines
)

// Bounds in formats for people, in columns as shown: what is longer buries the
// rest.
const (
	maxSaid  = 400
	maxValue = 160
	maxBrief = 48
)

func clean(s string, max int) safe { return safe(diag.Clean(s, max)) }

// name cleans an identity or another name.
func name(s string) safe { return clean(s, maxName) }

// prose cleans a sentence or a line of a log.
func prose(s string) safe { return clean(s, maxProse) }

// short cleans a text and cuts it to n columns, escapes included.
func short(s string, n int) safe { return safe(cut(diag.Clean(s, n), n)) }

// say, shown and brief are short for a sentence or line, for a value, and for
// a name among others.
func say(s string) safe   { return short(s, maxSaid) }
func shown(s string) safe { return short(s, maxValue) }
func brief(s string) safe { return short(s, maxBrief) }

// word returns an enumeration's word. The unset value of those that have no
// word for it reads "unknown".
func word(s string) safe {
	if s == "" {
		return "unknown"
	}
	return name(s)
}
