package work

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/observe"
	"github.com/ikediag/ikediag/diag/report"
	"github.com/ikediag/ikediag/diag/rules"
	"github.com/ikediag/ikediag/isakmp"
)

func certificates(b []byte) { _ = (&observe.Certificates{To: new(sink)}).Read("f", bytes.NewReader(b)) }

// sink takes observations and encodes and decodes them.
type sink struct{ b []byte }

func (s *sink) Observe(o *diag.Observation) {
	s.b, _ = o.AppendBinary(s.b[:0])
	var back diag.Observation
	_ = back.UnmarshalBinary(s.b)
}

func input(name, group, text string) ingest.Input {
	return ingest.Input{Name: name, Group: group, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

// diagnose reads inputs, reports, renders the report and keeps the engine's
// state.
func diagnose(in ...ingest.Input) {
	e := engine(diag.Options{})
	_ = ingest.Read(context.Background(), e, ingest.Options{}, slices.Values(in))
	finish(e)
}

func engine(o diag.Options) *diag.Engine {
	e, err := diag.NewEngine(rules.Default(), o)
	if err != nil {
		panic(err)
	}
	return e
}

func finish(e *diag.Engine) {
	for c := range e.Advance(time.Time{}) {
		_ = report.WriteChange(io.Discard, &c, report.Options{})
	}
	render(e.Report())
	b, err := e.AppendSnapshot(nil)
	if err == nil {
		err = engine(diag.Options{}).Restore(b)
	}
	if err != nil {
		panic(err)
	}
}

func render(r *diag.Report) {
	for _, f := range report.Formats() {
		if err := report.Write(io.Discard, r, report.Options{Format: f, Verbose: true}); err != nil {
			panic(err)
		}
	}
}

// pipeline is evidence that goes all the way to the report.
func pipeline() iter.Seq[shape] {
	const conns = "conn c%d\n\tkeyexchange=ikev1\n\tleft=192.0.2.1\n\tright=10.0.1.%d\n\tauto=add\n"
	session := "%d[IKE] <c%d|%d> initiating Main Mode IKE_SA c%d[%d] to 10.0.0.%d\n%d[NET] <c%d|%d> received packet: from 10.0.0.%d[500] to 192.0.2.1[500] (56 bytes)\n%d[IKE] <c%d|%d> received NO_PROPOSAL_CHOSEN error notify\n"
	all := []shape{
		{"pipeline failures", 50, func(n int) { diagnose(input("a/charon.log", "a", numbered(n, session))) }},
		{"pipeline attempts of one", 100, func(n int) {
			diagnose(input("a/charon.log", "a", numbered(n, strings.ReplaceAll(strings.ReplaceAll(session, "c%d", "c"), "10.0.0.%d", "10.0.0.1"))))
		}},
		{"pipeline two ends", 40, func(n int) {
			diagnose(input("a/charon.log", "a", numbered(n, session)), input("b/ipsec.conf", "b", numbered(n, strings.ReplaceAll(conns, "10.0.1", "10.0.0"))))
		}},
		{"pipeline half-open", 300, func(n int) { diagnose(input("a/x.pcap", "a", string(pcap(n, udp)))) }},
		{"pipeline sources", 30, func(n int) {
			var in []ingest.Input
			for i := range n {
				in = append(in, input(fmt.Sprintf("g%d/charon.log", i), fmt.Sprint("g", i), strings.ReplaceAll(session, "%d", fmt.Sprint(i))))
			}
			diagnose(in...)
		}},
		{"pipeline sources of one gateway", 60, func(n int) {
			var in []ingest.Input
			for i := range n {
				in = append(in, input(fmt.Sprintf("g/charon.log.%d", i), "g", strings.ReplaceAll(session, "%d", fmt.Sprint(i))))
			}
			diagnose(in...)
		}},
		{"pipeline configurations", 30, func(n int) {
			var in []ingest.Input
			for i := range n {
				in = append(in, input(fmt.Sprintf("g%d/ipsec.conf", i), fmt.Sprint("g", i), strings.ReplaceAll(conns, "%d", fmt.Sprint(i))))
			}
			diagnose(in...)
		}},
		{"pipeline connections", 60, func(n int) { diagnose(input("a/ipsec.conf", "a", numbered(n, conns))) }},
		{"pipeline secrets", 60, func(n int) {
			diagnose(input("a/ipsec.conf", "a", numbered(n, conns)), input("a/ipsec.secrets", "a", numbered(n, "192.0.2.1 10.0.1.%d : PSK \"key\"\n")))
		}},
		{"pipeline units of a session", 50, func(n int) {
			diagnose(input("a/bundle.txt", "a", strings.Repeat("$ cat /proc/net/xfrm_stat\nXfrmInError 1\n$ ip route\ndefault via 10.0.0.1 dev eth0\n", n)))
		}},
		{"pipeline feed", 50, func(n int) {
			e := engine(diag.Options{})
			f := ingest.NewFeed(e, diag.Source{Name: "f"}, ingest.Options{})
			for _, b := range []byte(numbered(n, session)) {
				_, _ = f.Write([]byte{b})
			}
			_ = f.Close()
			finish(e)
		}},
		{"engine tunnels", 100, func(n int) {
			observed(n, func(i int, o *diag.Observation) { o.Keys.Remote = netip.AddrPortFrom(host(i), 500) })
		}},
		{"engine messages of a tunnel", 300, func(n int) { observed(n, func(i int, o *diag.Observation) {}) }},
		{"engine attempts of a tunnel", 300, func(n int) {
			observed(n, func(i int, o *diag.Observation) {
				o.Keys.Handle = uint64(i + 1)
				o.Keys.Cookies[0] = uint64(i + 1)
			})
		}},
		{"engine advancing", 300, func(n int) {
			e, o := begun()
			for i := range n {
				o.Keys.Remote, o.Keys.Handle = netip.AddrPortFrom(host(i), 500), uint64(i+1)
				e.Observe(&o)
				for range e.Advance(time.Unix(int64(i), 0)) {
				}
			}
		}},
		{"report findings", 100, func(n int) {
			r := &diag.Report{}
			for i := range n {
				r.Tunnels = append(r.Tunnels, diag.TunnelReport{ID: fmt.Sprint("t", i)})
				r.Findings = append(r.Findings, diag.Finding{ID: fmt.Sprint("f", i), Code: diag.IKEP1PSKMismatch, Tunnel: fmt.Sprint("t", i), Kind: diag.Cause, Severity: diag.Error, Verdict: diag.Likely, Summary: "x"})
			}
			render(r)
		}},
		{"report long names", 20_000, func(n int) {
			long := strings.Repeat("a\x1b<|`é", n/6)
			r := &diag.Report{Tunnels: []diag.TunnelReport{{ID: long}}, Sources: []diag.SourceReport{{ID: long, Source: diag.Source{Name: long}}}}
			r.Findings = []diag.Finding{{ID: long, Code: diag.IKEP1PSKMismatch, Tunnel: long, Summary: long, Evidence: []diag.Evidence{{Text: long}}}}
			render(r)
		}},
		{"text cleaned", 50_000, func(n int) {
			diag.Clean(strings.Repeat("\x1b\u202e", n), 100)
			diag.Quote(strings.Repeat("'\u202e", n))
		}},
	}
	return slices.Values(all)
}

func begun() (*diag.Engine, diag.Observation) {
	e := engine(diag.Options{MaxHalfOpen: 100})
	o := diag.Observation{Source: e.AddSource(diag.Source{Name: "x", Kind: diag.KindCapture}), Basis: diag.Unauthenticated}
	o.Keys.Local, o.Keys.Remote = netip.MustParseAddrPort("192.0.2.1:500"), netip.MustParseAddrPort("198.51.100.2:500")
	o.Body = &diag.Message{Exchange: isakmp.ExchangeMain, Number: 1}
	return e, o
}

func observed(n int, set func(i int, o *diag.Observation)) {
	e, o := begun()
	for i := range n {
		o.Where.Frame = i + 1
		set(i, &o)
		e.Observe(&o)
	}
	finish(e)
}
