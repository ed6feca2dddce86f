package diag

import (
	"fmt"
	"slices"
	"strings"
)

// Finding is one statement about a tunnel, a gateway or the evidence. A rule
// fills Code, Severity where it differs from the catalogue's, FixAt, Summary,
// Detail, Evidence and Remedies, and may add to RuledOut and Missing; the
// engine computes the rest.
type Finding struct {
	Code     Code
	Kind     Kind
	Severity Severity
	Verdict  Verdict
	Status   Status
	Phase    Phase
	Scope    Scope
	// FixAt is the end that has to change something.
	FixAt End
	// Summary is one sentence for people: what is wrong, between whom. It
	// holds no secret and no text that a peer may have written, unless
	// quoted with Quote.
	Summary  string
	Detail   Detail
	Evidence []Evidence
	// Traces are more evidence, of which the engine makes what it keeps. They
	// are empty in what it returns.
	Traces     Traces
	RuledOut   []RuledOut
	Missing    []Missing
	Remedies   []Remedy
	References []Reference

	// ID, Incident and Fingerprint come from content: code, tunnel, and what
	// of the tunnel the finding is about.
	ID, Incident, Fingerprint string
	// Tunnel is the ID of the tunnel, empty for a gateway's or the report's.
	Tunnel string
	// Gateway is set where Scope is ScopeGateway.
	Gateway string
	// Explains lists the IDs of findings that this one causes.
	Explains            []string
	FirstSeen, LastSeen Time
	// Count is the number of attempts that show it.
	Count int

	// subject tells apart findings of one code on one tunnel.
	subject string
	attempt int   // index of the last attempt that shows it, -1 for the tunnel as a whole
	common  uint8 // the rule's Doc.Common
}

// Weight tells what a piece of evidence is worth to the finding it stands in.
type Weight uint8

// The weights, as the signature tables mark them.
const (
	Background Weight = iota // says where, not what
	Hint                     // fits, as it fits others
	Strong                   // fits this and hardly anything else
	Proof                    // cannot be without it, given that the look-alikes are ruled out
)

// Stops reports whether what was found can be why a tunnel does not work. Of two
// lifetimes that differ, for one, the shorter holds.
func (f *Finding) Stops() bool { return f.Severity >= Error || !slices.Contains(harmless, f.Code) }

// harmless are the codes of what stops no tunnel, unless a rule calls it an
// error.
var harmless = []Code{
	CertCertreqUnknownCA, IKEInteropQuirk, IKEP1LifetimeMismatch, IKEP2TSNarrowed, IKEP2LifetimeMismatch, IKEP2Lifebytes,
	LifeRekeyCollision, LifeDPDUnsupported, LifeDPDSeq, LifeTimerExtreme, NetESPFragmented, NetPacketLoss,
}

// Evidence is a place in a source and what stands there.
type Evidence struct {
	// Source and Where tell the place, Gateway whose view the source is.
	Source SourceID
	Kind   EvidenceKind
	// Against: it speaks against the finding.
	Against bool
	Weight  Weight
	Basis   Basis
	Gateway string
	Where   Where
	Time    Time
	// Text is redacted and bounded. It is there when all rules have run.
	Text string
	// Span is the time in which an absence was observed; nil of what is there.
	Span *Span

	of    shown // whose words the Text is yet to be, zero where it is
	gaps  bool  // of an absence: see Whole
	claim bool  // of what a notify in the clear says
}

// write sets the texts of a finding's evidence: of most evidence that rules look
// at nobody reads one. They stand in one string.
func (f *Finding) write() {
	n := 0
	for i := range f.Evidence {
		if o := &f.Evidence[i].of; o.f != nil {
			n += int(o.f.size)
		}
	}
	var all strings.Builder
	all.Grow(n)
	for i := range f.Evidence {
		e := &f.Evidence[i]
		if words := e.unwritten(); len(words) > 0 {
			at := all.Len()
			all.Write(words)
			e.Text = all.String()[at:]
		}
		e.of = shown{}
	}
	for i := range f.RuledOut {
		if e := &f.RuledOut[i].Evidence; e.of.f != nil {
			e.Text, e.of = string(e.words()), shown{}
		}
	}
}

// words returns the Text, also before it is written.
func (e *Evidence) words() []byte {
	if e.Text != "" {
		return []byte(e.Text)
	}
	return e.unwritten()
}

// unwritten returns the words that the Text is yet to be.
func (e *Evidence) unwritten() []byte {
	if e.of.f == nil || e.Text != "" {
		return nil
	}
	return e.of.s.said(e.of.f)
}

// Span is a time that has a beginning and an end.
type Span struct{ From, To Time }

// span returns the Span, if there is one.
func (e *Evidence) span() Span {
	if e.Span == nil {
		return Span{}
	}
	return *e.Span
}

// As returns the evidence with a weight.
func (e Evidence) As(w Weight) Evidence { e.Weight = w; return e }

// RuledOut names an explanation that the evidence excludes.
type RuledOut struct {
	Code Code
	// Reason says why, Evidence shows it.
	Reason   string
	Evidence Evidence
}

// Missing names evidence that would decide between explanations.
type Missing struct {
	// Kind is what sort of source is missing, End whose.
	Kind SourceKind
	End  End
	// Level is the log level, with its subsystem, that would show it;
	// LevelDetail where that is to be said in the product's words.
	Level   string
	Decides []Code
	Why     string
}

// LevelDetail is the level, whatever a product calls it, at which a daemon says
// what it compares.
const LevelDetail = "detail"

// Remedy is one thing that somebody can do. Where Action is empty, it is the
// one of the rule's documentation: a rule then tells only where.
type Remedy struct {
	End End
	// Action says what to do; Setting and Value what to write, in the format's
	// own words.
	Action  string
	Setting string
	Value   string
	// Source and Line point at the setting where a configuration was given;
	// Source is NoSource where none was.
	Source SourceID
	Line   int
}

// NoSource is the SourceID of nothing.
const NoSource = SourceID(1<<32 - 1)

// Reference points to a document: a section of an RFC, or another one by its
// URL.
type Reference struct {
	// RFC and Section, with Title, name a part of an RFC; Title and URL
	// anything else.
	RFC     int
	Section string
	Title   string
	URL     string
}

// String names the document.
func (r Reference) String() string {
	if r.RFC == 0 {
		return r.Title
	}
	return fmt.Sprintf("RFC %d, section %s: %s", r.RFC, r.Section, r.Title)
}

// Link returns where it can be read.
func (r Reference) Link() string {
	if r.RFC == 0 {
		return r.URL
	}
	return fmt.Sprintf("https://www.rfc-editor.org/rfc/rfc%d#section-%s", r.RFC, r.Section)
}
