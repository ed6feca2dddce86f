package ingest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/report"
)

// pings are the requests of a ping that a user runs.
func pings() []int { return slices.Repeat([]int{84}, 8) }

// files are what a connection that moves data sends after.
func files(inner int) []int { return append(pings(), slices.Repeat([]int{inner}, 8)...) }

func lostTo(east bool) func(bool, int) bool {
	return func(e bool, _ int) bool { return e == east }
}

// always has the eastern kernel count and drop all that comes.
func always(counter string) func(int) string { return func(int) string { return counter } }

// Phase 2 is up, and the ping does not come back: both ends' captures and state
// name the hop or the host at fault; so does the end at fault alone. The other
// end alone says what may be, and what would tell.
func TestNothingPasses(t *testing.T) {
	for _, test := range []struct {
		name string
		pair pair
		lan  bool // a capture behind the eastern gateway as well
		want diag.Code
		at   diag.End
		east diag.Code // by the eastern end alone
		says string
	}{
		{"lost to the east", pair{lost: lostTo(true)}, false, diag.NetESPBlocked, diag.EndPath, "", "none of them comes to the responder"},
		{"lost to the west", pair{lost: lostTo(false)}, false, diag.NetESPOneway, diag.EndPath, "", "none of them comes to the initiator"},
		{"replays", pair{drops: always("XfrmInStateSeqError")}, false, diag.ESPReplayDrops, diag.EndResponder, diag.ESPReplayDrops, "drops 8 of 8 packets"},
		{"check values", pair{drops: always("XfrmInStateProtoError")}, false, diag.ESPAuthFailures, diag.EndUnknown, diag.ESPAuthFailures, "whose integrity check fails"},
		{"no SA", pair{drops: always("XfrmInNoStates"), noSA: true}, false, diag.LifeStaleSA, diag.EndResponder, diag.ESPInvalidSPI, "which the responder 198.51.100.2 does not have"},
		{"no policy", pair{drops: always("XfrmInNoPols"), noPolicy: true}, false, diag.ESPPolicyMissing, diag.EndResponder, diag.ESPPolicyMissing, "no policy (in)"},
		{"no forwarding", pair{stops: "forwarding"}, false, diag.ESPIpforwardOff, diag.EndResponder, diag.ESPIpforwardOff, "does not forward packets"},
		{"reverse path", pair{stops: "filter"}, false, diag.ESPRpfilter, diag.EndResponder, diag.ESPRpfilter, "rose by 8"},
		{"firewall", pair{stops: "firewall"}, false, diag.ESPNoReturnRoute, diag.EndResponder, diag.ESPNoReturnRoute, "sends none back"},
		{"firewall, seen behind", pair{stops: "firewall"}, true, diag.ESPFirewallInner, diag.EndResponder, diag.ESPFirewallInner, "none of them gets to the network behind it"},
		{"silent host", pair{silent: true}, false, diag.ESPNoReturnRoute, diag.EndResponder, diag.ESPNoReturnRoute, "sends none back"},
		{"silent host, seen behind", pair{silent: true}, true, diag.ESPNoReturnRoute, diag.EndResponder, diag.ESPNoReturnRoute, "10.2.0.5 does not answer"},
		{"answers go astray", pair{astray: true}, true, diag.ESPNoReturnRoute, diag.EndResponder, diag.ESPNoReturnRoute, "10.2.0.5 answers, but"},
		{"host down, says the gateway", pair{refuses: 1}, false, diag.NetSegmentDown, diag.EndResponder, "", "10.2.0.1 says that 10.2.0.5 does not answer on its link"},
		{"firewall, says the gateway", pair{refuses: 13}, false, diag.ESPFirewallInner, diag.EndResponder, "", "10.2.0.1 says that it forbids what goes to 10.2.0.5"},
	} {
		p := test.pair
		p.sizes = pings()
		p.run()
		for _, ends := range []struct {
			name       string
			w, e       bool
			want       diag.Code
			sure       diag.Verdict
			says, asks string
		}{
			{"both", true, true, test.want, diag.Likely, test.says, ""},
			{"east", false, true, test.east, diag.Likely, "", ""},
			{"west", true, false, diag.NetESPBlocked, diag.Possible, "may be lost on the way", "it shows whether the packets arrive"},
		} {
			if p.refuses != 0 && ends.name == "west" {
				ends.want, ends.sure, ends.says, ends.asks = test.want, diag.Likely, test.says, ""
			}
			in := p.inputs(ends.w, ends.e)
			if test.lan && ends.e {
				in = append(in, memory("e/inner.pcap", "e", record(p.lan)))
			}
			r := read(t, in...)
			c, ok := r.Cause()
			if !ok || ends.want == "" {
				if ok != (ends.want != "") {
					t.Errorf("%s, %s: %v\n%s", test.name, ends.name, ok, diagtest.Summary(r))
				}
				continue
			}
			asks := slices.ContainsFunc(c.Missing, func(m diag.Missing) bool { return m.Why == ends.asks })
			if c.Code != ends.want || c.Verdict < ends.sure || !strings.Contains(c.Summary, ends.says) || asks != (ends.asks != "") {
				t.Errorf("%s, %s: %s %s: %s\n%s", test.name, ends.name, c.Code, c.Verdict, c.Summary, diagtest.Summary(r))
			}
			if ends.w && ends.e && (c.FixAt != test.at || c.Severity < diag.Error) {
				t.Errorf("%s: to be fixed at %s, %s", test.name, c.FixAt, c.Severity)
			}
		}
	}
}

