package logparse

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestCarriers reads one message in every wrapping that it comes in.
func TestCarriers(t *testing.T) {
	ref := time.Date(2024, 6, 10, 12, 0, 0, 0, time.UTC)
	const msg = "received NO_PROPOSAL_CHOSEN error notify"
	for _, c := range []struct{ name, line, want string }{
		{"bare text", msg, "thread=-1"},
		{"viewer", "10[IKE] " + msg, "thread=10 group=IKE"},
		{"name", "10[IKE] <site-2|17> " + msg, "thread=10 group=IKE conn=site-2 sa=17"},
		{"number", "10[IKE] <17> " + msg, "thread=10 group=IKE sa=17"},
		{"odd name", "10[IKE] <a|b> c|17> " + msg, "thread=10 group=IKE conn=a|b> c sa=17"},
		{"level", "10[IKE1] <x|2> " + msg, "thread=10 group=IKE level=1 conn=x sa=2"},
		{"client", "[IKE] " + msg, "thread=-1 group=IKE"},
		{"table row", "IPSec | 10[IKE] " + msg, "thread=10 group=IKE"},
		{"framed table row", "| IPSec | 10[IKE] " + msg + " |", "thread=10 group=IKE"},
		{"filelog", "Jun  9 04:01:25 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s thread=10 group=IKE"},
		{"filelog ms", "Jun  9 04:01:25.123 10[IKE] " + msg, "time=2024-06-09T04:01:25.123Z/1ms thread=10 group=IKE"},
		{"filelog iso", "2024-06-09T04:01:25 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s thread=10 group=IKE"},
		{"filelog blank iso", "2024-06-09 04:01:25.5 10[IKE] " + msg, "time=2024-06-09T04:01:25.5Z/100ms thread=10 group=IKE"},
		{"filelog year first", "2024 Jun  9 04:01:25 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s thread=10 group=IKE"},
		{"filelog ctime", "Sun Jun  9 04:01:25 2024 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s thread=10 group=IKE"},
		{"filelog rfc2822", "Sun, 09 Jun 2024 04:01:25 +0200 10[IKE] " + msg, "time=2024-06-09T02:01:25Z/1s thread=10 group=IKE"},
		{"filelog clock", "04:01:25 10[IKE] " + msg, "time=2024-06-10T04:01:25Z/1s thread=10 group=IKE"},
		{"filelog german", "09.06.2024 04:01:25 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s thread=10 group=IKE"},
		{"filelog epoch", "1717905685 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s thread=10 group=IKE"},
		{"filelog brackets", "[2024-06-09 04:01:25] 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s thread=10 group=IKE"},
		{"syslog", "Jun  9 04:01:25 gw charon[77]: 10[IKE] <x|2> " + msg, "time=2024-06-09T04:01:25Z/1s host=gw program=charon pid=77 thread=10 group=IKE conn=x sa=2"},
		{"a time of one's own before a whole header", "Sun Jun 09 04:01:26 2024: <167>Jun 09 2024 04:01:25: charon[77]: 10[IKE] " + msg, "time=2024-06-09T04:01:26Z/1s program=charon pid=77 thread=10 group=IKE"},
		{"Kiwi", "2024-06-09 04:01:25\tDaemon.Info\tgw\tcharon[77]: 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s host=gw program=charon pid=77 thread=10 group=IKE"},
		{"macOS Console", "6/9/24 4:01:25.674 PM charon[77]: 10[IKE] " + msg, "time=2024-06-09T16:01:25.674Z/1ms program=charon pid=77 thread=10 group=IKE"},
		{"prompt", "gw1/pri/act(config)# Jun  9 04:01:25 charon: 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s program=charon thread=10 group=IKE"},
		{"syslog without pid", "Jun  9 04:01:25 gw charon: 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s host=gw program=charon thread=10 group=IKE"},
		{"syslog with year", "Jun  9 2024 04:01:25 gw charon[77]: 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s host=gw program=charon pid=77 thread=10 group=IKE"},
		{"syslog with priority", "<30>Jun  9 04:01:25 gw charon[77]: 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s host=gw program=charon pid=77 thread=10 group=IKE"},
		{"priority alone", "<30>charon[77]: 10[IKE] " + msg, "program=charon pid=77 thread=10 group=IKE"},
		{"without host", "Jun 9 04:01:25 charon: 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s program=charon thread=10 group=IKE"},
		{"pfSense", "charon: 10[IKE] <con1|2> " + msg, "program=charon thread=10 group=IKE conn=con1 sa=2"},
		{"OPNsense", "Jun  9 04:01:25 fw charon[77]: 10[IKE] <7b586978-5738-4f2c-bf8e-5d2a345ac888|1> " + msg, "time=2024-06-09T04:01:25Z/1s host=fw program=charon pid=77 thread=10 group=IKE conn=7b586978-5738-4f2c-bf8e-5d2a345ac888 sa=1"},
		{"charon-systemd", "Jun  9 04:01:25 gw charon-systemd[77]: " + msg, "time=2024-06-09T04:01:25Z/1s host=gw program=charon-systemd pid=77 thread=-1"},
		{"rfc5424", "<30>1 2024-06-09T04:01:25.547105-05:00 fw.example.com charon 18610 - - 10[IKE] <con1|2> " + msg, "time=2024-06-09T09:01:25.547105Z/1µs host=fw.example.com program=charon pid=18610 thread=10 group=IKE conn=con1 sa=2"},
		{"rfc5424 with data", "<30>1 2024-06-09T04:01:25Z fw charon 7 ID47 [a@1 b=\"]\" c=\"\\\"\"][d e=\"f\"] \ufeff10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s host=fw program=charon pid=7 thread=10 group=IKE"},
		{"rsyslog iso", "2024-06-09T04:01:25.123456+02:00 gw charon[7]: 10[IKE] " + msg, "time=2024-06-09T02:01:25.123456Z/1µs host=gw program=charon pid=7 thread=10 group=IKE"},
		{"journal short-iso", "2024-06-09T04:01:25+0200 gw charon[7]: 10[IKE] " + msg, "time=2024-06-09T02:01:25Z/1s host=gw program=charon pid=7 thread=10 group=IKE"},
		{"journal short-full", "Sun 2024-06-09 04:01:25 UTC gw charon[7]: 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s host=gw program=charon pid=7 thread=10 group=IKE"},
		{"journal short-unix", "1717905685.123456 gw charon[7]: 10[IKE] " + msg, "time=2024-06-09T04:01:25.123456Z/1µs host=gw program=charon pid=7 thread=10 group=IKE"},
		{"journal json", `{"MESSAGE":"10[IKE] ` + msg + `","_HOSTNAME":"gw","SYSLOG_IDENTIFIER":"charon","_PID":"7","__REALTIME_TIMESTAMP":"1717905685123456","PRIORITY":"6"}`, "time=2024-06-09T04:01:25.123456Z/1µs host=gw program=charon pid=7 thread=10 group=IKE"},
		{"journal json of charon-systemd", `{ "THREAD" : "10", "GROUP":"IKE","LEVEL":"1","IKE_SA_NAME":"x\u002dy","IKE_SA_UNIQUE_ID":"2","_COMM":"charon-systemd","MESSAGE":"` + msg + `"}`, "program=charon-systemd thread=10 group=IKE level=1 conn=x-y sa=2"},
		{"journal json of octets", `{"SYSLOG_IDENTIFIER":"charon","MESSAGE":[49,48,91,73,75,69,93,32,114,101,99,101,105,118,101,100,32,78,79,95,80,82,79,80,79,83,65,76,95,67,72,79,83,69,78,32,101,114,114,111,114,32,110,111,116,105,102,121]}`, "program=charon thread=10 group=IKE"},
		{"charon json", `{"time":"2024-06-09T04:01:25","thread":10,"group":"IKE","level":1,"ikesa-uniqueid":2,"ikesa-name":"x","msg":"` + msg + `"}`, "time=2024-06-09T04:01:25Z/1s thread=10 group=IKE level=1 conn=x sa=2"},
		{"docker", `{"log":"10[IKE] ` + msg + `\n","stream":"stderr","time":"2024-06-09T04:01:25.5Z"}`, "time=2024-06-09T04:01:25.5Z/100ms thread=10 group=IKE"},
		{"compose", "charon_1  | 10[IKE] " + msg, "thread=10 group=IKE"},
		{"cri", "2024-06-09T04:01:25.000000001Z stderr F 10[IKE] " + msg, "time=2024-06-09T04:01:25.000000001Z/1ns thread=10 group=IKE"},
		{"kubectl", "[pod/vpn-0/charon] 10[IKE] " + msg, "thread=10 group=IKE"},
		{"docker with charon json", `{"log":"{\"time\":\"2024-06-09T04:01:25\",\"thread\":10,\"group\":\"IKE\",\"level\":1,\"ikesa-name\":\"x\",\"msg\":\"` + msg + `\"}\n","stream":"stderr","time":"2024-06-09T04:01:25.5Z"}`, "time=2024-06-09T04:01:25Z/1s thread=10 group=IKE level=1 conn=x"},
		{"priority before the message", "<30>10[IKE] <x|2> " + msg, "thread=10 group=IKE conn=x sa=2"},
		{"rfc5424 around a whole line", "<30>1 2024-06-09T04:01:25.5Z fw - - - - Jun  9 04:01:25 gw charon[77]: 10[IKE] " + msg, "time=2024-06-09T04:01:25.5Z/100ms host=gw program=charon pid=77 thread=10 group=IKE"},
		{"grep's number before the message", "17:10[IKE] <x|2> " + msg, "thread=10 group=IKE conn=x sa=2"},
		{"compose with charon json", `charon_1  | {"time":"2024-06-09T04:01:25","thread":10,"group":"IKE","level":1,"msg":"` + msg + `"}`, "time=2024-06-09T04:01:25Z/1s thread=10 group=IKE level=1"},
		{"cri with charon json", `2024-06-09T04:01:26.5Z stdout F {"time":"2024-06-09T04:01:25","thread":10,"group":"IKE","level":1,"msg":"` + msg + `"}`, "time=2024-06-09T04:01:25Z/1s thread=10 group=IKE level=1"},
		{"fluentd", `2024-06-09 04:01:25 +0000 system.daemon: {"host":"gw","ident":"charon","pid":"77","message":"10[IKE] ` + msg + `"}`, "time=2024-06-09T04:01:25Z/1s host=gw program=charon pid=77 thread=10 group=IKE"},
		{"elastic", `{"@timestamp":"2024-06-09T04:01:25.123Z","host":{"name":"gw"},"process":{"name":"charon","pid":77},"message":"10[IKE] ` + msg + `"}`, "time=2024-06-09T04:01:25.123Z/1ms host=gw program=charon pid=77 thread=10 group=IKE"},
		{"gelf", `{"version":"1.1","host":"gw","short_message":"10[IKE] ` + msg + `","timestamp":1717905685.25,"level":6,"_program":"charon"}`, "time=2024-06-09T04:01:25.25Z/10ms host=gw program=charon thread=10 group=IKE level=6"},
		{"csv", `"2024-06-09T04:01:25.123Z","gw","daemon","Info","charon","10[IKE] ` + msg + `"`, "time=2024-06-09T04:01:25.123Z/1ms host=gw program=charon thread=10 group=IKE"},
		{"csv of the United States", `"06/09/2024, 04:01:25.123 PM","gw","10[IKE] ` + msg + `"`, "time=2024-06-09T16:01:25.123Z/1ms host=gw thread=10 group=IKE"},
		{"csv of whole lines", `"Jun  9 04:01:25 gw charon[77]: 10[IKE] ` + msg + `","2024-06-09T04:01:26.000+0000",gw,main,/var/log/messages`, "time=2024-06-09T04:01:25Z/1s host=gw program=charon pid=77 thread=10 group=IKE"},
		{"grep", "/var/log/messages:Jun  9 04:01:25 gw charon[77]: 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s host=gw program=charon pid=77 thread=10 group=IKE"},
		{"grep's context", "messages-20240609-Jun  9 04:01:25 gw charon[77]: 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s host=gw program=charon pid=77 thread=10 group=IKE"},
		{"grep's number", "1234:2024-06-09T04:01:25Z gw charon[77]: 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s host=gw program=charon pid=77 thread=10 group=IKE"},
		{"grep's name and number", "ipsec.log:17:Jun  9 04:01:25 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s thread=10 group=IKE"},
		{"numbered", "    17\tJun  9 04:01:25 gw charon[77]: 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s host=gw program=charon pid=77 thread=10 group=IKE"},
		{"quoted in a mail", "> > Jun  9 04:01:25 gw charon[77]: 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s host=gw program=charon pid=77 thread=10 group=IKE"},
		{"pfSense's table", "Jun  9 04:01:25\tcharon\t81202\t10[IKE] <con1|2> " + msg, "time=2024-06-09T04:01:25Z/1s program=charon pid=81202 thread=10 group=IKE conn=con1 sa=2"},
		{"pfSense's older table", "Jun  9 04:01:25\tcharon: 10[IKE] <con1|2> " + msg, "time=2024-06-09T04:01:25Z/1s program=charon thread=10 group=IKE conn=con1 sa=2"},
		{"OPNsense's table", "2024-06-09T04:01:25\tInformational\tcharon\t10[IKE] <con1|2> " + msg, "time=2024-06-09T04:01:25Z/1s program=charon thread=10 group=IKE conn=con1 sa=2"},
		{"OpenWrt", "Sun Jun  9 04:01:25 2024 daemon.info ipsec: 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s program=ipsec thread=10 group=IKE"},
		{"BusyBox", "Jun  9 04:01:25 gw daemon.info charon[77]: 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s host=gw program=charon pid=77 thread=10 group=IKE"},
		{"FreeBSD with -v", "Jun  9 04:01:25 <3.6> gw charon[77]: 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s host=gw program=charon pid=77 thread=10 group=IKE"},
		{"FreeBSD with -vv", "Jun  9 04:01:25 <daemon.info> gw charon[77]: 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s host=gw program=charon pid=77 thread=10 group=IKE"},
		{"Solaris", "Jun  9 04:01:25 gw charon[77]: [ID 702911 daemon.info] 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s host=gw program=charon pid=77 thread=10 group=IKE"},
		{"Sophos UTM", "2024:06:09-04:01:25 gw charon[77]: 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s host=gw program=charon pid=77 thread=10 group=IKE"},
		{"relay", "Jun  9 04:01:26 192.0.2.9 Jun  9 04:01:25 gw charon[77]: 10[IKE] " + msg, "time=2024-06-09T04:01:25Z/1s host=gw program=charon pid=77 thread=10 group=IKE"},
		{"relay with the year", "2024-06-09T04:01:26+00:00 192.0.2.9 Jun  9 04:01:25 gw charon[77]: 10[IKE] " + msg, "time=2024-06-09T04:01:26Z/1s host=gw program=charon pid=77 thread=10 group=IKE"},
		{"relay that keeps the priority", "2024-06-09T04:01:26+00:00 192.0.2.9 <30>Jun  9 04:01:25 gw charon[77]: 10[IKE] " + msg, "time=2024-06-09T04:01:26Z/1s host=gw program=charon pid=77 thread=10 group=IKE"},
		{"journal short-monotonic", "[ 4614.273104] gw charon[77]: 10[IKE] " + msg, "host=gw program=charon pid=77 thread=10 group=IKE"},
		{"NetworkManager", "Jun  9 04:01:25 gw NetworkManager[904]: " + msg, "time=2024-06-09T04:01:25Z/1s host=gw program=NetworkManager pid=904 thread=-1"},
		{"carriage return", "10[IKE] " + msg + "\r\n", "thread=10 group=IKE"},
		{"byte order mark", "\xef\xbb\xbf10[IKE] " + msg, "thread=10 group=IKE"},
		{"leading blanks", "   10[IKE] " + msg, "thread=10 group=IKE"},
		{"rsyslog's repetition", "Jun  9 04:01:25 gw charon[77]: message repeated 3 times: [ 10[IKE] " + msg + "]", "time=2024-06-09T04:01:25Z/1s host=gw program=charon pid=77 thread=10 group=IKE"},
	} {
		// Each line twice: the second takes the short cut of a known header.
		var p Parser
		var e Event
		for range 2 {
			if !p.Parse([]byte(c.line), &e) || e.Kind != ErrorNotifyReceived || string(e.Text) != msg {
				t.Errorf("%s: %v %q", c.name, e.Kind, e.Text)
				continue
			}
			if got := prefixText(&e, ref); got != c.want {
				t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
			}
		}
		// Whose log it is shows through all that.
		if name, _, score := Detect([]byte(strings.Repeat(c.line+"\n", 3))); name != "strongswan" || score < 50 {
			t.Errorf("%s: %s, %d", c.name, name, score)
		}
	}
}

