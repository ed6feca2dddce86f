package ingest_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/ingest"
)

// records takes a pcap file apart: its header and its records.
func records(t *testing.T, file []byte) (header []byte, all [][]byte) {
	t.Helper()
	if len(file) < 24 || binary.LittleEndian.Uint32(file)&^0x4d00 != 0xa1b2c3d4&^0x4d00 {
		t.Fatalf("not a pcap file that this test reads: % x", file[:min(len(file), 4)])
	}
	header, file = file[:24], file[24:]
	for len(file) >= 16 {
		n := 16 + int(binary.LittleEndian.Uint32(file[8:]))
		all = append(all, file[:n])
		file = file[n:]
	}
	return header, all
}

// harms are what a path or a recorder does to packets.
var harms = []struct {
	name string
	do   func(r *rand.Rand, all [][]byte) [][]byte
}{
	{"neighbours exchanged", func(r *rand.Rand, all [][]byte) [][]byte {
		for i := 1; i < len(all); i++ {
			if r.IntN(4) == 0 {
				all[i-1], all[i] = all[i], all[i-1]
			}
		}
		return all
	}},
	{"in any order", func(r *rand.Rand, all [][]byte) [][]byte {
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		return all
	}},
	{"each twice", func(_ *rand.Rand, all [][]byte) (out [][]byte) {
		for _, p := range all {
			out = append(out, p, p)
		}
		return out
	}},
	{"a tenth dropped", func(r *rand.Rand, all [][]byte) [][]byte {
		return slices.DeleteFunc(all, func([]byte) bool { return r.IntN(10) == 0 })
	}},
	{"half of them dropped", func(r *rand.Rand, all [][]byte) [][]byte {
		return slices.DeleteFunc(all, func([]byte) bool { return r.IntN(2) == 0 })
	}},
	{"some again, later", func(r *rand.Rand, all [][]byte) [][]byte {
		for range len(all) / 5 {
			all = append(all, all[r.IntN(len(all))])
		}
		return all
	}},
	{"the beginning missing", func(r *rand.Rand, all [][]byte) [][]byte { return all[r.IntN(len(all)):] }},
	{"a stretch missing", func(r *rand.Rand, all [][]byte) [][]byte {
		from := r.IntN(len(all))
		to := from + r.IntN(len(all)-from)
		return append(slices.Clone(all[:from]), all[to:]...)
	}},
	{"only what one host sends", func(r *rand.Rand, all [][]byte) [][]byte {
		src := source(all[r.IntN(len(all))])
		return slices.DeleteFunc(all, func(p []byte) bool { return !bytes.Equal(source(p), src) })
	}},
	{"the end missing", func(r *rand.Rand, all [][]byte) [][]byte { return all[:r.IntN(len(all))+1] }},
}

// Packets in another order, more of them and fewer of them never crash the
// diagnosis, and never give a confirmed cause that the whole recording refutes.
func TestHarmedCaptures(t *testing.T) {
	t.Parallel()
	runs := 0
	for _, s := range scenarios(t, "*") {
		right := append(append(slices.Clone(s.codes), s.accept...), s.also...)
		for n, harm := range harms {
			for _, sub := range subsets[4:7] { // captures only
				in := s.inputs(t, sub.takes)
				for i := range in {
					r := rand.New(rand.NewPCG(uint64(runs), uint64(n)))
					f, err := in[i].Open()
					if err != nil {
						t.Fatal(err)
					}
					b, err := io.ReadAll(f)
					if err != nil {
						t.Fatal(err)
					}
					header, all := records(t, b)
					if len(all) > 0 {
						b = slices.Concat(append([][]byte{header}, harm.do(r, all)...)...)
					}
					in[i] = memory(in[i].Name, in[i].Group, b)
				}
				runs++
				if c := wrong(diagnose(t, in), right); c != "" {
					t.Errorf("%s/%s, %s: %s is confirmed and wrong\n%s", s.name, sub.name, harm.name, c, diagtest.Summary(diagnose(t, in)))
				}
			}
		}
	}
	if runs < 500 {
		t.Errorf("%d runs", runs)
	}
}

// header returns the IPv4 header of a record, behind Ethernet's or that of
// Linux's cooked captures, and what follows it.
func header(record []byte) []byte {
	for _, at := range []int{16 + 14, 16 + 16, 16 + 20} {
		if len(record) >= at+20 && record[at] == 0x45 {
			return record[at:]
		}
	}
	return nil
}

// source returns a record's sender.
func source(record []byte) []byte {
	if h := header(record); h != nil {
		return h[12:16]
	}
	return nil
}

// A recorder that missed a stretch shows it by what its own host sent and the
// other end's capture has: what else it lacks did not get lost on the way.
func TestStretchMissing(t *testing.T) {
	for _, end := range []string{"initiator", "responder"} {
		in := func(whole bool) (all []ingest.Input) {
			for _, e := range []string{"initiator", "responder"} {
				x := given(t, e, "corpus", "libreswan-initiator", "p2-peer-dies", e+".pcap")
				if e == end && !whole {
					r, err := x.Open()
					if err != nil {
						t.Fatal(err)
					}
					b, err := io.ReadAll(r)
					if err != nil {
						t.Fatal(err)
					}
					top, all := records(t, b)
					all = slices.DeleteFunc(all, func(p []byte) bool { h := header(p); return h != nil && h[9] == 50 })
					x = memory(x.Name, x.Group, slices.Concat(append([][]byte{top}, all...)...))
				}
				all = append(all, x)
			}
			return all
		}
		whole, r := read(t, in(true)...), read(t, in(false)...)
		for _, f := range r.Findings {
			if f.Kind == diag.Cause && f.Verdict == diag.Confirmed && !found(whole, f.Code) {
				t.Errorf("%s without a stretch: %s is confirmed\n%s", end, f.Code, diagtest.Summary(r))
			}
		}
	}
}

// wrong returns a confirmed cause that is not right.
func wrong(r *diag.Report, right []string) diag.Code {
	for _, f := range r.Findings {
		if f.Kind == diag.Cause && f.Status == diag.Active && f.Verdict == diag.Confirmed && f.Severity >= diag.Error && !slices.Contains(right, string(f.Code)) {
			return f.Code
		}
	}
	return ""
}

// What a capture without keys says stays the same when keys of somebody else
// are given.
func TestStrangersKeys(t *testing.T) {
	table := given(t, "k", "captures", "wireshark+wireshark", "ikev1_decryption_table")
	for _, s := range scenarios(t, "strongswan") {
		in := s.inputs(t, subsets[6].takes)
		if len(in) == 0 {
			continue
		}
		one := diagnose(t, in)
		two := diagnose(t, append([]ingest.Input{table, secrets("z", "nobody uses this key")}, in...))
		if a, b := codes(one), codes(two); !slices.Equal(a, b) {
			t.Errorf("%s: %q, with strangers' keys %q", s.name, a, b)
		}
	}
}

func codes(r *diag.Report) (all []string) {
	for _, f := range r.Findings {
		all = append(all, string(f.Code)+" "+f.Verdict.String())
	}
	return all
}
