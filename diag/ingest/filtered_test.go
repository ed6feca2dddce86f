package ingest_test

import (
	"encoding/binary"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/ingest"
)

// frameOf returns protocol and ports of a record of an Ethernet capture; ok is
// false for what is not IPv4, as ARP.
func frameOf(record []byte) (protocol byte, ports [2]uint16, ok bool) {
	b := record[16:]
	if len(b) < 14+20 || binary.BigEndian.Uint16(b[12:]) != 0x800 {
		return 0, ports, false
	}
	b = b[14:]
	protocol = b[9]
	if h := int(b[0]&15) * 4; protocol == 17 && binary.BigEndian.Uint16(b[6:])&0x1fff == 0 && len(b) >= h+4 {
		ports = [2]uint16{binary.BigEndian.Uint16(b[h:]), binary.BigEndian.Uint16(b[h+2:])}
	}
	return protocol, ports, true
}

// filters are what people give tcpdump.
var filters = []struct {
	name  string
	keeps func(protocol byte, port func(uint16) bool) bool
}{
	{"udp", func(p byte, _ func(uint16) bool) bool { return p == 17 }},
	{"port 500", func(p byte, port func(uint16) bool) bool { return port(500) }},
	{"port 500 or port 4500", func(p byte, port func(uint16) bool) bool { return port(500) || port(4500) }},
	{"esp or ah", func(p byte, _ func(uint16) bool) bool { return p == 50 || p == 51 }},
}

// rewritten returns inputs whose captures were changed.
func rewritten(t *testing.T, in []ingest.Input, do func(header []byte, all [][]byte) []byte) []ingest.Input {
	t.Helper()
	out := slices.Clone(in)
	for i := range out {
		f, err := in[i].Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		header, all := records(t, b)
		out[i] = memory(in[i].Name, in[i].Group, do(header, all))
	}
	return out
}

// One end's capture was made with a filter, the other's was not: what the
// filter kept out did not get lost. Healthy tunnels stay so, and nothing wrong
// is confirmed.
func TestFilteredCaptures(t *testing.T) {
	t.Parallel()
	runs := 0
	for _, s := range scenarios(t, "*") {
		right := append(append(slices.Clone(s.codes), s.accept...), s.also...)
		both := s.inputs(t, subsets[6].takes)
		if len(both) != 2 {
			continue
		}
		for _, filter := range filters {
			for end := range both {
				in := slices.Clone(both)
				in[end] = rewritten(t, in[end:end+1], func(header []byte, all [][]byte) []byte {
					kept := [][]byte{header}
					for _, r := range all {
						if p, ports, ok := frameOf(r); ok && filter.keeps(p, func(port uint16) bool { return slices.Contains(ports[:], port) }) {
							kept = append(kept, r)
						}
					}
					return slices.Concat(kept...)
				})[0]
				r := diagnose(t, in)
				runs++
				if c := wrong(r, right); c != "" {
					t.Errorf("%s, %s of %s: %s is confirmed and wrong\n%s", s.name, filter.name, in[end].Name, c, diagtest.Summary(r))
				}
				if c, ok := r.Cause(); len(s.codes) == 0 && ok && c.Severity >= diag.Error {
					t.Errorf("%s, %s of %s: %s, and nothing is wrong\n%s", s.name, filter.name, in[end].Name, c.Code, diagtest.Summary(r))
				}
			}
		}
	}
	if runs < 300 {
		t.Errorf("%d runs", runs)
	}
}

// A recorder is what pcapng says beside packets.
type recorder struct {
	until time.Duration // after the last packet
	lost  uint64
	cut   uint64 // packets that it took in and that the file lacks
}

