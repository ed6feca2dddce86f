package capture

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
)

// FuzzReader: any file is read to its end without a panic, within memory that
// the limits set, and each datagram lies within what was recorded.
func FuzzReader(f *testing.F) {
	var frames [][]byte
	for _, w := range wrappings() {
		if w.link == LinkEthernet {
			frames = append(frames, w.frame)
		}
	}
	for _, o := range []order{binary.LittleEndian, binary.BigEndian} {
		f.Add(pcapFile(o, 0xa1b2c3d4, LinkEthernet, frames...))
		f.Add(pcapFile(o, 0xa1b23c4d, LinkRaw, parts(udp(500, 500, long()), 1232, false)...))
		f.Add(pcapFile(o, 0xa1b2cd34, LinkRaw, ike4()))
		f.Add(sample(o))
	}
	f.Add([]byte("12:00:00.000001 IP (tos 0x0, ttl 64)\n    192.0.2.1.500 > 198.51.100.2.500: isakmp 1.0 msgid 00000000: phase 1 I ident:\n\t0x0000:  4500\n"))
	f.Add([]byte("192.0.2.1 > 198.51.100.2: **ip-  \nproto-50** 132 (ttl 128, id 32522)\n"))
	texts, _ := filepath.Glob(filepath.Join("testdata", "*.plain.txt"))
	for _, name := range texts {
		if b, err := os.ReadFile(name); err == nil {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		limits := Limits{Frame: 4 << 10, Block: 8 << 10, Interfaces: 16, Notes: 8, Record: 4 << 10}
		r, err := NewReader(bytes.NewReader(file), Options{Limits: limits})
		if err != nil {
			return
		}
		var d exchange.Datagram
		n := 0
		for r.Next(&d) {
			n++
			if len(d.Payload) > d.WireLen && !d.Incomplete && !(r.format == FormatText && !r.Said().LengthKnown) {
				t.Fatalf("%d of %d bytes", len(d.Payload), d.WireLen)
			}
			if !d.Source.Addr().IsValid() || !d.Destination.Addr().IsValid() || d.Frame < 1 || len(r.Enclosing()) > maxTunnels {
				t.Fatalf("%+v", d)
			}
			if y := d.Time.Year(); y > 9999 {
				t.Fatal(d.Time)
			}
		}
		if r.Next(&d) {
			t.Fatal("more after the end")
		}
		c := r.Coverage()
		if n != c.Datagrams || n > c.Frames+c.Incomplete || len(r.w.buf) > 128<<10 || len(r.notes) > 8 || len(c.Interfaces) > 16 {
			t.Fatalf("%d datagrams, window %d: %+v", n, len(r.w.buf), c)
		}
	})
}

// FuzzPeel: any bytes of any link type, as a sequence of frames that share the
// table of fragments.
func FuzzPeel(f *testing.F) {
	for _, w := range wrappings() {
		f.Add(uint16(w.link), uint16(len(w.frame)), join(w.frame, w.frame))
	}
	for _, v6 := range []bool{false, true} {
		all := bytes.Join(parts(udp(500, 500, long()), 1232, v6), nil)
		f.Add(uint16(LinkRaw), uint16(len(parts(udp(500, 500, long()), 1232, v6)[0])), all)
	}
	f.Fuzz(func(t *testing.T, link, size uint16, b []byte) {
		p := Peeler{Limits: Limits{Assemblies: 16}}
		var q Peeler
		var d, inner exchange.Datagram
		at := time.Unix(1700000000, 0)
		n := max(int(size), len(b)/64, 1)
		for i := 0; len(b) > 0; i++ {
			fr := Frame{Data: b[:min(n, len(b))], WireLen: n, Link: LinkType(link), Number: i + 1, Time: at.Add(time.Duration(i) * 10 * time.Second)}
			b = b[len(fr.Data):]
			for p.Expired(&d) {
				check(t, &d)
			}
			if p.Peel(&fr, &d) == Delivered {
				check(t, &d)
				for range 4 {
					if !q.Within(&d, &inner) {
						break
					}
					if len(inner.Payload) > len(d.Payload) {
						t.Fatal("more inside than outside")
					}
					d = inner
				}
			}
		}
		for p.Flush(); p.Expired(&d); {
			check(t, &d)
		}
		if len(p.frags.table)+len(p.frags.gone) > 0 || len(p.frags.free) > 16+maxTunnels+1 {
			t.Fatal("fragments are left", len(p.frags.free))
		}
	})
}

func check(t *testing.T, d *exchange.Datagram) {
	t.Helper()
	if len(d.Payload) > maxDatagram+1 || d.WireLen < 0 || len(d.Payload) > d.WireLen && !d.Incomplete || !d.Source.Addr().IsValid() {
		t.Fatalf("%d of %d bytes, %+v", len(d.Payload), d.WireLen, d.Source)
	}
}