func prefixText(e *Event, ref time.Time) string {
	var out []string
	put := func(f string, a ...any) { out = append(out, fmt.Sprintf(f, a...)) }
	pr := &e.Prefix
	if tm, precision := e.Time(ref, nil); precision > 0 {
		put("time=%s/%v", tm.Format(time.RFC3339Nano), precision)
	}
	if pr.Host != nil {
		put("host=%s", pr.Host)
	}
	if pr.Program != nil {
		put("program=%s", pr.Program)
	}
	if pr.PID != 0 {
		put("pid=%d", pr.PID)
	}
	if pr.Thread >= 0 || pr.Time == nil && pr.Program == nil && pr.Thread == -1 || pr.Group == nil {
		put("thread=%d", pr.Thread)
	}
	if pr.Group != nil {
		put("group=%s", pr.Group)
	}
	if pr.Level >= 0 {
		put("level=%d", pr.Level)
	}
	if pr.Connection != nil {
		put("conn=%s", pr.Connection)
	}
	if pr.HasSAID {
		put("sa=%d", pr.SAID)
	}
	return strings.Join(out, " ")
}

// TestHeaderChange follows a stream whose lines change their form.
func TestHeaderChange(t *testing.T) {
	var p Parser
	var e Event
	for i, c := range []struct {
		line, host string
		pid        uint32
		thread     int32
	}{
		{"Jun  9 04:01:25 a charon[1]: 10[IKE] no proposal found", "a", 1, 10},
		{"Jun  9 04:01:26 b charon[1]: 11[IKE] no proposal found", "b", 1, 11},
		{"Jun  9 04:01:27 a charon[1]: 12[IKE] no proposal found", "a", 1, 12},
		{"Jun  9 04:01:28 a charon[2]: 13[IKE] no proposal found", "a", 2, 13},
		{"Jun 10 04:01:28 a charon[2]: 14[IKE] no proposal found", "a", 2, 14},
		{"15[IKE] no proposal found", "", 0, 15},
		{"Jun 10 04:01:28 16[IKE] no proposal found", "", 0, 16},
		{"Jun 10 04:01:28 c charon[2]: 17[IKE] no proposal found", "c", 2, 17},
		{"no proposal found", "", 0, -1},
	} {
		if !p.Parse([]byte(c.line), &e) || string(e.Prefix.Host) != c.host || e.Prefix.PID != c.pid || e.Prefix.Thread != c.thread {
			t.Errorf("line %d: %v, host %q, pid %d, thread %d", i+1, e.Kind, e.Prefix.Host, e.Prefix.PID, e.Prefix.Thread)
		}
	}
}

