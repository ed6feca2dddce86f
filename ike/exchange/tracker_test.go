package exchange

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/ikediag/ikediag/isakmp"
)

// sees is what a case expects of a Step.
type sees struct {
	number, retransmission, again int
	from                          Side
	roles                         RoleBasis
}

func check(t *testing.T, tr *Tracker, ds []Datagram, want []sees) {
	t.Helper()
	var s Step
	for i := range ds {
		tr.Observe(&ds[i], &s)
		got := sees{s.Number, s.Retransmission, s.Again, s.From, s.Roles}
		if got != want[i] {
			t.Errorf("message %d: %+v, want %+v", i+1, got, want[i])
		}
	}
}

func only(t *testing.T, tr *Tracker) Attempt {
	t.Helper()
	var out []Attempt
	for a := range tr.Attempts() {
		out = append(out, *a)
	}
	if len(out) != 1 {
		t.Fatalf("%d attempts: %+v", len(out), out)
	}
	return out[0]
}

func TestMainMode(t *testing.T) {
	w := newWire()
	var ds []Datagram
	for n := 1; n <= 4; n++ {
		ds = append(ds, w.mm(n))
	}
	w.float()
	for n := 5; n <= 6; n++ {
		ds = append(ds, w.mm(n))
	}
	for n := 1; n <= 3; n++ {
		ds = append(ds, w.qm(Responder, 77, n))
	}
	var tr Tracker
	check(t, &tr, ds, []sees{
		{1, 0, 0, Initiator, RoleSeen}, {2, 0, 0, Responder, RoleSeen}, {3, 0, 0, Initiator, RoleSeen}, {4, 0, 0, Responder, RoleSeen},
		{5, 0, 0, Initiator, RoleSeen}, {6, 0, 0, Responder, RoleSeen},
		{1, 0, 0, Responder, RoleSeen}, {2, 0, 0, Initiator, RoleSeen}, {3, 0, 0, Responder, RoleSeen},
	})
	a := only(t, &tr)
	if !a.Complete || a.QuickDone != 1 || a.Floated != [2]bool{true, true} || a.Silent != SideUnknown || a.Initiator != w.a || a.Late {
		t.Errorf("%+v", a)
	}
}

// TestContents: what the first message says in the clear is in its Step.
func TestContents(t *testing.T) {
	w := newWire()
	var tr Tracker
	var s Step
	d := w.mm(1)
	tr.Observe(&d, &s)
	if len(s.Offers) != 1 || s.Offers[0].Ciphers[0].KeyBits != 128 || s.Chosen || s.Lifetimes[0].Seconds != 28800 || !s.New || s.Late || s.Err != nil {
		t.Errorf("%+v", s)
	}
	d = w.mm(2)
	tr.Observe(&d, &s)
	if len(s.Offers) != 1 || !s.Chosen || s.New || s.Cookies != [2]isakmp.Cookie{w.i, w.r} {
		t.Errorf("%+v", s)
	}
	d = w.info(Responder, 5, 0, notify(isakmp.NotifyNoProposalChosen))
	tr.Observe(&d, &s)
	if len(s.Offers) != 0 || len(s.Notifies) != 1 || s.Notifies[0].Type != isakmp.NotifyNoProposalChosen || s.Notifies[0].Length != 12 || s.Number != 0 {
		t.Errorf("%+v", s)
	}
}

// TestWrongKey: message 5 comes again and again, and each time a new encrypted
// informational message answers.
func TestWrongKey(t *testing.T) {
	w := newWire()
	ds := []Datagram{w.mm(1), w.mm(2), w.mm(3), w.mm(4)}
	want := []sees{{1, 0, 0, Initiator, RoleSeen}, {2, 0, 0, Responder, RoleSeen}, {3, 0, 0, Initiator, RoleSeen}, {4, 0, 0, Responder, RoleSeen}}
	for i := range 4 {
		ds = append(ds, w.mm(5), w.info(Responder, uint32(100+i), 64))
		want = append(want, sees{5, i, i, Initiator, RoleSeen}, sees{0, 0, 0, Responder, RoleSeen})
	}
	var tr Tracker
	check(t, &tr, ds, want)
	a := only(t, &tr)
	if a.Complete || a.Reached != [2]int{5, 4} || a.Last[0].Repeats != 3 || a.Silent != SideUnknown {
		t.Errorf("%+v", a)
	}
}

