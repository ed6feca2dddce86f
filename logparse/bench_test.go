package logparse

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

// gatewayLog is the log of a gateway with 200 connections that come up once
// and then live: keepalives of both ends, now and then a rekeying, and two
// peers that fail again and again. Every line names its SA.
func gatewayLog(_ testing.TB, lines int) []byte {
	var conns []*conn
	for n := range 200 {
		conns = append(conns, synthetic(n, map[int]string{17: "psk", 91: "proposal"}[n], n%3 == 0))
	}
	var b bytes.Buffer
	for round := 0; lines > 0; round++ {
		for _, c := range conns {
			c.used = 0
			if round > 0 && c.fault == "" {
				c.jobs = c.life(round)
			}
		}
		for _, w := range weave(conns, 16, true, uint64(round)) {
			if lines--; lines < 0 {
				break
			}
			b.WriteString(w.line)
			b.WriteByte('\n')
		}
	}
	return b.Bytes()
}

// life gives what happens on an established connection in one round.
func (c *conn) life(round int) [][]string {
	last := c.jobs[len(c.jobs)-1]
	in, out := last[0], last[len(last)-1]
	mid := uint32(1000*round + c.n + 1)
	jobs := [][]string{
		{in, fmt.Sprintf("[ENC] parsed INFORMATIONAL_V1 request %d [ HASH N(DPD) ]", 1e9+mid),
			fmt.Sprintf("[ENC] generating INFORMATIONAL_V1 request %d [ HASH N(DPD_ACK) ]", 2e9+mid), out},
		{"[IKE] sending DPD request", fmt.Sprintf("[ENC] generating INFORMATIONAL_V1 request %d [ HASH N(DPD) ]", 3e9+mid), out},
		{in, fmt.Sprintf("[ENC] parsed INFORMATIONAL_V1 request %d [ HASH N(DPD_ACK) ]", 1e9+5e8+mid), out},
	}
	if (round+c.n)%12 == 0 {
		jobs = append(jobs,
			[]string{in, fmt.Sprintf("[ENC] parsed QUICK_MODE request %d [ HASH SA No KE ID ID ]", 4e9+mid),
				"[CFG] received proposals: ESP:AES_CBC_256/HMAC_SHA2_256_128/MODP_2048/NO_EXT_SEQ",
				"[CFG] selected proposal: ESP:AES_CBC_256/HMAC_SHA2_256_128/MODP_2048/NO_EXT_SEQ",
				fmt.Sprintf("[IKE] detected rekeying of CHILD_SA %s{%d}", c.name, round+c.n),
				fmt.Sprintf("[ENC] generating QUICK_MODE response %d [ HASH SA No KE ID ID ]", 4e9+mid), out},
			[]string{in, fmt.Sprintf("[ENC] parsed QUICK_MODE request %d [ HASH ]", 4e9+mid),
				fmt.Sprintf("[IKE] CHILD_SA %s{%d} established with SPIs %08x_i %08x_o and TS 10.0.0.0/8 === 172.16.%d.0/24", c.name, round+c.n, 0xc1000000+mid, 0xd1000000+mid, c.n%250)},
			[]string{in, fmt.Sprintf("[ENC] parsed INFORMATIONAL_V1 request %d [ HASH D ]", 2e9+5e8+mid),
				fmt.Sprintf("[IKE] received DELETE for ESP CHILD_SA with SPI %08x", 0xd0000000+mid),
				fmt.Sprintf("[IKE] closing CHILD_SA %s{%d} with SPIs %08x_i (1234 bytes) %08x_o (5678 bytes) and TS 10.0.0.0/8 === 172.16.%d.0/24", c.name, round+c.n-1, 0xc0000000+mid, 0xd0000000+mid, c.n%250)})
	}
	return jobs
}

// numbered makes n templates that differ in their words.
func numbered(n int) []Template {
	words := strings.Fields("received sending proposal peer config kernel child rekeying lifetime address certificate policy route selector payload identity")
	var list []Template
	for i := range n {
		a, b := words[i%len(words)], words[i/len(words)%len(words)]
		list = append(list, Template{Kind: Plain, Pattern: fmt.Sprintf("%s %s %c%d for {name:text} at {value:rest}", a, b, 'a'+i%26, i)})
	}
	return list
}

// BenchmarkTemplates shows that the cost of a match does not grow with the
// number of templates.
func BenchmarkTemplates(b *testing.B) {
	for _, n := range []int{50, 300, 3000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			tr, errs := newTrie([][]Template{numbered(n)})
			if len(errs) > 0 {
				b.Fatal(errs)
			}
			texts := templateTexts()
			var spans [maxFields]span
			recent := new(recent)
			b.ReportAllocs()
			for b.Loop() {
				for _, s := range texts {
					if tr.match(s, &spans, recent) == nil {
						b.Fatalf("%s is unknown", s)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(texts)), "ns/match")
		})
	}
}

// templateTexts gives texts for the first 50 templates: the same lines,
// whatever else the trie holds.
func templateTexts() (out [][]byte) {
	for _, tm := range numbered(50) {
		s := strings.NewReplacer("{name:text}", "branch-office", "{value:rest}", "10.0.0.0/24").Replace(tm.Pattern)
		out = append(out, []byte(s))
	}
	return out
}

// TestTemplatesScale gates it: 300 templates cost at most a tenth more than
// 50, with room for noise.
func TestTemplatesScale(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("not measured")
	}
	cost := func(n int) func() time.Duration {
		tr, _ := newTrie([][]Template{numbered(n)})
		texts := templateTexts()
		var spans [maxFields]span
		recent := new(recent)
		return func() time.Duration {
			at := time.Now()
			for range 100 { // short, to have a moment of peace on a busy machine
				for _, s := range texts {
					tr.match(s, &spans, recent)
				}
			}
			return time.Since(at)
		}
	}
	small, large := cost(50), cost(300)
	a, b := time.Duration(1<<62), time.Duration(1<<62)
	for i := 0; i < 99 || i < 999 && float64(b) > 1.3*float64(a); i++ {
		a, b = min(a, small()), min(b, large())
	}
	t.Logf("50 templates %v, 300 %v: %.2f", a, b, float64(b)/float64(a))
	if float64(b) > 1.5*float64(a) {
		t.Errorf("300 templates cost %.2f times as much as 50", float64(b)/float64(a))
	}
}

// BenchmarkDetect recognises the dialect of each log by what a reader looks at
// first, and of a text that is no log of any.
func BenchmarkDetect(b *testing.B) {
	heads := map[string][]byte{"none": bytes.Repeat([]byte("Nov 22 10:00:00 host postfix/smtpd[77]: connect from mail.example.com[192.0.2.9]\n"), 200)}
	names := []string{"none"}
	for _, w := range workloads {
		log := w.log(b, 1000)
		heads[w.name] = log[:min(len(log), 16<<10)]
		names = append(names, w.name)
	}
	for _, name := range names {
		head := heads[name]
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(head)))
			b.ReportAllocs()
			for b.Loop() {
				if _, d, _ := Detect(head); (d == nil) != (name == "none") {
					b.Fatalf("%v", d)
				}
			}
		})
	}
}
