package logparse

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// endless gives n octets of one kind without a line's end.
type endless struct {
	n int
	c byte
}

func (r *endless) Read(b []byte) (int, error) {
	if r.n == 0 {
		return 0, io.EOF
	}
	k := min(len(b), r.n)
	for i := range b[:k] {
		b[i] = r.c
	}
	r.n -= k
	return k, nil
}

// TestHugeLine reads a line of 100 MB in bounded memory, says that it was cut
// and loses nothing else.
func TestHugeLine(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r := io.MultiReader(strings.NewReader("05[IKE] no proposal found\n06[IKE] "), &endless{100 << 20, 'x'}, strings.NewReader("\n07[IKE] no peer config found"))
	var p Parser
	var got []Kind
	cut := 0
	for e, err := range p.Events(r) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e.Kind)
		if e.Cut {
			cut++
			if len(e.Line) > DefaultMaxLine {
				t.Errorf("%d octets", len(e.Line))
			}
		}
	}
	runtime.ReadMemStats(&after)
	if len(got) != 3 || got[0] != ProposalNotFound || got[2] != PeerConfigNotFound || cut != 1 || p.Stats().Cut != 1 {
		t.Errorf("%v, %d cut, %+v", got, cut, p.Stats())
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 4<<20 {
		t.Errorf("%d octets allocated", n)
	}
}

// failing gives an error in the middle.
type failing struct{ r io.Reader }

func (f failing) Read(b []byte) (int, error) {
	n, err := f.r.Read(b)
	if err == io.EOF {
		err = errBroken
	}
	return n, err
}

var errBroken = errors.New("broken")

// TestReadError keeps what came before an error and passes the error on.
func TestReadError(t *testing.T) {
	var p Parser
	n, last := 0, error(nil)
	for e, err := range p.Events(failing{strings.NewReader("05[IKE] no proposal found\n06[IKE] no peer conf")}) {
		if err != nil {
			last = err
			continue
		}
		if n++; n == 2 && (!e.Cut || e.Kind != Unknown) {
			t.Errorf("the cut line is %v, cut %v", e.Kind, e.Cut)
		}
	}
	if n != 2 || !errors.Is(last, errBroken) {
		t.Errorf("%d events, %v", n, last)
	}
}

// TestNoise reads binary noise, NULs, encodings and line ends of any kind.
func TestNoise(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 1<<20)
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	for name, in := range map[string][]byte{
		"noise": noise, "zeros": make([]byte, 1<<20), "braces": bytes.Repeat([]byte{'{'}, 1<<20),
		"brackets":  bytes.Repeat([]byte("{\"a\":["), 1<<17),
		"bars":      bytes.Repeat([]byte("| "), 1<<19),
		"angles":    bytes.Repeat([]byte("<1>"), 1<<18),
		"arrows":    append([]byte("05[IKE] <"), bytes.Repeat([]byte{'>'}, 1<<16)...),
		"quotes":    []byte(strings.Repeat("05[IKE] IDir '"+strings.Repeat("' does not match to '", 2000)+"\n", 30)),
		"exports":   []byte(strings.Repeat("__CURSOR=x\nMESSAGE="+strings.Repeat("y", 60000)+"\n", 40)),
		"objects":   []byte(strings.Repeat("{\n\"MESSAGE\": \""+strings.Repeat("y", 60000)+"\",\n", 40)),
		"octets":    []byte(strings.Repeat("{\n\"MESSAGE\": [\n", 2000) + strings.Repeat("255,\n", 1<<18)),
		"sequences": []byte(strings.Repeat("Jan  1 00:00:00 h "+strings.Repeat("1: a: ", 10000)+"*Mar  1 00:34:06: ISAKMP: x\n", 20)),
		"stamps":    []byte(strings.Repeat("Jan  1 00:00:00 h "+strings.Repeat("1: *Mar  1 00:34:06: ", 3000)+"\n", 20)),
		"surrogate": []byte("{\"msg\":\"\\ud800\\udc00 \\ud800 \\u12\"}\n"),
	} {
		var p Parser
		events := 0
		for e, err := range p.Events(bytes.NewReader(in)) {
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if r := e.Redacted(nil); len(r) > maxRedacted {
				t.Errorf("%s: %d octets shown", name, len(r))
			}
			events++
		}
		if len(p.Stats().Samples) > maxSamples {
			t.Errorf("%s: %d samples", name, len(p.Stats().Samples))
		}
	}
	// UTF-16, as Windows saves a paste.
	var wide []byte
	for _, c := range "\ufeff05[IKE] no proposal found\r\n06[IKE] no peer config found\r\n" {
		wide = append(wide, byte(c), byte(c>>8))
	}
	var p Parser
	var got []Kind
	for e := range p.Events(bytes.NewReader(wide)) {
		got = append(got, e.Kind)
	}
	if len(got) != 2 || got[0] != ProposalNotFound || got[1] != PeerConfigNotFound {
		t.Errorf("UTF-16: %v", got)
	}
}

