package keys_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/keys"
	"github.com/ikediag/ikediag/isakmp"
)

func TestTable(t *testing.T) {
	table := "\ufeff# comment\r\n\r\n\"fafaeb49382a763c\",\"735be0cb62f82675\"\r\n" +
		" ab3e0f1f8bc3be8e , 928392441e00ece5e8af3bc545416e86 \n" +
		"29f6006212625def;c26a81baec6070d2\n" + // 5
		"29f6006212625de,c26a81baec6070d2\n" +
		"29f6006212625def,c26a81baec6070dx\n" +
		"29f6006212625def,c26a81baec6070d\n" +
		"29f6006212625def,\n" +
		"29f6006212625def,aabb\n" + // 10
		"0000000000000000,c26a81baec6070d2\n" +
		"29f6006212625def," + strings.Repeat("ab", 57)
	var r keys.Ring
	n, err := r.AddTable([]byte(table))
	if n != 2 || r.Len() != 2 {
		t.Errorf("%d keys", n)
	}
	var lines []int
	for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
		var p *keys.ParseError
		if !errors.As(e, &p) {
			t.Fatalf("%T", e)
		}
		lines = append(lines, p.Line)
		if p.Line == 5 && !strings.HasPrefix(table[p.Offset:], "29f6006212625def;") {
			t.Errorf("offset %d", p.Offset)
		}
	}
	if !slices.Equal(lines, []int{5, 6, 7, 8, 9, 10, 11, 12}) || !errors.Is(err, keys.ErrSyntax) || !errors.Is(err, keys.ErrKeyLength) {
		t.Errorf("%v: %v", lines, err)
	}
	if n, err := r.AddTable(nil); n != 0 || err != nil {
		t.Error(n, err)
	}
}

func TestRingLimits(t *testing.T) {
	r := keys.Ring{Limits: keys.RingLimits{Sets: 2, PSKs: 1}}
	k := ike.NewSecret(make([]byte, 16))
	for i := range 4 {
		if err := r.AddKey(isakmp.Cookie{byte(i + 1)}, k); (err == nil) != (i < 2) || err != nil && !errors.Is(err, keys.ErrFull) {
			t.Error(i, err)
		}
	}
	for i, want := range []error{nil, nil, keys.ErrFull} {
		if err := r.AddPSK(ike.NewSecret([]byte{byte(i / 2)})); !errors.Is(err, want) {
			t.Error(i, err)
		}
	}
	if r.AddDump(keys.Dump{Name: "SKEYID", Value: k}) {
		t.Error("added to a full ring")
	}
	if r.Len() != 3 || r.Refused() != 4 {
		t.Errorf("%d, refused %d", r.Len(), r.Refused())
	}
	for _, err := range []error{r.AddKey(isakmp.Cookie{}, k), r.AddKey(isakmp.Cookie{1}, ike.Secret{}), r.AddPSK(ike.Secret{}),
		r.AddDH(isakmp.Cookie{}, ike.Secret{}), r.AddPrivate(isakmp.Cookie{}, k), r.AddPrivate(isakmp.Cookie{1}, ike.Secret{})} {
		if !errors.Is(err, keys.ErrIncomplete) && !errors.Is(err, keys.ErrKeyLength) {
			t.Error(err)
		}
	}
	var none keys.Ring
	if none.Len() != 0 || none.Refused() != 0 {
		t.Error("the zero Ring")
	}
}

