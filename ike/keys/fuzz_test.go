package keys_test

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/keys"
	"github.com/ikediag/ikediag/isakmp"
)

// FuzzOpener shows an Opener any row of messages, each after a length and the
// sender's side. It must not panic, and whatever opens must be a chain of
// payloads.
func FuzzOpener(f *testing.F) {
	p := newPeers(f)
	row := func(all ...sent) []byte {
		var b []byte
		for _, s := range all {
			b = append(binary.BigEndian.AppendUint16(b, uint16(len(s.raw))), byte(s.side))
			b = append(b, s.raw...)
		}
		return b
	}
	f.Add(row(slices.Concat(p.mainMode(), p.quickMode(0, 3))...))
	p = newPeers(f)
	f.Add(row(slices.Concat(p.aggressiveMode(true), p.quickMode(1, 3), []sent{p.inform(0, isakmp.ExchangeInformational, 4)})...))
	p = newPeers(f)
	p.cipher, p.hash, p.auth = [2]uint16{5, 0}, 4, 3
	f.Add(row(p.mainMode()...))
	f.Fuzz(func(t *testing.T, b []byte) {
		p := newPeers(t)
		r := p.ring("canary-psk", "canary-other")
		for i, name := range []string{"SKEYID", "SKEYID_a", "SKEYID_e", "encryption key Ka", "natd_chunk"} {
			if len(b) > 64 {
				r.AddDump(keys.Dump{Name: name, Value: ike.NewSecret(b[i:][:16+i])})
			}
		}
		o := r.Opener(keys.Limits{Attempts: 4, Others: 4, Exchanges: 2, Keys: 8})
		for n := 0; len(b) >= 3 && n < 32; n++ {
			size, side := int(binary.BigEndian.Uint16(b)), b[2]&1
			b = b[3:]
			size = min(size, len(b))
			var m isakmp.Message
			_ = m.Decode(b[:size], size)
			plain, ok := o.Open(nil, b[:size], &m, side == 0)
			res := o.Take()
			if ok != (res.Outcome == keys.Opened) || ok && len(plain) != len(m.Encrypted) {
				t.Errorf("ok %v, %+v, %d octets", ok, res, len(plain))
			}
			if c := isakmp.Walk(m.NextPayload, plain); ok {
				for c.Next() {
				}
				if c.Err() != nil {
					t.Errorf("no chain of payloads: %v", c.Err())
				}
			}
			o.Prove(m.InitiatorCookie, m.ResponderCookie, ike.NewSecret([]byte("canary-psk")))
			b = b[size:]
		}
	})
}

// FuzzTable reads any key table. What it takes is there.
func FuzzTable(f *testing.F) {
	f.Add([]byte("# x\nfafaeb49382a763c,735be0cb62f82675c4f7bf8fbab9b56834ba76d6ab4fa240\n\"ab3e0f1f8bc3be8e\",\"928392441e00ece5\""))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := keys.Ring{Limits: keys.RingLimits{Sets: 8}}
		n, err := r.AddTable(b)
		if n != r.Len() || n > 8 {
			t.Errorf("%d keys, %d kept, %v", n, r.Len(), err)
		}
		if whole := append(b, '\n'); keys.IsTable(whole) && (n == 0 || err != nil && n < 8) {
			t.Errorf("a table of which %d keys were taken: %v", n, err)
		}
	})
}
