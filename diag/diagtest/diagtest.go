// Package diagtest lets users of diag test rules with fixtures, as
// analysistest does for analyzers: the expectation stands on the line that
// causes it.
//
//	func TestRules(t *testing.T) {
//		diagtest.Run(t, "testdata/*.txtar", []*diag.Rule{OldRelease})
//	}
//
// Whoever wants the report of a fixture calls Parse, Case.Report and, for what
// differs from the fixture's wants, Case.Check.
//
// A fixture is a txtar file. Its comment says what it rests on and what is
// expected of the whole; its files are the evidence, one folder a gateway:
//
//	A wrong key in main mode, the responder's view alone.
//	basis: recorded
//	first: IKE-P1-PSK-MISMATCH likely
//	-- east/charon.log --
//	07[ENC] invalid ID_V1 payload length, decryption failed? // want IKE-P1-PSK-MISMATCH
//
// The directives of the comment, each on a line of its own:
//
//	basis: recorded | sample | synthetic   required
//	first: CODE [VERDICT]     the first cause; "first: none" for no cause at all
//	want: CODE [VERDICT]      a finding, wherever its evidence is
//	also: CODE                a cause that may be there as well
//	not: CODE                 a finding that must not be there
//	outcome: OUTCOME          of the only tunnel, or of one of them
//	verdict: VERDICT          of the report
//	missing: CODE             some finding asks for evidence that decides it
//
// A line that ends in "// want CODE [VERDICT]" (or "# want …", for
// configurations) must be evidence of such a finding; the mark is taken off
// before the line is read. Causes that nothing wants fail the test. A file
// whose name ends in .hex holds a binary file in hexadecimal.
package diagtest

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
)

// Run runs the rules on the fixtures that a pattern of filepath.Glob names, each
// as a subtest; no rules at all (nil) are rules.Default(). It fails where no
// fixture matches, where one cannot be read, where its wants are not met and
// where a rule panics.
func Run(t *testing.T, pattern string, rules []*diag.Rule) {
	t.Helper()
	RunWith(t, pattern, ingest.Options{Rules: rules})
}

// RunWith is Run with options: those of a dialect of one's own are tried with
// our rules by ingest.Options{Dialects: …}.
func RunWith(t *testing.T, pattern string, o ingest.Options) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixture matches %s (%v)", pattern, err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txtar"), func(t *testing.T) {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			c, err := Parse(b)
			if err != nil {
				t.Fatal(err)
			}
			r, err := c.ReportWith(o)
			if err != nil {
				t.Errorf("reading: %v", err)
			}
			for _, p := range c.Check(r) {
				t.Error(p)
			}
			for _, s := range FailedRules(r) {
				t.Error(s)
			}
			if t.Failed() {
				t.Log("got:\n" + Summary(r))
			}
		})
	}
}

// FailedRules returns what a report says of rules that broke off with a panic.
func FailedRules(r *diag.Report) (said []string) {
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Code == diag.EvidInsufficient && strings.HasPrefix(f.Summary, "rule ") {
			said = append(said, f.Summary)
		}
	}
	return said
}

// Case is a fixture.
type Case struct {
	// Comment is the text before the first file, Basis what it says of itself:
	// recorded, sample or synthetic.
	Comment string
	Basis   string
	Files   []File
	wants   []want
	not     []diag.Code
	also    []diag.Code
	first   *want
	outcome string
	verdict string
	missing []diag.Code
}

// File is one file of a fixture, without its marks.
type File struct {
	// Name begins with the gateway's folder.
	Name string
	Data []byte
}

type want struct {
	code    diag.Code
	verdict string
	file    string // empty: anywhere
	line    int
}

func (w want) String() string {
	s := string(w.code)
	if w.verdict != "" {
		s += " " + w.verdict
	}
	if w.file != "" {
		s += fmt.Sprintf(" at %s:%d", w.file, w.line)
	}
	return s
}

// ErrBasis is what Parse returns for a fixture that does not say what it rests
// on.
var ErrBasis = errors.New("diagtest: the fixture does not say its basis: recorded, sample or synthetic")

// Parse reads a fixture. The error is ErrBasis, or names the file that ends in
// .hex and is not hexadecimal.
func Parse(b []byte) (*Case, error) {
	c := &Case{}
	comment, files := split(b)
	c.Comment = comment
	for line := range strings.Lines(comment) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			continue
		}
		w := parseWant(value)
		switch key {
		case "basis":
			c.Basis = value
		case "first":
			c.first = &w
			if w.code != "none" {
				c.wants = append(c.wants, w)
			}
		case "want":
			c.wants = append(c.wants, w)
		case "also":
			c.also = append(c.also, w.code)
		case "not":
			c.not = append(c.not, w.code)
		case "outcome":
			c.outcome = value
		case "verdict":
			c.verdict = value
		case "missing":
			c.missing = append(c.missing, w.code)
		}
	}
	if !slices.Contains([]string{"recorded", "sample", "synthetic"}, c.Basis) {
		return nil, ErrBasis
	}
	for _, f := range files {
		data, err := c.take(f)
		if err != nil {
			return nil, fmt.Errorf("diagtest: %s: %w", f.Name, err)
		}
		c.Files = append(c.Files, File{strings.TrimSuffix(f.Name, ".hex"), data})
	}
	return c, nil
}

func parseWant(s string) want {
	code, verdict, _ := strings.Cut(strings.TrimSpace(s), " ")
	return want{code: diag.Code(code), verdict: verdict}
}

