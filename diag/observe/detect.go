package observe

import (
	"bytes"
	"encoding/binary"
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
	if len(bytes.TrimSpace(head)) == 0 && len(head) < HeadBytes {
		return Detected{Kind: diag.KindEmpty, Read: true}
	}
	if f := capture.Detect(head[:min(len(head), 8)]); f != capture.FormatNone {
		return Detected{diag.KindCapture, f.String(), true}
	}
	if f := credentialFormat(head); f != "" {
		return Detected{diag.KindCertificate, f, true}
	}
	if !isText(head) {
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

// Dated reports whether the first lines of a log that have a time say its year.
func Dated(head []byte, own ...*Dialect) bool {
	p := logparse.Parser{Dialects: logparse.Dialects(own...), PrefixOnly: true}
	var e logparse.Event
	timed := 0
	for line := range bytes.Lines(head) {
		p.Parse(bytes.TrimRight(line, "\r\n"), &e)
		if len(e.Prefix.Time) == 0 {
			continue
		}
		if timed++; !e.Prefix.YearWritten() {
			return false
		}
		if timed == datedLines {
			break
		}
	}
	return true
}

// datedLines is the number of lines that tell how a log writes times.
const datedLines = 8

// isText reports whether a head is text, NUL octets or not: a crash may have
// left holes in a log.
func isText(head []byte) bool {
	other, i := 0, 0
	for ; i+8 <= len(head); i += 8 {
		if anyControl(binary.LittleEndian.Uint64(head[i:])) { // in a text the end of a line
			other += odd(head[i : i+8])
		}
	}
	return (other+odd(head[i:]))*10 < len(head)
}

// odd counts the octets that a text does not have.
func odd(b []byte) (n int) {
	for _, c := range b {
		if c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != 0x1b {
			n++
		}
	}
	return n
}

// anyControl reports whether one of eight octets is less than a blank: it alone
// has its highest bit set by the subtraction.
func anyControl(eight uint64) bool {
	return (eight-0x2020202020202020)&^eight&0x8080808080808080 != 0
}
