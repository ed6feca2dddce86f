package logparse

import (
	"sync"

	"github.com/ikediag/ikediag/ike"
)

// Basis is what a dialect's templates rest on.
type Basis uint8

// The bases, best first.
const (
	Recorded     Basis = iota // recorded from the real daemon
	PublicSample              // other people's logs
	Recalled                  // documentation and memory: what rests on it is never confirmed
)

// Template is one message of a daemon.
//
// A Pattern is the text with its values in braces: {field:class}, where field
// is a Field's name and class says how far the value reaches; {:class} skips
// a value. The classes are
//
//	num     decimal digits
//	hex     hexadecimal digits
//	host    an address, %any or 0.0.0.0, without port
//	addr    an address with or without its port in brackets
//	net     a traffic selector
//	ident   lower-case letters, digits, _ and -
//	caps    capital letters, digits and _
//	word    up to the next blank
//	text    up to the next occurrence of the literal that follows
//	peer    up to its last occurrence: text that the peer may have written
//	rest    up to the end, which may be empty
//
// A field may be set to a fixed value, {side=local}: it consumes nothing.
type Template struct {
	Kind Kind
	// Group is the daemon's subsystem and, behind it, the log level at which it
	// writes the line where that is above 1: IKE, CFG2. It plays no part in
	// matching.
	Group   string
	Pattern string
	// Since and Until are the first and last release known to write the line
	// so, empty where it is not known or still does.
	Since, Until string
}

// Dialect is one daemon's way of writing logs.
type Dialect struct {
	Name  string
	Basis Basis
	// Spelling is that of its identities, proposals and selectors.
	Spelling ike.Dialect
	// Replies says that the daemon does not log what it receives: that it sends
	// the next message of main or aggressive mode tells that the one before came.
	Replies bool
	// Dangling says that the daemon's SA pairs outlive the ISAKMP SA that they
	// were negotiated under: its end is not theirs.
	Dangling bool
	// Programs are the names that syslog and the journal know the daemon by.
	Programs []string
	// Detect scores a line without its end: 0 says nothing, 100 leaves no
	// doubt.
	Detect func(line []byte) (score int)
	// score is Detect for what stands behind a carrier's header, where several
	// dialects would read the same one.
	score func(rest []byte, p Prefix) int
	// Templates lists the messages, in as many lists as there are subjects.
	Templates [][]Template
	// Recalled lists messages whose wording is known from documentation and
	// memory only, in a dialect that is better known otherwise. What rests on
	// them is never confirmed.
	Recalled [][]Template

	// Prefix takes the daemon's own prefix off a line whose carrier's is gone; nil
	// where it has none.
	Prefix func(line []byte, p *Prefix) (rest []byte)
	// Continues says that its messages go over several lines: one that begins
	// with a blank and has no carrier's header belongs to the one before.
	Continues bool
	assemble  func() assembler
	once      sync.Once
	trie      *trie
}

// compiled returns the trie, which is built at its first use.
func (d *Dialect) compiled() *trie {
	d.once.Do(func() {
		d.trie, _ = newTrie(d.lists())
		known := 0
		for _, list := range d.Templates {
			known += len(list)
		}
		for i := known; i < len(d.trie.templates); i++ {
			d.trie.templates[i].recalled = true
		}
	})
	return d.trie
}

// lists returns all lists of templates.
func (d *Dialect) lists() [][]Template {
	return append(append([][]Template(nil), d.Templates...), d.Recalled...)
}

// dialects lists every dialect that is read.
var dialects = [...]*Dialect{strongSwan, libreswan, ciscoIOS, ciscoASA, vpn3000, racoon, mikrotik, alibaba, fortigate, fortigateIKE, juniper, sonicwall, isakmpd, aws, paloAlto, checkPoint, windows}

// Dialects lists the dialects that are read.
func Dialects() []*Dialect { return append([]*Dialect(nil), dialects[:]...) }
