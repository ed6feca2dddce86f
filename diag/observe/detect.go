package observe

import (
	"bytes"
	"encoding/binary"
	"math/bits"
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
	// Of those less than a blank, too, there are nearly always few enough.
	return controls(head)*10 < len(head) || odd(head)*10 < len(head)
}

// odd counts the octets that a text does not have.
func odd(b []byte) (n int) {
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != 0x1b {
			n++
		}
	}
	return n
}

// controls counts the octets that are less than a blank, which have none of the
// three highest bits. In a text there is one where a line ends.
func controls(b []byte) (n int) {
	const highest = 0x8080808080808080
	i := 0
	for ; i <= len(b)-32; i += 32 {
		v := b[i : i+32]
		p, q, r, s := binary.LittleEndian.Uint64(v), binary.LittleEndian.Uint64(v[8:]), binary.LittleEndian.Uint64(v[16:]), binary.LittleEndian.Uint64(v[24:])
		p, q, r, s = p|p<<1|p<<2, q|q<<1|q<<2, r|r<<1|r<<2, s|s<<1|s<<2
		if p&q&r&s&highest != highest {
			n += 32 - bits.OnesCount64(p&highest|q&highest>>1|r&highest>>2|s&highest>>3)
		}
	}
	for _, c := range b[i:] {
		if c < ' ' {
			n++
		}
	}
	return n
}
