package ingest_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
)

// Sources are never forgotten, and there is no bound on them: what one costs is
// said of diag.Engine.AddSource.

// TestSourceCost: a source that never says anything takes a kibibyte of an
// engine beside what the caller gives to it, and a Feed of it as much again.
func TestSourceCost(t *testing.T) {
	n := 20_000
	if testing.Short() || raceEnabled {
		n = 5_000
	}
	newMonitor(t, newFleet(5, 1)).until(t, 1000) // what is made once
	before := heap()
	e := newEngine(t)
	for i := range n {
		e.AddSource(diag.Source{Name: fmt.Sprintf("gw%d.log", i), Kind: diag.KindLog})
	}
	for range e.Advance(fleetStart) {
	}
	if each := (int64(heap()) - int64(before)) / int64(n); each > 1024 {
		t.Errorf("a source takes %d octets", each)
	}
	runtime.KeepAlive(e)
	before = heap()
	e = newEngine(t)
	var feeds []*ingest.Feed
	for i := range n {
		feeds = append(feeds, ingest.NewFeed(e, diag.Source{Name: fmt.Sprintf("gw%d.log", i)}, ingest.Options{}))
	}
	if each := (int64(heap()) - int64(before)) / int64(n); each > 2048 {
		t.Errorf("a Feed that was never written to takes %d octets", each)
	}
	runtime.KeepAlive(feeds)
}

// TestQuietFeeds: a Feed takes little of a log that says nothing of IKE, or has
// begun a line and does not end it.
func TestQuietFeeds(t *testing.T) {
	newMonitor(t, newFleet(5, 1)).until(t, 1000) // what is made once
	n := 100
	if raceEnabled {
		n = 10
	}
	for _, x := range []struct {
		name string
		text string
		most int64
	}{
		{"charon", "Mar  1 08:00:00 gw charon[811]: 00[DMN] Starting IKE charon daemon (strongSwan 5.9.8)\n", 128 << 10},
		{"pluto", "Mar  1 08:00:00 gw pluto[77]: \"site\" #1: initiating IKEv1 Main Mode connection\n", 256 << 10},
		{"others' lines", "Mar  1 08:00:00 gw charon[811]: 00[DMN] Starting IKE charon daemon (strongSwan 5.9.8)\n" + strings.Repeat("Mar  1 08:00:00 gw cron[9]: job\n", 100), 128 << 10},
		{"a line without end", "Mar  1 08:00:00 gw charon[811]: 00[DMN] " + strings.Repeat("x", 1<<20), 256 << 10},
		{"nothing that is known", strings.Repeat("?", 1<<20), 256 << 10},
	} {
		before := heap()
		e := newEngine(t)
		var feeds []*ingest.Feed
		for i := range n {
			f := ingest.NewFeed(e, diag.Source{Name: fmt.Sprintf("gw%d.log", i), Group: fmt.Sprint(i)}, ingest.Options{})
			for b := range slices.Chunk([]byte(x.text), 1000) {
				if _, err := f.Write(b); err != nil && x.name[0] != 'n' {
					t.Fatal(err)
				}
			}
			feeds = append(feeds, f)
		}
		for range e.Advance(fleetStart) {
		}
		each := (int64(heap()) - int64(before)) / int64(n)
		t.Logf("%s: %d octets", x.name, each)
		if each > x.most {
			t.Errorf("%s: a Feed takes %d octets", x.name, each)
		}
		runtime.KeepAlive(feeds)
		runtime.KeepAlive(e)
	}
}

