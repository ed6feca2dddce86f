package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/log"
	sdk "go.opentelemetry.io/otel/sdk/log"

	"github.com/ikediag/ikediag/diag"
)

// kept keeps the records that are exported.
type kept struct {
	mu  sync.Mutex
	all []sdk.Record
}

func (k *kept) Export(_ context.Context, r []sdk.Record) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i := range r {
		k.all = append(k.all, r[i].Clone())
	}
	return nil
}
func (k *kept) Shutdown(context.Context) error   { return nil }
func (k *kept) ForceFlush(context.Context) error { return nil }

// A log that is posted in pieces comes out as changes at the webhook, which
// refuses the first try, and as records.
func TestService(t *testing.T) {
	var mu sync.Mutex
	var posted []map[string]any
	refused := false
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		if !refused {
			refused = true
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		var c map[string]any
		if err := json.Unmarshal(b, &c); err != nil {
			t.Error(err)
		}
		posted = append(posted, c)
	}))
	defer target.Close()
	k := &kept{}
	provider := sdk.NewLoggerProvider(sdk.WithProcessor(sdk.NewSimpleProcessor(k)))
	s, err := newService([]outlet{&hook{url: target.URL, wait: time.Millisecond}, records{provider.Logger("test")}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	defer server.Close()

	text, err := os.ReadFile("../diagnose/testdata/wrong-psk/branch/charon.log")
	if err != nil {
		t.Fatal(err)
	}
	for len(text) > 0 {
		n := min(len(text), 1000)
		r, err := http.Post(server.URL+"/feed/branch/charon", "text/plain", bytes.NewReader(text[:n]))
		if err != nil || r.StatusCode != http.StatusNoContent {
			t.Fatal(r.Status, err)
		}
		r.Body.Close()
		text = text[n:]
	}
	tick := make(chan time.Time, 1)
	tick <- time.Now().Add(time.Hour)
	close(tick)
	s.watch(context.Background(), tick)

	if len(posted) == 0 || posted[0]["schema"] != "ikediag.change/v1" || posted[0]["op"] != "opened" {
		t.Errorf("posted: %v", posted)
	}
	if len(k.all) != len(posted) {
		t.Errorf("%d records of %d changes", len(k.all), len(posted))
	}
	for i := range k.all {
		if k.all[i].Severity() < log.SeverityError || k.all[i].AttributesLen() != 6 {
			t.Errorf("record %d: %v, %d attributes", i, k.all[i].Severity(), k.all[i].AttributesLen())
		}
	}
	for accept, want := range map[string]string{"": "IKE-P1-PSK-MISMATCH", "text/html": "<!DOCTYPE html>"} {
		r, _ := http.NewRequest(http.MethodGet, server.URL+"/report", nil)
		r.Header.Set("Accept", accept)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if !strings.Contains(strings.ToLower(string(b)), strings.ToLower(want)) {
			t.Errorf("Accept %q: no %s", accept, want)
		}
	}
}

// A change that the webhook never takes is told, and a stranger cannot make the
// service grow without bounds.
func TestRefused(t *testing.T) {
	n := 0
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n++
		w.WriteHeader(http.StatusTeapot)
	}))
	defer target.Close()
	h := &hook{url: target.URL, wait: time.Millisecond}
	if err := h.send(context.Background(), &diag.Change{Op: diag.Opened}); err == nil || n != tries {
		t.Errorf("%d tries, %v", n, err)
	}
	s, err := newService(nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.feed(strings.Repeat("x", maxName), "y"); err == nil {
		t.Error("a long name is taken")
	}
	for i := range maxFeeds + 1 {
		if _, err = s.feed("g", string(rune('a'+i%26))+time.Duration(i).String()); err != nil {
			break
		}
	}
	if err == nil {
		t.Error("there is no end to feeds")
	}
}