// TestForeign leaves other programs' lines alone, whatever they say.
func TestForeign(t *testing.T) {
	var p Parser
	var e Event
	for _, l := range []string{
		"Jun  9 04:01:25 gw sshd[77]: message parsing failed",
		"Jun  9 04:01:25 gw kernel: no proposal found",
		"<30>1 2024-06-09T04:01:25Z gw dhcpd 7 - - received DPD vendor ID",
		`{"MESSAGE":"no proposal found","SYSLOG_IDENTIFIER":"sshd"}`,
	} {
		for range 2 {
			p.Parse([]byte(l), &e)
			if e.Kind != Foreign || e.Session.Handle != 0 {
				t.Errorf("%s: %v", l, e.Kind)
			}
		}
	}
	if s := p.Stats(); s.Foreign != 8 || s.Unknown != 0 {
		t.Errorf("%+v", s)
	}
}

// TestExport reads journalctl -o export.
func TestExport(t *testing.T) {
	const log = "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1717905685123456\n_HOSTNAME=gw\nSYSLOG_IDENTIFIER=charon\n_PID=7\nMESSAGE=10[IKE] <x|2> no proposal found\n\n" +
		"__CURSOR=s=2\nMESSAGE=no peer config found\nTHREAD=11\nIKE_SA_NAME=y\nIKE_SA_UNIQUE_ID=3\nSYSLOG_IDENTIFIER=charon-systemd\n\n" +
		"__CURSOR=s=3\nSYSLOG_IDENTIFIER=sshd\nMESSAGE=no proposal found\n\n__CURSOR=s=4\nMESSAGE=10[IKE] no proposal found\n"
	var p Parser
	var got []string
	for e, err := range p.Events(strings.NewReader(log)) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%d %v %s %s %d", e.Number, e.Kind, e.Prefix.Host, e.Prefix.Connection, e.Prefix.Thread))
	}
	want := []string{"6 proposal-not-found gw x 10", "9 peer-config-not-found  y 11", "17 foreign   -1", "20 proposal-not-found   10"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}