// take takes the marks off a file's lines.
func (c *Case) take(f File) ([]byte, error) {
	if strings.HasSuffix(f.Name, ".hex") {
		return hex.DecodeString(string(bytes.Join(bytes.Fields(f.Data), nil)))
	}
	var out []byte
	n := 0
	for line := range bytes.Lines(f.Data) {
		n++
		for _, mark := range []string{" // want ", " # want "} {
			i := bytes.LastIndex(line, []byte(mark))
			if i < 0 {
				continue
			}
			w := parseWant(string(line[i+len(mark):]))
			w.file, w.line = f.Name, n
			c.wants = append(c.wants, w)
			line = append(bytes.TrimRight(line[:i:i], " "), '\n')
		}
		out = append(out, line...)
	}
	return out, nil
}

// split takes a txtar archive apart: a comment, then files that begin with
// lines of the form "-- name --".
func split(b []byte) (comment string, files []File) {
	var cur *File
	var head []byte
	for line := range bytes.Lines(b) {
		t := bytes.TrimSpace(line)
		if len(t) > 6 && bytes.HasPrefix(t, []byte("-- ")) && bytes.HasSuffix(t, []byte(" --")) {
			files = append(files, File{Name: string(bytes.TrimSpace(t[3 : len(t)-3]))})
			cur = &files[len(files)-1]
			continue
		}
		if cur == nil {
			head = append(head, line...)
		} else {
			cur.Data = append(cur.Data, line...)
		}
	}
	return string(head), files
}

// Report runs the rules on the case's evidence; nil are rules.Default(). The
// report is never nil; errors are as with ingest.Files.
func (c *Case) Report(rules []*diag.Rule) (*diag.Report, error) {
	return c.ReportWith(ingest.Options{Rules: rules})
}

// ReportWith is Report with options.
func (c *Case) ReportWith(o ingest.Options) (*diag.Report, error) {
	return ingest.Inputs(context.Background(), o, slices.Values(c.Inputs()))
}

// Inputs returns the case's evidence: an input for each file, grouped by folder.
func (c *Case) Inputs() (in []ingest.Input) {
	for _, f := range c.Files {
		in = append(in, ingest.Input{Name: f.Name, Group: path.Dir(f.Name), Open: func() (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(f.Data)), nil
		}})
	}
	return in
}

// Check compares a report with what the case wants, and returns what differs:
// nothing where the case holds.
func (c *Case) Check(r *diag.Report) (problems []error) {
	bad := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	wanted := map[diag.Code]bool{}
	for _, code := range c.also {
		wanted[code] = true
	}
	for _, w := range c.wants {
		wanted[w.code] = true
		if !slices.ContainsFunc(r.Findings, func(f diag.Finding) bool { return w.met(r, &f) }) {
			bad("missing: %s", w)
		}
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Kind == diag.Cause && f.Status == diag.Active && !wanted[f.Code] {
			bad("unexpected: %s %s: %s", f.Code, f.Verdict, f.Summary)
		}
		if slices.Contains(c.not, f.Code) {
			bad("must not be there: %s %s: %s", f.Code, f.Verdict, f.Summary)
		}
	}
	if c.first != nil {
		f, ok := r.Cause()
		switch {
		case c.first.code == "none" && ok && f.Status == diag.Active:
			bad("a cause where none is wanted: %s", f.Code)
		case c.first.code != "none" && (!ok || !c.first.met(r, f)):
			bad("the first cause is not %s", c.first)
		}
	}
	if c.outcome != "" && !slices.ContainsFunc(r.Tunnels, func(t diag.TunnelReport) bool { return t.Outcome.String() == c.outcome }) {
		bad("no tunnel has the outcome %s", c.outcome)
	}
	if c.verdict != "" && r.Verdict.String() != c.verdict {
		bad("the verdict is %s, not %s", r.Verdict, c.verdict)
	}
	for _, m := range c.missing {
		if !slices.ContainsFunc(r.Findings, func(f diag.Finding) bool {
			return slices.ContainsFunc(f.Missing, func(x diag.Missing) bool { return slices.Contains(x.Decides, m) })
		}) {
			bad("nothing asks for evidence that decides %s", m)
		}
	}
	return problems
}

// met reports whether a finding is the wanted one.
func (w want) met(r *diag.Report, f *diag.Finding) bool {
	if f.Code != w.code || w.verdict != "" && f.Verdict.String() != w.verdict {
		return false
	}
	if w.file == "" {
		return true
	}
	return slices.ContainsFunc(f.Evidence, func(e diag.Evidence) bool {
		i := slices.IndexFunc(r.Sources, func(s diag.SourceReport) bool { return s.ID == r.SourceID(e.Source) })
		return i >= 0 && r.Sources[i].Name == w.file && e.Where.Line == w.line
	})
}

// Summary lists a report's findings, a line each.
func Summary(r *diag.Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "verdict %s\n", r.Verdict)
	for _, t := range r.Tunnels {
		fmt.Fprintf(&b, "tunnel %s %v-%v %s %s attempts=%d\n", t.ID, t.Ends[0].Addresses, t.Ends[1].Addresses, t.Outcome, t.Stage, t.Attempts)
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		fmt.Fprintf(&b, "%-8s %-9s %-12s %-9s %s: %s\n", f.Kind, f.Severity, f.Verdict, f.Status, f.Code, f.Summary)
		for _, e := range f.Evidence {
			fmt.Fprintf(&b, "    %s:%d/%d %s\n", r.SourceID(e.Source), e.Where.Line, e.Where.Frame, e.Text)
		}
	}
	return b.String()
}
