// Package report renders a [diag.Report]: as text for a terminal, as Markdown
// for a ticket or a chat, as a page of HTML, as JSON for programs, and as SARIF
// for tools that collect results.
//
//	err := report.Write(os.Stdout, r, report.Options{})                     // text, 80 columns
//	err := report.Write(f, r, report.Options{Format: report.HTML})          // one file, no script
//	err := report.Write(os.Stdout, r, report.Options{Format: report.JSON})  // ikediag.report/v1
//	err := report.WriteChange(os.Stdout, &c, report.Options{})              // ikediag.change/v1, one line
//
// # What it shows
//
// The text answers, from top to bottom, what somebody asks whose tunnel is
// down: the verdict in one sentence; per tunnel its ends, how far it got, the
// root cause, how sure that is and why not surer, who must change what, the
// lines and packets of both ends that prove it, what was ruled out, what is
// missing and how to get it, and which other explanations there are; the
// exchange as both ends saw it; then weaknesses and notes; then what was read
// and what of it was not understood.
//
// Markdown and HTML say the same in the same words: all formats for people walk
// over one page that is built once from the report, and differ in what they fold.
// The ladder of an attempt has the initiator on the left and the responder on the
// right, each with its own lines and frames beside the step that they show; it
// marks messages that were lost or repeated, what failed, and the steps that the
// cause rests on. HTML draws it, text and Markdown write it in characters.
//
// The JSON holds the whole report in the form of the schema files that
// [Schema] and [ChangeSchema] return. Fields and enumeration values may be
// added in later releases, never changed or dropped: consumers must accept
// those that they do not know. Findings are in rank order; the first of kind
// "cause" is the root cause. A tunnel's ladders and settings are in it as typed
// data, too. A time that no source tells is absent, and so are
// its precision and what was assumed of it; a reference to nothing is null; an
// array is never null.
//
// # What is missing
//
// Where evidence would decide, a report asks for it, and where the sources tell
// which product an end runs, in its words: the level of its log, the commands to
// type. These are data, [Guides], from which diag/COLLECT.md is generated as well:
// from symptom to evidence, and how to collect it.
//
// # What is safe
//
// Whatever came from outside (identities, names of files and connections, log
// lines, the values of a finding's detail) is cut to a bounded length and
// cleaned of control characters, terminal escapes and bidirectional controls
// by [diag.Clean], in every format. Secrets never reach a report; the engine
// does not have them.
//
// Details of findings are encoded by encoding/json as their types say, with a
// "type" added. Authors of details write counters of 64 bits with the option
// ",string", and SPIs, cookies and message IDs as strings of hexadecimal
// digits in full width. A field called "gateway" may hold a gateway's ID of
// the engine; it is replaced by that of the report.
//
// # Formats for other programs
//
// HTML is one file without scripts, and its policy forbids everything but its own
// style: it can be attached to a ticket and opened anywhere, in light and dark, on
// paper and on a telephone. Markdown is CommonMark with tables and <details>, as
// tickets have them, and stays below the 64 KB that they take. What came from
// outside is text in both, or code: never markup, a link, a mention or a reference.
//
// SARIF is version 2.1.0: a finding is a result, a code a rule with a link to its
// explanation, a source an artifact, a line a region, and a frame of a capture a
// logical location. Critical and error are "error", a note has the kind
// "informational", a proof that something works the kind "pass", a finding that
// the caller silenced is suppressed.
package report
