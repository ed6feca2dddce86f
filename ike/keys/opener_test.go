package keys_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/keys"
	"github.com/ikediag/ikediag/isakmp"
)

// TestSuites: every cipher with every hash, in main mode and with what follows.
func TestSuites(t *testing.T) {
	for _, c := range [][2]uint16{{1, 0}, {5, 0}, {7, 0}, {7, 128}, {7, 192}, {7, 256}, {3, 0}, {3, 128}, {3, 40}, {6, 0}, {6, 128}, {6, 96}} {
		for _, h := range []uint16{1, 2, 4, 5, 6} {
			for _, auth := range []uint16{1, 3} {
				t.Run(fmt.Sprint(c, h, auth), func(t *testing.T) {
					p := newPeers(t)
					p.cipher, p.hash, p.auth = c, h, auth
					all := slices.Concat(p.mainMode(), p.quickMode(keys.Initiator, 0x1234),
						[]sent{p.inform(keys.Responder, isakmp.ExchangeInformational, 9), p.inform(keys.Initiator, isakmp.ExchangeTransaction, 10)})
					o := p.ring("canary-psk").Opener(keys.Limits{})
					for i, s := range all {
						_, r := p.open(o, s)
						switch {
						case i < 4 && r != (keys.Result{}):
							t.Errorf("clear message %d: %+v", i+1, r)
						case i < 4:
						case r.Outcome != keys.Opened || r.Err != nil:
							t.Errorf("message %d: %v, %v", i+1, r.Outcome, r.Err)
						case r.Hash != keys.CheckVerified && (i > 5 || auth == 1):
							t.Errorf("message %d: HASH %v", i+1, r.Hash)
						}
					}
				})
			}
		}
	}
}

// TestAggressive: whether the last message is encrypted or not, what follows
// opens, and the HASHes that are in the clear prove the keys.
func TestAggressive(t *testing.T) {
	for _, sealed := range []bool{true, false} {
		for _, other := range []bool{false, true} {
			p := newPeers(t)
			if other {
				p.psk[1] = "canary-other"
			}
			all := p.aggressiveMode(sealed)
			if !other {
				all = append(all, p.quickMode(keys.Responder, 5)...)
			}
			o := p.ring("canary-psk").Opener(keys.Limits{})
			for i, s := range all {
				if _, r := p.open(o, s); i > 2 && (r.Outcome != keys.Opened || r.Hash != keys.CheckVerified) {
					t.Errorf("sealed %v, message %d: %v, %v", sealed, i+1, r.Outcome, r.Err)
				}
			}
			proof := o.Prove(p.cookies[0], p.cookies[1], ike.NewSecret([]byte("canary-psk")))
			if proof[keys.Initiator].Verdict != keys.Equal {
				t.Errorf("sealed %v: the initiator: %+v", sealed, proof[keys.Initiator])
			}
			want := keys.Equal
			if other {
				want = keys.Different
			}
			if proof[keys.Responder].Verdict != want {
				t.Errorf("sealed %v: the responder: %+v", sealed, proof[keys.Responder])
			}
		}
	}
}

// TestRetransmissions: a message shown again, right after or later, gives the
// same plaintext and moves nothing on.
func TestRetransmissions(t *testing.T) {
	p := newPeers(t)
	all := slices.Concat(p.mainMode(), p.quickMode(keys.Initiator, 0x1234))
	o := p.ring("canary-psk").Opener(keys.Limits{})
	var first [][]byte
	for i, s := range all {
		plain, r := p.open(o, s)
		first = append(first, plain)
		if i < 4 {
			continue
		}
		if r.Outcome != keys.Opened || r.Repeated {
			t.Fatalf("message %d: %+v", i+1, r)
		}
		for j := 4; j <= i; j++ {
			again, r := p.open(o, all[j])
			if r.Outcome != keys.Opened || !r.Repeated || r.Hash != keys.CheckVerified || !bytes.Equal(again, first[j]) {
				t.Errorf("message %d after %d: %+v", j+1, i+1, r)
			}
		}
	}
}