// TestManyInputs: a great many files cost what their sources do, not what is
// read of each to see what it is.
func TestManyInputs(t *testing.T) {
	n := 400
	if testing.Short() || raceEnabled {
		n = 100
	}
	text := map[string][]byte{
		"empty":   nil,
		"unknown": bytes.Repeat([]byte("nothing of IKE\n"), 5000),
		"log":     bytes.Repeat([]byte("Mar  1 08:00:00 gw charon[811]: 00[DMN] Starting IKE charon daemon (strongSwan 5.9.8)\n"), 900),
		"capture": append(pcapHeader(), bytes.Repeat(record(working(1))[len(pcapHeader()):], 100)...),
	}
	for name, b := range text {
		var most, before uint64
		seen := 0
		in := func(yield func(ingest.Input) bool) {
			for i := range n {
				file := fmt.Sprintf("%d/gw%d.x", i%100, i)
				ok := yield(ingest.Input{Name: file, Group: fmt.Sprint(i % 100), Open: func() (io.ReadCloser, error) {
					if seen++; seen%n == n/2 { // while they are being looked at, and read
						most = max(most, heap())
					}
					return io.NopCloser(bytes.NewReader(b)), nil
				}})
				if !ok {
					return
				}
			}
		}
		before = heap()
		e := newEngine(t)
		_ = ingest.Read(context.Background(), e, ingest.Options{}, in) // says that they are unknown
		most = max(most, heap())
		if used := int64(most) - int64(before); used > 16<<20 {
			t.Errorf("%s: %d KiB for %d files of %d octets", name, used>>10, n, len(b))
		}
		runtime.KeepAlive(e)
	}
}

// TestManySegments: of a log in thousands of rotated segments one is open at a
// time.
func TestManySegments(t *testing.T) {
	open, most, read := 0, 0, 0
	var in []ingest.Input
	for i := range 2_000 {
		name := "a/gw.log"
		if i > 0 {
			name = fmt.Sprintf("a/gw.log.%d", i)
		}
		line := "Mar  1 08:00:00 gw charon[811]: 00[DMN] Starting IKE charon daemon (strongSwan 5.9.8)\n"
		in = append(in, ingest.Input{Name: name, Group: "a", Open: func() (io.ReadCloser, error) {
			open++
			read++
			most = max(most, open)
			return struct {
				io.Reader
				io.Closer
			}{strings.NewReader(line), closer(func() { open-- })}, nil
		}})
	}
	r, err := ingest.Inputs(t.Context(), ingest.Options{}, slices.Values(in))
	if err != nil || len(r.Sources) != 1 || r.Sources[0].Units != len(in) {
		t.Errorf("%v %+v", err, r.Sources)
	}
	if most > 2 || open != 0 {
		t.Errorf("%d files were open at a time, %d are", most, open)
	}
}

// TestIncludedSources: files that include each other are sources once each, and
// no more of them are kept in mind than that.
func TestIncludedSources(t *testing.T) {
	n := 1_000
	if testing.Short() || raceEnabled {
		n = 200
	}
	dir := t.TempDir()
	for i := range n {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("x%d.conf", i)), []byte("connections {\n}\ninclude *.conf\ninclude gone/*\ninclude x*.conf\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := heap()
	e := newEngine(t)
	in := func(yield func(ingest.Input) bool) {
		yield(ingest.Input{Name: "x0.conf", Folder: os.DirFS(dir), File: "x0.conf", Open: func() (io.ReadCloser, error) { return os.Open(filepath.Join(dir, "x0.conf")) }})
	}
	err := ingest.Read(t.Context(), e, ingest.Options{}, in)
	used := int64(heap()) - int64(before)
	r := e.Report()
	if err == nil || len(r.Sources) > n || len(r.Sources) < n/2 || used > 16<<20 {
		t.Errorf("%d sources of %d files, %d KiB, %.200v", len(r.Sources), n, used>>10, err)
	}
	runtime.KeepAlive(e)
}

type closer func()

func (c closer) Close() error { c(); return nil }

// TestManySecrets: a configuration is read with so many files of secrets that
// lie beside it, and no more; that there are others is said.
func TestManySecrets(t *testing.T) {
	n := 600
	if testing.Short() || raceEnabled {
		n = 300
	}
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i := range n {
		write(fmt.Sprintf("x%d.secrets", i), "192.0.2.1 192.0.2.2 : PSK \"staple\"\n")
	}
	for i := range 10 {
		write(fmt.Sprintf("y%d.conf", i), "config setup\n\nconn site\n\tikev2=no\n\tauthby=secret\n\tleft=192.0.2.1\n\tright=192.0.2.2\n\tauto=start\n")
	}
	_, err := ingest.Files(t.Context(), ingest.Options{}, dir)
	if err == nil || !strings.Contains(err.Error(), "more than the limit of 256 files") || strings.Count(err.Error(), "limit of 256") != 10 {
		t.Errorf("%.2000v", err)
	}
}
