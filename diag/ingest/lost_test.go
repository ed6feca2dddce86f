package ingest_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/report"
	"github.com/ikediag/ikediag/isakmp"
)

// Two captures of the two ends tell which message got lost on the way, behind
// which NAT, at which size, with frame numbers.
func TestLostOnTheWay(t *testing.T) {
	for _, test := range []struct {
		name  string
		cause diag.Code
		lost  string
		nat   []string
	}{
		{"p1-4500-blocked", diag.NetUDP4500Blocked,
			"main mode message 5 to the responder: 124 octets in one packet; sent 8 times (6 repetitions), #9, #10, #12, #19 …; never came, not after #8, #14",
			[]string{"the initiator's 198.51.100.57:500 into 203.0.113.254:506"}},
		{"p1-ip-fragments-dropped", diag.NetIKEFragDropped,
			"main mode message 5 to the responder: 1196 octets in 2 IP fragments; sent 8 times (6 repetitions), #10, #12, #16, #26 …; parts of it came, #9, #10, #12, #21 …",
			nil},
	} {
		dir := []string{"corpus", "strongswan", test.name}
		r := read(t, given(t, "b", append(dir, "initiator.pcap")...), given(t, "a", append(dir, "responder.pcap")...))
		if c, _ := r.Cause(); c.Code != test.cause || c.Verdict != diag.Confirmed {
			t.Errorf("%s: %s %s\n%s", test.name, c.Code, c.Verdict, diagtest.Summary(r))
		}
		var lost, nat []string
		for _, f := range r.Findings {
			if d, ok := f.Detail.(diag.MessagesLost); ok {
				for _, m := range d.Messages {
					lost = append(lost, m.Text)
				}
				for _, a := range d.Translated {
					nat = append(nat, a.Text)
				}
			}
		}
		if !slices.Equal(lost, []string{test.lost}) || !slices.Equal(nat, test.nat) {
			t.Errorf("%s: %q, NAT %q", test.name, lost, nat)
		}
		var text strings.Builder
		if err := report.Write(&text, r, report.Options{}); err != nil {
			t.Fatal(err)
		}
		if read := strings.Join(strings.Fields(text.String()), " "); !strings.Contains(read, test.lost) || test.nat != nil && !strings.Contains(read, test.nat[0]) {
			t.Errorf("%s: the report does not say it:\n%s", test.name, &text)
		}
	}
}

// The same from what tcpdump -v printed at both ends.
func TestLostInText(t *testing.T) {
	var in []ingest.Input
	for i, end := range []string{"initiator", "responder"} {
		b, err := os.ReadFile("testdata/p1-4500-blocked." + end + ".v.txt")
		if err != nil {
			t.Fatal(err)
		}
		group := "ba"[i : i+1]
		in = append(in, memory(group+"/tcpdump.txt", group, b))
	}
	r := read(t, in...)
	if c, _ := r.Cause(); c.Code != diag.NetUDP4500Blocked || c.Verdict != diag.Confirmed {
		t.Errorf("%s %s\n%s", c.Code, c.Verdict, diagtest.Summary(r))
	}
	var text strings.Builder
	if err := report.Write(&text, r, report.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"main mode message 5 to the responder: 124 octets in one packet; sent 8 times (6 repetitions), #9, #10, #12, #19 …; never came, not after #8, #14",
		"the initiator's 198.51.100.57:500 into 203.0.113.254:506",
	} {
		if !strings.Contains(strings.Join(strings.Fields(text.String()), " "), want) {
			t.Errorf("not said: %s\n%s", want, &text)
		}
	}
}

// A path loses one message of a negotiation, each time that it is sent, behind
// a NAT: both captures together tell which, of whom, how often, how large, in
// which frames, and what becomes of the address, in one folder and with clocks
// hours apart, too.
func TestEachMessageLost(t *testing.T) {
	whole := negotiation(0, west, east, 7)
	for k, lost := range whole {
		from := "initiator"
		if lost.src == east {
			from = "responder"
		}
		name := map[isakmp.ExchangeType]string{isakmp.ExchangeMain: "main mode", isakmp.ExchangeQuick: "quick mode"}[lost.exchange]
		number := k%6 + 1
		for _, v := range []struct {
			folder string
			off    time.Duration
			flat   bool // no hop count tells whose capture it is
		}{{"a", 0, false}, {"b", 0, false}, {"a", 3 * time.Hour, false}, {"a", -3 * time.Hour, false}, {"a", 0, true}} {
			near, far := losing(whole, k, v.off, v.flat)
			r := read(t, memory("b/initiator.pcap", "b", near), memory(v.folder+"/responder.pcap", v.folder, far))
			c, ok := r.Cause()
			if k == 0 {
				// The responder's capture has nothing of it, which says it all.
				if !ok || c.Code != diag.NetUDP500Blocked || (c.Verdict == diag.Confirmed) != (v.off == 0) {
					t.Errorf("message 1: %s %s\n%s", c.Code, c.Verdict, diagtest.Summary(r))
				}
				continue
			}
			var m diag.LostMessage
			var seen []diag.TranslatedAddress
			for _, f := range r.Findings {
				if d, ok := f.Detail.(diag.MessagesLost); ok && len(d.Messages) == 1 {
					m, seen = d.Messages[0], d.Translated
				}
			}
			if m.Exchange != name || m.Number != number || m.Sender != from || m.Octets != lost.size || m.Sent != 4 || m.Arrived != 0 || m.Packets != 1 || len(m.Frames) < 2 || len(m.After) != 1 {
				t.Errorf("%s message %d, %v: %+v\n%s", name, number, v, m, diagtest.Summary(r))
			}
			if len(seen) != 1 || seen[0].Of != "initiator" || seen[0].Own != "192.0.2.1:500" || seen[0].Seen != "203.0.113.77:1024" {
				t.Errorf("%s message %d, %v: %+v", name, number, v, seen)
			}
			if !ok || c.Severity != diag.Critical || c.Verdict == diag.Confirmed && c.Code != diag.NetUDP500Oneway {
				t.Errorf("%s message %d, %v: %s, %s, %s\n%s", name, number, v, c.Code, c.Severity, c.Verdict, diagtest.Summary(r))
			}
		}
	}
}

