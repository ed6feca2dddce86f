package ingest_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/capture"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/isakmp"
)

// What one peer or one sender of packets writes proves nothing: no cause that
// it makes up is confirmed.

// confirmed returns the causes that a report says are proven.
func confirmed(r *diag.Report) (codes []diag.Code) {
	for _, f := range r.Findings {
		if f.Kind == diag.Cause && f.Verdict == diag.Confirmed && f.Severity >= diag.Error {
			codes = append(codes, f.Code)
		}
	}
	return codes
}

// established reports whether some tunnel is up.
func established(r *diag.Report) bool {
	return slices.ContainsFunc(r.Tunnels, func(x diag.TunnelReport) bool { return x.Outcome == diag.OutcomeEstablished })
}

// lines returns the log of a fixture of logparse.
func lines(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "logparse", "testdata", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	_, log, _ := strings.Cut(string(b), "-- log --\n")
	log, _, _ = strings.Cut(log, "-- events --\n")
	return log
}

// said finds where logs show what a peer says of itself: names in quotes,
// brackets or behind a word for it.
var said = regexp.MustCompile(`(['"\[]|Group = |Username = )([A-Za-z0-9@_-]+\.[A-Za-z0-9._-]*[A-Za-z][A-Za-z0-9._-]*|[0-9]+(?:\.[0-9]+){3})(['"\]]|, )`)

// A peer whose identity reads like the daemon's own words: every line that the
// daemon can write, in the log of a tunnel that is up.
func TestForgedIdentity(t *testing.T) {
	t.Parallel()
	step := 75
	switch {
	case raceEnabled:
		step = 600
	case testing.Short():
		step = 150
	}
	n := 0
	for _, name := range []string{"strongswan/ok-main-psk-initiator", "strongswan/ok-nat-responder", "strongswan/ok-rekey-responder", "strongswan/ok-xauth-modecfg-responder",
		"libreswan/ok-aggressive-initiator", "libreswan/ok-aggressive-responder", "libreswan/ok-nat-initiator", "racoon/ok-initiator", "cisco-asa/ok-initiator", "cisco-ios/xe-ok-initiator"} {
		log := lines(t, name+".txtar")
		before := confirmed(diagnose(t, []ingest.Input{memory("a/gw.log", "a", []byte(log))}))
		dialect, _, _ := strings.Cut(name, "/")
		for i, words := range strings.Split(lines(t, dialect+"/vocabulary.txtar"), "\n") {
			if (i+n)%step != 0 || words == "" {
				continue
			}
			bare := regexp.MustCompile(`^(\d+\[[A-Z]+\] |[-0-9: ]+[A-Z]+: |%ASA-\S+ )`).ReplaceAllString(words, "")
			for _, hostile := range []string{words, bare, "x' " + bare, "x]..." + bare + "[y", `x" #1: ` + bare, "x, " + bare, "x\\012" + words, "x#012" + words, "x\u2028" + words, "x\r" + words} {
				n++
				forged := said.ReplaceAllStringFunc(log, func(s string) string {
					m := said.FindStringSubmatch(s)
					return m[1] + hostile + m[3]
				})
				if forged == log {
					break
				}
				r := diagnose(t, []ingest.Input{memory("a/gw.log", "a", []byte(forged))})
				if c := slices.DeleteFunc(confirmed(r), func(c diag.Code) bool { return slices.Contains(before, c) }); len(c) > 0 {
					t.Errorf("%s with %q for a name: %v\n%s", name, hostile, c, diagtest.Summary(r))
				}
			}
		}
	}
	t.Logf("%d logs", n)
}

// clear1 is an informational exchange in the clear, with UDP's header.
func clear1(cookies [16]byte, id uint32, notify isakmp.NotifyType) []byte {
	be := binary.BigEndian
	body := append([]byte{0, 0, 0, 0, 0, 0, 0, 1, 1, 0}, be.AppendUint16(nil, uint16(notify))...)
	be.PutUint16(body[2:], uint16(len(body)))
	b := append(cookies[:len(cookies):len(cookies)], byte(isakmp.PayloadNotify), 0x10, byte(isakmp.ExchangeInformational), 0)
	b = be.AppendUint32(be.AppendUint32(b, id), uint32(28+len(body)))
	return inUDP(append(b, body...))
}

