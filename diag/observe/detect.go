package observe

import (
	"bytes"
	"strings"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/capture"
	"github.com/ikediag/ikediag/ike/config"
	"github.com/ikediag/ikediag/ike/keys"
	"github.com/ikediag/ikediag/ike/probe"
	"github.com/ikediag/ikediag/ike/state"
	"github.com/ikediag/ikediag/logparse"
)

// Detected says what a content is.
type Detected struct {
	// Kind is KindUnknown where nobody knows what it is.
	Kind    diag.SourceKind
	Dialect string // the format's name
	// Read: this release reads it. Otherwise it is known by name only.
	Read bool
}

// LooksLikeKeys reports whether a content that Detect knows no kind of may be a
// file of keys to a configuration that lies beside it: of which format.
func LooksLikeKeys(head []byte) (dialect string, ok bool) {
	return string(config.RacoonKeys), config.LooksLikeKeys(head)
}

// Belongs reports whether a file of one format, of secrets or of policies, is
// for a configuration of another.
func Belongs(file, conf string) bool {
	return config.Dialect(file).Joins(config.Dialect(conf))
}

// NoKeys reports whether a content without anything but blanks and comments is a
// file of keys, by what it is called: of which format.
func NoKeys(name string, head []byte) (dialect string, ok bool) {
	if len(head) >= HeadBytes || !config.Blank(head) {
		return "", false
	}
	switch name = strings.ToLower(name[strings.LastIndexAny(name, `/\`)+1:]); {
	case strings.Contains(name, "secrets"):
		return string(config.IPsecSecrets), true
	case strings.Contains(name, "psk"):
		return string(config.RacoonKeys), true
	}
	return "", false
}

// KeysApart reports whether configurations of a format have their keys in a file
// of its own and nowhere else.
func KeysApart(conf string) bool { return config.Dialect(conf).KeysApart() }

// Policies is the name of the format of policies that belong to a
// configuration.
const Policies = string(config.Setkey)

// HeadBytes is how much of a content Detect wants to see.
const HeadBytes = 64 << 10

// Dialect is a daemon's way of writing logs: whoever has a daemon's that is not
// read here describes it so, and gives it to what reads logs.
type Dialect = logparse.Dialect

// Detect names the kind of a content by its head, whole where it is shorter
// than HeadBytes: what has a magic number first, then what has a grammar, then
// what merely has lines, own dialects' among them.
func Detect(head []byte, own ...*Dialect) Detected {
	d, _ := sniff(head, own)
	return d
}

// Sniff is Detect for who asks IsSession as well: it looks at each octet once for
// both. A capture is no session.
func Sniff(head []byte, own ...*Dialect) (d Detected, session bool) {
	d, marked := sniff(head, own)
	return d, marked && d.Kind != diag.KindCapture && IsSession(head)
}

// sniff returns what a head is, and whether IsSession may say that it is one.
func sniff(head []byte, own []*Dialect) (d Detected, marked bool) {
	if len(bytes.TrimSpace(head)) == 0 && len(head) < HeadBytes {
		return Detected{Kind: diag.KindEmpty, Read: true}, false
	}
	if f := capture.Detect(head[:min(len(head), 8)]); f != capture.FormatNone {
		return Detected{diag.KindCapture, f.String(), true}, false
	}
	g := glanceAt(head)
	return g.detect(head, own), g.marked
}

// detect names the kind of what has no magic number.
func (g *glance) detect(head []byte, own []*Dialect) Detected {
	if f := credentialFormat(head, g.marked); f != "" {
		return Detected{diag.KindCertificate, f, true}
	}
	if !g.text(len(head)) {
		return Detected{}
	}
	if probe.Detect(head) {
		return Detected{diag.KindProbe, ProbeFormat, true}
	}
	if keys.IsTable(head) {
		return Detected{diag.KindSecrets, KeyTable, true}
	}
	name, dialect, score := logparse.Detect(head, own...)
	log := Detected{diag.KindLog, name, dialect != nil}
	if score >= 90 && dialect != nil {
		return log // it may quote a dump
	}
	if f := state.Detect(head); f != state.FormatUnknown && f != state.FormatEmpty {
		return Detected{diag.KindState, f.String(), f.Readable()}
	}
	if f := config.Detect(head); f == config.IPsecSecrets {
		return Detected{diag.KindSecrets, string(f), f.Read()}
	} else if f != config.Unknown {
		return Detected{diag.KindConfig, string(f), f.Read()}
	}
	if score >= 50 {
		return log
	}
	if f := capture.Detect(head); f != capture.FormatNone {
		return Detected{diag.KindCapture, f.String(), true}
	}
	if score > 0 {
		return log
	}
	return Detected{}
}