// TestSilence: who owes a message, at each stage.
func TestSilence(t *testing.T) {
	w := newWire()
	var tr Tracker
	var s Step
	for i, c := range []struct {
		d      Datagram
		silent Side
	}{
		{w.mm(1), Responder}, {w.mm(1), Responder}, {w.mm(2), Initiator}, {w.mm(1), Responder}, {w.mm(2), Initiator},
		{w.mm(3), Responder}, {w.mm(4), Initiator}, {w.mm(5), Responder}, {w.mm(6), SideUnknown},
		{w.qm(Initiator, 9, 1), Responder}, {w.qm(Initiator, 9, 2), Initiator}, {w.qm(Initiator, 9, 3), SideUnknown},
		{w.send(Responder, w.message(w.r, isakmp.ExchangeTransaction, 10, 64)), Initiator},
	} {
		tr.Observe(&c.d, &s)
		if a := only(t, &tr); a.Silent != c.silent {
			t.Errorf("message %d: silent %v, want %v", i+1, a.Silent, c.silent)
		}
	}
}

// TestAggressive: message 3 in the clear, encrypted, or replaced by an
// informational message.
func TestAggressive(t *testing.T) {
	for _, last := range []func(*wire) Datagram{
		func(w *wire) Datagram {
			return w.send(Initiator, w.message(w.r, isakmp.ExchangeAggressive, 0, 0, payload{isakmp.PayloadHash, bytesOf(1, 20)}))
		},
		func(w *wire) Datagram { return w.send(Initiator, w.message(w.r, isakmp.ExchangeAggressive, 0, 48)) },
		func(w *wire) Datagram { return w.info(Initiator, 0, 0, notify(isakmp.NotifyAuthenticationFailed)) },
	} {
		w := newWire()
		var none isakmp.Cookie
		id := payload{isakmp.PayloadID, append([]byte{2, 17, 1, 244}, "moon.example"...)}
		ds := []Datagram{
			w.send(Initiator, w.message(none, isakmp.ExchangeAggressive, 0, 0, sa(), ke(1), nonce(), id)),
			w.send(Responder, w.message(w.r, isakmp.ExchangeAggressive, 0, 0, sa(), ke(2), nonce(), id, payload{isakmp.PayloadHash, bytesOf(2, 20)})),
			last(w),
		}
		var tr Tracker
		var s Step
		for i, n := range []int{1, 2, 3} {
			tr.Observe(&ds[i], &s)
			if s.Exchange == isakmp.ExchangeInformational {
				n = 0
				if a := only(t, &tr); a.Complete || a.Reached != [2]int{1, 2} {
					t.Errorf("%+v", a)
				}
			}
			if s.Number != n || s.From != sender(i+1) {
				t.Errorf("message %d: #%d from %v", i+1, s.Number, s.From)
			}
			if i < 2 && (len(s.IDs) != 1 || string(s.IDs[0].Data) != "moon.example" || s.IDs[0].Port != 500) {
				t.Errorf("message %d: %+v", i+1, s.IDs)
			}
		}
		// A recording that begins with the third message tells its number.
		var late Tracker
		late.Observe(&ds[2], &s)
		if s.Exchange == isakmp.ExchangeAggressive && (s.Number != 3 || s.From != Initiator || !s.Late) {
			t.Errorf("late: %+v", s)
		}
	}
}

