// Package report renders a [diag.Report]: as text for a terminal, as JSON for
// programs.
//
//	err := report.Write(os.Stdout, r, report.Options{})                     // text, 80 columns
//	err := report.Write(os.Stdout, r, report.Options{Format: report.JSON})  // ikediag.report/v1
//	err := report.WriteChange(os.Stdout, &c, report.Options{})              // ikediag.change/v1, one line
//
// # What it shows
//
// The text answers, from top to bottom, what somebody asks whose tunnel is
// down: the verdict in one sentence; per tunnel its ends, how far it got, the
// root cause, how sure that is and why not surer, who must change what, the
// lines and packets of both ends that prove it, what was ruled out, what is
// missing and how to get it, and which other explanations there are; then
// weaknesses and notes; then what was read and what of it was not understood.
//
// The JSON holds the whole report in the form of the schema files that
// [Schema] and [ChangeSchema] return. Fields and enumeration values may be
// added in later releases, never changed or dropped: consumers must accept
// those that they do not know. Findings are in rank order; the first of kind
// "cause" is the root cause. A time that no source tells is absent, and so are
// its precision and what was assumed of it; a reference to nothing is null; an
// array is never null.
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
// # Other formats
//
// Markdown, HTML and SARIF are named and not written yet: [Write] refuses them
// with a [FormatError]. [Formats] lists those that it writes. Each format is a
// file of its own that renders the same groups of findings in the same words.
package report
