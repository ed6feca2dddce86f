package config

import (
	"strconv"

	"github.com/ikediag/ikediag/ike"
)

// Field names what two connections are compared by.
type Field uint8

// The fields.
const (
	FieldAddress Field = iota + 1
	FieldVersion
	FieldMode // main or aggressive
	FieldAuth
	FieldXAuth
	FieldPassword // of the XAUTH user
	FieldProposals
	FieldPSK
	FieldID
	FieldLifetime
	FieldStart // neither end begins
	FieldEncap
	FieldFragmentation
	FieldChild // the other connection has no child for it
	FieldChildProposals
	FieldPFS
	FieldSelectors
	FieldEncapsulation // tunnel or transport
	FieldChildLifetime
	FieldIPComp
	FieldTruncation  // HMAC-SHA-256 cut to 96 bits
	FieldBinding     // applied to an interface
	FieldTranslation // a source NAT takes the traffic first
)

var fieldNames = [...]string{"", "address", "version", "mode", "auth", "xauth", "password", "proposals", "psk", "id", "lifetime", "start", "encap", "fragmentation",
	"child", "child-proposals", "pfs", "selectors", "encapsulation", "child-lifetime", "ipcomp", "truncation", "binding", "translation"}

// String returns the constant's name in lower case, as in child-proposals.
func (f Field) String() string {
	if int(f) < len(fieldNames) {
		return fieldNames[f]
	}
	return "Field(" + strconv.Itoa(int(f)) + ")"
}

// Degree says what a difference means.
type Degree uint8

// The degrees, least first.
const (
	Advisory     Degree = iota + 1 // both come to terms, but each may not get what it wants
	Unverifiable                   // it takes more than the two configurations to tell
	Mismatch                       // it cannot work
)

var degreeNames = [...]string{"", "advisory", "unverifiable", "mismatch"}

// String returns advisory, unverifiable or mismatch; empty for 0.
func (d Degree) String() string { return degreeNames[min(int(d), len(degreeNames)-1)] }

// Setting is one side of a difference as its configuration has it.
type Setting struct {
	// Key is the setting's name in its format.
	Key    string
	Text   string // the value for people; never a secret
	At     Pos
	Origin Origin
}

// Difference is a field in which two connections do not agree.
type Difference struct {
	Field  Field
	Degree Degree
	// A and B are the two ends'.
	A, B Setting
	// ChildA and ChildB name the children that a phase-2 field is about.
	ChildA, ChildB string
	// Attributes names what differs in the nearest proposals.
	Attributes []ike.Attribute
	// Note says more, in a fixed wording.
	Note string
}

// The wordings of Difference.Note.
const (
	NoteLooseKey     = "equal to the eye: white space, quotes or encoding differ"
	NoteIDType       = "same value, other type"
	NoteNarrowed     = "one contains the other"
	NoteOverlap      = "they overlap"
	NoteDynamic      = "the address is not known from the configuration"
	NoteDefaults     = "a built-in list takes part"
	NoteName         = "a host name"
	NoteNoKey        = "no key matches"
	NoteNoSecrets    = "no secrets were given"
	NoteConflict     = "several keys match equally well"
	NoteLenient      = "that end takes it as responder"
	NoteCertificate  = "the certificate decides"
	NoteUnanswered   = "another connection of the peer must answer it"
	NoteFirstOnly    = "of several selectors IKEv1 negotiates the first"
	NoteNeitherStart = "neither end begins"
	NoteUnbound      = "applied to no interface"
	NoteTranslated   = "the source NAT of that end takes the traffic first"
	NoteAnyPeer      = "a key for any peer is taken"
	NoteEitherMode   = "an end that begins in main mode answers both"
	NoteWider        = "an end refuses what is more than its own"
)

// Comparison is the result of Compare.
type Comparison struct {
	// Differences in the order of their fields.
	Differences []Difference
}

// Worst returns the gravest degree, 0 where there is no difference.
func (c *Comparison) Worst() (d Degree) {
	for i := range c.Differences {
		d = max(d, c.Differences[i].Degree)
	}
	return d
}

// Compatible reports whether nothing is known to fail.
func (c *Comparison) Compatible() bool { return c.Worst() != Mismatch }
