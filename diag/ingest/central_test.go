package ingest_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// senders are gateways of six vendors that write to one syslog, two of them as
// the fault lab recorded them: whence their lines are, up to where a line's own
// header reaches, and what syslog puts before it instead.
var senders = []struct {
	host, head string
	recording  []string
	fixture    string
	cut        func(line string) string
	want       diag.Code
}{
	{host: "sun", head: "charon: ", recording: []string{"corpus", "strongswan", "p1-enc-mismatch", "responder.log"}, want: diag.IKEP1ProposalMismatch},
	{host: "moon", head: "pluto[77]: ", recording: []string{"corpus", "libreswan-both", "p2-ts-mismatch", "responder.log"}, cut: after(": "), want: diag.IKEP2TSMismatch},
	{host: "r1", head: "7: *Mar  4 10:00:00.100: ", fixture: "cisco-p1-method.txtar", cut: peer("198.51.100.77"), want: diag.IKEP1AuthmethodMismatch},
	{host: "fw1", fixture: "cisco-asa-p2-ts.txtar", cut: from("%ASA"), want: diag.IKEP2TSMismatch},
	{host: "bsd", head: "racoon: ", fixture: "racoon-psk.txtar", cut: func(line string) string { return peer("198.51.100.79")(after("racoon: ")(line)) }, want: diag.IKEP1PSKMismatch},
	{host: "fgt", fixture: "fortigate-p1-proposal.txtar", cut: peer("198.51.100.78"), want: diag.IKEP1ProposalMismatch},
}

func after(s string) func(string) string {
	return func(line string) string {
		_, rest, _ := strings.Cut(line, s)
		return rest
	}
}

// peer gives a fixture's peer an address of its own.
func peer(addr string) func(string) string {
	return func(line string) string { return strings.ReplaceAll(line, "198.51.100.10", addr) }
}

func from(s string) func(string) string {
	return func(line string) string { return line[max(strings.Index(line, s), 0):] }
}

// sent returns the lines of a sender as a central syslog holds them, second by
// second.
func sentLines(t *testing.T, k int) (lines []string) {
	t.Helper()
	s := senders[k]
	var text string
	if s.fixture != "" {
		in := fixture(t, s.fixture)
		r, err := in[0].Open()
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		text = b.String()
	} else {
		b, err := os.ReadFile(recordings.Path(t, s.recording...))
		if err != nil {
			t.Fatal(err)
		}
		text = string(b)
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if s.cut != nil {
			line = s.cut(line)
		}
		if line != "" {
			n := len(lines) / 40
			lines = append(lines, fmt.Sprintf("Mar  4 10:%02d:%02d %s %s%s", n/60, n%60, s.host, s.head, line))
		}
	}
	return lines
}

// first gives the first cause of each tunnel, by the tunnel's addresses.
func firstCauses(r *diag.Report) map[string]diag.Code {
	name := map[string]string{}
	causes := map[string]diag.Code{}
	for i := range r.Tunnels {
		var all []string
		for _, e := range r.Tunnels[i].Ends {
			for _, a := range e.Addresses {
				all = append(all, a.String())
			}
		}
		name[r.Tunnels[i].ID] = strings.Join(all, " ")
		causes[strings.Join(all, " ")] = ""
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Kind == diag.Cause && causes[name[f.Tunnel]] == "" {
			causes[name[f.Tunnel]] = f.Code
		}
	}
	return causes
}

// A syslog that gateways of six vendors write to, line by line in turn, gives
// for each tunnel what its gateway's lines alone give.
func TestCentralSyslogOfSix(t *testing.T) {
	want := map[string]diag.Code{}
	all := make([][]string, len(senders))
	most := 0
	for k, s := range senders {
		all[k] = sentLines(t, k)
		most = max(most, len(all[k]))
		r := read(t, memory("a/"+s.host+".log", s.host, []byte(strings.Join(all[k], "\n")+"\n")))
		found := false
		for pair, code := range firstCauses(r) {
			want[pair] = code
			found = found || code == s.want
		}
		if !found {
			t.Errorf("%s alone: no %s\n%s", s.host, s.want, diagtest.Summary(r))
		}
	}
	var b strings.Builder
	for i := range most { // each evenly over the whole time
		for k := range all {
			for j := i * len(all[k]) / most; j < (i+1)*len(all[k])/most; j++ {
				b.WriteString(all[k][j] + "\n")
			}
		}
	}
	r := read(t, memory("c/central.log", "c", []byte(b.String())))
	got := firstCauses(r)
	for pair, code := range want {
		if c, ok := got[pair]; !ok || c != code {
			t.Errorf("[%s]: %q, alone %q", pair, c, code)
		}
	}
	t.Logf("%d tunnels: %v", len(got), got)
	if len(got) != len(want) || t.Failed() {
		t.Errorf("%d tunnels, alone %d\n%s", len(got), len(want), diagtest.Summary(r))
	}
}