// losing returns captures of both ends of a negotiation of which message k never
// arrives, whose initiator is behind a NAT, and whose responder's clock is off.
func losing(whole []datagram, k int, off time.Duration, flat bool) (near, far []byte) {
	nat := [4]byte{203, 0, 113, 77}
	var a, b []datagram
	put := func(d datagram, at time.Duration, arrives bool) {
		d.at = at
		if flat {
			d.ttl = 64
		}
		if d.src == west || arrives {
			a = append(a, d)
		}
		if d.src == west && !arrives {
			return
		}
		if d.at, d.ttl = d.at+off, 64; d.src == west {
			if d.src, d.ports = nat, [2]uint16{1024, 500}; !flat {
				d.ttl = 60
			}
		} else {
			d.dst, d.ports = nat, [2]uint16{500, 1024}
		}
		b = append(b, d)
	}
	for i, d := range whole[:k] {
		put(d, time.Duration(i)*10*time.Millisecond, true)
	}
	for i, wait := range []time.Duration{100, 2100, 6100, 14100} {
		at := wait * time.Millisecond
		if whole[k].src == east && i > 0 {
			put(whole[k-1], at-time.Millisecond, true) // what it answers comes again
		}
		put(whole[k], at, false)
	}
	// The hosts say other things before and after.
	surrounded := func(host [4]byte, all []datagram, off time.Duration) []byte {
		other := datagram{src: host, dst: [4]byte{224, 0, 0, 22}, ttl: 1, protocol: 2, at: off - time.Second}
		late := other
		late.at += 30 * time.Second
		return record(slices.Concat([]datagram{other}, all, []datagram{late}))
	}
	return surrounded(west, a, 0), surrounded(east, b, off)
}

// The fifth message is cut into IKE fragments, and one of them never arrives.
func TestIKEFragmentLost(t *testing.T) {
	whole := negotiation(0, west, east, 7)
	fifth := whole[4]
	fifth.size = 900
	message := fifth.record(nil)[16+20+8:]
	var a, b []datagram
	put := func(d datagram, at time.Duration, arrives bool) {
		d.at = at
		a = append(a, d)
		if d.ttl = 60; d.src == east {
			d.ttl = 64
		}
		if arrives {
			b = append(b, d)
		}
	}
	for i, d := range whole[:4] {
		put(d, time.Duration(i)*10*time.Millisecond, true)
	}
	for _, wait := range []time.Duration{100, 2100, 6100} {
		for n, data := range [][]byte{message[:500], message[500:]} {
			d := fifth
			d.flags, d.piece = 0, append([]byte{0, 9, byte(n + 1), byte(n)}, data...)
			d.size = 28 + 4 + len(d.piece)
			put(d, wait*time.Millisecond+time.Duration(n)*time.Millisecond, n == 0)
		}
	}
	later := func(host [4]byte) datagram {
		return datagram{src: host, dst: [4]byte{224, 0, 0, 22}, ttl: 1, protocol: 2, at: 30 * time.Second}
	}
	r := read(t, memory("b/initiator.pcap", "b", record(append(a, later(west)))), memory("a/responder.pcap", "a", record(append(b, later(east)))))
	told := ""
	for _, f := range r.Findings {
		if d, ok := f.Detail.(diag.MessagesLost); ok && len(d.Messages) == 1 {
			told = d.Messages[0].Text
		}
	}
	if want := "main mode message 5 to the responder: 900 octets in 2 IKE fragments; sent 3 times (2 repetitions), #6, #8, #10; never came, not after #"; !strings.HasPrefix(told, want) {
		t.Errorf("%q\n%s", told, diagtest.Summary(r))
	}
	if c, ok := r.Cause(); !ok || c.Verdict == diag.Confirmed {
		t.Errorf("%s %s\n%s", c.Code, c.Verdict, diagtest.Summary(r))
	}
}

// Where neither hop counts nor what the captures lack tell whose each is, nothing
// is said of what got lost, nor of a NAT.
func TestCapturesOfNobody(t *testing.T) {
	whole := negotiation(0, west, east, 7)
	for k := range whole {
		whole[k].ttl = 64
	}
	twice := func(k int) []datagram { // a message comes again
		d := whole[k]
		d.at += 2 * time.Second
		return append(slices.Clone(whole[:k+1]), d)
	}
	for _, test := range []struct {
		name   string
		it, at []datagram
	}{
		{"the same", whole, whole},
		{"cut off", whole[:3], whole[:3]},
		{"each has what the other lacks of one side", twice(2), append(slices.Clone(whole[:2]), whole[4])},
	} {
		r := read(t, memory("b/x.pcap", "b", record(test.it)), memory("a/y.pcap", "a", record(test.at)))
		for _, f := range r.Findings {
			if d, ok := f.Detail.(diag.MessagesLost); ok {
				t.Errorf("%s: %+v\n%s", test.name, d, diagtest.Summary(r))
			}
		}
	}
}
