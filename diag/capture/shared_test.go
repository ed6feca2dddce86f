package capture_test

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/capture"
	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/ike/exchange"
)

// capturesIn lists the capture files below a folder.
func capturesIn(t testing.TB, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		switch filepath.Ext(path) {
		case ".pcap", ".pcapng", ".cap":
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// row is what the reference says of a frame, or we do, by column.
type row map[string]string

// reference reads the rows of a reference decode by frame number.
func reference(t testing.TB, file string) map[string]row {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(string(b), "\n"), "\n")
	names := strings.Split(lines[0], "\t")
	rows := map[string]row{}
	for _, line := range lines[1:] {
		r := row{}
		for i, v := range strings.Split(line, "\t") {
			if i < len(names) {
				r[names[i]] = v
			}
		}
		rows[r["frame.number"]] = r
	}
	return rows
}

// frameCounts reads the number of frames of each capture from the list of where
// they come from.
func frameCounts(t testing.TB, dir string) map[string]int {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	folder := ""
	for line := range strings.Lines(string(b)) {
		cells := strings.Split(line, "|")
		if len(cells) < 5 {
			continue
		}
		name := strings.TrimSpace(cells[1])
		if f, ok := strings.CutPrefix(name, "**"); ok {
			folder = strings.TrimSuffix(f, "**")
			continue
		}
		if n, err := strconv.Atoi(strings.TrimSpace(cells[3])); err == nil {
			counts[folder+name] = n
		}
	}
	return counts
}

var comparedColumns = []string{"ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "udp.srcport", "udp.dstport", "esp.spi", "esp.sequence", "ah.spi", "ah.sequence"}

// rowOf writes a datagram as the reference writes it.
func rowOf(r *capture.Reader, d *exchange.Datagram) row {
	v := row{}
	add := func(k, s string) {
		if v[k] != "" {
			s = v[k] + "," + s
		}
		v[k] = s
	}
	ends := func(src, dst netip.Addr) {
		if src.Is4() {
			add("ip.src", src.String())
			add("ip.dst", dst.String())
		} else {
			add("ipv6.src", src.String())
			add("ipv6.dst", dst.String())
		}
	}
	for _, h := range r.Enclosing() {
		ends(h.Source, h.Destination)
	}
	ends(d.Source.Addr(), d.Destination.Addr())
	addLayer(add, d)
	var p capture.Peeler
	var inner, next exchange.Datagram
	for inner = *d; p.Within(&inner, &next); inner = next {
		for i, h := range p.Enclosing() {
			if i > 0 {
				ends(h.Source, h.Destination)
			}
		}
		if len(p.Enclosing()) > 0 {
			ends(next.Source.Addr(), next.Destination.Addr())
		}
		addLayer(add, &next)
	}
	return v
}

// addLayer writes what stands behind the IP header.
func addLayer(add func(k, v string), d *exchange.Datagram) {
	sa := func(name string, b []byte) {
		if len(b) >= 4 {
			add(name+".spi", fmt.Sprintf("0x%08x", binary.BigEndian.Uint32(b)))
		}
		if len(b) >= 8 {
			add(name+".sequence", fmt.Sprint(binary.BigEndian.Uint32(b[4:])))
		}
	}
	switch d.Protocol {
	case exchange.ProtocolUDP:
		add("udp.srcport", fmt.Sprint(d.Source.Port()))
		add("udp.dstport", fmt.Sprint(d.Destination.Port()))
		if natt := d.Source.Port() == 4500 || d.Destination.Port() == 4500; natt && len(d.Payload) >= 4 && binary.BigEndian.Uint32(d.Payload) != 0 {
			sa("esp", d.Payload)
		}
	case exchange.ProtocolESP:
		sa("esp", d.Payload)
	case exchange.ProtocolAH:
		if len(d.Payload) >= 12 {
			sa("ah", d.Payload[4:])
		}
	}
}

// TestReference compares every capture with a reference decode: addresses,
// ports, SPIs and sequence numbers, frame by frame.
func TestReference(t *testing.T) {
	dir := recordings.Path(t, "captures")
	counts := frameCounts(t, dir)
	compared, counted := 0, 0
	for _, path := range capturesIn(t, dir) {
		rel, _ := filepath.Rel(dir, path)
		name := filepath.ToSlash(rel)
		expected := filepath.Join(dir, "expected", strings.Replace(name, "/", "__", 1)+".tsv")
		if _, err := os.Stat(expected); err != nil {
			t.Logf("%s: no reference decode", name)
			continue
		}
		rows := reference(t, expected)
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		r, err := capture.NewReader(f, capture.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for d, err := range r.All() {
			if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
			number := fmt.Sprint(d.Frame)
			want := rows[number]
			if want == nil {
				continue
			}
			delete(rows, number)
			got := rowOf(r, d)
			for _, c := range comparedColumns {
				compared++
				if got[c] != want[c] {
					t.Errorf("%s frame %s %s: got %q, reference %q", name, number, c, got[c], want[c])
				}
			}
		}
		if n, ok := counts[name]; ok {
			counted++
			if c := r.Coverage(); c.Frames != n {
				t.Errorf("%s: %d frames, listed with %d", name, c.Frames, n)
			}
		}
		for number := range rows {
			t.Errorf("%s frame %s: not delivered, reference %v", name, number, rows[number]["ip.src"])
		}
		_ = f.Close()
	}
	if counted < 100 || compared < 20000 {
		t.Errorf("only %d captures counted, %d columns compared", counted, compared)
	}
}

// TestCorpus reads the recordings of the fault lab: each has the ports and
// protocols that its tunnel needs, and none has a frame that is not understood.
func TestCorpus(t *testing.T) {
	dir := recordings.Path(t, "corpus")
	files := capturesIn(t, dir)
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		r, err := capture.NewReader(f, capture.Options{})
		if err != nil {
			t.Fatal(path, err)
		}
		for d, err := range r.All() {
			if err != nil {
				t.Fatal(path, err)
			}
			if d.Time.Before(r.Coverage().First) || d.Time.IsZero() {
				t.Errorf("%s frame %d: time %v", path, d.Frame, d.Time)
			}
			if len(d.Payload) != d.WireLen && !d.Incomplete {
				t.Errorf("%s frame %d: %d of %d bytes", path, d.Frame, len(d.Payload), d.WireLen)
			}
		}
		c := r.Coverage()
		if c.Malformed != 0 || c.UnknownLink != 0 || c.CutFrames != 0 || c.CutEnd {
			t.Errorf("%s: %+v", path, c)
		}
		_ = f.Close()
	}
	if len(files) < 100 {
		t.Errorf("only %d recordings", len(files))
	}
}
