package diag

import "testing"

// A spot is the Where that it was made of, is in its order, and is packed as
// itself.
func TestSpot(t *testing.T) {
	all := []Where{
		{}, {Index: 1}, {Line: 1}, {Line: 1, Index: 1}, {Line: 1, Index: 1<<23 - 1}, {Line: 2}, {Line: 1<<31 - 1},
		{Frame: 1}, {Frame: 1, Index: 2}, {Frame: 2}, {Frame: 1<<31 - 1, Index: 1},
	}
	for i, w := range all {
		p := w.spot()
		if p == 0 || p.where() != w {
			t.Errorf("%+v became %+v", w, p.where())
		}
		for j, x := range all {
			q := x.spot()
			if (p < q) != (i < j) || (p < q) != w.before(x) {
				t.Errorf("%+v is before %+v: %t", w, x, p < q)
			}
			c := cursor(p.append(nil, q))
			var r spot
			if r.read(&c, q); r != p || len(c) > 0 {
				t.Errorf("%+v, packed beside %+v, became %+v", w, x, r.where())
			}
		}
	}
	for _, w := range []Where{{Line: -1, Index: -1}, {Frame: -1}} {
		if p := w.spot(); p.unit() != 0 || p.where().Index != 0 {
			t.Errorf("%+v became %+v", w, p.where())
		}
	}
}
