// Diagnose tells why an IKEv1/IPsec tunnel fails.
//
//	go run ./examples/diagnose [-format text|markdown|html|json|sarif] [-o FILE] [-fail-on SEVERITY] FILE...
//
// Each FILE is a log, a capture, a configuration, its secrets, a state dump or a
// certificate, of either end, or what examples/probe -json has printed; what it
// is, is found from its content. A folder stands for the files in it, "-" for
// standard input. Files of one folder are taken as one gateway's unless what
// they say names two.
//
// The exit status is 0 when done; 1 when an active cause at or above -fail-on
// was found; 2 when a FILE could not be read or understood, which does not
// keep the others from being diagnosed.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/report"
)

// memory is what the program tries to do with: a configuration may have tens of
// thousands of connections. GOMEMLIMIT in the environment overrides it.
const memory = 800 << 20

func main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memory)
	}
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("diagnose", flag.ContinueOnError)
	flags.SetOutput(stderr)
	format := flags.String("format", "text", "output `format`: "+formatNames())
	output := flags.String("o", "", "write the report to `FILE` instead of standard output")
	failOn := flags.String("fail-on", "error", "least `severity` of an active cause that makes the exit status 1: info, warning, error, critical")
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: diagnose [-format text|markdown|html|json|sarif] [-o FILE] [-fail-on SEVERITY] FILE...")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	severity, ok := diag.ParseSeverity(*failOn)
	if !ok {
		fmt.Fprintf(stderr, "diagnose: -fail-on: no severity is called %s\n", diag.Quote(*failOn))
		return 2
	}
	f := report.Format(*format)
	if !slices.Contains(report.Formats(), f) {
		fmt.Fprintf(stderr, "diagnose: -format: %s is none of %s\n", diag.Quote(*format), formatNames())
		return 2
	}
	if flags.NArg() == 0 {
		flags.Usage()
		return 2
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	progress := newProgress(stderr)
	r, inputErr := ingest.Files(ctx, ingest.Options{Progress: progress.tell}, flags.Args()...)
	progress.clear()

	status := 0
	if failing(r, severity) {
		status = 1
	}
	if inputErr != nil {
		status = 2
		for line := range strings.SplitSeq(inputErr.Error(), "\n") {
			fmt.Fprintln(stderr, "diagnose:", diag.Clean(line, 400))
		}
	}
	if err := write(*output, stdout, r, report.Options{Format: f, Color: *output == "" && isTerminal(stdout)}); err != nil {
		fmt.Fprintln(stderr, "diagnose:", diag.Clean(err.Error(), 400))
		return 2
	}
	return status
}

func formatNames() string {
	var names []string
	for _, f := range report.Formats() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

// failing reports whether an active cause is at least as bad as s.
func failing(r *diag.Report, s diag.Severity) bool {
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Kind == diag.Cause && f.Status == diag.Active && f.Severity >= s {
			return true
		}
	}
	return false
}

func write(path string, stdout io.Writer, r *diag.Report, o report.Options) (err error) {
	w := stdout
	if path != "" {
		f, err := os.Create(path)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		w = f
	}
	b := bufio.NewWriter(w)
	return errors.Join(report.Write(b, r, o), b.Flush())
}

// progress shows on a terminal how far a long reading is.
type progress struct {
	w     io.Writer // nil where there is no terminal
	last  time.Time
	shown bool
}

func newProgress(w io.Writer) *progress {
	if !isTerminal(w) {
		return &progress{}
	}
	return &progress{w: w, last: time.Now()}
}

func (p *progress) tell(name string, done, _ int64) {
	if p.w == nil || time.Since(p.last) < time.Second/2 {
		return
	}
	p.last, p.shown = time.Now(), true
	fmt.Fprintf(p.w, "\r\x1b[K%s: %d MB read", diag.Clean(name, 60), done>>20)
}

func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
