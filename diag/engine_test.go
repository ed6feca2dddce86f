package diag_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// world is evidence in the making: sources and their observations.
type world struct {
	sources []diag.Source
	obs     []diag.Observation
	line    map[int]int
}

var epoch = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func (w *world) source(s diag.Source) int {
	w.sources = append(w.sources, s)
	return len(w.sources) - 1
}

// say adds an observation to a source, one line after the last.
func (w *world) say(src int, k diag.Keys, b diag.Body) {
	if w.line == nil {
		w.line = map[int]int{}
	}
	w.line[src]++
	n := w.line[src]
	w.obs = append(w.obs, diag.Observation{
		Source: diag.SourceID(src), Where: diag.Where{Line: n}, Basis: diag.Logged, Keys: k, Body: b,
		Time: diag.Time{Value: epoch.Add(time.Duration(n) * time.Second), Precision: time.Second},
		Text: fmt.Appendf(nil, "%s line %d", w.sources[src].Name, n),
	})
}

// feed puts the evidence into an engine, to its end.
func (w *world) feed(e *diag.Engine) {
	for _, s := range w.sources {
		e.AddSource(s)
	}
	for i := range w.obs {
		e.Observe(&w.obs[i])
	}
	for range e.Advance(time.Time{}) {
		// The report has it all.
	}
}

func inOrder(n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	return p
}

func addr(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }

// wrongKey is a rule of the test's: a side that could not decrypt.
var wrongKey = &diag.Rule{
	Code: diag.IKEP1PSKMismatch,
	Doc: diag.Doc{
		Meaning: "test",
		LookAlikes: []diag.LookAlike{{
			Code:     diag.IKEMsgMalformed,
			Excluded: []diag.Exclusion{{If: func(c diag.Case) (diag.Evidence, bool) { return c.Has(diag.EvidenceConfig) }, Reason: "the keys were compared"}},
			Ask:      diag.Missing{Kind: diag.KindSecrets, End: diag.EndBoth, Why: "they show whether the keys differ"},
		}},
		Explains: []diag.Code{diag.IKERetransmitExhausted},
	},
	Check: func(v *diag.View, out *diag.Sink) {
		a, b := v.Connection(0), v.Connection(1)
		differ := a.OK && b.OK && a.V.PSK.Digest != b.V.PSK.Digest
		for at := range v.Attempts() {
			if k := diag.Fact(at, diag.AnySide, func(c *diag.Check) bool { return c.What == diag.CheckDecrypt && !c.OK }); k.OK {
				f := diag.Finding{Evidence: k.As(diag.Strong), Summary: "keys differ between " + v.EndName(0) + " and " + v.EndName(1)}
				if differ {
					f.Evidence = append(f.Evidence, append(a.As(diag.Proof), b.As(diag.Proof)...)...)
				}
				out.AddTo(at, f)
			}
		}
	},
}

var gaveUp = &diag.Rule{
	Code: diag.IKERetransmitExhausted, Doc: diag.Doc{Meaning: "test"},
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			if k := diag.Fact(a, diag.AnySide, func(*diag.GaveUp) bool { return true }); k.OK {
				out.AddTo(a, diag.Finding{Evidence: k.As(diag.Strong)})
			}
		}
	},
}

