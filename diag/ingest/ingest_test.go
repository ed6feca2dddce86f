package ingest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/rules"
)

func rulesUnderTest() []*diag.Rule { return rules.Default() }

func finish(e *diag.Engine) *diag.Report {
	for range e.Advance(time.Time{}) {
		// The report has it all.
	}
	return e.Report()
}

const samples = "../../examples/diagnose/testdata"

func sample(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(samples, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// charon writes the log of a gateway with n connections, of which some fail,
// each in its own way, the lines of all interleaved.
func charon(n int, fails map[int]string) []byte {
	type line struct {
		thread int
		text   string
	}
	var scripts [][]line
	for i := range n {
		peer := fmt.Sprintf("198.51.%d.%d", 100+i/250, 1+i%250)
		name := fmt.Sprintf("branch-%d", i)
		thread := 1 + i%15
		var l []line
		say := func(format string, args ...any) { l = append(l, line{thread, fmt.Sprintf(format, args...)}) }
		in := func(size int) {
			say("[NET] <%s|%d> received packet: from %s[500] to 192.0.2.1[500] (%d bytes)", name, i+1, peer, size)
		}
		out := func(size int) {
			say("[NET] <%s|%d> sending packet: from 192.0.2.1[500] to %s[500] (%d bytes)", name, i+1, peer, size)
		}
		ike := func(format string, args ...any) { say("[IKE] <%s|%d> %s", name, i+1, fmt.Sprintf(format, args...)) }
		enc := func(format string, args ...any) { say("[ENC] <%s|%d> %s", name, i+1, fmt.Sprintf(format, args...)) }
		ike("initiating Main Mode IKE_SA %s[%d] to %s", name, i+1, peer)
		enc("generating ID_PROT request 0 [ SA V V V V V ]")
		out(180)
		if fails[i] == "proposal" {
			in(56)
			enc("parsed INFORMATIONAL_V1 request %d [ N(NO_PROP) ]", 1000+i)
			ike("received NO_PROPOSAL_CHOSEN error notify")
			scripts = append(scripts, l)
			continue
		}
		in(160)
		enc("parsed ID_PROT response 0 [ SA V V V V ]")
		enc("generating ID_PROT request 0 [ KE No NAT-D NAT-D ]")
		out(396)
		in(396)
		enc("parsed ID_PROT response 0 [ KE No NAT-D NAT-D ]")
		enc("generating ID_PROT request 0 [ ID HASH N(INITIAL_CONTACT) ]")
		out(124)
		switch fails[i] {
		case "psk":
			for r := range 3 {
				in(92)
				enc("invalid HASH_V1 payload length, decryption failed?")
				enc("could not decrypt payloads")
				ike("message parsing failed")
				ike("ignore malformed INFORMATIONAL request")
				ike("INFORMATIONAL_V1 request with message ID %d processing failed", 77000+10*i+r)
				ike("sending retransmit %d of request message ID 0, seq 3", r+1)
				out(124)
			}
			ike("giving up after 3 retransmits")
		case "id":
			in(108)
			enc("parsed ID_PROT response 0 [ ID HASH ]")
			ike("IDir 'gw.other.example' does not match to 'gw.%d.example'", i)
			ike("deleting IKE_SA %s[%d] between 192.0.2.1[hub.example]...%s[%%any]", name, i+1, peer)
		default:
			in(92)
			enc("parsed ID_PROT response 0 [ ID HASH ]")
			ike("IKE_SA %s[%d] established between 192.0.2.1[hub.example]...%s[gw.%d.example]", name, i+1, peer, i)
			enc("generating QUICK_MODE request %d [ HASH SA No KE ID ID ]", 500000+i)
			out(460)
			in(460)
			enc("parsed QUICK_MODE response %d [ HASH SA No KE ID ID ]", 500000+i)
			ike("CHILD_SA %s{%d} established with SPIs %08x_i %08x_o and TS 10.0.0.0/16 === 10.%d.%d.0/24", name, i+1, uint32(0xc0000000)+uint32(i), uint32(0xd0000000)+uint32(i), 1+i/250, i%250)
		}
		scripts = append(scripts, l)
	}
	rnd := rand.New(rand.NewPCG(7, 7))
	var b bytes.Buffer
	at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	for live := len(scripts); live > 0; {
		i := rnd.IntN(len(scripts))
		if len(scripts[i]) == 0 {
			continue
		}
		l := scripts[i][0]
		scripts[i] = scripts[i][1:]
		if len(scripts[i]) == 0 {
			live--
		}
		at = at.Add(20 * time.Millisecond)
		fmt.Fprintf(&b, "%s hub charon[811]: %02d%s\n", at.Format("Jan _2 15:04:05"), l.thread, l.text)
	}
	return b.Bytes()
}

// Two hundred connections, three of them broken in different ways, lines
// interleaved: exactly those three, each on its own tunnel.
func TestTwoHundredConnections(t *testing.T) {
	r := diagnose(t, []ingest.Input{memory("hub.log", "", charon(200, map[int]string{11: "psk", 77: "proposal", 150: "id"}))})
	if len(r.Tunnels) != 200 {
		t.Errorf("%d tunnels, want 200", len(r.Tunnels))
	}
	broken := map[string]string{}
	for _, f := range r.Findings {
		if f.Kind != diag.Cause || f.Status != diag.Active {
			continue
		}
		i := slices.IndexFunc(r.Tunnels, func(x diag.TunnelReport) bool { return x.ID == f.Tunnel })
		name := r.Tunnels[i].Ends[0].Connection + r.Tunnels[i].Ends[1].Connection
		if broken[name] == "" {
			broken[name] = string(f.Code)
		}
	}
	want := map[string]string{"branch-11": "IKE-P1-PSK-MISMATCH", "branch-77": "IKE-P1-PROPOSAL-MISMATCH", "branch-150": "IKE-P1-ID-RESPONDER-MISMATCH"}
	if fmt.Sprint(broken) != fmt.Sprint(want) {
		t.Errorf("broken: %v, want %v", broken, want)
	}
	for _, x := range r.Tunnels {
		name := x.Ends[0].Connection + x.Ends[1].Connection
		if up := x.Outcome == diag.OutcomeEstablished; up == (want[name] != "") {
			t.Errorf("%s: outcome %s", name, x.Outcome)
		}
	}
}

// Kinds are found by content: names and order say nothing.
func TestKindsByContent(t *testing.T) {
	for file, want := range map[string]diag.SourceKind{
		"wrong-psk/branch/charon.log": diag.KindLog, "wrong-psk/branch/wan.pcap": diag.KindCapture,
		"wrong-psk/branch/swanctl.conf": diag.KindConfig, "wrong-psk/headquarters/list-sas.txt": diag.KindState,
	} {
		b := sample(t, file)
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		w.Write(b)
		w.Close()
		for name, data := range map[string][]byte{"x": b, "y.gz": z.Bytes()} {
			r := diagnose(t, []ingest.Input{memory(name, "", data)})
			if len(r.Sources) != 1 || r.Sources[0].Kind != want || r.Sources[0].Err != "" {
				t.Errorf("%s as %s: %+v", file, name, r.Sources)
			}
		}
	}
}

// Rotated segments of one log are one source: a negotiation that the rotation
// cut is whole.
func TestRotatedSegments(t *testing.T) {
	log := sample(t, "wrong-psk/headquarters/charon.log")
	lines := bytes.SplitAfter(log, []byte("\n"))
	cut := len(lines) * 2 / 3
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write(bytes.Join(lines[:cut/2], nil))
	w.Close()
	whole := diagnose(t, []ingest.Input{memory("gw.log", "", log)})
	parts := diagnose(t, []ingest.Input{
		memory("gw.log", "", bytes.Join(lines[cut:], nil)),
		memory("gw.log.2.gz", "", z.Bytes()),
		memory("gw.log.1", "", bytes.Join(lines[cut/2:cut], nil)),
	})
	if a, b := diagtest.Summary(whole), diagtest.Summary(parts); a != b {
		t.Errorf("segments give another report:\n%s\nwant:\n%s", b, a)
	}
	if len(parts.Sources) != 1 {
		t.Errorf("%d sources, want 1", len(parts.Sources))
	}
}

// Two logs in one folder that name two gateways are two gateways'.
func TestOneFolderTwoGateways(t *testing.T) {
	r := diagnose(t, []ingest.Input{
		memory("west.log", "", sample(t, "wrong-psk/branch/charon.log")), memory("east.log", "", sample(t, "wrong-psk/headquarters/charon.log")),
	})
	if len(r.Gateways) != 2 || len(r.Tunnels) != 1 {
		t.Errorf("%d gateways, %d tunnels:\n%s", len(r.Gateways), len(r.Tunnels), diagtest.Summary(r))
	}
}

// A central log of both gateways: each host's lines are its own view.
func TestTwoHostsInOneStream(t *testing.T) {
	a := bytes.SplitAfter(sample(t, "wrong-psk/branch/charon.log"), []byte("\n"))
	b := bytes.SplitAfter(sample(t, "wrong-psk/headquarters/charon.log"), []byte("\n"))
	var mixed []byte
	for i := range max(len(a), len(b)) {
		if i < len(a) {
			mixed = append(mixed, a[i]...)
		}
		if i < len(b) {
			mixed = append(mixed, b[i]...)
		}
	}
	r := diagnose(t, []ingest.Input{memory("central.log", "", mixed)})
	if len(r.Gateways) != 2 || len(r.Tunnels) != 1 || len(r.Sources) != 1 {
		t.Errorf("%d gateways, %d tunnels, %d sources:\n%s", len(r.Gateways), len(r.Tunnels), len(r.Sources), diagtest.Summary(r))
	}
	c, ok := r.Cause()
	if !ok || c.Code != diag.IKEP1PSKMismatch {
		t.Fatalf("got:\n%s", diagtest.Summary(r))
	}
	gateways := map[string]bool{}
	for _, e := range c.Evidence {
		gateways[e.Gateway] = true
	}
	if len(gateways) != 2 {
		t.Errorf("evidence of one host only:\n%s", diagtest.Summary(r))
	}
}

// The same file twice, and every line twice, change no cause.
func TestGivenTwice(t *testing.T) {
	log := sample(t, "wrong-psk/headquarters/charon.log")
	var doubled []byte
	for l := range bytes.Lines(log) {
		doubled = append(append(doubled, l...), l...)
	}
	for name, in := range map[string][]ingest.Input{
		"file":  {memory("a/x.log", "a", log), memory("a/y.log", "a", log)},
		"lines": {memory("a/x.log", "a", doubled)},
	} {
		r := diagnose(t, in)
		if c, ok := r.Cause(); !ok || c.Code != diag.IKEP1PSKMismatch || c.Verdict == diag.Confirmed || len(r.Tunnels) != 1 {
			t.Errorf("%s twice:\n%s", name, diagtest.Summary(r))
		}
	}
}

// endless is a line without an end, of a size.
type endless struct{ left int }

func (e *endless) Read(b []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := min(len(b), e.left)
	for i := range b[:n] {
		b[i] = 'x'
	}
	e.left -= n
	return n, nil
}
func (*endless) Close() error { return nil }

// A line of 100 MB costs bounded memory and nothing of what follows it.
func TestHugeLine(t *testing.T) {
	log := sample(t, "wrong-psk/headquarters/charon.log")
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	half := len(log) / 4
	half += bytes.IndexByte(log[half:], '\n') + 1
	in := ingest.Input{Name: "huge.log", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(bytes.NewReader(log[:half]), &endless{100 << 20}, strings.NewReader("\n"), bytes.NewReader(log[half:]))), nil
	}}
	r, err := ingest.Inputs(context.Background(), ingest.Options{}, slices.Values([]ingest.Input{in}))
	if err != nil {
		t.Error(err)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 32<<20 {
		t.Errorf("%d MB allocated for a line of 100 MB", grown>>20)
	}
	if c, ok := r.Cause(); !ok || c.Code != diag.IKEP1PSKMismatch {
		t.Errorf("what stands around the line is lost:\n%s", diagtest.Summary(r))
	}
}

// What an attacker or an accident puts into a log is shown harmless and loses
// nothing else: a cut last line, mixed encodings, escapes in an identity.
func TestHostileLog(t *testing.T) {
	log := string(sample(t, "wrong-psk/headquarters/charon.log"))
	evil := "Nov 21 04:01:25 zentrale charon[9322]: 03[CFG] looking for pre-shared key peer configs matching 203.0.113.138...203.0.113.200[\x1b[2J\x1b]0;owned\x07\xff\xfe\u202egnp.exe]\n" +
		"Nov 21 04:01:25 zentrale charon[9322]: 03[IKE] no peer config found\n"
	cut := log[:len(log)-17]
	r := diagnose(t, []ingest.Input{memory("gw.log", "", []byte(evil+cut))})
	text := diagtest.Summary(r)
	for _, bad := range []string{"\x1b", "\x07", "\u202e", "\xff"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q is passed on", bad)
		}
	}
	if !slices.ContainsFunc(r.Findings, func(f diag.Finding) bool { return f.Code == diag.IKEP1PSKMismatch }) {
		t.Errorf("the fault is lost:\n%s", text)
	}
	r = diagnose(t, []ingest.Input{memory("gw.log", "", []byte(strings.ReplaceAll(log, "\n", "\r\n")))})
	if c, ok := r.Cause(); !ok || c.Code != diag.IKEP1PSKMismatch {
		t.Errorf("CRLF:\n%s", diagtest.Summary(r))
	}
}

func TestErrors(t *testing.T) {
	bad := []ingest.Input{
		{Name: "gone", Open: func() (io.ReadCloser, error) { return nil, os.ErrNotExist }},
		memory("text", "", []byte("the quick brown fox\njumps over\n")),
		memory("conf", "", []byte("charon {\n  load_modular = yes\n}\ninclude strongswan.d/*.conf\n")),
		memory("none", "", nil),
	}
	r, err := ingest.Inputs(context.Background(), ingest.Options{}, slices.Values(bad))
	if r == nil || len(r.Sources) != 4 {
		t.Fatalf("%+v", r)
	}
	for _, want := range []error{os.ErrNotExist, ingest.ErrUnknown, ingest.ErrUnread} {
		if !errors.Is(err, want) {
			t.Errorf("no %v in %v", want, err)
		}
	}
	var ie *ingest.InputError
	if !errors.As(err, &ie) || strings.Contains(err.Error(), "none") {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := ingest.Inputs(ctx, ingest.Options{}, slices.Values(bad)); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
}