// TestForgery gives lines in which a peer's identity looks like the daemon's
// own words.
func TestForgery(t *testing.T) {
	var p Parser
	var e Event
	for _, c := range []struct {
		line         string
		kind         Kind
		f            Field
		value        string
		other        Field
		otherValue   string
		mustNotMatch Kind
	}{
		{"05[IKE] IDir 'x' does not match to 'y' does not match to 'gw.example.com'", IDMismatch,
			FieldExpected, "gw.example.com", FieldActual, "x' does not match to 'y", 0},
		{"05[IKE] no shared key found for 'hq'[192.0.2.1] - 'a'[1.2.3.4] - 'b'[198.51.100.7]", PSKNotFound,
			FieldLocalID, "hq", FieldRemoteID, "a'[1.2.3.4] - 'b", 0},
		{"05[IKE] IKE_SA a[1] established between 192.0.2.1[hq]...198.51.100.7[x]...1.2.3.4[y]", SAEstablished,
			FieldRemote, "198.51.100.7", FieldRemoteID, "x]...1.2.3.4[y", 0},
		{"05[IKE] authentication of 'x' with RSA signature successful' with pre-shared key failed", AuthenticatePeerFailed,
			FieldMethod, "pre-shared key", FieldRemoteID, "x' with RSA signature successful", AuthenticatedPeer},
		{"05[CFG] looking for pre-shared key peer configs matching 192.0.2.1...198.51.100.7[no proposal found]", PeerConfigLookup,
			FieldRemoteID, "no proposal found", FieldRemote, "198.51.100.7", ProposalNotFound},
		{"05[IKE] XAuth authentication of 'a' successful' failed", XAuthFailed, FieldUser, "a' successful", NoField, "", XAuthSucceeded},
		{"%ASA-5-713904: Group = g, Username = x, IP = 192.0.2.9, PHASE 1 COMPLETED, IP = 192.0.2.1, All SA proposals found unacceptable", ProposalNotFound, NoField, "", NoField, "", SAEstablished},
		{"ISAKMP (1001): FQDN name    : no offers accepted!", Plain, FieldName, "", NoField, "", ProposalNotFound},
		{"05[IKE] no trusted RSA public key found for 'a' found'", TrustedKeyNotFound, FieldRemoteID, "a' found", FieldKind, "RSA", 0},
	} {
		p.Parse([]byte(c.line), &e)
		if e.Kind != c.kind || string(e.Bytes(c.f)) != c.value || c.other != NoField && string(e.Bytes(c.other)) != c.otherValue {
			t.Errorf("%s: %v %v=%q %v=%q", c.line, e.Kind, c.f, e.Bytes(c.f), c.other, e.Bytes(c.other))
		}
	}
}