// TestDumps: each way of writing the values down, and each part of them alone.
func TestDumps(t *testing.T) {
	p := newPeers(t)
	main, quick := p.mainMode(), p.quickMode(keys.Responder, 5)
	id, a, _, ka := p.keys(0)
	iv := p.digest(p.ke[0], p.ke[1])
	e := p.prf(id, a, p.dh, p.cookies[0][:], p.cookies[1][:], []byte{2})
	natd := slices.Concat(p.cookies[0][:], p.cookies[1][:], []byte{192, 0, 2, 1, 1, 244})
	strange := slices.Concat([]byte{1, 1, 1, 1, 1, 1, 1, 1}, p.cookies[1][:], []byte{192, 0, 2, 1, 1, 244})
	type d struct {
		name  string
		value []byte
	}
	old := []d{{"shared Diffie Hellman secret", []byte{1, 2}}, {"SKEYID", []byte{3}}, {"SKEYID_e", []byte{4}}, {"encryption key Ka", make([]byte, 16)}, {"initial IV", make([]byte, 16)}}
	for name, test := range map[string]struct {
		dumps []d
		want  keys.Outcome
		hash  keys.Check
	}{
		"charon":          {[]d{{"natd_chunk", natd}, {"shared Diffie Hellman secret", p.dh}, {"SKEYID", id}, {"SKEYID_a", a}, {"SKEYID_e", e}, {"encryption key Ka", ka}, {"initial IV", iv[:16]}}, keys.Opened, keys.CheckVerified},
		"after another":   {append(old, d{"shared Diffie Hellman secret", p.dh}, d{"SKEYID", id}), keys.Opened, keys.CheckVerified},
		"racoon":          {[]d{{"compute DH's shared.", p.dh}, {"SKEYID computed:", id}, {"final encryption key computed:", ka}, {"IV computed:", iv}}, keys.Opened, keys.CheckVerified},
		"pluto":           {[]d{{"Skeyid_a:", a}, {"Skeyid_e:", e}, {"enc key:", ka}, {"IV:", iv}}, keys.Opened, keys.CheckVerified},
		"the key":         {[]d{{"encryption key Ka", ka}}, keys.Opened, keys.CheckNone},
		"SKEYID_e":        {[]d{{"SKEYID_e", e}}, keys.Opened, keys.CheckNone},
		"mixed up":        {[]d{{"SKEYID_a", make([]byte, 20)}, {"SKEYID_e", make([]byte, 20)}, {"encryption key Ka", ka}}, keys.Opened, keys.CheckNone},
		"of another":      {[]d{{"natd_chunk", strange}, {"encryption key Ka", ka}}, keys.NoKey, keys.CheckNone},
		"another's IV":    {[]d{{"encryption key Ka", ka}, {"initial IV", make([]byte, 16)}}, keys.NoKey, keys.CheckNone},
		"wrong, but tied": {[]d{{"encryption key Ka", make([]byte, 16)}, {"initial IV", iv[:16]}}, keys.WrongKey, keys.CheckNone},
	} {
		t.Run(name, func(t *testing.T) {
			var r keys.Ring
			for _, d := range test.dumps {
				if !r.AddDump(keys.Dump{Name: d.name, Value: ike.NewSecret(d.value)}) {
					t.Errorf("%s is of no use", d.name)
				}
			}
			n := r.Len()
			for _, d := range test.dumps[max(0, len(test.dumps)-2):] { // said twice
				r.AddDump(keys.Dump{Name: d.name, Value: ike.NewSecret(d.value)})
			}
			if r.Len() != n {
				t.Errorf("%d sets, then %d", n, r.Len())
			}
			o := r.Opener(keys.Limits{})
			for i, s := range slices.Concat(main, quick) {
				if _, res := p.open(o, s); i > 3 && (res.Outcome != test.want || res.Hash != test.hash && i > 5) {
					t.Errorf("message %d: %v, HASH %v, %v", i+1, res.Outcome, res.Hash, res.Err)
				}
			}
		})
	}
	var r keys.Ring
	for _, d := range []keys.Dump{{}, {Name: "SKEYID"}, {Name: "next IV for MID 0", Value: ike.NewSecret(iv)}, {Name: strings.Repeat("SKEYID", 99), Value: ike.NewSecret(iv)},
		{Name: "natd_chunk", Value: ike.NewSecret(iv)}, {Name: "SKEYID", Value: ike.NewSecret(make([]byte, 2000))}} {
		if r.AddDump(d) || r.Len() != 0 {
			t.Errorf("%q taken", d.Name)
		}
	}
}

// TestPrivate: the private value of either side opens everything.
func TestPrivate(t *testing.T) {
	x := [2]ike.Secret{ike.NewSecret([]byte("canary-private-one")), ike.NewSecret([]byte("canary-private-two"))}
	p := newPeers(t)
	for i := range x {
		p.ke[i], _ = keys.PublicValue(ike.GroupMODP1024, x[i])
	}
	dh, _ := keys.SharedSecret(ike.GroupMODP1024, x[0], p.ke[1])
	p.dh = dh.Reveal()
	main := p.mainMode()
	for i, want := range []keys.Outcome{keys.Opened, keys.Opened, keys.NoKey} {
		var r keys.Ring
		private := ike.NewSecret([]byte("canary-of-nobody"))
		if i < 2 {
			private = x[i]
		}
		if err := errors.Join(r.AddPrivate(p.cookies[0], private), r.AddPSK(ike.NewSecret([]byte("canary-psk")))); err != nil {
			t.Fatal(err)
		}
		o := r.Opener(keys.Limits{})
		for j, s := range main {
			if _, res := p.open(o, s); j > 3 && res.Outcome != want {
				t.Errorf("%d, message %d: %+v", i, j+1, res)
			}
		}
		if v := o.Prove(p.cookies[0], p.cookies[1], ike.NewSecret([]byte("canary-psk")))[1]; (v.Verdict == keys.Equal) != (i < 2) {
			t.Errorf("%d: %+v", i, v)
		}
	}
}