// TestBothInitiate: two negotiations at once are two attempts.
func TestBothInitiate(t *testing.T) {
	w := newWire()
	v := newWire()
	v.i, v.a, v.b = isakmp.Cookie{7, 7, 7}, hostB, hostA
	ds := []Datagram{w.mm(1), v.mm(1), w.mm(2), v.mm(2), w.mm(3), v.mm(3)}
	var tr Tracker
	var s Step
	ids := map[uint64]int{}
	for i := range ds {
		tr.Observe(&ds[i], &s)
		ids[s.Attempt]++
		if s.Number != i/2+1 || s.Roles != RoleSeen || s.From != sender(i/2+1) {
			t.Errorf("message %d: #%d from %v", i, s.Number, s.From)
		}
	}
	if len(ids) != 2 {
		t.Errorf("attempts: %v", ids)
	}
}

// TestAnsweredAnew: a responder answers a retransmission with other bytes.
func TestAnsweredAnew(t *testing.T) {
	w := newWire()
	other := w.message(w.r, isakmp.ExchangeMain, 0, 0, sa(), payload{isakmp.PayloadVendorID, []byte("another")})
	ds := []Datagram{w.mm(1), w.mm(2), w.mm(1), w.send(Responder, other), w.mm(1), w.mm(2)}
	var tr Tracker
	check(t, &tr, ds, []sees{
		{1, 0, 0, Initiator, RoleSeen}, {2, 0, 0, Responder, RoleSeen}, {1, 1, 1, Initiator, RoleSeen},
		{2, 0, 1, Responder, RoleSeen}, {1, 2, 2, Initiator, RoleSeen}, {2, 1, 2, Responder, RoleSeen},
	})
}

// TestLateRoles: roles of a recording that begins late follow from the order
// of messages, and what tells more corrects them.
func TestLateRoles(t *testing.T) {
	w := newWire()
	var tr Tracker
	check(t, &tr, []Datagram{w.mm(3), w.mm(4), w.mm(5), w.mm(6)}, []sees{
		{0, 0, 0, SideUnknown, RoleUnknown}, {4, 0, 0, Responder, RoleInferred}, {5, 0, 0, Initiator, RoleInferred}, {6, 0, 0, Responder, RoleInferred},
	})
	tr = Tracker{}
	check(t, &tr, []Datagram{w.mm(4), w.mm(5), w.mm(6)}, []sees{
		{0, 0, 0, SideUnknown, RoleUnknown}, {5, 0, 0, Initiator, RoleInferred}, {6, 0, 0, Responder, RoleInferred},
	})
	tr = Tracker{}
	check(t, &tr, []Datagram{w.mm(5), w.mm(5), w.mm(6)}, []sees{
		{0, 0, 0, SideUnknown, RoleUnknown}, {0, 1, 0, SideUnknown, RoleUnknown}, {6, 0, 0, Responder, RoleInferred},
	})
	// The responder's fourth message is taken for the third, until its second
	// comes again.
	tr = Tracker{}
	check(t, &tr, []Datagram{w.mm(4), w.mm(3), w.mm(2)}, []sees{
		{0, 0, 0, SideUnknown, RoleUnknown}, {4, 0, 0, Responder, RoleInferred}, {2, 0, 0, Responder, RoleSeen},
	})
	// A recording that begins in phase 2.
	tr = Tracker{}
	check(t, &tr, []Datagram{w.qm(Initiator, 5, 2), w.qm(Initiator, 5, 3), w.qm(Responder, 6, 1), w.qm(Responder, 6, 2), w.qm(Responder, 6, 3)}, []sees{
		{0, 0, 0, SideUnknown, RoleUnknown}, {3, 0, 0, SideUnknown, RoleUnknown}, {1, 0, 0, SideUnknown, RoleUnknown}, {2, 0, 0, SideUnknown, RoleUnknown}, {3, 0, 0, SideUnknown, RoleUnknown},
	})
	if a := only(t, &tr); !a.Late || a.QuickModes != 2 || a.QuickDone != 2 {
		t.Errorf("%+v", a)
	}
}