// The same tunnel without a fault is quiet, whatever its kernels counted before,
// whoever's evidence there is.
func TestTrafficPasses(t *testing.T) {
	for name, p := range map[string]pair{
		"pings":              {sizes: pings()},
		"files":              {sizes: files(1400)},
		"a packet late":      {sizes: pings(), delay: func(n int) int { return n % 2 }},
		"a few lost":         {sizes: slices.Repeat([]int{84}, 40), lost: lostOnce()},
		"stray packets once": {sizes: pings(), before: map[string]int{"XfrmInNoStates": 2, "TcpExtIPReversePathFilter": 9}},
	} {
		p.run()
		for _, ends := range [][2]bool{{true, true}, {true, false}, {false, true}} {
			r := read(t, append(p.inputs(ends[0], ends[1]), memory("e/inner.pcap", "e", record(p.lan)))...)
			for _, f := range r.Findings {
				if f.Kind == diag.Cause && f.Severity >= diag.Warning {
					t.Errorf("%s, %v: %s: %s", name, ends, f.Code, f.Summary)
				}
			}
		}
	}
}

// lostOnce loses one packet.
func lostOnce() func(bool, int) bool {
	n := 0
	return func(bool, int) bool { n++; return n == 20 }
}

// Big files hang: the report names the MTU to set, and the MSS. What a router
// reports is exact; else the largest packet that passed is safe, and where only
// small ones did, what nearly all paths take. AES-CBC adds 16 octets of vector,
// pads to 16, and HMAC-SHA-256 adds 16; the headers take 28.
func TestBigFilesHang(t *testing.T) {
	over := func(limit int) func(bool, int) bool { return func(_ bool, octets int) bool { return octets > limit } }
	for _, test := range []struct {
		name     string
		pair     pair
		mtu, mss string
	}{
		{"small ones pass", pair{sizes: files(1400), lost: over(1400)}, "1214", "1174"},                                          // of 1280
		{"some larger pass", pair{sizes: append(append(pings(), 1300, 1300), files(1400)...), lost: over(1400)}, "1310", "1270"}, // of 1372
		{"a router tells", pair{sizes: files(1400), lost: over(1420), told: 1420}, "1358", "1318"},
	} {
		p := test.pair
		p.run()
		for _, ends := range [][2]bool{{true, true}, {true, false}} {
			r := read(t, p.inputs(ends[0], ends[1])...)
			c, ok := r.Cause()
			if !ok || c.Code != diag.NetPMTUBlackhole || ends[1] && c.Verdict < diag.Likely {
				t.Errorf("%s, %v:\n%s", test.name, ends, diagtest.Summary(r))
				continue
			}
			var mtu, mss string
			for _, m := range c.Remedies {
				switch m.Setting {
				case "MTU":
					mtu = m.Value
				case "TCP MSS":
					mss = m.Value
				}
			}
			if mtu != test.mtu || mss != test.mss {
				t.Errorf("%s, %v: MTU %s and MSS %s, want %s and %s", test.name, ends, mtu, mss, test.mtu, test.mss)
			}
			var text strings.Builder
			if err := report.Write(&text, r, report.Options{}); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(text.String(), test.mtu) || !strings.Contains(text.String(), test.mss) {
				t.Errorf("%s: the report does not say it:\n%s", test.name, &text)
			}
		}
	}
}