// pcapng writes the records of a pcap file in that format.
func (rec *recorder) pcapng(header []byte, all [][]byte) []byte {
	le := binary.LittleEndian
	var out []byte
	block := func(kind uint32, parts ...[]byte) {
		b := slices.Concat(parts...)
		b = append(b, make([]byte, -len(b)&3)...)
		out = le.AppendUint32(le.AppendUint32(out, kind), uint32(12+len(b)))
		out = le.AppendUint32(append(out, b...), uint32(12+len(b)))
	}
	ticks := func(t uint64) []byte { return le.AppendUint32(le.AppendUint32(nil, uint32(t>>32)), uint32(t)) }
	option := func(code uint16, v []byte) []byte {
		return append(le.AppendUint16(le.AppendUint16(nil, code), uint16(len(v))), v...)
	}
	block(0x0a0d0d0a, le.AppendUint32(nil, 0x1a2b3c4d), []byte{1, 0, 0, 0}, le.AppendUint64(nil, 1<<64-1))
	block(1, header[20:22], []byte{0, 0}, le.AppendUint32(nil, 262144))
	last := uint64(0)
	for _, r := range all {
		last = uint64(le.Uint32(r))*1e6 + uint64(le.Uint32(r[4:]))
		block(6, le.AppendUint32(nil, 0), ticks(last), r[8:16], r[16:])
	}
	last += uint64(rec.until / time.Microsecond)
	block(5, le.AppendUint32(nil, 0), ticks(last), option(3, ticks(last)),
		option(4, le.AppendUint64(nil, uint64(len(all))+rec.cut)), option(5, le.AppendUint64(nil, rec.lost)))
	return out
}

// A capture's recorder says that it went on while nothing came: then what did
// not come is proven. Where it lost packets of its own, or packets were taken
// out of the file, it is not.
func TestStillRecording(t *testing.T) {
	for _, test := range []struct {
		name, group string
		code        diag.Code
	}{
		{"p1-udp500-dropped", "a", diag.NetUDP500Blocked},
		{"p1-udp500-dropped", "b", diag.NetUDP500Blocked}, // in one folder
		{"p2-esp-blocked", "a", diag.NetESPBlocked},
		{"p1-4500-blocked", "a", diag.NetUDP4500Blocked},
	} {
		both := []ingest.Input{
			given(t, "b", "corpus", "strongswan", test.name, "initiator.pcap"),
			given(t, test.group, "corpus", "strongswan", test.name, "responder.pcap"),
		}
		for _, c := range []struct {
			name string
			rec  recorder
			sure bool
		}{
			{"goes on", recorder{until: time.Minute}, true},
			{"goes on and lost some", recorder{until: time.Minute, lost: 2}, false},
			{"goes on and was cut", recorder{until: time.Minute, cut: 2}, test.name == "p1-4500-blocked"}, // whose packets are long enough
		} {
			r := read(t, both[0], rewritten(t, both[1:], c.rec.pcapng)[0])
			f, ok := r.Cause()
			if !ok || f.Code != test.code || (f.Verdict == diag.Confirmed) != c.sure {
				t.Errorf("%s, whose recorder %s: %s %s\n%s", test.name, c.name, f.Code, f.Verdict, diagtest.Summary(r))
			}
		}
	}
}

// A recorder on a bridge, or on every interface, has each packet twice at the
// same moment: nothing is said that it would not say with one of each.
func TestCopies(t *testing.T) {
	for _, s := range scenarios(t, "*") {
		in := s.inputs(t, subsets[6].takes)
		once := diagnose(t, in)
		twice := diagnose(t, rewritten(t, in, func(header []byte, all [][]byte) []byte {
			out := slices.Clone(header)
			for _, r := range all {
				out = append(out, r...)
				again := slices.Clone(r)
				binary.LittleEndian.PutUint32(again[4:], binary.LittleEndian.Uint32(r[4:])+10)
				out = append(out, again...)
			}
			return out
		}))
		if a, b := codes(once), codes(twice); !slices.Equal(a, b) {
			t.Errorf("%s: %q, with each packet twice %q", s.name, a, b)
		}
	}
}
