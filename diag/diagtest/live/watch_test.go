//go:build live && linux

package live

import (
	"context"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/report"
	"github.com/ikediag/ikediag/diag/rules"
)

// A watch is an engine that sees what both gateways log and carry, as it
// happens.
type watch struct {
	t      *testing.T
	engine *diag.Engine
	stop   context.CancelFunc
	done   sync.WaitGroup
}

// watch begins with the first packet.
func (l *lab) watch() *watch {
	l.t.Helper()
	var gateways []diag.Gateway // what an administrator knows without any evidence
	for _, s := range []*side{l.a, l.b} {
		gateways = append(gateways, diag.Gateway{ID: s.host, Addresses: []netip.Addr{netip.MustParseAddr(s.ip)}})
	}
	e, err := diag.NewEngine(rules.Default(), diag.Options{Gateways: gateways})
	if err != nil {
		l.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	w := &watch{t: l.t, engine: e, stop: cancel}
	for _, s := range []*side{l.a, l.b} {
		w.capture(ctx, s)
		w.follow(ctx, s)
	}
	l.t.Cleanup(w.end)
	return w
}

// end ends the sources and waits for them.
func (w *watch) end() {
	w.stop()
	w.done.Wait()
}

// capture feeds what an interface carries.
func (w *watch) capture(ctx context.Context, s *side) {
	c := group(exec.CommandContext(ctx, "ip", "netns", "exec", s.ns, "tcpdump", "-i", "eth0", "-U", "-n", "-s0", "-w", "-"))
	out, err := c.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	said, err := c.StderrPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		w.t.Fatal(err)
	}
	// It says that it listens, and nothing is lost from then on.
	head := make([]byte, 256)
	if _, err := said.Read(head); err != nil {
		w.t.Fatalf("tcpdump at %s: %v", s.ns, err)
	}
	w.done.Go(func() { _, _ = io.Copy(io.Discard, said) })
	feed := ingest.NewFeed(w.engine, diag.Source{Name: s.host + "/eth0.pcap", Gateway: s.host, Since: time.Now()}, ingest.Options{})
	from := io.Reader(out)
	kept := s.recorded("pcap")
	if kept != nil {
		from = io.TeeReader(out, kept)
	}
	w.done.Go(func() {
		_, _ = io.Copy(feed, from)
		_ = feed.Close()
		if kept != nil {
			_ = kept.Close()
		}
		_ = c.Wait()
	})
}

// config feeds a gateway's configuration.
func (w *watch) config(s *side) {
	w.t.Helper()
	name, text := "/swanctl.conf", s.connection()
	if s.pluto {
		name, text = "/ipsec.conf", s.plutoConnection()
	}
	feed := ingest.NewFeed(w.engine, diag.Source{Name: s.host + name, Gateway: s.host}, ingest.Options{})
	if _, err := io.WriteString(feed, text); err != nil {
		w.t.Fatal(err)
	}
	if err := feed.Close(); err != nil {
		w.t.Fatal(err)
	}
}

// follow feeds a log as it grows.
func (w *watch) follow(ctx context.Context, s *side) {
	feed := ingest.NewFeed(w.engine, diag.Source{Name: s.host + "/charon.log", Gateway: s.host, Since: time.Now()}, ingest.Options{Zone: time.Local, Reference: time.Now()})
	w.done.Go(func() {
		defer feed.Close()
		var at int64
		for {
			if f, err := os.Open(s.log); err == nil {
				if _, err := f.Seek(at, io.SeekStart); err == nil {
					n, _ := io.Copy(feed, f)
					at += n
				}
				f.Close()
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	})
}

// cause waits for a cause with one of the codes, and returns it with the time
// that it took. Another cause that was said to be confirmed meanwhile fails the
// test.
func (w *watch) cause(codes []diag.Code, limit time.Duration) (diag.Finding, time.Duration, bool) {
	begun := time.Now()
	for now := range time.Tick(200 * time.Millisecond) {
		for c := range w.engine.Advance(now) {
			switch f := &c.Finding; {
			case c.Op != diag.Opened && c.Op != diag.Changed:
			case is(codes, f.Code) && f.Verdict >= diag.Likely:
				return *f, now.Sub(begun), true
			case !is(codes, f.Code) && f.Kind == diag.Cause && f.Verdict == diag.Confirmed && f.Severity >= diag.Error:
				w.t.Errorf("%s is confirmed: %s", f.Code, f.Summary)
			}
		}
		if now.Sub(begun) > limit {
			return diag.Finding{}, limit, false
		}
	}
	return diag.Finding{}, 0, false
}

// calm asks for a while, and wants to be told of nothing that would page
// anybody.
func (w *watch) calm(limit time.Duration) {
	begun := time.Now()
	for now := range time.Tick(200 * time.Millisecond) {
		for c := range w.engine.Advance(now) {
			if f := &c.Finding; c.Op <= diag.Changed && f.Severity >= diag.Error {
				w.t.Errorf("after %.1f s %s is %s, %s: %s", now.Sub(begun).Seconds(), f.Code, f.Verdict, f.Severity, f.Summary)
			}
		}
		if now.Sub(begun) > limit {
			return
		}
	}
}

func is(codes []diag.Code, c diag.Code) bool {
	for _, x := range codes {
		if x == c {
			return true
		}
	}
	return false
}

// text is the report as it stands.
func (w *watch) text() string {
	var b strings.Builder
	if err := report.Write(&b, w.engine.Report(), report.Options{}); err != nil {
		w.t.Fatal(err)
	}
	return b.String()
}