// TestNotFatal: an initiator refuses with a responder cookie of zero, and goes
// on all the same.
func TestNotFatal(t *testing.T) {
	w := newWire()
	ds := []Datagram{w.mm(1), w.mm(2)}
	refusal := w.message(isakmp.Cookie{}, isakmp.ExchangeInformational, 0, 0, notify(isakmp.NotifyNoProposalChosen))
	ds = append(ds, w.send(Initiator, refusal), w.mm(2), w.mm(3), w.mm(4), w.mm(5), w.mm(6))
	var tr Tracker
	var s Step
	for i := range ds {
		tr.Observe(&ds[i], &s)
		if s.Cookies[1] != w.r && i > 0 {
			t.Errorf("message %d: cookies %v", i, s.Cookies)
		}
	}
	if a := only(t, &tr); !a.Complete {
		t.Errorf("%+v", a)
	}
}

// TestSwapped: a notification whose cookies are the wrong way round belongs to
// the attempt it is about.
func TestSwapped(t *testing.T) {
	w := newWire()
	var tr Tracker
	ds := []Datagram{w.mm(1), w.mm(2), w.mm(3)}
	var s Step
	for i := range ds {
		tr.Observe(&ds[i], &s)
	}
	b := w.message(w.r, isakmp.ExchangeInformational, 4, 0, notify(isakmp.NotifyInvalidKeyInformation))
	copy(b, w.r[:])
	copy(b[8:], w.i[:])
	d := w.send(Responder, b)
	id := s.Attempt
	tr.Observe(&d, &s)
	if s.Attempt != id || s.From != Responder || s.Cookies != [2]isakmp.Cookie{w.i, w.r} {
		t.Errorf("%+v", s)
	}
}

// TestClearDelete: a clear Delete with a cookie of its own belongs to the attempt
// whose cookies it names, also where it is about that of another message; one
// that names no ISAKMP SA that is known begins no attempt.
func TestClearDelete(t *testing.T) {
	w := newWire()
	var tr Tracker
	var s Step
	for n := 1; n <= 4; n++ {
		d := w.mm(n)
		tr.Observe(&d, &s)
	}
	id := s.Attempt
	fresh := *w
	fresh.i = isakmp.Cookie{9, 9, 9, 9, 9, 9, 9, 9}
	isakmpSA := payload{isakmp.PayloadDelete, append(append([]byte{0, 0, 0, 1, 1, 16, 0, 1}, w.i[:]...), w.r[:]...)}
	d := fresh.send(Responder, fresh.message(isakmp.Cookie{}, isakmp.ExchangeInformational, 77, 0, isakmpSA))
	if tr.Observe(&d, &s); s.Attempt != id || s.New || s.From != Responder || s.Cookies != [2]isakmp.Cookie{w.i, w.r} || len(s.Deletes) != 1 {
		t.Errorf("of the ISAKMP SA: %+v", s)
	}
	other := payload{isakmp.PayloadDelete, append(append([]byte{0, 0, 0, 1, 1, 16, 0, 1}, w.i[:]...), 1, 2, 3, 4, 5, 6, 7, 8)}
	esp := payload{isakmp.PayloadDelete, []byte{0, 0, 0, 1, 3, 4, 0, 1, 1, 2, 3, 4}}
	for _, p := range []payload{other, esp} {
		d = fresh.send(Responder, fresh.message(isakmp.Cookie{}, isakmp.ExchangeInformational, 78, 0, p))
		if tr.Observe(&d, &s); s.Class != Message || s.Attempt != 0 || s.New {
			t.Errorf("of nothing known: %+v", s)
		}
	}
	// What refuses a first message that was not recorded is of an attempt.
	d = fresh.send(Responder, fresh.message(isakmp.Cookie{}, isakmp.ExchangeInformational, 79, 0, notify(isakmp.NotifyNoProposalChosen)))
	if tr.Observe(&d, &s); s.Attempt == 0 || s.Attempt == id {
		t.Errorf("a refusal: %+v", s)
	}
	if n := tr.Stats().Attempts; n != 2 {
		t.Errorf("%d attempts", n)
	}
}

