package ingest

import (
	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/observe"
)

// Target takes sources and what they say: a *diag.Engine, or the first stage
// of a fleet, which sends them on.
type Target interface {
	observe.Target
	// AddSource announces a source and returns its ID for observations.
	AddSource(diag.Source) diag.SourceID
	// UpdateSource changes what is known of a source. It is called from other
	// goroutines as well while a capture is read from a Feed.
	UpdateSource(diag.SourceID, func(*diag.Source))
	// DigestKey returns the key under which digests of secrets are made: the
	// same for all whose observations meet.
	DigestKey() []byte
}
