package logparse

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestMoulds compares what fits a mould with what the trie finds, for texts of
// all templates and of whole logs, and for others that differ from them a little.
func TestMoulds(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, d := range Dialects() {
		m := mouldTest{t: t, d: d, tr: d.compiled()}
		for _, list := range d.lists() {
			for _, tm := range list {
				text := []byte(sampleLine(tm.Pattern))
				m.check(text)
				for range 40 {
					m.check(altered(random, text))
				}
			}
		}
		if m.fitted < m.tried/4 {
			t.Errorf("%s: %d of %d texts fit a mould", d.Name, m.fitted, m.tried)
		}
	}
	for _, w := range workloads {
		var p Parser
		m := mouldTest{t: t}
		for e := range p.Events(bytes.NewReader(w.log(t, 2000))) {
			if m.d == nil && e.Dialect != nil {
				m.d, m.tr = e.Dialect, e.Dialect.compiled()
			}
			if e.Dialect == m.d && m.d != nil {
				m.check(e.Text)
				m.check(altered(random, e.Text))
			}
		}
	}
}

// TestMouldsApart does so for values that stand next to each other, or whose end
// depends on what is behind them.
func TestMouldsApart(t *testing.T) {
	d := &Dialect{Name: "apart"}
	for _, p := range []string{"count {count:num}{:rest}", "number {count:num}{spi:hex} in all", "host is {remote:host}{:rest}",
		"peer is {remote:host}.{:rest}", "address {remote:addr}[{spi:hex}] is known", "address {remote:addr}{:rest}", "state is {state:ident}{:rest}",
		"{:num} of {:rest}", "{:hex} of {:rest}", "{:caps}{:rest}", "first {:text} 1{:hex} end", "first {:text} 2{:hex} end", "last {:peer} 1 {:rest}",
		"key 0x{:hex} of {:word}", "key 0x{:hex} of 7{:rest}", "key 0x12{:hex} it is", "name {:word} is {:rest}", "name 5 is {:word} there"} {
		d.Templates = append(d.Templates, []Template{{Kind: Plain, Pattern: p}})
	}
	var errs []error
	m := mouldTest{t: t, d: d}
	if m.tr, errs = newTrie(d.Templates); len(errs) > 0 {
		t.Fatal(errs)
	}
	random := rand.New(rand.NewPCG(3, 4))
	texts := []string{"count 12 of them", "count 12.5 of them", "number 12ab34 in all", "number 12abcd in all", "host is 192.0.2.1.", "host is 192.0.2.1..x", "host is 192.0.2.1 x",
		"peer is 192.0.2.1..x", "peer is 192.0.2.1.", "address 192.0.2.1[500] is known", "address 192.0.2.1[ab0] is known", "address 192.0.2.1[500]x", "address 192.0.2.1[5x0]x",
		"state is up_1,x", "12345678 of them", "1234abcd of them", "ABC_1 and so on", "first 1 and 1ab end", "first 2 and 2ab end", "last 1 and 1 and 1 x",
		"key 0x12ab of me22", "key 0x12ab of 7x22", "key 0x12ab it is", "name 1x2 is here 5", "name 5 is 7here there", "name 5 is seven there"}
	for i := range 20000 {
		text := []byte(texts[(i/200+random.IntN(4))%len(texts)]) // a few among each other, as in a log
		for range random.IntN(3) {
			text[random.IntN(len(text))] = "0123456789abcdef.[]: x"[random.IntN(22)]
		}
		m.check(text)
	}
	if m.fitted < m.tried/4 {
		t.Errorf("%d of %d texts fit a mould", m.fitted, m.tried)
	}
}

// FuzzMoulds makes moulds of one text, and tries another one.
func FuzzMoulds(f *testing.F) {
	for _, d := range Dialects() {
		for i, list := range d.lists() {
			text := sampleLine(list[len(list)/2].Pattern)
			f.Add([]byte(text), []byte(sampleLine(list[i%len(list)].Pattern)))
			f.Add([]byte(text), altered(rand.New(rand.NewPCG(5, 6)), []byte(text)))
		}
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		for _, d := range Dialects() {
			m := mouldTest{t: t, d: d, tr: d.compiled()}
			m.check(a)
			m.check(b)
			m.check(a)
		}
	})
}

type mouldTest struct {
	t             *testing.T
	d             *Dialect
	tr            *trie
	moulds        moulds
	tried, fitted int
}

// fits returns the mould that a text fits, and its values, as a Parser does.
func (m *mouldTest) fits(text []byte, spans *[maxFields]span) *mould {
	f := m.moulds.fits(text)
	if f == nil || f.asks(m.tr, text, spans) == nil {
		return nil
	}
	copy(spans[:], f.spans[:])
	return f
}

// check reads a text with a mould, if there is one, and with the trie, whose answer
// makes the next mould.
func (m *mouldTest) check(text []byte) {
	var got, want [maxFields]span
	if len(text) == 0 || dumps(text) && hexDump(text) {
		if m.fits(text, &got) != nil {
			m.t.Errorf("%s: %q, a dump, fits a mould", m.d.Name, text)
		}
		return
	}
	m.tried++
	found := m.tr.search(text, &want, new(recent))
	if fitted := m.fits(text, &got); fitted != nil {
		m.fitted++
		if n := reachSpecial(text); n < int(fitted.clean) {
			m.t.Errorf("%s: %q fits the mould of %q, which is printable up to %d", m.d.Name, text, fitted.t.Pattern, fitted.clean)
		}
		if fitted.t != found || fitted.may != found.may || fitted.kind != found.Kind {
			m.t.Errorf("%s: %q fits the mould of %q, the trie finds another template", m.d.Name, text, fitted.t.Pattern)
		} else if n := len(found.fields); !slices.Equal(got[:n], want[:n]) {
			m.t.Errorf("%s: %q fits the mould of %q with values at %v, the trie finds them at %v", m.d.Name, text, fitted.t.Pattern, got[:n], want[:n])
		}
	} else if found != nil {
		m.moulds.keep(text, found, &want)
	}
}

// altered gives a copy of a text in which octets are others: digits, then also
// letters of hexadecimal numbers, then also signs that end a value.
func altered(random *rand.Rand, text []byte) []byte {
	const others = "0123456789abcdefABCDEF .:,[](){}%-_/'\"|x\x00\x80\xff"
	b := bytes.Clone(text)
	how, rate := random.IntN(4), 1+random.IntN(8)
	for i, c := range b {
		switch {
		case random.IntN(rate) > 0:
		case c-'0' <= 9:
			b[i] = '0' + byte(random.IntN(10))
		case how > 1 && unhex(c) <= 15 && (i == 0 || b[i-1] < 'a'):
			b[i] = "0123456789abcdef"[random.IntN(16)]
		case how > 2 && random.IntN(20) == 0:
			b[i] = others[random.IntN(len(others))]
		}
	}
	return b
}
