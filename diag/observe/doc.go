// Package observe is the one place that knows both a reader and diag: it
// turns a log's event, a capture's step, a configuration's connection, a
// certificate, a state dump's SA and a probe's answer into observations. It holds no opinion: what an observation
// means is for rules to say.
//
// Each reader has a value here that is bound to a source and to where the
// observations go:
//
//	l := observe.Log{To: engine, Source: id}
//	for e, err := range parser.Events(r) {
//		l.Event(e)
//	}
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
// one. It must copy what it keeps.
type Target interface {
	// Observe takes one observation, which is valid until it returns.
	Observe(*diag.Observation)
}
