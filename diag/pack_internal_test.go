package diag

import (
	"fmt"
	"net/netip"
	"reflect"
	"testing"
	"time"
)

// fill gives each field of a body a value of its own.
func fill(t *testing.T, v reflect.Value, n *int) {
	*n++
	switch x := v.Addr().Interface().(type) {
	case *netip.Addr:
		*x = netip.AddrFrom4([4]byte{192, 0, 2, byte(*n)})
		return
	case *netip.AddrPort:
		*x = netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(*n)}), uint16(*n))
		return
	case *netip.Prefix:
		*x = netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(*n), 0, 0}), 16)
		return
	case *time.Time:
		*x = time.Date(2026, 3, 1, 8, 0, 0, *n, time.UTC)
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(-(*n % 100)))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(1 + *n%100))
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(1), n)
	case reflect.Array:
		for i := range v.Len() {
			fill(t, v.Index(i), n)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n)
	case reflect.Struct:
		for i := range v.NumField() {
			if !v.Type().Field(i).IsExported() {
				t.Fatalf("%s: a field that only its package knows", v.Type())
			}
			fill(t, v.Field(i), n)
		}
	default:
		t.Fatalf("%s", v.Type())
	}
}

// What is packed comes back as it was, bodies of every kind, with everything in
// them and with nothing.
func TestPack(t *testing.T) {
	var p packer
	n := 0
	for k := BodyUnset + 1; k < bodyKinds; k++ {
		full := newBody(k)
		if joined.Has(k) {
			continue
		}
		fill(t, reflect.ValueOf(full).Elem(), &n)
		at := Time{Value: time.Date(2026, 3, 1, 8, 0, 0, 7, time.UTC), Precision: time.Second, Assumed: "year"}
		later := Time{Value: at.Value.Add(-time.Hour).In(time.FixedZone("", 3600)), Precision: time.Second}
		from, c := (*clock)(nil).moment(&at)
		to, _ := c.moment(&later)
		make := func() *strand {
			s := &strand{key: strandKey{handle: 1}, first: Where{Line: 9}.spot(), from: from, ledger: &ledger{last: Where{Frame: 4, Index: 1}.spot(), dropped: 3, at: [values]spot{valueLocal: Where{Line: 9}.spot(), valueName: Where{Frame: 2}.spot()}, slots: []*slot{
				{kind: k, child: 7, count: 3, disc: full.slot(), first: fact{at: Where{Line: 1 << 30, Index: 3}.spot(), when: from, body: full}, last: &latest{fact: fact{at: Where{Frame: 2}.spot(), when: to, body: newBody(k)}}},
				{kind: k, count: 1, disc: newBody(k).slot(), first: fact{body: newBody(k)}},
			}}}
			s.ledger.keep(&s.ledger.slots[0].first.account, &Observation{Basis: Logged, Text: []byte("a line")})
			return s
		}
		s := make()
		p.pack(s, "")
		if s.ledger != nil || s.packed.ledger == "" {
			t.Fatalf("%s: not packed", k)
		}
		got, want := s.open(), make().ledger
		for i, sl := range got.slots {
			w := want.slots[i]
			for _, f := range [...][2]*fact{{&sl.first, &w.first}, {sl.latest(), w.latest()}} {
				if got, want := f[0].time(), f[1].time(); !got.Value.Equal(want.Value) || got.Value.String() != want.Value.String() {
					t.Errorf("%s: %v, want %v", k, got, want)
				}
				f[0].when = f[1].when // zones that are alike need not be the same
			}
			if !reflect.DeepEqual(sl, w) {
				t.Errorf("%s: %+v, want %+v", k, sl, w)
			}
		}
		got.slots, want.slots = nil, nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", k, got, want)
		}
	}
}
