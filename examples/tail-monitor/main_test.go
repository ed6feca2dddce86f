package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

const sample = "../diagnose/testdata/wrong-psk/branch/charon.log"

// lines is a writer that several goroutines may use.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// What comes through a pipe is told at its end at the latest.
func TestPipe(t *testing.T) {
	b, err := os.ReadFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	for _, asJSON := range []bool{false, true} {
		var out lines
		m := monitor{out: &out, every: time.Hour, json: asJSON, stdin: bytes.NewReader(b)}
		if err := m.run(context.Background(), []string{"-"}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), "opened") || !strings.Contains(out.String(), "IKE-P1-PSK-MISMATCH") {
			t.Errorf("JSON %v: %q", asJSON, out.String())
		}
		for line := range strings.Lines(out.String()) {
			if asJSON && !json.Valid([]byte(line)) {
				t.Errorf("no JSON: %q", line)
			}
		}
	}
}

// A file is followed while it grows and when another takes its place.
func TestFollow(t *testing.T) {
	name := filepath.Join(t.TempDir(), "charon.log")
	ctx, cancel := context.WithCancel(context.Background())
	var out lines
	done := make(chan error)
	go func() { done <- follow(ctx, name, &out) }()
	wait := func(want string) {
		t.Helper()
		for range 100 {
			if out.String() == want {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Fatalf("%q, want %q", out.String(), want)
	}
	write := func(text string, flag int) {
		t.Helper()
		f, err := os.OpenFile(name, flag|os.O_CREATE|os.O_WRONLY, 0o600)
		if err == nil {
			_, err = f.WriteString(text)
			f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	write("one\n", os.O_APPEND)
	wait("one\n")
	write("two\n", os.O_APPEND)
	wait("one\ntwo\n")
	if err := os.Rename(name, name+".1"); err != nil {
		t.Fatal(err)
	}
	write("three\n", os.O_APPEND)
	wait("one\ntwo\nthree\n")
	write("4\n", os.O_TRUNC)
	wait("one\ntwo\nthree\n4\n")
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := follow(context.Background(), t.TempDir(), &out); err == nil {
		t.Error("a folder is followed")
	}
}

// What is wrong with a source is told once the others are at their ends.
func TestNoLog(t *testing.T) {
	m := monitor{out: &lines{}, every: time.Hour, stdin: strings.NewReader("nothing that anybody knows\n")}
	if err := m.run(context.Background(), []string{"-"}); err == nil {
		t.Error("no error")
	}
}
