package ingest_test

import (
	"os"
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

// The connection of the slides is quiet, and what they say to look for is
// found: requests without answers, another source port than 500, and servers
// that do not respond.
func TestSlides(t *testing.T) {
	all := slides(t)
	request, ldap := all[0], all[2]
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
		if len(r.Tunnels) != 1 {
			t.Errorf("%s: %d tunnels", test.name, len(r.Tunnels))
		}
	}
}
