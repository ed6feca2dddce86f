package report

import (
	"io"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// Format names a form that a report can take, as the option of a command
// line spells it.
type Format string

// The formats.
const (
	Text     Format = "text"
	Markdown Format = "markdown"
	HTML     Format = "html"
	JSON     Format = "json"
	SARIF    Format = "sarif"
)

// DefaultWidth is the width of text where Options gives none: that of a
// terminal which nobody enlarged.
const DefaultWidth = 80

// Widths that Options.Width is limited to. Below the smaller one nothing
// aligned is readable.
const (
	minWidth = 40
	maxWidth = 1000
)

// Options says how to render. The zero Options are plain text in 80 columns.
type Options struct {
	// Format is the form; empty means Text.
	Format Format
	// Color lets Text use the escape sequences of ECMA-48 for colours and
	// bold. The caller knows whether it writes to a terminal.
	Color bool
	// Width is the number of columns of Text, 0 for DefaultWidth. It is at
	// least 40.
	Width int
	// Verbose has Text show everything that JSON has: all evidence uncut, all
	// tunnels, identifiers, references.
	Verbose bool
	// Version is what formats give as the version of the generator. Empty means
	// that of this module as it is built into the program.
	Version string
}

func (o *Options) width() int {
	if o.Width == 0 {
		return DefaultWidth
	}
	return min(max(o.Width, minWidth), maxWidth)
}

// FormatError says that a report cannot be written in a format, of which nobody
// has heard.
type FormatError struct{ Format Format }

// Error names the format, made safe to show.
func (e *FormatError) Error() string {
	return "report: unknown format " + diag.Quote(string(e.Format))
}

// A renderer writes a report in one format.
type renderer struct {
	format Format
	write  func(io.Writer, *diag.Report, *Options) error
}

// renderers lists the formats in the order in which help texts show them. To
// add one, give it a file of its own and name its function here.
var renderers = [...]renderer{
	{Text, writeText},
	{Markdown, writeMarkdown},
	{HTML, writeHTML},
	{JSON, writeJSON},
	{SARIF, writeSARIF},
}

// Formats returns the formats that Write accepts.
func Formats() []Format {
	fs := make([]Format, 0, len(renderers))
	for _, r := range renderers {
		fs = append(fs, r.format)
	}
	return fs
}

// Write renders the report. It returns the writer's error, or a *FormatError
// where the format is not one of Formats; then it has written nothing. It
// changes nothing in the report, so that several goroutines may render one at
// once. The output ends with a newline.
func Write(w io.Writer, r *diag.Report, o Options) error {
	if o.Format == "" {
		o.Format = Text
	}
	i := slices.IndexFunc(renderers[:], func(x renderer) bool { return x.format == o.Format })
	if i < 0 {
		return &FormatError{o.Format}
	}
	return renderers[i].write(w, r, &o)
}