func newEngine(t testing.TB, o diag.Options, rules ...*diag.Rule) *diag.Engine {
	t.Helper()
	if len(rules) == 0 {
		rules = []*diag.Rule{wrongKey, gaveUp}
	}
	if o.DigestKey == nil {
		o.DigestKey = []byte("test")
	}
	e, err := diag.NewEngine(rules, o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// wrongPSK builds a wrong key behind NAT seen through both logs, both
// captures and both configurations, among healthy tunnels.
func wrongPSK() *world {
	w := &world{}
	log := func(name string) int {
		return w.source(diag.Source{Name: name + "/log", Group: name, Kind: diag.KindLog, Dialect: "test"})
	}
	west, east := log("west"), log("east")
	wk := diag.Keys{Handle: 11, Role: diag.Initiator, Local: addr("10.0.0.2:4500"), Remote: addr("203.0.113.1:4500"), Connection: []byte("to-east")}
	ek := diag.Keys{Handle: 22, Role: diag.Responder, Local: addr("203.0.113.1:4500"), Remote: addr("198.51.100.9:6261")}
	w.say(west, wk, &diag.Progress{By: diag.Self, Step: diag.Phase1Started, Mode: isakmp.ExchangeMain})
	w.say(east, ek, &diag.Progress{By: diag.Peer, Step: diag.Phase1Started, Mode: isakmp.ExchangeMain})
	for i := range 3 {
		mid := uint32(0x1000 + i)
		x := ek
		x.MessageID = mid
		w.say(east, x, &diag.Check{By: diag.Self, What: diag.CheckDecrypt, Exchange: isakmp.ExchangeMain, Payload: isakmp.PayloadID})
		x = wk
		x.MessageID = mid
		w.say(west, x, &diag.Check{By: diag.Self, What: diag.CheckDecrypt, Exchange: isakmp.ExchangeInformational, Payload: isakmp.PayloadHash})
	}
	w.say(west, wk, &diag.GaveUp{By: diag.Self, Tries: 3})
	for i, side := range []string{"west", "east"} {
		c := w.source(diag.Source{Name: side + "/conf", Group: side, Kind: diag.KindConfig})
		d := &diag.Connection{LocalAuth: ike.AuthPSK, LocalAny: i == 1, RemoteAny: i == 1, PSK: diag.PSK{State: diag.PSKKnown, Digest: [32]byte{byte(i)}}}
		if i == 0 {
			d.LocalAddresses, d.RemoteAddresses = []netip.Addr{netip.MustParseAddr("10.0.0.2")}, []netip.Addr{netip.MustParseAddr("203.0.113.1")}
		} else {
			d.LocalAddresses, d.LocalAny = []netip.Addr{netip.MustParseAddr("203.0.113.1")}, false
		}
		w.say(c, diag.Keys{Handle: uint64(100 + i), Connection: []byte("to-" + []string{"east", "west"}[i])}, d)
		p := w.source(diag.Source{Name: side + "/pcap", Group: side, Kind: diag.KindCapture})
		k := diag.Keys{Handle: uint64(200), Observer: true, Local: addr("10.0.0.2:500"), Remote: addr("203.0.113.1:500"), Cookies: [2]uint64{77, 88}}
		if i == 1 {
			k.Local = addr("198.51.100.9:236")
		}
		w.say(p, k, &diag.Message{From: diag.OfInitiator, Exchange: isakmp.ExchangeMain, Number: 5, Encrypted: true})
		for j := range 3 {
			k.MessageID = uint32(0x1000 + j)
			w.say(p, k, &diag.Message{From: diag.OfResponder, Exchange: isakmp.ExchangeInformational, Encrypted: true})
		}
	}
	return w
}

// dump renders all that a report says, source IDs as the report gives them.
func dump(r *diag.Report) string {
	var b bytes.Buffer
	fmt.Fprintln(&b, r.Verdict)
	for _, s := range r.Sources {
		fmt.Fprintln(&b, s.ID, s.Name, s.Kind, s.GatewayID, s.Units, s.Err)
	}
	fmt.Fprintf(&b, "%+v\n", r.Gateways)
	for _, t := range r.Tunnels {
		ladders, settings := t.Ladders, t.Settings
		t.Ladders, t.Settings = nil, nil
		fmt.Fprintf(&b, "%+v\n", t)
		dumpLadders(&b, r, ladders)
		for _, s := range settings {
			fmt.Fprintln(&b, "  !", s.Name, s.Child, s.About, s.Fits, s.Ends[0].Text, r.SourceID(s.Ends[0].Source), s.Ends[1].Text, r.SourceID(s.Ends[1].Source))
		}
	}
	for _, f := range r.Findings {
		fmt.Fprintln(&b, f.ID, f.Incident, f.Code, f.Kind, f.Severity, f.Verdict, f.Status, f.FixAt, f.Summary, f.Explains, f.Count, f.FirstSeen, f.LastSeen)
		for _, e := range f.Evidence {
			fmt.Fprintln(&b, "  ", r.SourceID(e.Source), r.GatewayID(e.Gateway), e.Kind, e.Where, e.Time, e.Text, e.Weight)
		}
		for _, x := range f.RuledOut {
			fmt.Fprintln(&b, "  -", x.Code, x.Reason, r.SourceID(x.Evidence.Source))
		}
		fmt.Fprintln(&b, "  ?", f.Missing)
	}
	return b.String()
}

func TestJoinBehindNAT(t *testing.T) {
	w := wrongPSK()
	e := newEngine(t, diag.Options{})
	w.feed(e)
	r := e.Report()
	if len(r.Gateways) != 2 || len(r.Tunnels) != 1 {
		t.Fatalf("%d gateways, %d tunnels, want 2 and 1:\n%s", len(r.Gateways), len(r.Tunnels), dump(r))
	}
	if n := r.Tunnels[0].Attempts; n != 1 {
		t.Errorf("%d attempts, want 1", n)
	}
	c, ok := r.Cause()
	if !ok || c.Code != diag.IKEP1PSKMismatch || c.Verdict != diag.Confirmed {
		t.Errorf("the cause is not a confirmed wrong key:\n%s", dump(r))
	}
	kinds := map[diag.EvidenceKind]bool{}
	gateways := map[string]bool{}
	for _, e := range c.Evidence {
		kinds[e.Kind], gateways[e.Gateway] = true, true
	}
	if !kinds[diag.EvidenceLog] || !kinds[diag.EvidenceConfig] || len(gateways) != 2 {
		t.Errorf("evidence of both logs and configurations wanted:\n%s", dump(r))
	}
	var symptom *diag.Finding
	for i := range r.Findings {
		if r.Findings[i].Code == diag.IKERetransmitExhausted {
			symptom = &r.Findings[i]
		}
	}
	if symptom == nil || !slices.Contains(c.Explains, symptom.ID) || symptom.Incident != c.Incident {
		t.Errorf("giving up is not explained by the cause:\n%s", dump(r))
	}
}

// The order in which sources are announced and observations arrive changes
// nothing, nor does a restart in the middle.
func TestOrderOfArrival(t *testing.T) {
	w := wrongPSK()
	var want string
	for seed := range uint64(150) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		e := newEngine(t, diag.Options{})
		sources, order := inOrder(len(w.sources)), inOrder(len(w.obs))
		if seed > 0 {
			sources, order = rnd.Perm(len(w.sources)), rnd.Perm(len(w.obs))
		}
		var restart func()
		if seed%2 == 1 {
			restart = func() {
				if seed%3 == 0 {
					for range e.Advance(epoch) {
					}
				}
				b, err := e.AppendSnapshot(nil)
				if err != nil {
					t.Fatal(err)
				}
				e = newEngine(t, diag.Options{})
				if err := e.Restore(b); err != nil {
					t.Fatal(err)
				}
			}
		}
		ids := make([]diag.SourceID, len(w.sources))
		for _, i := range sources {
			ids[i] = e.AddSource(w.sources[i])
		}
		for n, i := range order {
			if restart != nil && n == len(order)/2 {
				restart()
			}
			o := w.obs[i]
			o.Source = ids[o.Source]
			e.Observe(&o)
		}
		for range e.Advance(time.Time{}) {
		}
		got := dump(e.Report())
		if seed == 0 {
			want = got
		} else if got != want {
			t.Fatalf("seed %d gives another report:\n%s\nwant:\n%s", seed, got, want)
		}
	}
}

// Two hundred connections of one gateway, three of them broken: each fault on
// its own tunnel.
func TestFaultsStayOnTheirTunnels(t *testing.T) {
	w := &world{}
	hub := w.source(diag.Source{Name: "hub.log", Kind: diag.KindLog})
	broken := map[int]bool{17: true, 99: true, 180: true}
	for step := range 3 {
		for i := range 200 {
			k := diag.Keys{Handle: uint64(i + 1), Role: diag.Initiator, Local: addr("192.0.2.1:500"), Remote: netip.AddrPortFrom(netip.AddrFrom4([4]byte{198, 51, 100, byte(i)}), 500)}
			switch step {
			case 0:
				w.say(hub, k, &diag.Progress{By: diag.Self, Step: diag.Phase1Started, Mode: isakmp.ExchangeMain})
			case 1:
				if broken[i] {
					w.say(hub, k, &diag.Check{By: diag.Self, What: diag.CheckDecrypt, Exchange: isakmp.ExchangeInformational})
				} else {
					w.say(hub, k, &diag.Progress{By: diag.Self, Step: diag.Phase1Up})
				}
			case 2:
				if !broken[i] {
					w.say(hub, k, &diag.Progress{By: diag.Self, Step: diag.Phase2Up, SPIIn: uint32(i)})
				}
			}
		}
	}
	e := newEngine(t, diag.Options{})
	w.feed(e)
	r := e.Report()
	if len(r.Tunnels) != 200 {
		t.Fatalf("%d tunnels, want 200", len(r.Tunnels))
	}
	found := map[string]bool{}
	for _, f := range r.Findings {
		if f.Kind != diag.Cause {
			continue
		}
		i := slices.IndexFunc(r.Tunnels, func(x diag.TunnelReport) bool { return x.ID == f.Tunnel })
		for _, end := range r.Tunnels[i].Ends {
			for _, a := range end.Addresses {
				found[a.String()] = true
			}
		}
	}
	delete(found, "192.0.2.1")
	if len(found) != 3 || !found["198.51.100.17"] || !found["198.51.100.99"] || !found["198.51.100.180"] {
		t.Errorf("faults on %v", found)
	}
}

// Two branches with the same private address behind NATs of their own are two
// gateways, and each has its own tunnel to the hub.
func TestSamePrivateAddress(t *testing.T) {
	w := &world{}
	hub := w.source(diag.Source{Name: "hub/log", Group: "hub", Kind: diag.KindLog})
	for i, nat := range []string{"198.51.100.7:4500", "198.51.100.8:4500"} {
		site := fmt.Sprintf("site%d", i)
		s := w.source(diag.Source{Name: site + "/log", Group: site, Kind: diag.KindLog})
		mid := uint32(100 + i)
		k := diag.Keys{Handle: 1, Role: diag.Initiator, Local: addr("192.168.1.2:4500"), Remote: addr("203.0.113.1:4500"), Connection: []byte("hq"), MessageID: mid}
		h := diag.Keys{Handle: uint64(1 + i), Role: diag.Responder, Local: addr("203.0.113.1:4500"), Remote: addr(nat), MessageID: mid}
		if i == 0 {
			w.say(s, k, &diag.Check{By: diag.Self, What: diag.CheckDecrypt, Exchange: isakmp.ExchangeInformational})
			w.say(hub, h, &diag.Check{By: diag.Self, What: diag.CheckDecrypt, Exchange: isakmp.ExchangeMain, Payload: isakmp.PayloadID})
		} else {
			w.say(s, k, &diag.Progress{By: diag.Self, Step: diag.Phase2Up})
			w.say(hub, h, &diag.Progress{By: diag.Self, Step: diag.Phase2Up})
		}
	}
	e := newEngine(t, diag.Options{})
	w.feed(e)
	r := e.Report()
	if len(r.Gateways) != 3 || len(r.Tunnels) != 2 {
		t.Fatalf("%d gateways and %d tunnels, want 3 and 2:\n%s", len(r.Gateways), len(r.Tunnels), dump(r))
	}
	outcomes := map[diag.Outcome]int{}
	for _, x := range r.Tunnels {
		outcomes[x.Outcome]++
		if x.Ends[0].GatewayID == "" || x.Ends[1].GatewayID == "" {
			t.Errorf("a tunnel is seen from one end only:\n%s", dump(r))
		}
	}
	if outcomes[diag.OutcomeEstablished] != 1 || outcomes[diag.OutcomePhase1Failed] != 1 {
		t.Errorf("outcomes %v", outcomes)
	}
}

// Without its decisive fact the verdict drops: an unproven key, then no key
// fault at all.
func TestVerdictDropsWithoutEvidence(t *testing.T) {
	verdict := func(keep func(*diag.Observation) bool) (diag.Verdict, *diag.Finding) {
		w := wrongPSK()
		w.obs = slices.DeleteFunc(w.obs, func(o diag.Observation) bool { return !keep(&o) })
		e := newEngine(t, diag.Options{})
		w.feed(e)
		f, ok := e.Report().Cause()
		if !ok {
			return 0, nil
		}
		return f.Verdict, f
	}
	if v, _ := verdict(func(*diag.Observation) bool { return true }); v != diag.Confirmed {
		t.Errorf("with all: %s", v)
	}
	v, f := verdict(func(o *diag.Observation) bool { _, conf := o.Body.(*diag.Connection); return !conf })
	if v != diag.Likely {
		t.Errorf("without configurations: %s", v)
	}
	if f == nil || len(f.Missing) != 1 || f.Missing[0].Decides[0] != diag.IKEMsgMalformed {
		t.Errorf("without configurations it should ask for them: %+v", f)
	}
	if v, _ := verdict(func(o *diag.Observation) bool { _, check := o.Body.(*diag.Check); return !check }); v != 0 {
		t.Errorf("without a failed check: %s", v)
	}
}

func TestBasisCapsVerdict(t *testing.T) {
	for _, b := range []diag.Basis{diag.Recalled, diag.Unauthenticated} {
		w := wrongPSK()
		for i := range w.obs {
			w.obs[i].Basis = b
		}
		e := newEngine(t, diag.Options{})
		w.feed(e)
		if f, ok := e.Report().Cause(); !ok || f.Verdict != diag.Likely {
			t.Errorf("basis %s: verdict %v, want likely", b, f)
		}
	}
}

// An incident opens, sharpens, and recovers; it does not close and reopen.
func TestChanges(t *testing.T) {
	e := newEngine(t, diag.Options{})
	log := e.AddSource(diag.Source{Name: "log", Group: "west", Kind: diag.KindLog})
	n := 0
	say := func(handle uint64, b diag.Body) {
		n++
		e.Observe(&diag.Observation{Source: log, Where: diag.Where{Line: n}, Basis: diag.Logged, Body: b,
			Time: diag.Time{Value: epoch.Add(time.Duration(n) * time.Second)},
			Keys: diag.Keys{Handle: handle, Role: diag.Initiator, Local: addr("192.0.2.1:500"), Remote: addr("198.51.100.2:500")}})
	}
	advance := func() (out []string) {
		for c := range e.Advance(epoch.Add(time.Duration(n) * time.Second)) {
			out = append(out, fmt.Sprint(c.Op, " ", c.Finding.Code, " ", c.Finding.Verdict))
			if c.Tunnel.ID != c.Finding.Tunnel || len(c.Sources) != 1 {
				t.Errorf("a change is not complete in itself: %+v", c)
			}
		}
		return out
	}
	want := func(what string, got []string, want ...string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	say(1, &diag.Progress{By: diag.Self, Step: diag.Phase1Started, Mode: isakmp.ExchangeMain})
	want("nothing wrong yet", advance())
	say(1, &diag.GaveUp{By: diag.Self})
	want("gave up", advance(), "opened IKE-RETRANSMIT-EXHAUSTED likely")
	say(1, &diag.Check{By: diag.Self, What: diag.CheckDecrypt, Exchange: isakmp.ExchangeInformational})
	want("sharpened", advance(), "changed IKE-P1-PSK-MISMATCH likely")
	want("nothing new", advance())
	say(1, &diag.Check{By: diag.Self, What: diag.CheckDecrypt, Exchange: isakmp.ExchangeInformational})
	want("the same again", advance())
	b, err := e.AppendSnapshot(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Restore(b); err != nil {
		t.Fatal(err)
	}
	want("after a restart", advance())
	say(2, &diag.Progress{By: diag.Self, Step: diag.Phase1Up})
	want("recovered", advance(), "recovered IKE-P1-PSK-MISMATCH likely")
	if r := e.Report(); r.Verdict == diag.Broken {
		t.Errorf("still broken after recovery:\n%s", dump(r))
	}
}

// A flood of half-open negotiations is bounded and evicts no established one.
func TestFlood(t *testing.T) {
	e := newEngine(t, diag.Options{MaxHalfOpen: 100})
	log := e.AddSource(diag.Source{Name: "log", Kind: diag.KindLog})
	o := diag.Observation{Source: log, Basis: diag.Logged}
	o.Keys = diag.Keys{Handle: 1, Role: diag.Responder, Local: addr("192.0.2.1:500"), Remote: addr("198.51.100.2:500")}
	o.Where.Line, o.Body = 1, &diag.Progress{By: diag.Self, Step: diag.Phase2Up}
	e.Observe(&o)
	for i := range 5000 {
		o.Keys.Handle, o.Where.Line = uint64(i+2), i+2
		o.Keys.Remote = netip.AddrPortFrom(netip.AddrFrom4([4]byte{203, 0, byte(i >> 8), byte(i)}), 500)
		o.Body = &diag.Progress{By: diag.Peer, Step: diag.Phase1Started}
		e.Observe(&o)
	}
	for range e.Advance(time.Time{}) {
	}
	r := e.Report()
	if len(r.Tunnels) > 101 {
		t.Errorf("%d tunnels remembered, want at most 101", len(r.Tunnels))
	}
	if !slices.ContainsFunc(r.Tunnels, func(x diag.TunnelReport) bool { return x.Outcome == diag.OutcomeEstablished }) {
		t.Error("the established tunnel was evicted")
	}
}

// Connections are no negotiations: a file of more of them than are remembered
// of those is kept whole, and the pool stays free for what it is for.
func TestManyConnections(t *testing.T) {
	const many = 1000
	e := newEngine(t, diag.Options{MaxHalfOpen: 100})
	file := e.AddSource(diag.Source{Name: "swanctl.conf", Kind: diag.KindConfig})
	for i := range many {
		peer := netip.AddrFrom4([4]byte{203, 0, byte(i >> 8), byte(i)})
		o := diag.Observation{Source: file, Basis: diag.Logged, Body: &diag.Connection{Version: 1, RemoteAddresses: []netip.Addr{peer}}}
		o.Keys = diag.Keys{Handle: uint64(i + 1), Local: addr("192.0.2.1:500"), Remote: netip.AddrPortFrom(peer, 500)}
		o.Where.Line = i + 1
		e.Observe(&o)
	}
	for range e.Advance(time.Time{}) {
	}
	if n := len(e.Report().Tunnels); n != many {
		t.Errorf("%d tunnels of %d connections", n, many)
	}
}

func TestSilenceAndSeverity(t *testing.T) {
	w := wrongPSK()
	e := newEngine(t, diag.Options{Silences: []diag.Silence{{Code: diag.IKEP1PSKMismatch}}, Severities: map[diag.Code]diag.Severity{diag.IKERetransmitExhausted: diag.Info}})
	w.feed(e)
	for c := range e.Advance(time.Time{}) {
		if c.Finding.Code == diag.IKEP1PSKMismatch {
			t.Error("a silenced finding was announced")
		}
	}
	r := e.Report()
	if len(r.Silenced) != 1 || r.Silenced[0].Code != diag.IKEP1PSKMismatch {
		t.Errorf("silenced: %+v", r.Silenced)
	}
	for _, f := range r.Findings {
		if f.Code == diag.IKERetransmitExhausted && f.Severity != diag.Info {
			t.Errorf("severity %s, want the override", f.Severity)
		}
	}
}

// A rule that panics costs its own verdict only, and shows no values.
func TestRulePanics(t *testing.T) {
	bad := &diag.Rule{Code: "ACME-BAD", Doc: diag.Doc{Title: "bad"}, Check: func(*diag.View, *diag.Sink) { panic("secret-value") }}
	w := wrongPSK()
	e := newEngine(t, diag.Options{}, bad, wrongKey)
	w.feed(e)
	got := dump(e.Report())
	if !strings.Contains(got, "ACME-BAD") || strings.Contains(got, "secret-value") || !strings.Contains(got, string(diag.IKEP1PSKMismatch)) {
		t.Errorf("got:\n%s", got)
	}
}

func TestNewEngineRefuses(t *testing.T) {
	nop := func(*diag.View, *diag.Sink) {}
	for name, rules := range map[string][]*diag.Rule{
		"none":        nil,
		"no check":    {{Code: "ACME-X", Doc: diag.Doc{Title: "x"}}},
		"no doc":      {{Code: "ACME-X", Check: nop}},
		"bad code":    {{Code: "acme x", Doc: diag.Doc{Title: "x"}, Check: nop}},
		"twice":       {{Code: "ACME-X", Doc: diag.Doc{Title: "x"}, Check: nop}, {Code: "ACME-X", Doc: diag.Doc{Title: "x"}, Check: nop}},
		"no reason":   {{Code: "ACME-X", Doc: diag.Doc{Title: "x", LookAlikes: []diag.LookAlike{{Code: "ACME-Y", Excluded: []diag.Exclusion{{If: func(diag.Case) (diag.Evidence, bool) { return diag.Evidence{}, true }}}}}}, Check: nop}},
		"bad similar": {{Code: "ACME-X", Doc: diag.Doc{Title: "x", LookAlikes: []diag.LookAlike{{Code: "?"}}}, Check: nop}},
	} {
		if _, err := diag.NewEngine(rules, diag.Options{}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestRestoreRefuses(t *testing.T) {
	e := newEngine(t, diag.Options{})
	for _, b := range []string{"", "ikediag-snapshot/1\n", "ikediag-snapshot/9\n{}", "ikediag-snapshot/1\n{\"Hosts\":[\"\"],\"Strands\":[{\"Source\":7}]}", "ikediag-snapshot/1\n{\"Hosts\":[\"\"],\"Sources\":[{}],\"Strands\":[{\"Slots\":[{\"Kind\":200}]}]}"} {
		if err := e.Restore([]byte(b)); err == nil {
			t.Errorf("%q: accepted", b)
		}
	}
}

// A snapshot with more facts of a negotiation than an engine ever keeps was not
// written by one.
func TestRestoreRefusesTooManyFacts(t *testing.T) {
	w := wrongPSK()
	from := newEngine(t, diag.Options{})
	for _, s := range w.sources {
		from.AddSource(s)
	}
	for i := range w.obs {
		from.Observe(&w.obs[i])
	}
	b, err := from.AppendSnapshot(nil)
	if err != nil {
		t.Fatal(err)
	}
	head, body, _ := bytes.Cut(b, []byte("\n"))
	var all map[string]any
	if err := json.Unmarshal(body, &all); err != nil {
		t.Fatal(err)
	}
	strand := all["Strands"].([]any)[0].(map[string]any)
	slot := strand["Slots"].([]any)[0].(map[string]any)
	for child := range 300 {
		another := maps.Clone(slot)
		another["Child"] = child + 1
		strand["Slots"] = append(strand["Slots"].([]any), another)
	}
	if body, err = json.Marshal(all); err != nil {
		t.Fatal(err)
	}
	e := newEngine(t, diag.Options{})
	if err := e.Restore(slices.Concat(head, []byte("\n"), body)); !errors.Is(err, diag.ErrWire) {
		t.Errorf("%v, want %v", err, diag.ErrWire)
	}
	e.Report()
}

// The wire form carries an observation whole.
func TestWireForm(t *testing.T) {
	w := wrongPSK()
	direct, viaWire := newEngine(t, diag.Options{}), newEngine(t, diag.Options{})
	for _, s := range w.sources {
		direct.AddSource(s)
		viaWire.AddSource(s)
	}
	for i := range w.obs {
		direct.Observe(&w.obs[i])
		b, err := w.obs[i].AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		var o diag.Observation
		if err := o.UnmarshalBinary(b); err != nil {
			t.Fatal(err)
		}
		viaWire.Observe(&o)
	}
	for range direct.Advance(time.Time{}) {
	}
	for range viaWire.Advance(time.Time{}) {
	}
	if a, b := dump(direct.Report()), dump(viaWire.Report()); a != b {
		t.Errorf("the wire form loses something:\n%s\nwant:\n%s", b, a)
	}
	var o diag.Observation
	for _, bad := range []string{"", "{", `{"kind":99,"body":{}}`, `{"kind":1,"body":"x"}`} {
		if err := o.UnmarshalBinary([]byte(bad)); err == nil {
			t.Errorf("%q: accepted", bad)
		}
	}
}

func TestPartitionKey(t *testing.T) {
	inventory := []diag.Gateway{
		{ID: "fra", Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.1")}},
		{ID: "ber", Addresses: []netip.Addr{netip.MustParseAddr("198.51.100.2")}},
	}
	o := &diag.Observation{Keys: diag.Keys{Local: addr("192.0.2.1:500"), Remote: addr("198.51.100.2:500")}}
	if k, pair := diag.PartitionKey("fra", o, inventory); k != "ber|fra" || !pair {
		t.Errorf("%q %v", k, pair)
	}
	o.Keys.Remote = addr("203.0.113.3:500")
	if k, pair := diag.PartitionKey("fra", o, inventory); k != "fra" || pair {
		t.Errorf("unknown peer: %q %v", k, pair)
	}
	c := &diag.Observation{Body: &diag.Connection{RemoteAddresses: []netip.Addr{netip.MustParseAddr("192.0.2.1")}}}
	if k, pair := diag.PartitionKey("ber", c, inventory); k != "ber|fra" || !pair {
		t.Errorf("a configuration: %q %v", k, pair)
	}
}

// In the steady state, taking an observation in costs no memory.
func TestObserveAllocs(t *testing.T) {
	e := newEngine(t, diag.Options{})
	id := e.AddSource(diag.Source{Name: "log", Kind: diag.KindLog})
	o := diag.Observation{Source: id, Basis: diag.Logged, Text: []byte("a line of the log"), Body: &diag.Message{From: diag.Self, Exchange: isakmp.ExchangeInformational, Encrypted: true},
		Keys: diag.Keys{Handle: 1, Role: diag.Initiator, Local: addr("192.0.2.1:500"), Remote: addr("198.51.100.2:500"), Connection: []byte("net"), Host: []byte("gw")}}
	for i := range 8 {
		o.Where.Line = i + 1
		e.Observe(&o)
	}
	if n := testing.AllocsPerRun(1000, func() { o.Where.Line++; e.Observe(&o) }); n != 0 {
		t.Errorf("%v allocations an observation, want none", n)
	}
}
