package ingest

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/observe"
	"github.com/ikediag/ikediag/diag/rules"
)

// Input is one piece of evidence to read.
type Input struct {
	// Name is what the report calls it.
	Name string
	// Gateway is the ID of the gateway whose view it is, where known.
	Gateway string
	// Group is common to inputs that come from one gateway unless their
	// contents say otherwise. Files uses the folder.
	Group string
	// Written is when the content was written to last, where that is known:
	// see diag.Source.
	Written time.Time
	// Open returns the content; it is called twice where possible: once to
	// see what it is, once to read it. Nil: Content is in memory, and stays as it
	// is until Inputs or Read returns; lines of a log are not copied.
	Open    func() (io.ReadCloser, error)
	Content []byte
	// Folder is what the files are read from that a configuration includes:
	// nothing outside of it is opened. Nil: they are listed as not read. File
	// is the input's own name in it, FolderPath its absolute path with slashes
	// where it has one: an include by an absolute path is read if it lies
	// below.
	Folder     fs.FS
	File       string
	FolderPath string
	// Once: it can be opened only once, like standard input.
	Once bool
}

// Options configures the reading. The zero Options read everything with all
// rules.
type Options struct {
	// Rules are those to run; nil: rules.Default(). Engine has the options of
	// the engine that runs them.
	Rules  []*diag.Rule
	Engine diag.Options
	// Reference dates log lines without a year or a date: each gets the one
	// that brings it closest to Reference. Zero: the latest time with a year
	// that another log or a capture tells, of Feeds none. Zone is that of lines
	// that name none; nil: UTC.
	Reference time.Time
	Zone      *time.Location
	// Dialects are those of logs to read besides logparse.Dialects().
	Dialects []*observe.Dialect
	// Keys takes the keys that the inputs hold, and opens captures with them.
	// Inputs and Read make their own where it is nil; Feeds that are to share
	// their keys need one.
	Keys *observe.Keys
	// Progress is told how far the reading of an input is, in octets; total is
	// 0 where it is not known. Nil: nobody is told.
	Progress func(name string, done, total int64)

	lasting bool // the inputs' Content outlives the engine
}

func (o *Options) engine() (*diag.Engine, error) {
	r := o.Rules
	if r == nil {
		r = rules.Default()
	}
	return diag.NewEngine(r, o.Engine)
}

// InputError says which input could not be read or understood, and why. It
// holds nothing of the input's content.
type InputError struct {
	// Name is the input's, Err the reason.
	Name string
	Err  error
}

// Error names the input and the reason, without control characters: a file may
// be called anything, and errors are shown on terminals.
func (e *InputError) Error() string { return diag.Clean(e.Name+": "+e.Err.Error(), maxError) }

// maxError bounds an error's text in characters: two paths and a reason.
const maxError = 8 << 10

// Unwrap returns the reason.
func (e *InputError) Unwrap() error { return e.Err }

// The reasons that an input is refused for, beside those of opening and reading
// it. An *InputError wraps them.
var (
	// ErrUnknown: the content is of no kind that is known.
	ErrUnknown = errors.New("not recognised as a log, capture, configuration, secrets or state dump")
	// ErrUnread: the kind is known and not read by this release.
	ErrUnread = errors.New("recognised, but not read by this release")
)

// Files reads files, folders (every file in them, not deeper) and standard
// input ("-"), and reports on them. The report is never nil. The error joins an
// *InputError for each input that could not be read or understood, and the
// context's where it ended before all inputs were read: find them with errors.As
// and errors.Is. An error of diag.NewEngine, such as diag.ErrRuleDoc for a rule
// of the caller's own, leaves the report empty.
func Files(ctx context.Context, o Options, paths ...string) (*diag.Report, error) {
	inputs, err := expand(paths)
	report, err2 := Inputs(ctx, o, slices.Values(inputs))
	return report, errors.Join(err, err2)
}

// expand makes inputs of paths.
func expand(paths []string) (inputs []Input, err error) {
	for _, p := range paths {
		if p == "-" {
			inputs = append(inputs, Input{Name: "-", Once: true, Open: func() (io.ReadCloser, error) { return io.NopCloser(os.Stdin), nil }})
			continue
		}
		info, statErr := os.Stat(p)
		if statErr != nil || !info.IsDir() {
			inputs = append(inputs, file(p, info))
			continue
		}
		entries, dirErr := os.ReadDir(p)
		if dirErr != nil {
			err = errors.Join(err, &InputError{p, dirErr})
			continue
		}
		for _, e := range entries {
			if !e.IsDir() {
				info, _ := e.Info()
				inputs = append(inputs, file(filepath.Join(p, e.Name()), info))
			}
		}
	}
	return inputs, err
}

// file makes an input of a file; info is nil where there is no such thing,
// which reading it will tell.
func file(path string, info fs.FileInfo) Input {
	clean := filepath.Clean(path)
	i := Input{Name: filepath.ToSlash(clean), Group: filepath.ToSlash(filepath.Dir(clean)), Open: func() (io.ReadCloser, error) { return os.Open(path) }}
	dir, base := filepath.Split(clean)
	if abs, err := filepath.Abs(dir); err == nil {
		i.Folder, i.File, i.FolderPath = folder(abs), base, filepath.ToSlash(abs)
	}
	if info != nil {
		i.Written = info.ModTime()
	}
	return i
}

// Inputs reads inputs and reports on them. The report is never nil, and does
// not depend on the order of the inputs. Errors are as with Files.
func Inputs(ctx context.Context, o Options, in iter.Seq[Input]) (*diag.Report, error) {
	e, err := o.engine()
	if err != nil {
		return &diag.Report{}, err
	}
	o.lasting = true
	err = Read(ctx, e, o, in)
	for range e.Advance(time.Time{}) {
		// The report has it all.
	}
	return e.Report(), err
}

// Read reads inputs into a target, such as an engine, and does not advance it.
// Options.Rules and Options.Engine are not looked at. Errors are as with Files.
func Read(ctx context.Context, e Target, o Options, in iter.Seq[Input]) error {
	var errs []error
	var sniffed []*source
	room := make([]byte, observe.HeadBytes)
	for i := range in {
		sniffed = append(sniffed, sniff(i, o.Dialects, room).cut()...)
	}
	if o.Keys == nil {
		o.Keys = &observe.Keys{}
	}
	all := parseAll(ctx, &o, arrange(sniffed))
	for _, s := range all {
		s.announce(e, &o)
	}
	// Captures come last: what else is given may have the keys to them. Their
	// dates are looked up before, and those of logs that have some, since other
	// logs often lack them.
	slices.SortStableFunc(all, func(a, b *source) int { return late(a) - late(b) })
	if o.Reference.IsZero() && slices.ContainsFunc(all, (*source).needsDate) {
		for _, s := range all {
			o.Reference = latest(o.Reference, s.date(o.Dialects))
		}
	}
	var log observe.Log // one after the other, in the same memory
	for _, s := range all {
		if err := ctx.Err(); err != nil {
			errs = append(errs, err)
			break
		}
		if err := s.read(e, &o, &log); err != nil {
			errs = append(errs, &InputError{s.name, err})
		}
		errs = append(errs, s.faults...)
	}
	return errors.Join(errs...)
}

// late orders sources by kind: those that others rest on come first.
func late(s *source) int {
	if s.kind == diag.KindCapture {
		return 1
	}
	return 0
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
