package diag

import "time"

// Silence leaves findings out of changes and of a report's verdict: a fault
// that is known and accepted. Empty fields match everything; a Silence with
// all fields empty matches nothing.
type Silence struct {
	Code        Code
	Tunnel      string // a tunnel's ID
	Fingerprint string
	Until       time.Time // zero: for ever; compared with the time of Advance
	Reason      string
}

func (e *Engine) silenced(f *Finding) bool {
	for _, s := range e.options.Silences {
		if s.Code == "" && s.Tunnel == "" && s.Fingerprint == "" {
			continue
		}
		if s.Code != "" && s.Code != f.Code || s.Tunnel != "" && s.Tunnel != f.Tunnel || s.Fingerprint != "" && s.Fingerprint != f.Fingerprint {
			continue
		}
		if !s.Until.IsZero() && !e.now.IsZero() && e.now.After(s.Until) {
			continue
		}
		return true
	}
	return false
}
