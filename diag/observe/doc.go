// Package observe is the one place that knows both a reader and diag: it
// turns a log's event, a capture's step, a configuration's connection, a
// certificate, a state dump's SA and a probe's answer into observations. It
// holds no opinion: what an observation means is for rules to say.
//
// Each reader has a value here that is bound to a source and to where the
// observations go:
//
//	id := engine.AddSource(diag.Source{Name: name, Kind: diag.KindLog})
//	l := observe.Log{To: engine, Source: id, Digest: engine.DigestKey()}
//	err := l.Read(r)
//	engine.UpdateSource(id, l.Describe)
//
// Detect names the kind of a content, and so which of the values reads it. Read
// returns the reader's error: such as a *capture.ParseError, a
// *config.ParseError or a *state.ParseError. What was read before a fault has
// been observed, and Describe tells the source's coverage all the same: without
// it, nothing follows from what the source does not show.
//
// A capture shows more where its keys are known: Keys collects those of logs,
// configurations and key tables, and Packets opens messages with them.
// Messages that a log shows in hexadecimal are followed as those of a capture
// are; the daemon's own lines tell whose they are.
//
// The values reuse one observation and its body, and are for one goroutine.
package observe

import "github.com/ikediag/ikediag/diag"

// Target takes observations: a *diag.Engine, or what sends their wire form to
// one. It must copy what it keeps, and change nothing: what an observation has
// in common with the one before is not set again.
type Target interface {
	// Observe takes one observation, which is valid until it returns.
	Observe(*diag.Observation)
}
