package logparse

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

// TestReset reads all fixtures one after the other, there and back, with one
// Parser: each gives what a new one makes of it.
func TestReset(t *testing.T) {
	files, _ := filepath.Glob("testdata/*/*.txtar")
	if len(files) < 100 {
		t.Fatalf("%d fixtures", len(files))
	}
	read := func(p *Parser, log []byte) []byte {
		ids := map[uint64]int{}
		var got bytes.Buffer
		for e, err := range p.Events(struct{ io.Reader }{bytes.NewReader(log)}) {
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(&got, e.Session.Handle, e.Session.Remote, string(e.Text), describe(e, ids))
		}
		fmt.Fprintln(&got, p.Stats(), p.Dialect())
		return got.Bytes()
	}
	var again Parser
	back := slices.Clone(files)
	slices.Reverse(back)
	for _, path := range append(files, back...) {
		log := readFixture(t, path).log
		again.Reset()
		want, got := read(new(Parser), log), read(&again, log)
		if !bytes.Equal(got, want) {
			t.Errorf("%s: %s", path, firstDifference(want, got))
		}
	}
}

// TestResetMemory: a stream after another one takes half as much as a new one, at
// most.
func TestResetMemory(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	for _, d := range []string{"libreswan", "strongswan", "cisco-ios", "cisco-asa", "racoon"} {
		files, _ := filepath.Glob(filepath.Join("testdata", d, "*.txtar"))
		log := readFixture(t, files[0]).log
		took := func(next func() *Parser) uint64 {
			var before, after runtime.MemStats
			const rounds = 20
			runtime.ReadMemStats(&before)
			for range rounds {
				for range next().Events(struct{ io.Reader }{bytes.NewReader(log)}) {
				}
			}
			runtime.ReadMemStats(&after)
			return (after.TotalAlloc - before.TotalAlloc) / rounds
		}
		var p Parser
		fresh := took(func() *Parser { return new(Parser) })
		again := took(func() *Parser { p.Reset(); return &p })
		if t.Logf("%s: %d octets, %d after another stream", d, fresh, again); again > fresh/2 {
			t.Errorf("%s: a stream of %d octets takes %d, %d with a new Parser", d, len(log), again, fresh)
		}
	}
}