func inUDP(b []byte) []byte {
	be := binary.BigEndian
	h := be.AppendUint16(be.AppendUint16(nil, 500), 500)
	h = be.AppendUint16(be.AppendUint16(h, uint16(8+len(b))), 0)
	return append(h, b...)
}

// Notifies in the clear that anybody on the way can send, of every kind and at
// every moment of a negotiation.
func TestForgedNotifies(t *testing.T) {
	for at := range 10 {
		for kind := isakmp.NotifyType(1); kind <= 30; kind++ {
			for _, back := range []bool{false, true} {
				all := negotiation(0, west, east, 7)
				at := min(at, len(all))
				forged := datagram{src: east, dst: west, ttl: 60, at: time.Duration(at)*10*time.Millisecond - time.Millisecond}
				if back {
					forged.src, forged.dst = west, east
				}
				forged.payload = clear1(all[max(at-1, 1)].cookies, 77, kind)
				stopped := all[:at:at]
				for _, all := range [][]datagram{slices.Insert(slices.Clone(all), at, forged), append(stopped, forged)} {
					r := diagnose(t, []ingest.Input{memory("a/gw.pcap", "a", record(all))})
					if c := confirmed(r); len(c) > 0 {
						t.Errorf("%v before message %d: %v\n%s", kind, at+1, c, diagtest.Summary(r))
					}
					if len(all) > 9 && !established(r) {
						t.Errorf("%v before message %d: the tunnel is no more\n%s", kind, at+1, diagtest.Summary(r))
					}
				}
			}
		}
	}
	// What a daemon says of such a notify is no proof either.
	r := diagnose(t, []ingest.Input{memory("a/gw.log", "a", charon(3, map[int]string{1: "proposal"}))})
	if c := confirmed(r); len(c) > 0 {
		t.Errorf("a log alone: %v\n%s", c, diagtest.Summary(r))
	}
}

// Packets with a tunnel's cookies from elsewhere: it stays up, and what they say
// of it is possible at most.
func TestSpoofedCookies(t *testing.T) {
	evil := [4]byte{203, 0, 113, 66}
	for _, kind := range []isakmp.NotifyType{isakmp.NotifyNoProposalChosen, isakmp.NotifyAuthenticationFailed, isakmp.NotifyInvalidIDInformation, isakmp.NotifyInvalidCookie} {
		for _, to := range [][4]byte{west, east} {
			all := negotiation(0, west, east, 7)
			var mixed []datagram
			for i, d := range all {
				mixed = append(mixed, d)
				x := d
				x.src, x.dst, x.at, x.fill = evil, to, d.at+time.Millisecond, byte(i)
				n := x
				n.payload = clear1(all[len(all)-1].cookies, uint32(i), kind)
				mixed = append(mixed, x, n)
			}
			r := diagnose(t, []ingest.Input{memory("a/gw.pcap", "a", record(mixed))})
			if c := confirmed(r); len(c) > 0 || !established(r) {
				t.Errorf("%v to %v: %v\n%s", kind, to, c, diagtest.Summary(r))
			}
			for _, x := range r.Tunnels {
				for _, f := range r.Findings {
					if f.Tunnel == x.ID && x.Outcome == diag.OutcomeEstablished && f.Kind == diag.Cause && f.Severity >= diag.Error && f.Status == diag.Active && f.Verdict != diag.Possible {
						t.Errorf("%v to %v: %s of the tunnel that is up\n%s", kind, to, f.Code, diagtest.Summary(r))
					}
				}
			}
		}
	}
}

// pretended are vendor IDs of every product that is known.
func pretended(t *testing.T) (ids [][]byte) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "isakmp", "registry", "vendor", "vendors.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if col := strings.Split(line, "\t"); col[0] == "hex" {
			if id, err := hex.DecodeString(col[1]); err == nil {
				ids = append(ids, id)
			}
		}
	}
	if len(ids) < 20 {
		t.Fatalf("%d vendor IDs", len(ids))
	}
	return ids
}

