package ingest_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// slides returns what tcpdump prints of a connection in the document that the
// project was asked to implement, one record a line: requests of phase 1, the
// fetching of certificates, requests of phase 2, ESP.
func slides(t *testing.T) (records []string) {
	t.Helper()
	b, err := os.ReadFile(recordings.Path(t, "seeds", "bird-ipsec-troubleshooting.txt"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	from := strings.Index(text, "192.168.30.57.500 >")
	to := strings.Index(text[from:], "32778)") + from + len("32778)")
	if from < 0 || to < from {
		t.Fatal("the slides have changed")
	}
	for part := range strings.SplitSeq(text[from:to], "\n\n") {
		part = strings.Trim(part, "`\n ")
		if strings.HasPrefix(part, "192.") {
			records = append(records, strings.ReplaceAll(strings.Join(strings.Fields(part), " "), "ip- proto", "ip-proto"))
		}
	}
	if len(records) != 8 {
		t.Fatalf("%d records: %q", len(records), records)
	}
	return records
}

// reversed exchanges the hosts of a record, as of an answer.
func reversed(record string) string {
	src, rest, _ := strings.Cut(record, " > ")
	dst, rest, _ := strings.Cut(rest, ":")
	return dst + " > " + src + ":" + rest
}

// The connection of the slides is quiet, and what they say to look for is
// found: requests without answers, another source port than 500, ESP in one
// direction, and servers that do not respond.
func TestSlides(t *testing.T) {
	all := slides(t)
	request, ldap, esp := all[0], all[2], all[len(all)-1]
	times := func(n int, records ...string) (out []string) {
		for range n {
			out = append(out, records...)
		}
		return out
	}
	with := func(more ...string) []string { return append(append([]string{}, all...), more...) }
	for _, test := range []struct {
		name    string
		records []string
		want    diag.Code
	}{
		{"the normal connection", all, ""},
		{"requests without answers", times(4, request), diag.NetUDP500Blocked},
		{"another source port", times(4, strings.Replace(request, ".500 >", ".1031 >", 1)), diag.NetIKESrcportTranslated},
		{"ESP one way", append(append([]string{}, all[:6]...), times(10, esp)...), diag.NetESPBlocked},
		{"ESP both ways", append(append([]string{}, all[:6]...), times(10, esp, reversed(esp))...), ""},
		{"LDAP without answers", append([]string{all[0], all[1]}, times(3, ldap)...), diag.CertLDAPUnreachable},
		{"DNS without answers", with(times(3, "192.168.30.57.1040 > 192.168.174.53.53: 1+ A? files.example.com. (35)")...), diag.SVCDNSResolution},
		{"WINS without answers", with(times(3, "192.168.30.57.137 > 192.168.174.54.137: udp 50")...), diag.SVCWINSResolution},
		{"DNS with an answer", with(append(times(3, "192.168.30.57.1040 > 192.168.174.53.53: 1+ A? files.example.com. (35)"),
			"192.168.174.53.53 > 192.168.30.57.1040: 1 1/0/0 A 192.168.174.9 (51)")...), ""},
	} {
		r := read(t, memory("a/tcpdump.txt", "a", []byte(strings.Join(test.records, "\n")+"\n")))
		c, ok := r.Cause()
		if ok != (test.want != "") || ok && c.Code != test.want {
			t.Errorf("%s: %q\n%s", test.name, c.Code, diagtest.Summary(r))
		}
		if ok && c.Verdict == diag.Confirmed {
			t.Errorf("%s: %s is confirmed", test.name, c.Code)
		}
		if len(r.Tunnels) != 1 {
			t.Errorf("%s: %d tunnels", test.name, len(r.Tunnels))
		}
	}
}

// printed is what tcpdump prints without -v of a negotiation that succeeds, and
// then of other packets.
func printed(west, east string, then ...string) []byte {
	var b strings.Builder
	n := 0
	add := func(what string) {
		fmt.Fprintf(&b, "10:00:%02d.000000 IP %s\n", n, what)
		n++
	}
	there, back := west+".500 > "+east+".500: isakmp: phase ", east+".500 > "+west+".500: isakmp: phase "
	for _, x := range []string{"ident", "ident", "ident[E]"} {
		add(there + "1 I " + x)
		add(back + "1 R " + x)
	}
	add(there + "2/others I oakley-quick[E]")
	add(back + "2/others R oakley-quick[E]")
	add(there + "2/others I oakley-quick[E]")
	for _, x := range then {
		add(x)
	}
	return []byte(b.String())
}

// What tcpdump prints without -v has no hop counts, and so nobody's view: the
// messages in it are not taken for traffic in the clear, and every rule bears
// with ends that no source is of.
func TestTextOfNobody(t *testing.T) {
	const west, east = "192.168.30.57", "192.168.167.40"
	var then []string
	for i := range 10 {
		then = append(then, fmt.Sprintf("%s > %s: ESP(spi=0xc0ffee01,seq=0x%x), length 132", west, east, i+1))
	}
	r := read(t, memory("a/tcpdump.txt", "a", printed(west, east, then...)))
	var causes []diag.Code
	for _, f := range r.Findings {
		if f.Kind == diag.Cause {
			causes = append(causes, f.Code)
		}
	}
	if !slices.Equal(causes, []diag.Code{diag.NetESPBlocked}) {
		t.Errorf("%q\n%s", causes, diagtest.Summary(r))
	}
}

// A text that tells no length of AH shows what was in it once more, at once: it
// did not pass in the clear.
func TestTextOfAH(t *testing.T) {
	text := string(printed("192.0.2.1", "198.51.100.2"))
	for i := range 4 {
		at := fmt.Sprintf("10:00:%02d.000000 IP ", 20+i)
		inner := fmt.Sprintf("10.2.0.1 > 10.1.0.1: ICMP echo reply, id 7, seq %d, length 64\n", i+1)
		text += at + fmt.Sprintf("198.51.100.2 > 192.0.2.1: AH(spi=0xc0ffee02,seq=0x%x,icv=0x000102030405060708090a0b): IP ", i+1) + inner + at + inner
	}
	r := read(t, memory("a/tcpdump.txt", "a", []byte(text)))
	if found(r, diag.ESPCleartextLeak) {
		t.Error(diagtest.Summary(r))
	}
}