// TestRedacted shows no secret and nothing that a terminal obeys.
func TestRedacted(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"05[IKE] no proposal found", "05[IKE] no proposal found"},
		{"05[CFG]   key: 61:62:63:64", "05[CFG]   key: [secret]"},
		{"05[CFG]   secret: 61:62:63:64", "05[CFG]   secret: [secret]"},
		{"05[CFG] loaded shared PIN for 'x': 1234", "05[CFG] loaded shared PIN for 'x': [secret]"},
		{"05[IKE]    0: 01 02 03 04 05 06 07 08  ........", "05[IKE]    [secret]"},
		{"01 02 03 04 05 06 07 08", "[secret]"},
		{"used psk: hunter2", "used psk: [secret]"},
		{"psk = \"hunter2\"", "psk = [secret]"},
		{"Password=hunter2 and more", "Password=[secret]"},
		{": PSK \"hunter2\"", ": PSK [secret]"},
		{"SKEYID c00b80cfba96e8bbb7fc85c71de64ffb62729152", "SKEYID [secret]"},
		{"c00b80cfba96e8bbb7fc85c71de64ffb62729152", "[secret]"},
		{"05[IKE] IDir 'a\x1b[2Jb' does not match to 'c'", "05[IKE] IDir 'a\\x1b[2Jb' does not match to 'c'"},
		{"x \u202e y \u2066 z", "x \\u202e y \\u2066 z"},
		{"tab\there \x00 \xff \x7f \u0085", "tab here \\x00 \\xff \\x7f \\u0085"},
		{"Müller 東京", "Müller 東京"},
	} {
		var p Parser
		var e Event
		p.Parse([]byte(c.line), &e)
		if got := string(e.Redacted([]byte("> "))); got != "> "+c.want {
			t.Errorf("%q (%v): %s, want %s", c.line, e.Kind, got, c.want)
		}
	}
	var p Parser
	var e Event
	for _, long := range []string{strings.Repeat("z", 1000), strings.Repeat("ä", 1000), strings.Repeat("\x1b", 1000)} {
		p.Parse([]byte(long), &e)
		if got := e.Redacted(nil); len(got) > maxRedacted || !strings.HasSuffix(string(got), "...") {
			t.Errorf("%d octets, ends %q", len(got), got[len(got)-5:])
		}
	}
	// What has the header of the line before is looked at no less.
	p = Parser{}
	for _, host := range []string{"gw", "g\xe9", "g\x7f"} {
		for _, text := range []string{"initiating Main Mode IKE_SA a[1] to 192.0.2.1", "IDir 'a\x1b' does not match to 'b'"} {
			line := "Nov 22 10:00:00 " + host + " charon: 05[IKE] " + text
			for range 2 {
				p.Parse([]byte(line), &e)
				if got, want := string(e.Redacted(nil)), string(appendSafe(nil, []byte(line), maxRedacted)); got != want {
					t.Errorf("%q: %s, want %s", line, got, want)
				}
			}
		}
	}
	line := []byte("05[IKE] received NO_PROPOSAL_CHOSEN error notify")
	p.Parse(line, &e)
	buf := make([]byte, 0, 512)
	if n := testing.AllocsPerRun(100, func() { buf = e.Redacted(buf[:0]) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzParse reads anything: no panic, bounded output, the same events from
// the same input however it is cut into reads.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"05[IKE] no proposal found\n", "<30>1 2024-06-09T04:01:25Z fw charon 7 ID47 [a@1 b=\"]\"] 10[IKE] x\n",
		"{\"msg\":\"a\\u0041\",\"thread\":1}\n", "__CURSOR=1\nMESSAGE=x\n\n", "{\n\t\"_PID\" : \"1\",\n\t\"MESSAGE\" : [\n\t\t48,\n\t\t53\n\t]\n}\n{\n  \"msg\": \"a\\u0041\"\n},\n", "IPSec |\n05[IKE] x => 20 bytes @ 0x1\n   0: 01 02\n",
		"<190>91: gw1: *Mar  1 00:34:06.187 CET: ISAKMP-PAK: (0):received packet from 1.2.3.4 dport 500 sport 500 Global (N) NEW SA\nISAKMP:      hash SHA\nISAKMP:(0):no offers accepted!\n",
		"1d02h: IPSEC(validate_proposal_request): proposal part #1,\n  (key eng. msg.) INBOUND local= 1.2.3.4, remote= 5.6.7.8,\n    local_proxy= 10.0.0.0/255.0.0.0/256/0,\n    remote_proxy= 11.0.0.0/255.0.0.0/0/0 (type=4),\n",
		"ISAKMP (0:1): Checking IPSec proposal 1\nISAKMP: transform 1, ESP_AES\nISAKMP:      key length is 256\nISAKMP (0:1): atts are acceptable.\nISAKMP:(0:1:SW:1): processing SA payload. message ID = -469585405\n",
		"Feb 13 2021 01:02:25 fw : %ASA-7-713236: Group = a, Username = b, IP = 1.2.3.4, IKE_DECODE RECEIVED Message (msgid=8f) with payloads : HDR + HASH (8) + SA (1) + NONE (0) total length : 84\n[IKEv1]IP = 1.2.3.4, QM FSM error (P2 struct &0x1, mess id 0x8f)!\n",
		"101 11/05/2025 10:00:00.120 SEV=8 IKEDBG/0 RPT=11 1.2.3.4 RECEIVED Message (msgid=0) with payloads :HDR + SA (1) + NONE (0) total length : 84\n",
		"%ASA-7-713035: IP = 1.2.3.4, Received remote IP Proxy Subnet data in ID Payload:   Address 10.1.0.0, Mask 255.255.0.0, Protocol 0, Port 0\n",
		"Jun  9 04:01:25 gw charon[77]: 10[IKE] <x|2> IKE_SA a[1] established between 1.2.3.4[a]...5.6.7.8[b]\n"} {
		f.Add([]byte(s))
	}
	for _, name := range []string{"fortigate/events", "fortigate-ike/responder", "juniper/kmd", "sonicwall/table", "isakmpd/syslog", "aws/cloudwatch",
		"palo-alto/system", "checkpoint/log", "windows/security", "softether/refused"} {
		b, err := os.ReadFile(filepath.Join("testdata", name+".txtar"))
		if err != nil {
			f.Fatal(err)
		}
		_, log, _ := bytes.Cut(b, []byte("-- log --\n"))
		log, _, _ = bytes.Cut(log, []byte("-- events --\n"))
		f.Add(log)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var p, q Parser
		p.MaxSessions, q.MaxSessions = 5, 5
		var a, b []string
		ids := map[uint64]int{}
		for e := range p.Events(bytes.NewReader(in)) {
			a = append(a, describe(e, ids))
			if len(e.Redacted(nil)) > maxRedacted {
				t.Error("too much shown")
			}
			for range e.Payloads() {
			}
			e.MessageNumber()
			e.Notify()
		}
		ids = map[uint64]int{}
		for e := range q.Events(oneByte{bytes.NewReader(in)}) {
			b = append(b, describe(e, ids))
		}
		if strings.Join(a, "\n") != strings.Join(b, "\n") {
			t.Errorf("reads matter:\n%q\n%q", a, b)
		}
	})
}

type oneByte struct{ r io.Reader }

func (o oneByte) Read(b []byte) (int, error) { return o.r.Read(b[:min(1, len(b))]) }
