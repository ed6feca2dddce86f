// Prometheus-exporter follows logs of IKE daemons and serves, for Prometheus to
// scrape, which tunnels are up and why the others are not.
//
//	cd examples/prometheus-exporter
//	go run . [-listen localhost:9911] FILE...
//
// "-" is standard input. alerts.yml has rules to alert by. It is a module of its
// own, since it needs Prometheus's client library.
package main

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/rules"
)

// maxTunnels bounds what is remembered, and with it the time series.
const maxTunnels = 2000

func main() {
	listen := flag.String("listen", "localhost:9911", "the address to serve /metrics at")
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := serve(*listen, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "prometheus-exporter:", diag.Clean(err.Error(), 400))
		os.Exit(1)
	}
}

func serve(listen string, names []string) error {
	engine, err := diag.NewEngine(rules.Default(), diag.Options{MaxTunnels: maxTunnels, MaxHalfOpen: maxTunnels})
	if err != nil {
		return err
	}
	for _, name := range names {
		in := os.Stdin
		if name != "-" {
			if in, err = os.Open(name); err != nil {
				return err
			}
		}
		feed := ingest.NewFeed(engine, diag.Source{Name: name, Group: name, Since: time.Now()}, ingest.Options{})
		go tail(feed, in)
	}
	registry := prometheus.NewRegistry()
	if err := registry.Register(&collector{engine: engine, now: time.Now}); err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	server := http.Server{Addr: listen, Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	return server.ListenAndServe()
}

// tail feeds what a file has and what it gets. examples/tail-monitor shows how
// to follow one through rotation.
func tail(feed *ingest.Feed, f *os.File) {
	for {
		if _, err := io.Copy(feed, f); err != nil {
			return
		}
		time.Sleep(time.Second)
	}
}
