package report

import (
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// A page is what a report says to people, in the order in which they read it.
// Every format for people is a walk over the same page: what is said, and in
// which words, is decided once, and a format decides how it looks and what it
// folds or leaves out.
type page struct {
	verdict  diag.ReportVerdict
	label    safe    // the verdict in a word
	sentence safe    // the answer
	parts    []*part // with findings, worst first
	quiet    []*part // tunnels of which nothing bad is said, those not up first
	lists    []tallies
	sources  []*origin
	folder   safe // where they all lie, empty where nowhere in common
}

// read is what stands above the list of the sources.
func (p *page) read() safe {
	if p.folder == "" {
		return "Read"
	}
	return "Read below " + p.folder
}

// A part is what is said of one tunnel, of one gateway, or of all that was
// given.
type part struct {
	*section
	title  safe
	more   safe    // beside the title
	facts  []entry // its ends, and how far it got
	cards  []*card
	works  []*remark
	past   []*remark
	views  []*ladderView
	pairs  []*settingView
	ledger []entry // an ID: of use to programs only
}

// An entry is a label and what belongs to it, in one text or several.
type entry struct {
	label safe
	texts []safe
}

// A card is one explanation of a failure.
type card struct {
	finding *diag.Finding
	label   safe // Cause, Likely cause …
	text    safe
	sure    safe
	doubts  []safe
	values  []entry
	plain   bool // the summary says what the values say
	said    bool // the report's first sentence is the summary
	who     safe // who has to act, where that is all that is known
	todo    []*task
	proofs  *proofs
	// Of the best explanation of a failure only.
	symptoms []*remark
	excluded []excluded
	missing  []*request
	others   []*card
	same     bool // of another one: what is to do is the same
}

// A remark is a finding in a sentence.
type remark struct {
	finding *diag.Finding
	text    safe
	values  []entry
	proofs  *proofs
}

// A task is something to do, and where.
type task struct {
	who, action safe
	at          []safe
}

type excluded struct{ title, reason safe }

// A request is for evidence that would decide.
type request struct {
	how          safe
	steps        []asking
	why, decides []safe
}

// asking is how one product gives the evidence; without a product any does.
type asking struct {
	product, link, level safe
	commands             []safe
}

// lead is what stands before the commands.
func (a *asking) lead() safe {
	switch {
	case a.product == "":
		return ""
	case a.level != "":
		return a.product + ", at level " + a.level
	}
	return a.product
}

// tallies are codes that are no faults, or that the caller silenced.
type tallies struct {
	title safe
	list  []*tallied
}

// tallied is one code, however many findings it has.
type tallied struct {
	code    safe
	text    safe
	instead []safe // what to write where
	all     []*remark
	several bool
}

// proofs are the places that show a finding, by end and source.
type proofs struct {
	legend safe
	rows   []*row
}

// An origin is a source that was read.
type origin struct {
	source  *diag.SourceReport
	name    safe
	text    safe
	err     safe
	notRead []safe
}

// pageOf builds the page of a report. Of the parts with findings it builds as
// many as a format shows whole; the others have their findings and no more.
func pageOf(r *diag.Report, o *Options, whole int) *page {
	b := builder{resolver: resolve(r), verbose: o.Verbose}
	g := group(r, &b.resolver)
	p := &page{folder: shown(b.folder), verdict: r.Verdict, label: label(r, g), sentence: upper(sentence(r, g))}
	for i, s := range g.sections {
		if i < whole {
			p.parts = append(p.parts, b.part(s))
		} else {
			p.parts = append(p.parts, &part{section: s, title: s.name()})
		}
	}
	if len(p.parts) == 1 && len(p.parts[0].cards) > 0 {
		c := p.parts[0].cards[0]
		c.said = strings.Contains(string(p.sentence), string(c.text))
	}
	for _, s := range g.inOrder() {
		if len(g.quiet) == 1 {
			p.quiet = append(p.quiet, b.part(s))
		} else {
			p.quiet = append(p.quiet, &part{section: s, title: s.name(), past: b.remarks(s, s.past)})
		}
	}
	p.lists = []tallies{{"Advice", b.tallies(g.advice, r)}, {"Notes", b.tallies(g.notes, r)}, {"Silenced", b.tallies(g.silenced, r)}}
	for i := range r.Sources {
		p.sources = append(p.sources, b.originOf(&r.Sources[i]))
	}
	return p
}

// A builder makes a page.
type builder struct {
	resolver
	verbose bool
}
