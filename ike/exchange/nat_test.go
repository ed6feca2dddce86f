package exchange

import (
	"encoding/hex"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/isakmp"
)

func TestCompareNAT(t *testing.T) {
	i, r := isakmp.Cookie{1}, isakmp.Cookie{2}
	src, dst := netip.MustParseAddrPort("192.0.2.1:500"), netip.MustParseAddrPort("[2001:db8::9]:500")
	port := func(a netip.AddrPort, p uint16) netip.AddrPort { return netip.AddrPortFrom(a.Addr(), p) }
	private := netip.MustParseAddrPort("10.0.0.1:500")
	for _, size := range []int{16, 20, 32, 48, 64} {
		hash := func(a netip.AddrPort) []byte { return AppendNATHash(nil, size, i, r, a) }
		random := make([]byte, size)
		for _, c := range []struct {
			name             string
			bodies           [][]byte
			source           netip.AddrPort
			sender, receiver NATKind
		}{
			{"none", [][]byte{hash(dst), hash(src)}, src, NATNone, NATNone},
			{"nothing", nil, src, NATUnknown, NATUnknown},
			{"receiver only", [][]byte{hash(dst)}, src, NATUnknown, NATNone},
			{"sender rewritten", [][]byte{hash(dst), hash(private)}, src, NATAddress, NATNone},
			{"receiver rewritten", [][]byte{hash(private), hash(src)}, src, NATNone, NATAddress},
			{"port of the sender", [][]byte{hash(dst), hash(src)}, port(src, 31000), NATPort, NATNone},
			{"one of several addresses", [][]byte{hash(dst), hash(private), hash(src)}, src, NATNone, NATNone},
			{"none of several", [][]byte{hash(dst), hash(private), random}, src, NATAddress, NATNone},
			{"forced by port 0", [][]byte{hash(port(dst, 0)), hash(port(src, 0))}, src, NATForced, NATForced},
			{"forced by a random hash", [][]byte{hash(dst), random}, src, NATAddress, NATNone},
			{"another length", [][]byte{random[1:], append(random, 1)}, src, NATUnknown, NATUnknown},
			{"empty", [][]byte{nil, nil}, src, NATUnknown, NATUnknown},
			{"no address", [][]byte{hash(dst), hash(src)}, netip.AddrPort{}, NATUnknown, NATNone},
		} {
			sender, receiver := CompareNAT(c.bodies, i, r, c.source, dst)
			if sender != c.sender || receiver != c.receiver {
				t.Errorf("%d octets, %s: %v and %v, want %v and %v", size, c.name, sender, receiver, c.sender, c.receiver)
			}
		}
	}
	if b := AppendNATHash([]byte("x"), 24, i, r, src); string(b) != "x" {
		t.Errorf("hash of an unknown size: %x", b)
	}
	if NATAddress.String() != "NAT or forced encapsulation" || NATNone.Translated() || !NATPort.Translated() {
		t.Error("wording")
	}
}