// TestInterleaved: exchanges have vectors of their own, whoever begins them.
func TestInterleaved(t *testing.T) {
	p := newPeers(t)
	o := p.ring("canary-psk").Opener(keys.Limits{})
	for _, s := range p.mainMode() {
		p.open(o, s)
	}
	a, b := p.quickMode(keys.Initiator, 1), p.quickMode(keys.Responder, 2)
	n := p.inform(keys.Responder, isakmp.ExchangeInformational, 3)
	for i, s := range []sent{a[0], b[0], n, b[1], a[1], a[2], b[2]} {
		if _, r := p.open(o, s); r.Outcome != keys.Opened || r.Hash != keys.CheckVerified {
			t.Errorf("%d: %+v", i, r)
		}
	}
}

// TestOutcomes tells a wrong key, a damaged message, a missing one and a
// missing key apart.
func TestOutcomes(t *testing.T) {
	flip := func(s sent, at int) sent {
		b := bytes.Clone(s.raw)
		if at < 0 {
			at += len(b)
		}
		b[at] ^= 0x5a
		return sent{b, s.side}
	}
	for _, test := range []struct {
		name string
		ring func(p *peers) *keys.Ring
		// pick returns the messages to show; the last one counts.
		pick func(p *peers, main, quick []sent) []sent
		want keys.Outcome
		err  error
	}{
		{"right", nil, func(p *peers, m, q []sent) []sent { return append(m, q[0]) }, keys.Opened, nil},
		{"empty ring", func(p *peers) *keys.Ring { return &keys.Ring{} }, func(p *peers, m, q []sent) []sent { return m }, keys.NoKey, keys.ErrNoKey},
		{"no PSK", func(p *peers) *keys.Ring { return p.ring() }, func(p *peers, m, q []sent) []sent { return m }, keys.NoKey, keys.ErrNoKey},
		{"wrong PSK", func(p *peers) *keys.Ring { return p.ring("canary-x") }, func(p *peers, m, q []sent) []sent { return m[:5] }, keys.WrongKey, keys.ErrWrongKey},
		{"other's table", func(p *peers) *keys.Ring {
			r := &keys.Ring{}
			if err := r.AddKey(isakmp.Cookie{9}, ike.NewSecret(make([]byte, 16))); err != nil {
				t.Fatal(err)
			}
			return r
		}, func(p *peers, m, q []sent) []sent { return m[:5] }, keys.NoKey, keys.ErrNoKey},
		{"wrong table", func(p *peers) *keys.Ring {
			r := &keys.Ring{}
			if err := r.AddKey(p.cookies[0], ike.NewSecret(make([]byte, 16))); err != nil {
				t.Fatal(err)
			}
			return r
		}, func(p *peers, m, q []sent) []sent { return append(m, q...) }, keys.WrongKey, keys.ErrWrongKey},
		{"table of another length", func(p *peers) *keys.Ring {
			r := &keys.Ring{}
			if err := r.AddKey(p.cookies[0], ike.NewSecret(make([]byte, 24))); err != nil {
				t.Fatal(err)
			}
			return r
		}, func(p *peers, m, q []sent) []sent { return m[:5] }, keys.NoKey, keys.ErrKeyLength},
		{"first block damaged", nil, func(p *peers, m, q []sent) []sent { return append(m[:4], flip(m[4], isakmp.HeaderLen+2)) }, keys.Damaged, keys.ErrDamaged},
		{"second payload damaged", nil, func(p *peers, m, q []sent) []sent { return append(m[:4], flip(m[4], isakmp.HeaderLen+3)) }, keys.Damaged, keys.ErrDamaged},
		{"quick mode damaged", nil, func(p *peers, m, q []sent) []sent { return append(m, flip(q[0], isakmp.HeaderLen+40)) }, keys.Damaged, keys.ErrDamaged},
		{"quick mode damaged in its nonce", nil, func(p *peers, m, q []sent) []sent {
			at := len(chainOf(part{8, make([]byte, 20)}, part{1, p.saBody(1)}))
			return append(m, flip(q[0], isakmp.HeaderLen+at-at%16+16))
		}, keys.Damaged, keys.ErrDamaged},
		{"last block damaged", nil, func(p *peers, m, q []sent) []sent { return append(m, flip(q[0], -3)) }, keys.Damaged, keys.ErrHash},
		{"not a multiple", nil, func(p *peers, m, q []sent) []sent {
			return append(m, sent{p.message(32, 3, 1, 8, p.cookies[1], q[0].raw[isakmp.HeaderLen:len(q[0].raw)-3]), 0})
		}, keys.Damaged, keys.ErrDamaged},
		{"nothing inside", nil, func(p *peers, m, q []sent) []sent {
			return append(m, sent{p.message(32, 3, 1, 8, p.cookies[1], nil), 0})
		}, keys.Damaged, keys.ErrDamaged},
		{"quick mode's first message lost", nil, func(p *peers, m, q []sent) []sent { return append(m, q[1]) }, keys.NoContext, keys.ErrIV},
		{"phase 1 not recorded", nil, func(p *peers, m, q []sent) []sent { return q }, keys.NoContext, keys.ErrIncomplete},
		{"key exchange not recorded", func(p *peers) *keys.Ring {
			r := &keys.Ring{}
			_, _, _, ka := p.keys(0)
			if err := r.AddKey(p.cookies[0], ike.NewSecret(ka)); err != nil {
				t.Fatal(err)
			}
			return r
		}, func(p *peers, m, q []sent) []sent { return []sent{m[0], m[1], m[4]} }, keys.NoContext, keys.ErrIV},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newPeers(t)
			main, quick := p.mainMode(), p.quickMode(keys.Initiator, 77)
			r := p.ring("canary-psk")
			if test.ring != nil {
				r = test.ring(p)
			}
			o := r.Opener(keys.Limits{})
			var res keys.Result
			for _, s := range test.pick(p, main, quick) {
				_, res = p.open(o, s)
			}
			if res.Outcome != test.want || !errors.Is(res.Err, test.err) {
				t.Errorf("%v, %v; want %v, %v", res.Outcome, res.Err, test.want, test.err)
			}
		})
	}
}

