package diag

import (
	"net/netip"
	"slices"
)

// Routes: where a host sends packets. There may be other tables, so that one
// that is not in the list proves nothing by itself.
type Routes struct {
	// List holds the routes in the order of the dump.
	List []Route
	// Partial: it is of some addresses only, which were asked for.
	Partial bool
}

// Route is an entry of a routing table.
type Route struct {
	// Line is where the dump has it, To which addresses it is for.
	Line int
	To   netip.Prefix
	// Rejects: packets for it go nowhere.
	Rejects bool
	Via     netip.Addr
	// Source is the host's own address by which it sends, where told.
	Source netip.Addr
	Device string // clean
}

// For returns the route that packets for an address take, nil where there is
// none.
func (r *Routes) For(to netip.Addr) (best *Route) {
	for i := range r.List {
		x := &r.List[i]
		if x.To.Contains(to) && (best == nil || x.To.Bits() > best.To.Bits()) {
			best = x
		}
	}
	return best
}

// Kind returns BodyRoutes.
func (*Routes) Kind() BodyKind { return BodyRoutes }
func (*Routes) party() Party   { return Self }
func (*Routes) slot() uint64   { return 0 }
func (r *Routes) clone(Body) Body {
	return &Routes{List: slices.Clone(r.List), Partial: r.Partial}
}
