package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/report"
	"github.com/ikediag/ikediag/diag/rules"
)

// Bounds of what a client can make grow.
const (
	maxFeeds = 4096
	maxBody  = 16 << 20
	maxName  = 100
)

// A service has an engine, a feed for each log that it is sent, and outlets for
// what it finds.
type service struct {
	http.ServeMux
	engine  *diag.Engine
	outlets []outlet

	mu    sync.Mutex
	feeds map[string]*feed
}

// A feed is one log; its pieces come one after the other.
type feed struct {
	mu sync.Mutex
	to *ingest.Feed
}

// An outlet takes changes.
type outlet interface {
	send(context.Context, *diag.Change) error
}

func newService(outlets []outlet) (*service, error) {
	engine, err := diag.NewEngine(rules.Default(), diag.Options{})
	if err != nil {
		return nil, err
	}
	s := &service{engine: engine, outlets: outlets, feeds: map[string]*feed{}}
	s.HandleFunc("POST /feed/{gateway}/{name}", s.take)
	s.HandleFunc("GET /report", s.report)
	return s, nil
}

// take feeds a piece of a log.
func (s *service) take(w http.ResponseWriter, r *http.Request) {
	f, err := s.feed(r.PathValue("gateway"), r.PathValue("name"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInsufficientStorage)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := io.Copy(f.to, http.MaxBytesReader(w, r.Body, maxBody)); err != nil {
		http.Error(w, "the piece was not read to its end", http.StatusRequestEntityTooLarge)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// feed returns a gateway's log by its name.
func (s *service) feed(gateway, name string) (*feed, error) {
	key := gateway + "/" + name
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.feeds[key]
	switch {
	case f != nil:
		return f, nil
	case len(s.feeds) >= maxFeeds || len(key) > maxName:
		return nil, fmt.Errorf("no more than %d logs, with names of no more than %d octets", maxFeeds, maxName)
	}
	f = &feed{to: ingest.NewFeed(s.engine, diag.Source{Name: key, Gateway: gateway, Since: time.Now()}, ingest.Options{})}
	s.feeds[key] = f
	return f, nil
}

// report gives the whole.
func (s *service) report(w http.ResponseWriter, r *http.Request) {
	format, kind := report.JSON, "application/json"
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		format, kind = report.HTML, "text/html; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	if err := report.Write(w, s.engine.Report(), report.Options{Format: format}); err != nil {
		fmt.Fprintln(os.Stderr, "nms-webhook: report:", diag.Clean(err.Error(), 200))
	}
}

// watch sends what changes.
func (s *service) watch(ctx context.Context, tick <-chan time.Time) {
	for {
		select {
		case <-ctx.Done():
			return
		case now, more := <-tick:
			if !more {
				return
			}
			for c := range s.engine.Advance(now) {
				for _, o := range s.outlets {
					if err := o.send(ctx, &c); err != nil {
						fmt.Fprintln(os.Stderr, "nms-webhook:", diag.Clean(err.Error(), 400))
					}
				}
			}
		}
	}
}