// TestChangedHash: a quick mode whose HASH is damaged and all else is not.
func TestChangedHash(t *testing.T) {
	p := newPeers(t)
	p.hash = 6 // 64 octets: two blocks have nothing else in them
	o := p.ring("canary-psk").Opener(keys.Limits{})
	for _, s := range p.mainMode() {
		p.open(o, s)
	}
	s := p.quickMode(keys.Initiator, 3)[0]
	s.raw[isakmp.HeaderLen+33] ^= 1
	if _, r := p.open(o, s); r.Outcome != keys.Damaged || r.Hash != keys.CheckFailed || !errors.Is(r.Err, keys.ErrHash) || !errors.Is(r.Err, keys.ErrDamaged) {
		t.Errorf("%+v", r)
	}
}

// TestUnsupported: an algorithm that nobody computes is named.
func TestUnsupported(t *testing.T) {
	p := newPeers(t)
	all := p.mainMode()
	for _, c := range [][2]uint16{{2, 0}, {8, 128}, {7, 129}, {6, 80}} {
		p.cipher = c
		all[1].raw = p.clear(isakmp.ExchangeMain, p.cookies[1], part{1, p.saBody(1)})
		o := p.ring("canary-psk").Opener(keys.Limits{})
		var r keys.Result
		for _, s := range all[:5] {
			_, r = p.open(o, s)
		}
		if r.Outcome != keys.Unsupported || !errors.Is(r.Err, keys.ErrUnsupported) && !errors.Is(r.Err, keys.ErrKeyLength) {
			t.Errorf("%v: %+v", c, r)
		}
	}
}

