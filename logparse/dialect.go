package logparse

import (
	"sync"

	"github.com/ikediag/ikediag/ike"
)

// Basis is what a dialect's templates rest on. It is Recalled unless the dialect
// says better, which it should as soon as Dialect.Check finds no fault in it with
// such a log.
type Basis uint8

// The bases, worst first.
const (
	Recalled     Basis = iota // documentation and memory: what rests on it is never confirmed
	PublicSample              // other people's logs
	Recorded                  // recorded from the real daemon
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

// Dialect is one daemon's way of writing logs. A Name and Templates make one; a
// Parser that has it among its Dialects reads what it writes. It is not changed
// once a Parser has it, and any number of Parsers may share it.
//
// Which negotiation a line is about is told by what its Templates name of it,
// the surest first: the daemon's number for it (sa), a cookie (icookie), the
// peer's address (remote), the connection's name. A line with none of them is
// about what the one before was about. A negotiation begins with a line of Kind
// Initiating or BeingInitiated.
type Dialect struct {
	// Name is what reports call it.
	Name  string
	Basis Basis
	// Spelling is that of its identities, and of proposals that are written as
	// configurations write them, aes256-sha256-modp2048.
	Spelling ike.Dialect
	// Replies says that the daemon does not log what it receives: that it sends
	// the next message of main or aggressive mode tells that the one before came.
	Replies bool
	// Dangling says that the daemon's SA pairs outlive the ISAKMP SA that they
	// were negotiated under: its end is not theirs.
	Dangling bool
	// Quiet says that the daemon logs neither what it sends and receives nor what
	// it drops: that a message is not in its log does not tell that it did not come.
	Quiet bool
	// Programs are the names that syslog and the journal know the daemon by.
	Programs []string
	// Detect scores a line without its end: 0 says nothing, 100 leaves no
	// doubt, from 50 on it is taken for one of the daemon's. Nil: a line that one
	// of the Templates knows is.
	Detect func(line []byte) (score int)
	// score is Detect for what stands behind a carrier's header, where several
	// dialects would read the same one.
	score func(rest []byte, p Prefix, marked bool) int
	// marks are pieces of text, in as many lists as there is use for, which one pass
	// over a line finds for all dialects. Of a line that has none Detect says
	// nothing, and score, which is told so, nothing but by how the line begins.
	marks [][]string
	bit   uint64 // the dialect's in a set of them; set with the first use of marks
	// Templates lists the messages, in as many lists as there are subjects.
	Templates [][]Template
	// Recalled lists messages whose wording is known from documentation and
	// memory only, in a dialect that is better known otherwise. What rests on
	// them is never confirmed.
	Recalled [][]Template

	// Prefix takes the daemon's own prefix off a line whose carrier's is gone; nil
	// where it has none.
	Prefix func(line []byte, p *Prefix) (rest []byte)
	// begins is Prefix for the lines that are the daemon's and about IPsec for
	// sure, so that no more of a carrier's header can be in them; not ok for any
	// other. Nil where it would not be worth it.
	begins func(line []byte, p *Prefix) (rest []byte, ok bool)
	// Continues says that its messages go over several lines: one that begins
	// with a blank and has no carrier's header belongs to the one before. What
	// Prefix takes off must then begin with neither a small letter nor a bracket.
	Continues bool
	assemble  func() assembler
	// sign tells the assembler what the words of a template mean to it, so that it
	// need not look at those of each line; nil where it would not be worth it.
	sign func(t *template) uint8
	once sync.Once
	trie *trie
}

// compiled returns the trie, which is built at its first use.
func (d *Dialect) compiled() *trie {
	d.once.Do(func() {
		var faults []error
		d.trie, faults = newTrie(d.lists())
		known := 0
		for _, list := range d.Templates {
			known += len(list)
		}
		if len(faults) > 0 {
			known = 0 // nobody tried it: nothing of it confirms
		}
		for i := known; i < len(d.trie.templates); i++ {
			d.trie.templates[i].recalled = true
		}
		for i := range d.trie.templates {
			if t := &d.trie.templates[i]; d.sign != nil {
				t.sign = d.sign(t)
			}
		}
	})
	return d.trie
}

// lists returns all lists of templates.
func (d *Dialect) lists() [][]Template {
	return append(append([][]Template(nil), d.Templates...), d.Recalled...)
}

// dialects lists every dialect that is read.
var dialects = [...]*Dialect{strongSwan, libreswan, ciscoIOS, ciscoASA, vpn3000, racoon, mikrotik, alibaba, fortigate, fortigateIKE, juniper, sonicwall, isakmpd, aws, paloAlto, checkPoint, windows, vpnc, softEther}

// Dialects lists the dialects that are read: own, and then those of this
// package. Where a line could be of several, the first one has it.
func Dialects(own ...*Dialect) []*Dialect {
	return append(append([]*Dialect(nil), own...), dialects[:]...)
}