// TestNewAddress: an established peer that comes from elsewhere keeps its
// attempt; a half-open one does not.
func TestNewAddress(t *testing.T) {
	for _, whole := range []bool{true, false} {
		w := newWire()
		last := 4
		if whole {
			last = 6
		}
		var tr Tracker
		var s Step
		for n := 1; n <= last; n++ {
			d := w.mm(n)
			tr.Observe(&d, &s)
		}
		id := s.Attempt
		w.a = netip.MustParseAddrPort("203.0.113.9:31000")
		d := w.info(Initiator, 9, 64)
		tr.Observe(&d, &s)
		if same := s.Attempt == id; same != whole {
			t.Errorf("whole %v: same attempt %v", whole, same)
		}
		if whole && (s.From != Initiator || s.Initiator != w.a) {
			t.Errorf("%+v", s)
		}
	}
}

// TestFlood: first messages with forged senders stay within bounds and push
// out no established tunnel.
func TestFlood(t *testing.T) {
	w := newWire()
	tr := Tracker{Limits: Limits{HalfOpen: 100, Established: 3}}
	var s Step
	for n := 1; n <= 6; n++ {
		d := w.mm(n)
		tr.Observe(&d, &s)
	}
	id := s.Attempt
	const flood = 5000
	for i := range flood {
		v := newWire()
		v.i = isakmp.Cookie{0xff, byte(i), byte(i >> 8)}
		v.a = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 500)
		d := v.mm(1)
		tr.Observe(&d, &s)
		d = v.mm(2)
		tr.Observe(&d, &s)
	}
	if _, ok := tr.Attempt(id); !ok {
		t.Error("the established attempt was pushed out")
	}
	if n := len(tr.slots); n > 102 {
		t.Errorf("%d slots", n)
	}
	st := tr.Stats()
	if st.EvictedHalfOpen != flood-100 || st.EvictedEstablished != 0 || st.Attempts != flood+1 {
		t.Errorf("%+v", st)
	}
	// Established ones push out the one that was silent longest.
	for i := range 5 {
		v := newWire()
		v.i[7] = byte(100 + i)
		for n := 1; n <= 6; n++ {
			d := v.mm(n)
			tr.Observe(&d, &s)
		}
	}
	if _, ok := tr.Attempt(id); ok || tr.Stats().EvictedEstablished != 3 {
		t.Errorf("%+v", tr.Stats())
	}
	n := 0
	for range tr.Attempts() {
		n++
	}
	if n != len(tr.byID) || n > 103 || len(tr.byCookies) != 3 {
		t.Errorf("%d attempts, %d found by identity, %d by cookies", n, len(tr.byID), len(tr.byCookies))
	}
}

// TestCopy: the same bytes again within the same instant are a copy.
func TestCopy(t *testing.T) {
	w := newWire()
	d := w.mm(1)
	e := d
	e.Time = d.Time.Add(3 * time.Millisecond)
	f := d
	f.Time = d.Time.Add(900 * time.Millisecond)
	var tr Tracker
	var s Step
	tr.Observe(&d, &s)
	tr.Observe(&e, &s)
	if !s.Copy || s.Retransmission != 0 || s.First() {
		t.Errorf("%+v", s)
	}
	tr.Observe(&f, &s)
	if s.Copy || s.Retransmission != 1 || s.Again != 1 {
		t.Errorf("%+v", s)
	}
	if a := only(t, &tr); a.Messages != [2]int{2, 0} || a.Last[0].Repeats != 1 {
		t.Errorf("%+v", a)
	}
}