// TestLost: after a loss a later message of the exchange opens again, and a
// message that its sender made without the one before it, too.
func TestLost(t *testing.T) {
	p := newPeers(t)
	main, quick := p.mainMode(), p.quickMode(keys.Initiator, 77)
	o := p.ring("canary-psk").Opener(keys.Limits{})
	for _, s := range main {
		p.open(o, s)
	}
	p.open(o, quick[1]) // quick[0] was not recorded
	if _, r := p.open(o, quick[2]); r.Outcome != keys.Opened || r.Hash != keys.CheckNone {
		t.Errorf("message 3 after 2: %+v", r)
	}

	// Message 6 was not recorded; the responder begins phase 2 from it, and
	// the initiator, who never got it, complains from message 5.
	p = newPeers(t)
	main = p.mainMode()
	o = p.ring("canary-psk").Opener(keys.Limits{})
	p.last = main[4].raw[len(main[4].raw)-16:]
	complaint := p.inform(keys.Initiator, isakmp.ExchangeInformational, 4)
	for _, s := range main {
		p.open(o, s)
	}
	if _, r := p.open(o, complaint); r.Outcome != keys.Opened || r.Hash != keys.CheckVerified {
		t.Errorf("complaint: %+v", r)
	}
}

// TestTwoKeys: with pre-shared keys that differ, each side's messages open
// with its own key.
func TestTwoKeys(t *testing.T) {
	p := newPeers(t)
	p.psk[1] = "canary-other"
	main := p.mainMode()
	p.last = nil // the responder could not read message 5
	complaint := p.inform(keys.Responder, isakmp.ExchangeInformational, 8)
	r := p.ring("canary-other", "canary-psk")
	o := r.Opener(keys.Limits{})
	for i, s := range append(main[:5:5], complaint) {
		if _, r := p.open(o, s); i > 3 && (r.Outcome != keys.Opened || r.Hash != keys.CheckVerified) {
			t.Errorf("message %d: %+v", i+1, r)
		}
	}
	for side, want := range map[keys.Side]string{keys.Initiator: "canary-psk", keys.Responder: "canary-other"} {
		for _, k := range []string{"canary-psk", "canary-other"} {
			v := o.Prove(p.cookies[0], p.cookies[1], ike.NewSecret([]byte(k)))[side].Verdict
			if (v == keys.Equal) != (k == want) || v == keys.NotCheckable {
				t.Errorf("%v with %s: %v", side, k, v)
			}
		}
	}
}

// TestRandomPadding: some pad by more than it takes, with anything.
func TestRandomPadding(t *testing.T) {
	p := newPeers(t)
	p.pad = bytes.Repeat([]byte{0xee}, 120)
	o := p.ring("canary-psk").Opener(keys.Limits{})
	for i, s := range slices.Concat(p.mainMode(), p.quickMode(keys.Initiator, 2)) {
		if _, r := p.open(o, s); i > 3 && r.Outcome != keys.Opened {
			t.Errorf("message %d: %+v", i+1, r)
		}
	}
}

// TestForgedHash: phase 1 shows an identity whose HASH is wrong, phase 2 does
// not open.
func TestForgedHash(t *testing.T) {
	p := newPeers(t)
	main := p.mainMode()
	o := p.ring("canary-psk").Opener(keys.Limits{})
	p.last = nil
	main[4].raw = p.seal(0, isakmp.ExchangeMain, 0, 5, chainOf(part{5, idBody[0]}, part{8, make([]byte, 20)}))
	var r keys.Result
	var plain []byte
	for _, s := range main[:5] {
		plain, r = p.open(o, s)
	}
	if r.Outcome != keys.Opened || r.Hash != keys.CheckFailed || !errors.Is(r.Err, keys.ErrHash) || !bytes.Contains(plain, []byte("left.example")) {
		t.Errorf("%+v", r)
	}
	if v := o.Prove(p.cookies[0], p.cookies[1], ike.NewSecret([]byte("canary-psk")))[0]; v.Verdict != keys.Equal || !errors.Is(v.Err, keys.ErrHash) {
		t.Errorf("%+v", v)
	}
}