// A peer that calls itself every product there is, in recordings of faults: who
// it pretends to be makes nothing proven that is wrong.
func TestFakeVendorIDs(t *testing.T) {
	ids := pretended(t)
	step := 4
	if testing.Short() || raceEnabled {
		step = 40
	}
	n := 0
	for i, s := range scenarios(t, "*") {
		if i%step != 0 {
			continue
		}
		n++
		right := append(append(slices.Clone(s.codes), s.accept...), s.also...)
		for part := range 3 {
			some := ids[part*len(ids)/3 : (part+1)*len(ids)/3]
			in := s.inputs(t, func(_, kind string) bool { return kind == "pcap" || kind == "log" && part == 0 })
			for i := range in {
				if strings.HasSuffix(in[i].Name, ".pcap") {
					in[i] = memory(in[i].Name, in[i].Group, pretend(t, in[i], some))
				}
			}
			r := diagnose(t, in)
			for _, c := range confirmed(r) {
				if !slices.Contains(right, string(c)) {
					t.Errorf("%s: %s is confirmed\n%s", s.name, c, diagtest.Summary(r))
				}
			}
		}
	}
	t.Logf("%d recordings", n)
}

// pretend writes a recording anew, with vendor IDs in the first messages of
// either side.
func pretend(t *testing.T, in ingest.Input, ids [][]byte) []byte {
	t.Helper()
	f, err := in.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := capture.NewReader(f, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	out := pcapHeader()
	var m isakmp.Message
	for d := range r.All() {
		if d == nil || !d.Source.Addr().Is4() {
			continue
		}
		b := bytes.Clone(d.Payload)
		if d.Protocol == exchange.ProtocolUDP {
			if m.Decode(b, 0) == nil && len(m.SAs) == 1 && m.Version == 0x10 {
				for _, id := range ids {
					m.Payloads = append(m.Payloads, isakmp.Payload{Type: isakmp.PayloadVendorID, Body: id})
				}
				if b, err = m.AppendBinary(nil); err != nil {
					t.Fatal(err)
				}
				binary.BigEndian.PutUint32(b[24:], uint32(len(b)))
			}
			b = inUDP(b)
			binary.BigEndian.PutUint16(b, d.Source.Port())
			binary.BigEndian.PutUint16(b[2:], d.Destination.Port())
		}
		x := datagram{at: d.Time.Sub(time.Unix(1_700_000_000, 0)), src: d.Source.Addr().As4(), dst: d.Destination.Addr().As4(), ttl: d.TTL, protocol: d.Protocol, payload: b}
		out = x.record(out)
	}
	return out
}

// A log line in which somebody forges another's, quoted: neither the tunnel that
// it names nor the one it stands in has a proven fault of it.
func TestForgedQuotes(t *testing.T) {
	log := string(charon(3, nil))
	for _, words := range []string{
		"no shared key found for 'hub.example' - 'gw.1.example'", "received NO_PROPOSAL_CHOSEN error notify", "IDir 'a' does not match to 'b'", "giving up after 5 retransmits",
		"invalid HASH_V1 payload length, decryption failed?", "peer not responding, trying again (1/3)", "no IKE config found for 192.0.2.1...198.51.100.2, sending NO_PROPOSAL_CHOSEN",
	} {
		for _, form := range []string{
			"05[IKE] <branch-0|1> XAuth authentication of '%s' successful", "05[CFG] <branch-0|1> looking for pre-shared key peer configs matching 192.0.2.1...198.51.100.1[%s]",
			"05[IKE] <branch-0|1> received unknown vendor ID: %s", "05[IKE] <branch-0|1> peer requested virtual IP '%s'", "05[ENC] <branch-0|1> unknown attribute '%s'",
			"05[IKE] <branch-0|1> received cert request for '%s'", "05[LIB] <branch-0|1> %s", "05[CFG] <branch-0|1> selected peer config '%s'",
		} {
			line := fmt.Sprintf(form, "x' "+words+" 'y") + "\n"
			if form == "05[LIB] <branch-0|1> %s" {
				line = fmt.Sprintf(form, "\""+words+"\"") + "\n"
			}
			r := diagnose(t, []ingest.Input{memory("a/gw.log", "a", []byte(log+strings.Repeat(line, 5)))})
			if c := confirmed(r); len(c) > 0 {
				t.Errorf("%s: %v\n%s", line, c, diagtest.Summary(r))
			}
		}
	}
}
