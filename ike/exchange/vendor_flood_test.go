package exchange

import (
	"encoding/binary"
	"runtime"
	"testing"

	"github.com/ikediag/ikediag/isakmp"
)

// TestVendorFlood: messages full of vendor IDs, which anybody may send, leave no
// more behind than other first messages do, and a Step lists few of them.
func TestVendorFlood(t *testing.T) {
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	const n, each = 200, 10_000
	w := newWire()
	ps := []payload{sa()}
	for i := range each {
		ps = append(ps, payload{isakmp.PayloadVendorID, []byte{byte(i >> 8), byte(i)}})
	}
	d := w.send(Initiator, w.message(isakmp.Cookie{}, isakmp.ExchangeMain, 0, 0, ps...))
	before := heap()
	var tr Tracker
	var s Step
	for i := range n {
		binary.BigEndian.PutUint32(d.Payload, uint32(i+1))
		tr.Observe(&d, &s)
	}
	if s.Class != Message || s.Attempt == 0 || len(s.Vendors) == 0 || len(s.Vendors) > maxListed {
		t.Errorf("%v, %d vendor IDs are listed", s.Class, len(s.Vendors))
	}
	if used := heap() - before; used > n*(2<<10)+128<<10 {
		t.Errorf("%d KiB for %d negotiations", used>>10, n)
	}
	runtime.KeepAlive(&tr)
	runtime.KeepAlive(&s)
}
