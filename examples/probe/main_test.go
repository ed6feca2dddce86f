package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/ike/probe"
)

// Nobody listens on loopback's port 500, or somebody does: either way there is
// an answer, and it is stored.
func TestRun(t *testing.T) {
	var out bytes.Buffer
	status, err := run(context.Background(), &out, []string{"-ask", "port-500", "127.0.0.1"})
	if status == 2 {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "port-500") {
		t.Errorf("%q", out.String())
	}
	out.Reset()
	if status, err := run(context.Background(), &out, []string{"-json", "127.0.0.1"}); status == 2 {
		t.Fatal(err)
	}
	if r, err := probe.Decode(&out); err != nil || len(r.Answers) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestArguments(t *testing.T) {
	for _, args := range [][]string{{}, {"a", "b"}, {"-ask", "everything", "127.0.0.1"}, {"-transforms", "rot13", "127.0.0.1"}, {"-from", "here", "127.0.0.1"}, {"0.0.0.0"}} {
		if status, err := run(context.Background(), &bytes.Buffer{}, args); status != 2 || err == nil {
			t.Errorf("%v: %d, %v", args, status, err)
		}
	}
	p, err := planOf("all", "aes128-sha1-modp1024", ":500", "gw.example.com")
	if err != nil || len(p.Questions) != 7 || len(p.Transforms) != 1 || p.Local.Port() != 500 || p.Local.Addr().IsValid() || p.Identity == nil {
		t.Errorf("%+v, %v", p, err)
	}
}
