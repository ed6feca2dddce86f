package esp_test

import (
	"encoding/binary"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/capture"
	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/esp"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/ike/state"
)

// onCorpus runs a test over the recordings of the fault lab that are copied
// here, and over all of them where they stand beside the module.
func onCorpus(t *testing.T, f func(t *testing.T, dir string, all bool)) {
	t.Run("testdata", func(t *testing.T) { f(t, filepath.Join("testdata", "corpus"), false) })
	t.Run("all", func(t *testing.T) { f(t, recordings.Path(t, "corpus"), true) })
}

// files lists the files below a folder whose name ends so.
func files(t testing.TB, dir, suffix string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, suffix) {
			list = append(list, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// kernel returns the SAs in a listing of a kernel.
func kernel(t testing.TB, path string) []state.KernelSA {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	st, err := state.Parse(path, f)
	if err != nil {
		t.Fatal(err)
	}
	return st.Kernel
}

// newSA makes an SA of a kernel's.
func newSA(t testing.TB, k *state.KernelSA) (*esp.SA, esp.Transform) {
	t.Helper()
	tr, ok := esp.KernelTransform(k.Cipher, k.Integrity, k.AEAD, k.CipherBits, k.TruncBits)
	if !ok {
		t.Fatalf("%s/%s/%s is not known", k.Cipher, k.Integrity, k.AEAD)
	}
	tr.ESN = k.ESN
	sa, err := esp.NewSA(tr, esp.Keys{Cipher: k.CipherKey, Integrity: k.IntegrityKey})
	if err != nil {
		t.Fatal(err)
	}
	return sa, tr
}

// eachDatagram calls f for every datagram of a capture.
func eachDatagram(t testing.TB, path string, f func(d *exchange.Datagram)) {
	t.Helper()
	src, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	r, err := capture.NewReader(src, capture.Options{})
	if err != nil {
		t.Logf("%s: %v", path, err)
		return
	}
	var d exchange.Datagram
	for r.Next(&d) {
		f(&d)
	}
}

// espOf returns the ESP packet in a datagram, false where there is none.
func espOf(d *exchange.Datagram, p *esp.Packet) bool {
	b := d.Payload
	switch d.Protocol {
	case exchange.ProtocolESP:
	case exchange.ProtocolUDP:
		var u esp.UDP
		if d.Source.Port() != esp.PortUDP && d.Destination.Port() != esp.PortUDP ||
			u.Decode(b, d.WireLen) != nil || u.Kind != esp.UDPESP {
			return false
		}
		b = u.Body
	default:
		return false
	}
	return p.Decode(b, d.WireLen) == nil
}

func icvOf(t esp.Transform) int {
	s, _ := t.Sizes()
	return s.ICV
}

// rawPackets returns the IP packets of a classic pcap file, headers included.
func rawPackets(t testing.TB, path string) (list [][]byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var order binary.ByteOrder = binary.LittleEndian
	if binary.BigEndian.Uint32(b)&^0xff == 0xa1b2c300&^0xff {
		order = binary.BigEndian
	}
	skip, ok := map[uint32]int{1: 14, 101: 0, 113: 16, 276: 20}[order.Uint32(b[20:])]
	if !ok {
		t.Fatalf("%s: link type %d", path, order.Uint32(b[20:]))
	}
	for b = b[24:]; len(b) >= 16; {
		n := int(order.Uint32(b[8:]))
		list = append(list, b[16+skip:16+n])
		b = b[16+n:]
	}
	return list
}
