package main

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ikediag/ikediag/diag"
)

// A collector asks the engine when it is scraped. Its labels are bounded: a
// tunnel's two addresses, of as many tunnels as the engine remembers, and the
// codes of the catalogue.
type collector struct {
	engine *diag.Engine
	now    func() time.Time

	mu      sync.Mutex
	changes map[diag.Op]float64
}

var (
	up = prometheus.NewDesc("ikediag_tunnel_up", "Whether the tunnel is established: 1 or 0; absent where that is not known.", []string{"a", "b"}, nil)
	// A finding of one tunnel is one series: its code, how grave and how sure.
	finding = prometheus.NewDesc("ikediag_finding", "An active cause, by tunnel; the first explanation of each incident.", []string{"a", "b", "code", "severity", "verdict"}, nil)
	changes = prometheus.NewDesc("ikediag_changes_total", "Changes of incidents since the start.", []string{"op"}, nil)
)

// Describe implements prometheus.Collector.
func (c *collector) Describe(out chan<- *prometheus.Desc) {
	out <- up
	out <- finding
	out <- changes
}

// Collect implements prometheus.Collector.
func (c *collector) Collect(out chan<- prometheus.Metric) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changes == nil {
		c.changes = map[diag.Op]float64{diag.Opened: 0, diag.Changed: 0, diag.Resolved: 0, diag.Withdrawn: 0, diag.Evicted: 0}
	}
	for change := range c.engine.Advance(c.now()) {
		c.changes[change.Op]++
	}
	for op, n := range c.changes {
		out <- prometheus.MustNewConstMetric(changes, prometheus.CounterValue, n, op.String())
	}
	r := c.engine.Report()
	type pair struct{ a, b string }
	ends := map[string]pair{}
	told := map[pair]bool{}
	for i := range r.Tunnels {
		t := &r.Tunnels[i]
		p := pair{address(&t.Ends[0]), address(&t.Ends[1])}
		ends[t.ID] = p
		if v, known := state(t.Outcome); known && !told[p] {
			told[p] = true
			out <- prometheus.MustNewConstMetric(up, prometheus.GaugeValue, v, p.a, p.b)
		}
	}
	type series struct {
		p                       pair
		code, severity, verdict string
	}
	seen := map[series]bool{}
	for i := range r.Findings {
		f := &r.Findings[i]
		s := series{ends[f.Tunnel], string(f.Code), f.Severity.String(), f.Verdict.String()}
		if f.Kind != diag.Cause || f.Status != diag.Active || seen[s] {
			continue
		}
		seen[s] = true
		out <- prometheus.MustNewConstMetric(finding, prometheus.GaugeValue, 1, s.p.a, s.p.b, s.code, s.severity, s.verdict)
	}
}

// state is 1 for a tunnel that is up, be it in part.
func state(o diag.Outcome) (value float64, known bool) {
	switch o {
	case diag.OutcomeUnknown, diag.OutcomeNegotiating:
		return 0, false
	case diag.OutcomeEstablished, diag.OutcomePartial, diag.OutcomeNoTraffic:
		return 1, true
	}
	return 0, true
}

// address is an end's address; an end that has none yet is called unknown.
func address(e *diag.EndReport) string {
	if len(e.Addresses) == 0 {
		return "unknown"
	}
	return e.Addresses[0].String()
}
