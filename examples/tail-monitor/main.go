// Tail-monitor watches the logs of IKE daemons and tells of each tunnel, and of
// each gateway as a whole, when it fails, why, and when it recovers.
//
//	go run ./examples/tail-monitor [-every 10s] [-json] FILE...
//	journalctl -fu strongswan | go run ./examples/tail-monitor -
//
// Files are followed as they grow, from their beginning and through rotation;
// "-" is standard input, such as what journalctl -f prints. Each change is a
// line, or with -json an object of schema ikediag.change/v1 in a line. It ends
// when it is interrupted, or when all that it reads is at its end.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/report"
	"github.com/ikediag/ikediag/diag/rules"
)

func main() {
	every := flag.Duration("every", 10*time.Second, "how often what has changed is told")
	asJSON := flag.Bool("json", false, "write JSON, one object a line")
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	m := monitor{out: os.Stdout, every: *every, json: *asJSON}
	if err := m.run(ctx, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "tail-monitor:", diag.Clean(err.Error(), 400))
		os.Exit(2)
	}
}

// A monitor is an engine with logs that feed it.
type monitor struct {
	out   io.Writer
	every time.Duration
	json  bool
	stdin io.Reader // nil: os.Stdin
}

func (m *monitor) run(ctx context.Context, names []string) error {
	engine, err := diag.NewEngine(rules.Default(), diag.Options{})
	if err != nil {
		return err
	}
	var sources sync.WaitGroup
	errs := make(chan error, len(names))
	for _, name := range names {
		feed := ingest.NewFeed(engine, diag.Source{Name: name, Group: name, Since: time.Now()}, ingest.Options{})
		sources.Go(func() { errs <- m.source(ctx, name, feed) })
	}
	ended := make(chan struct{})
	go func() {
		sources.Wait()
		close(ended)
	}()
	tick := time.NewTicker(m.every)
	defer tick.Stop()
	for {
		select {
		case now := <-tick.C:
			if err := m.tell(engine, now); err != nil {
				return err
			}
		case <-ended:
			// What was awaited will not come.
			if err := m.tell(engine, time.Time{}); err != nil {
				return err
			}
			return first(errs, len(names))
		}
	}
}

// source feeds one source until it ends or ctx does.
func (m *monitor) source(ctx context.Context, name string, feed *ingest.Feed) error {
	var err error
	if name == "-" {
		in := m.stdin
		if in == nil {
			in = os.Stdin
		}
		_, err = io.Copy(feed, in)
	} else {
		err = follow(ctx, name, feed)
	}
	if cerr := feed.Close(); err == nil {
		err = cerr
	}
	return err
}

// tell writes what has changed.
func (m *monitor) tell(engine *diag.Engine, now time.Time) error {
	for c := range engine.Advance(now) {
		if m.json {
			if err := report.WriteChange(m.out, &c, report.Options{}); err != nil {
				return err
			}
			continue
		}
		f := &c.Finding
		if _, err := fmt.Fprintf(m.out, "%s %s: %s, %s, %s: %s\n", c.Op, f.Incident, f.Code, f.Severity, f.Verdict, diag.Clean(f.Summary, 400)); err != nil {
			return err
		}
	}
	return nil
}

// first returns the first error of n.
func first(errs <-chan error, n int) (err error) {
	for range n {
		if e := <-errs; err == nil {
			err = e
		}
	}
	return err
}