// TestRepeated takes "last message repeated" for what it is.
func TestRepeated(t *testing.T) {
	var p Parser
	var e Event
	p.Parse([]byte("Jun  9 04:01:25 gw charon[7]: 10[IKE] no proposal found"), &e)
	h := e.Session.Handle
	for _, l := range []string{"Jun  9 04:02:25 gw last message repeated 12 times", "Jun  9 04:02:25 gw charon[7]: last message repeated 12 times", "--- last message repeated 12 times ---"} {
		p.Parse([]byte(l), &e)
		n, _ := e.Uint(FieldCount)
		if e.Kind != Repeated || e.RepeatOf != ProposalNotFound || n != 12 || e.Session.Handle != h {
			t.Errorf("%s: %v of %v, %d, session %x", l, e.Kind, e.RepeatOf, n, e.Session.Handle)
		}
		p.lastKind = ProposalNotFound
	}
}

// TestTimes resolves what a time leaves out.
func TestTimes(t *testing.T) {
	berlin := time.FixedZone("CEST", 7200)
	for _, c := range []struct {
		in, want string
		ref      time.Time
		zone     *time.Location
	}{
		{"Dec 31 23:59:59", "2023-12-31T23:59:59Z", time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC), nil},
		{"Jan  1 00:00:01", "2025-01-01T00:00:01Z", time.Date(2024, 12, 30, 0, 0, 0, 0, time.UTC), nil},
		{"Feb 29 12:00:00", "2024-02-29T12:00:00Z", time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC), nil},
		{"Jun  9 04:01:25", "2024-06-09T02:01:25Z", time.Date(2024, 6, 10, 0, 0, 0, 0, time.UTC), berlin},
		{"2024-06-09T04:01:25Z", "2024-06-09T04:01:25Z", time.Time{}, berlin},
		{"23:59:00", "2024-06-09T23:59:00Z", time.Date(2024, 6, 10, 0, 1, 0, 0, time.UTC), nil},
		{"Jun  9 04:01:25", "1970-06-09T04:01:25Z", time.Time{}, nil},
		{"09/Jun/2024:04:01:25 +0200", "2024-06-09T02:01:25Z", time.Time{}, nil},
		{"06/09/2024 04:01:25", "2024-06-09T04:01:25Z", time.Time{}, nil},
		{"29/12/2024 04:01:25", "2024-12-29T04:01:25Z", time.Time{}, nil},
		{"2024-06-09 04:01:25,123", "2024-06-09T04:01:25.123Z", time.Time{}, nil},
	} {
		e := Event{Prefix: Prefix{Time: []byte(c.in)}}
		got, precision := e.Time(c.ref, c.zone)
		if precision == 0 || got.Format(time.RFC3339Nano) != c.want {
			t.Errorf("%s: %v, want %s", c.in, got.Format(time.RFC3339Nano), c.want)
		}
	}
	for _, in := range []string{"", "Jun", "hello world", "Jun 99x", "12:00", "2024-13-09 04:01:25", "99999999999999999999"} {
		e := Event{Prefix: Prefix{Time: []byte(in)}}
		if got, precision := e.Time(time.Time{}, nil); precision != 0 || !got.IsZero() {
			t.Errorf("%q gives %v", in, got)
		}
	}
}

