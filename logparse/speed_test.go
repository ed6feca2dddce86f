package logparse

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// workload is a log that the measures below are taken on.
type workload struct {
	name string
	log  func(tb testing.TB, lines int) []byte
	// ratio is how much parsing it may cost, as a multiple of splitting the same
	// bytes into lines: half above what is reached, for other machines.
	ratio float64
}

var workloads = []workload{
	{"strongswan", gatewayLog, 9},
	{"strongswan-mixed", mixedLog, 8.5},
	{"libreswan", plutoGateway("Jan _2 15:04:05 gw pluto[77]: "), 8},
	{"libreswan-file", plutoGateway("Jan _2 15:04:05.000000: "), 8.5},
	{"racoon", racoonGateway("Jan _2 15:04:05 gw racoon: "), 18},
	{"racoon-file", racoonGateway("2006-01-02 15:04:05: "), 20},
	{"racoon-debug", fixtureLogs("203.0.113.20", "racoon/ok-initiator", "racoon/p1-proposal-responder", "racoon/timeouts", "racoon/dumps"), 31},
	{"cisco-ios", fixtureLogs("198.51.100.10", "cisco-ios/xe-ok-initiator", "cisco-ios/p1-proposal-responder"), 9},
	{"cisco-asa", fixtureLogs("198.51.100.10", "cisco-asa/p2-ts-responder", "cisco-asa/ok-initiator"), 9},
	{"cisco-vpn3000", fixtureLogs("198.51.100.10", "cisco-vpn3000/ok"), 29},
	{"mikrotik", fixtureLogs("203.0.113.20", "mikrotik/topics"), 57},
	{"alibaba", fixtureLogs("203.0.113.20", "alibaba/timeout"), 36},
	{"fortigate", fixtureLogs("198.51.100.10", "fortigate/events"), 55},
	{"fortigate-ike", fixtureLogs("198.51.100.10", "fortigate-ike/responder", "fortigate-ike/seen"), 25},
	{"juniper", fixtureLogs("198.51.100.192", "juniper/kmd"), 34},
	{"sonicwall", fixtureLogs("198.51.100.10", "sonicwall/table"), 57},
	{"isakmpd", fixtureLogs("198.51.100.10", "isakmpd/syslog"), 22},
	{"aws", fixtureLogs("198.51.100.10", "aws/cloudwatch"), 53},
	{"palo-alto", fixtureLogs("198.51.100.10", "palo-alto/system"), 48},
	{"checkpoint", fixtureLogs("198.51.100.10", "checkpoint/log"), 25},
	{"windows", fixtureLogs("198.51.100.10", "windows/security"), 48},
	{"vpnc", fixtureLogs("203.0.113.1", "vpnc/dump", "vpnc/syslog", "vpnc/failures"), 100},
	{"softether", fixtureLogs("198.51.100.17", "softether/up"), 60},
}

// laps are the best times of each piece of a work that is done again and again.
// Pieces are short: a busy machine leaves each of them in peace at some time,
// but seldom all.
type laps struct {
	best []time.Duration
	n    int
	at   time.Time
}

func (l *laps) start() { l.n, l.at = 0, time.Now() }

// line ends a piece with every 256th line.
func (l *laps) line() {
	if l.n++; l.n%256 == 0 {
		l.end(l.n/256 - 1)
	}
}

func (l *laps) finish() { l.end(l.n / 256) }

func (l *laps) end(i int) {
	now := time.Now()
	if i == len(l.best) {
		l.best = append(l.best, 1<<62)
	}
	l.best[i] = min(l.best[i], now.Sub(l.at))
	l.at = now
}

func (l *laps) sum() (d time.Duration) {
	for _, b := range l.best {
		d += b
	}
	return d
}

// race compares splitting a log into lines with parsing it, one after the other.
type race struct {
	log         []byte
	p           Parser
	scan, parse laps
}

func newRace(log []byte) *race { return &race{log: log} }

func (r *race) turn() {
	r.scan.start()
	sc := bufio.NewScanner(bytes.NewReader(r.log))
	sc.Buffer(make([]byte, 256<<10), 256<<10)
	for sc.Scan() {
		r.scan.line()
	}
	r.scan.finish()
	r.parse.start()
	for range r.p.Events(bytes.NewReader(r.log)) {
		r.parse.line()
	}
	r.parse.finish()
}

func (r *race) ratio() float64 { return float64(r.parse.sum()) / float64(r.scan.sum()) }

