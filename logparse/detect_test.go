package logparse

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// TestDetect names the daemon of every sample and recording.
func TestDetect(t *testing.T) {
	want := map[string]string{"openswan": "libreswan", "pfsense": "strongswan", "vyos": "strongswan", "alibaba-vpn": "alibaba"}
	for _, f := range recordings.Glob(t, "logs", "samples", "*", "*.log") {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		vendor := filepath.Base(filepath.Dir(f))
		if w, ok := want[vendor]; ok {
			vendor = w
		}
		name, d, score := Detect(b)
		if name != vendor && !(vendor == "openswan" && name == "libreswan") || score < 50 {
			t.Errorf("%s: %q, score %d", f, name, score)
		}
		if d == nil {
			t.Errorf("%s: %s is not read", f, name)
		}
	}
	for _, f := range recordings.Glob(t, "corpus", "*", "*", "*.log") {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		vendor := "strongswan"
		if strings.Contains(f, "libreswan-both") || strings.Contains(f, "libreswan-initiator") && strings.HasSuffix(f, "initiator.log") {
			vendor = "libreswan"
		}
		if name, _, score := Detect(b); name != vendor || score < 50 {
			t.Errorf("%s: %q, score %d", f, name, score)
		}
	}
}

// TestDetectNothing finds no daemon in what is no log.
func TestDetectNothing(t *testing.T) {
	for _, s := range []string{"", "\n\n", "hello world\n", "conn a\n  left=1.2.3.4\n  right=5.6.7.8\n  auto=start\n",
		"connections {\n  a {\n    version = 1\n    local_addrs = 1.2.3.4\n  }\n}\n",
		"Nov 21 04:01:25 host sshd[22]: message parsing failed\n",
		string([]byte{0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0}), "{\"a\": 1}\n",
		"src 10.0.0.1 dst 10.0.0.2\n\tproto esp spi 0xc0ffee reqid 1 mode tunnel\n",
		": PSK \"secret\"\n",
	} {
		if name, _, score := Detect([]byte(s)); score >= 50 {
			t.Errorf("%q: %s, score %d", s, name, score)
		}
	}
}

// TestMarks: of a line without a dialect's marks nothing is missed by not asking
// for what they begin, whoever wrote it; and each mark is its dialect's.
func TestMarks(t *testing.T) {
	marks := marks()
	if len(marks.list) > 1<<8-1 || len(dialects)+len(strangers) > 64 {
		t.Fatal("more than there are numbers for")
	}
	var logs [][]byte
	for _, w := range workloads {
		logs = append(logs, w.log(t, 2000))
	}
	for _, f := range recordings.Glob(t, "logs", "samples", "*", "*.log") {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		logs = append(logs, b)
	}
	for _, list := range [][]string{plutoAnchors.list, racoonAnchors.list, vpncAnchors.list, softEtherAbout, mikrotikTopics, isakmpdFunctions, checkPointOwn, juniperOwn, juniperLikely, paloAltoOwn, paloAltoBegins, {
		"IKE Responder: IKE proposal does not match 192.0.2.1, 500 198.51.100.1, 500", "RECEIVED<<< ISAKMP OAK MM 192.0.2.1, 500 198.51.100.1, 500",
		`id=firewall sn=0017 time="2017-11-15 10:33:14" fw=192.0.2.1 msg="Received notify. NO_PROPOSAL_CHOSEN" n=1`,
		"7\t11/15/2017 10:33:14.592\tInfo\tVPN IKE\tIKE Responder: Received Main Mode request", "2026-03-04 10:00:00.000 +0000  [PNTF]: {    1:     }: started",
		"isakmpd[7]: timeout", "scheme: IKE; IKE: Main Mode completion.", "SoftEther VPN Server 4.42", "The SoftEther VPN Server Engine is started.",
		"vco-1 [PROTO_ERR]: no suitable proposal found", "ike V=root:0:gw:7: negotiating", "Mar  4 09:15:00 gw vpn[3]: vpnc: no response from target",
	}} {
		for _, m := range list {
			logs = append(logs, []byte(m+"1"))
		}
	}
	known := map[*Dialect]int{}
	for line := range bytes.Lines(bytes.Join(logs, []byte("\n"))) {
		line = bytes.TrimSpace(line)
		var pr Prefix
		rest, _ := parseHeader(line, &pr)
		rest = trimLeft(rest)
		marked := marks.whose(line)
		for _, d := range dialects {
			has := marked&d.bit != 0
			full, score := 0, 0
			if d.score != nil {
				full, score = d.score(rest, pr, true), d.score(rest, pr, has)
			} else if full = d.Detect(line); has {
				score = full
			}
			if score != full {
				t.Errorf("%s: %d, and %d if it had a mark: %s", d.Name, score, full, line)
			}
			if has && full > 0 {
				known[d]++
			}
		}
	}
	for i, d := range dialects {
		if d.score == nil && d.marks == nil || d.marks != nil && known[d] == 0 {
			t.Errorf("no line is known to be %s's", d.Name)
		}
		for _, list := range d.marks {
			for _, m := range list {
				if marks.whose([]byte("- "+m+" -"))>>i&1 == 0 {
					t.Errorf("%s: %q is not found", d.Name, m)
				}
			}
		}
	}
	for i := range strangers {
		if got := marks.whose([]byte(strangers[i].mark)); got != 1<<(len(dialects)+i) {
			t.Errorf("%s: %b", strangers[i].name, got)
		}
	}
}

// TestCensus: where asking no more is decided to change nothing, it does not,
// also in a log of two daemons.
func TestCensus(t *testing.T) {
	decided := 0
	for i, w := range workloads {
		one := bytes.SplitAfter(w.log(t, 100), []byte("\n"))
		for _, v := range workloads[:i+1] {
			two := bytes.SplitAfter(v.log(t, 100), []byte("\n"))
			for share := 1; share < 6; share++ { // of the first, among the second's
				var head []byte
				for k := range 60 {
					if k%5 < share && k < len(one) {
						head = append(head, one[k]...)
					} else if k < len(two) {
						head = append(head, two[k]...)
					}
				}
				var quick, full census
				quick.read(head, false)
				full.read(head, true)
				a, b := quick.best(), full.best()
				switch {
				case !quick.decided():
				case a != b || quick.ours[a] != full.ours[b] || quick.theirs != full.theirs:
					t.Errorf("%d of five lines of %s, else %s: %s, not %s", share, w.name, v.name, dialects[a].Name, dialects[b].Name)
				default:
					decided++
				}
			}
		}
	}
	if decided == 0 {
		t.Error("nothing is ever decided")
	}
}