// TestFlood: forged first messages evict no negotiation that got anywhere, and
// what is kept is bounded.
func TestFlood(t *testing.T) {
	p := newPeers(t)
	o := p.ring("canary-psk").Opener(keys.Limits{Attempts: 3, Others: 4, Exchanges: 2})
	for _, s := range p.mainMode() {
		p.open(o, s)
	}
	for i := range 100 {
		q := newPeers(t)
		q.cookies[0] = isakmp.Cookie{9, byte(i + 1)}
		q.open(o, q.mainMode()[0])
	}
	if n := keys.Kept(o); n != 4+1 {
		t.Errorf("%d attempts", n)
	}
	for i, s := range p.quickMode(keys.Initiator, 1) {
		if _, r := p.open(o, s); r.Outcome != keys.Opened || r.Hash != keys.CheckVerified {
			t.Errorf("message %d: %+v", i+1, r)
		}
	}
	for i := range 50 {
		if _, r := p.open(o, p.inform(keys.Initiator, isakmp.ExchangeInformational, uint32(100+i))); r.Outcome != keys.Opened {
			t.Errorf("%+v", r)
		}
	}
	for i := range 10 {
		q := newPeers(t)
		q.cookies[0] = isakmp.Cookie{8, byte(i + 1)}
		for _, s := range q.mainMode() {
			q.open(o, s)
		}
	}
	if n := keys.Kept(o); n > 4+3 {
		t.Errorf("%d attempts", n)
	}
}

// TestForgedMessages: encrypted messages that nobody has a key for push no
// vector out of its chain, and no negotiation out of the Opener.
func TestForgedMessages(t *testing.T) {
	p := newPeers(t)
	o := p.ring("canary-psk").Opener(keys.Limits{Others: 4})
	forge := func(x isakmp.ExchangeType, id uint32) {
		for i := range 20 {
			junk := bytes.Repeat([]byte{0xc3, byte(i), 0x91, 0x5d}, 24)
			raw := p.message(x, id, isakmp.FlagEncryption, isakmp.PayloadHash, p.cookies[1], junk)
			if _, r := p.open(o, sent{raw, keys.Side(i % 2)}); r.Outcome == keys.Opened {
				t.Fatal("opened")
			}
			q := newPeers(t)
			q.cookies[0] = isakmp.Cookie{9, byte(i)}
			q.open(o, sent{q.message(x, id, isakmp.FlagEncryption, isakmp.PayloadHash, q.cookies[1], junk), keys.Side(i % 2)})
		}
	}
	for i, s := range p.mainMode() {
		if _, r := p.open(o, s); i > 3 && r.Outcome != keys.Opened {
			t.Errorf("message %d: %+v", i+1, r)
		}
		if i > 3 {
			forge(isakmp.ExchangeMain, 0)
		}
	}
	for i, s := range p.quickMode(keys.Initiator, 6) {
		if _, r := p.open(o, s); r.Outcome != keys.Opened || r.Hash != keys.CheckVerified {
			t.Errorf("quick mode message %d: %+v", i+1, r)
		}
		forge(isakmp.ExchangeQuick, 6)
		for id := range uint32(40) {
			forge(isakmp.ExchangeQuick, 1000*uint32(i)+100+id)
		}
	}
}

// TestCandidateLimit: of many keys only some are tried, and the same ones in
// every run.
func TestCandidateLimit(t *testing.T) {
	p := newPeers(t)
	main := p.mainMode()
	for _, at := range []int{3, 12} {
		r := p.ring()
		for i := range 20 {
			k := fmt.Sprintf("canary-%d", i)
			if i == at {
				k = "canary-psk"
			}
			if err := r.AddPSK(ike.NewSecret([]byte(k))); err != nil {
				t.Fatal(err)
			}
		}
		o := r.Opener(keys.Limits{Keys: 10})
		var res keys.Result
		for _, s := range main {
			_, res = p.open(o, s)
		}
		if (res.Outcome == keys.Opened) != (at < 10) {
			t.Errorf("%d: %+v", at, res)
		}
	}
}

// TestLateKeys: a key that is added later opens later messages.
func TestLateKeys(t *testing.T) {
	p := newPeers(t)
	r := p.ring()
	o := r.Opener(keys.Limits{})
	main := p.mainMode()
	for _, s := range main[:5] {
		p.open(o, s)
	}
	if err := r.AddPSK(ike.NewSecret([]byte("canary-psk"))); err != nil {
		t.Fatal(err)
	}
	for _, s := range main[4:] {
		if _, res := p.open(o, s); res.Outcome != keys.Opened {
			t.Errorf("%+v", res)
		}
	}
}

// TestForgedExchanges: forged answers to a negotiation whose private value is
// known make nobody compute secrets without end.
func TestForgedExchanges(t *testing.T) {
	x := ike.NewSecret([]byte("canary-private-one"))
	p := newPeers(t)
	p.ke[0], _ = keys.PublicValue(ike.GroupMODP1024, x)
	var r keys.Ring
	if err := errors.Join(r.AddPrivate(p.cookies[0], x), r.AddPSK(ike.NewSecret([]byte("canary-psk")))); err != nil {
		t.Fatal(err)
	}
	o := r.Opener(keys.Limits{})
	for i := range 100 {
		p.cookies[1], p.last = isakmp.Cookie{7, byte(i)}, nil
		for _, s := range p.mainMode()[:5] {
			p.open(o, s)
		}
	}
	if n := keys.Computed(&r); n != 16 {
		t.Errorf("%d secrets", n)
	}
}