// TestClone: a copy stays as it was when all else is used again.
func TestClone(t *testing.T) {
	w := newWire()
	var tr Tracker
	var s Step
	d := w.send(Responder, w.message(w.r, isakmp.ExchangeAggressive, 0, 0, sa(), notify(isakmp.NotifyInitialContact),
		payload{isakmp.PayloadID, []byte{2, 0, 0, 0, 'a'}}, payload{isakmp.PayloadVendorID, []byte("v")}, payload{isakmp.PayloadNATD, bytesOf(1, 20)},
		payload{isakmp.PayloadDelete, []byte{0, 0, 0, 1, 3, 4, 0, 1, 9, 9, 9, 9}}, payload{isakmp.PayloadHash, nil}))
	d.Payload[len(d.Payload)-1] = 200 // a fault at the end
	tr.Observe(&d, &s)
	c := s.Clone()
	before := fmt.Sprintf("%+v %v", *c, c.Message.Payloads)
	clear(d.Payload)
	e := w.mm(1)
	tr.Observe(&e, &s)
	if after := fmt.Sprintf("%+v %v", *c, c.Message.Payloads); after != before {
		t.Errorf("changed from\n%s to\n%s", before, after)
	}
	if len(c.IDs) != 1 || len(c.Vendors) != 1 || len(c.NATD) != 1 || len(c.Deletes) != 1 || len(c.Notifies) != 1 || len(c.Offers) != 1 || c.Err == nil {
		t.Errorf("%+v", c)
	}
}

// TestID: an attempt has the same identity in every run and whoever sends.
func TestID(t *testing.T) {
	id := attemptID(isakmp.Cookie{1, 2, 3, 4, 5, 6, 7, 8}, hostA.Addr(), hostB.Addr())
	if id != attemptID(isakmp.Cookie{1, 2, 3, 4, 5, 6, 7, 8}, hostB.Addr(), hostA.Addr()) {
		t.Error("depends on the direction")
	}
	const pinned uint64 = 0xe474c319458fe940
	if id != pinned {
		t.Errorf("%#x, was %#x", id, pinned)
	}
}

// opener knows the plaintext of every quick mode, and notes what it is shown.
type opener struct{ shown []isakmp.ExchangeType }

func (o *opener) Open(dst, raw []byte, m *isakmp.Message, fromInitiator bool) ([]byte, bool) {
	o.shown = append(o.shown, m.Exchange)
	if m.Exchange != isakmp.ExchangeQuick || len(raw) != int(m.Length) {
		return nil, false
	}
	dst = append(dst, byte(isakmp.PayloadID), 0, 0, 8, 1, 2, 3, 4)        // hash
	dst = append(dst, 0, 0, 0, 16, 4, 0, 0, 0, 10, 0, 0, 0, 255, 0, 0, 0) // identification
	return append(dst, 0, 0, 0, 4), true                                  // padding
}

// TestOpener: each message is shown once, and what is inside of one that opens
// is in its Step.
func TestOpener(t *testing.T) {
	w := newWire()
	o := new(opener)
	tr := Tracker{Opener: o}
	var s Step
	for _, d := range []Datagram{w.mm(1), w.mm(1), w.mm(2), w.mm(3), w.mm(4), w.mm(5), w.mm(6)} {
		tr.Observe(&d, &s)
	}
	d := w.qm(Initiator, 9, 1)
	tr.Observe(&d, &s)
	if s.Plain == nil || len(s.Plain.Payloads) != 2 || len(s.IDs) != 1 || s.IDs[0].Type != isakmp.IDIPv4Subnet || !s.Encrypted {
		t.Errorf("%+v", s)
	}
	tr.Observe(&d, &s)
	if s.Plain != nil || !s.Copy {
		t.Errorf("again: %+v", s)
	}
	if len(o.shown) != 7 {
		t.Errorf("shown %v", o.shown)
	}
}