// TestReference compares with hashes that were recomputed elsewhere, in
// recordings of many implementations.
func TestReference(t *testing.T) {
	dir := recordings.Path(t, "captures")
	table, err := os.ReadFile(filepath.Join(dir, "expected", "natd.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	type key struct {
		file  string
		frame int
	}
	steps := map[key]*Step{}
	traffic := map[key]Datagram{}
	read := map[string]bool{}
	n := 0
	for _, line := range strings.Split(strings.TrimSpace(string(table)), "\n")[1:] {
		f := strings.Split(line, "\t")
		if !read[f[0]] {
			read[f[0]] = true
			var tr Tracker
			for _, d := range readPcap(t, filepath.Join(dir, filepath.FromSlash(f[0]))) {
				s := new(Step)
				tr.Observe(&d, s)
				steps[key{f[0], d.Frame}], traffic[key{f[0], d.Frame}] = s, d
			}
		}
		frame, _ := strconv.Atoi(f[1])
		index, _ := strconv.Atoi(f[6])
		s, d := steps[key{f[0], frame}], traffic[key{f[0], frame}]
		if s == nil || index >= len(s.NATD) {
			t.Errorf("%s frame %d: hash %d not seen", f[0], frame, index)
			continue
		}
		n++
		if got := hex.EncodeToString(s.NATD[index]); got != f[7] {
			t.Errorf("%s frame %d: hash %d is %s, not %s", f[0], frame, index, got, f[7])
		}
		at := d.Source
		if index == 0 {
			at = d.Destination
		}
		got := compareHash(s.NATD[index], s.Cookies[0], s.Cookies[1], at)
		want := map[string]string{"dst": "0", "src": "1"}[f[8]]
		if match := got == NATNone; match != (want == strconv.Itoa(index)) {
			t.Errorf("%s frame %d: hash %d: %v, want %s", f[0], frame, index, got, f[8])
		}
		if f[8] == "none" {
			t.Logf("%s frame %d, %s:%s > %s:%s, hash %d: %v", f[0], frame, f[2], f[3], f[4], f[5], index, got)
		}
	}
	if n < 40 {
		t.Errorf("%d hashes compared", n)
	}
}

// TestTraps: recordings of others that mislead.
func TestTraps(t *testing.T) {
	dir := recordings.Path(t, "captures")
	run := func(name string) (out []observed, attempts []Attempt) {
		var tr Tracker
		out = observe(&tr, readPcap(t, filepath.Join(dir, filepath.FromSlash(name))))
		for a := range tr.Attempts() {
			attempts = append(attempts, *a)
		}
		return out, attempts
	}
	// A refusal by the initiator, which then goes on.
	_, as := run("corelight+zeek-spicy-ipsec/ipsec.cap")
	whole := 0
	for _, a := range as {
		if a.Complete && a.QuickDone > 0 {
			whole++
		}
	}
	if whole == 0 {
		t.Errorf("ipsec.cap: %+v", as)
	}
	// A wrong key: message 5 twice, answered by encrypted informationals.
	got, as := run("RUB-NDS+ikev1-psk-main-mode-dict-attacker/ikev1-psk-main-mode-incomplete.pcapng")
	if len(as) != 1 || as[0].Complete || as[0].Reached != [2]int{5, 4} || len(got) < 7 || got[6].number != 5 || got[6].retransmission != 1 {
		t.Errorf("incomplete: %+v %+v", as, got)
	}
	// A retransmission within an encrypted exchange.
	got, as = run("wireshark+wireshark/ikev1-certs.pcap")
	if len(as) != 1 || !as[0].Complete || as[0].QuickDone != 1 || len(got) < 8 || got[7].number != 1 || got[7].retransmission != 1 {
		t.Errorf("certs: %+v %+v", as, got)
	}
	// The float to port 4500 with a translated initiator.
	_, as = run("the-tcpdump-group+tcpdump/isakmp4500.pcap")
	if len(as) != 1 || !as[0].Complete || as[0].NAT != [2]NATKind{NATAddress, NATNone} || as[0].Floated != [2]bool{true, true} {
		t.Errorf("isakmp4500: %+v", as)
	}
}

// TestEveryCapture: whatever was recorded, nothing breaks, and a message's
// attempt and number hold together.
func TestEveryCapture(t *testing.T) {
	dir := recordings.Path(t, "captures")
	files, _ := filepath.Glob(filepath.Join(dir, "*", "*.*cap*"))
	n := 0
	for _, f := range files {
		var tr Tracker
		var s Step
		for _, d := range readPcap(t, f) {
			tr.Observe(&d, &s)
			if s.Class == Message || s.Class == MessageV2 {
				n++
				if s.Attempt == 0 || s.Number > 10 {
					t.Errorf("%s: %s", f, render(&d, &s))
				}
			}
		}
	}
	if n < 800 {
		t.Errorf("%d messages in %d files", n, len(files))
	}
}