// TestLevel knows the level of a line from its prefix or from what it says.
func TestLevel(t *testing.T) {
	var p Parser
	var e Event
	for line, want := range map[string]int{
		"05[IKE1] no proposal found":  1,
		"05[IKE] no proposal found":   1,
		"selecting proposal:":         2,
		"05[CFG] selecting proposal:": 2,
		"05[CFG] nobody knows this":   -1,
	} {
		p.Parse([]byte(line), &e)
		if n, ok := e.Level(); ok != (want >= 0) || ok && n != want {
			t.Errorf("%s: %d %v", line, n, ok)
		}
	}
	if p.Parse([]byte("selecting proposal:"), &e); e.Group() != "CFG" {
		t.Errorf("group %q", e.Group())
	}
}

// A device's message of several lines is one, whoever wraps each line: the
// wrapper's name for the host is not the device's.
func TestWrappedBlock(t *testing.T) {
	_, rest, _ := strings.Cut(readText(t, "testdata/cisco-ios/xe-ok-initiator.txtar"), "-- log --\n")
	log, _, _ := strings.Cut(rest, "-- events --\n")
	var plain, wrapped Parser
	var e, f Event
	for line := range strings.Lines(log) {
		line = strings.TrimRight(line, "\n")
		plain.Parse([]byte(line), &e)
		wrapped.Parse(fmt.Appendf(nil, `{"host":{"name":"relay"},"message":%q}`, line), &f)
		if f.Kind != e.Kind || string(f.Text) != string(e.Text) || f.Session.Remote != e.Session.Remote || f.Session.HasSAID != e.Session.HasSAID {
			t.Errorf("%s: %v of %v, want %v of %v", line, f.Kind, f.Session.Remote, e.Kind, e.Session.Remote)
		}
	}
}