// BenchmarkParse parses each log, sessions included, and gives the cost as a
// multiple of splitting the same bytes into lines.
func BenchmarkParse(b *testing.B) {
	const lines = 50_000
	for _, w := range workloads {
		b.Run(w.name, func(b *testing.B) {
			r := newRace(w.log(b, lines))
			b.SetBytes(int64(len(r.log)))
			b.ReportAllocs()
			for b.Loop() {
				r.turn()
			}
			b.ReportMetric(r.ratio(), "x-scanner")
			b.ReportMetric(float64(r.parse.sum().Nanoseconds())/lines, "ns/line")
		})
	}
}

// TestParseRatio gates what the benchmark reports.
func TestParseRatio(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("not measured")
	}
	const lines = 20_000
	for _, w := range workloads {
		r := newRace(w.log(t, lines))
		// A busy machine is asked again until each piece had a moment of peace.
		for i := 0; i < 9 || i < 60 && r.ratio() > w.ratio; i++ {
			r.turn()
		}
		t.Logf("%s: %.1f times the line split, %d ns/line", w.name, r.ratio(), r.parse.sum().Nanoseconds()/lines)
		if r.ratio() > w.ratio {
			t.Errorf("%s: parsing costs %.1f times the line split, at most %g are allowed", w.name, r.ratio(), w.ratio)
		}
	}
}

// allocates gives the allocations of parsing lines again when the tables have
// their size: a few for the sessions that are kept, more rounds for them all to
// be replaced.
func allocates(p *Parser, lines [][]byte, rounds int) float64 {
	var e Event
	run := func() {
		for _, l := range lines {
			p.Parse(l, &e)
		}
	}
	for range rounds {
		run()
	}
	return testing.AllocsPerRun(5, run)
}

// TestParseAllocs gates allocations: none for a line of any dialect, once the
// tables have their size.
func TestParseAllocs(t *testing.T) {
	if raceEnabled {
		t.Skip("not measured")
	}
	for _, w := range workloads {
		lines := bytes.Split(w.log(t, 6000), []byte("\n"))
		if n := allocates(&Parser{MaxSessions: 200}, lines, 60); n > 0 {
			t.Errorf("%s: %v allocations in %d lines", w.name, n, len(lines))
		}
	}
}

// TestSampleAllocs gates them for real logs, each as if it came again and again.
func TestSampleAllocs(t *testing.T) {
	if raceEnabled {
		t.Skip("not measured")
	}
	for _, path := range recordings.Glob(t, "logs", "samples", "*", "*.log") {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := bytes.Split(b, []byte("\n"))
		if n := allocates(&Parser{MaxSessions: 20}, lines, 200); n > 0 {
			t.Errorf("%s: %v allocations in %d lines", filepath.Base(path), n, len(lines))
		}
	}
}

// TestCarrierAllocs gates the carriers: none allocates for a line.
func TestCarrierAllocs(t *testing.T) {
	for _, l := range []string{
		`{"MESSAGE":"10[IKE] no proposal found","_HOSTNAME":"gw","SYSLOG_IDENTIFIER":"charon","_PID":"7","__REALTIME_TIMESTAMP":"1717905685123456"}`,
		`{"time":"2024-06-09T04:01:25","thread":10,"group":"IKE","level":1,"ikesa-uniqueid":2,"ikesa-name":"x","msg":"no \"proposal\" found"}`,
		`{"log":"{\"thread\":10,\"group\":\"IKE\",\"msg\":\"no proposal found\"}\n","stream":"stderr"}`,
		`2024-06-09 04:01:25 +0000 system.daemon: {"ident":"charon","message":"10[IKE] no proposal found"}`,
		`"2024-06-09T04:01:25Z","gw","charon","10[IKE] no ""proposal"" found"`,
		"Jun  9 04:01:25\tcharon\t812\t10[IKE] no proposal found", "messages:Jun  9 04:01:25 gw daemon.info charon[7]: 10[IKE] no proposal found",
		"10[IKE] no proposal found", "no proposal found", "IPSec | 10[IKE] no proposal found",
		"Jun  9 04:01:25 gw sshd[77]: message parsing failed",
		"2024-06-09T04:01:25.000000001Z stderr F 10[IKE] no proposal found",
		"05[IKE]    0: 01 02 03 04 05 06 07 08  ........",
		"05[IKE] no template knows this line",
	} {
		if n := allocates(new(Parser), [][]byte{[]byte(l)}, 10); n > 0 {
			t.Errorf("%s: %v allocations", l, n)
		}
	}
}
