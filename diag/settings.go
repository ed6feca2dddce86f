package diag

import (
	"net/netip"
	"slices"

	"github.com/ikediag/ikediag/ike"
)

// SettingPair is what the two ends are configured for and do not have alike.
type SettingPair struct {
	// Name is what it is: "phase 1 proposals", "identity".
	Name string
	// Child is the name that the first end has for the child that it is of.
	Child string
	// About is the end, 0 or 1, that it describes, as its own configuration has
	// it and as the other's has it of its peer; -1 where each speaks of itself.
	About int
	// Fits: what the ends have differs and goes together all the same.
	Fits bool
	Ends [2]SettingValue
}

// SettingValue is one end's.
type SettingValue struct {
	// Text is the value as its file writes it. It is never a secret.
	Text    string
	Setting string
	// Default: it stands nowhere.
	Default bool
	Source  SourceID
	Line    int
}

// settings compares what the ends are configured for, nothing where only one
// end's configuration was given.
func (v *View) settings() (all []SettingPair) {
	s := sides{v: v}
	for end := range s.c {
		if s.c[end] = v.Connection(end); !s.c[end].OK {
			return nil
		}
	}
	s.phase1()
	s.phase2()
	return s.all[:min(len(s.all), settingsKept)]
}

// sides compares two connections.
type sides struct {
	v     *View
	c     [2]Known[*Connection]
	child [2]*ConnectionChild
	all   []SettingPair
}

// differ notes values that are not alike. about is the end that they describe,
// field the name of the field in the configuration of each.
func (s *sides) differ(name string, about int, fits bool, field [2]string, text [2]string) {
	p := SettingPair{Name: name, About: about, Fits: fits}
	for end := range p.Ends {
		at, value := s.c[end].V.At[field[end]], &p.Ends[end]
		if k := s.child[end]; k != nil {
			at = k.At[field[end]]
		}
		*value = s.value(end, at, text[end])
	}
	if s.child[0] != nil {
		p.Child = Clean(s.child[0].Name, 80)
	}
	s.all = append(s.all, p)
}

func (s *sides) value(end int, at Place, text string) SettingValue {
	v := SettingValue{Text: at.Value, Setting: Clean(at.Setting, 80), Default: at.Default, Source: s.c[end].First().Source, Line: at.Line}
	if v.Text == "" {
		v.Text = Clean(text, 160)
	}
	if at.Elsewhere {
		v.Source = at.Source
	}
	return v
}

// own and other pair the field that an end has of itself with the one that its
// peer has of it.
func own(about int, local, remote string) (field [2]string) {
	field[about], field[1-about] = local, remote
	return field
}

func (s *sides) phase1() {
	x, y := s.c[0].V, s.c[1].V
	both := func(f string) [2]string { return [2]string{f, f} }
	if x.Version != y.Version && x.Version != 0 && y.Version != 0 {
		s.differ("IKE version", -1, false, both("Version"), [2]string{})
	}
	if x.Mode != y.Mode {
		s.differ("mode of phase 1", -1, false, both("Mode"), [2]string{x.Mode.Mode(), y.Mode.Mode()})
	}
	for end := range s.c {
		a, b := s.c[end].V, s.c[1-end].V
		if len(a.LocalAddresses) > 0 && len(b.RemoteAddresses) > 0 && !b.RemoteAny && !share(a.LocalAddresses, b.RemoteAddresses) {
			s.differ("address", end, false, own(end, "LocalAddresses", "RemoteAddresses"), [2]string{})
		}
		if id := b.RemoteID; !a.LocalID.IsZero() && !id.IsZero() && !id.Any && !id.Accepts(a.LocalID) {
			s.differ("identity", end, false, own(end, "LocalID", "RemoteID"), [2]string{})
		}
		if a.LocalAuth != 0 && b.RemoteAuth != 0 && !a.LocalAuth.Agrees(b.RemoteAuth) {
			s.differ("authentication", end, false, own(end, "LocalAuth", "RemoteAuth"), [2]string{})
		}
	}
	s.key(&x.PSK, &y.PSK)
	if !slices.EqualFunc(x.Proposals, y.Proposals, func(p, q ike.Proposal) bool { return p.Equal(&q) }) {
		s.differ("phase 1 proposals", -1, ike.Compare(x.Proposals, y.Proposals).Match, both("Proposals"), [2]string{proposals(x.Proposals), proposals(y.Proposals)})
	}
	if x.Lifetime != y.Lifetime {
		s.differ("phase 1 lifetime", -1, true, both("Lifetime"), [2]string{})
	}
}

// key says where two keys that differ stand, and which end has none.
func (s *sides) key(x, y *PSK) {
	missing := x.State == PSKMissing && y.State == PSKKnown || x.State == PSKKnown && y.State == PSKMissing
	if !missing && (x.State != PSKKnown || y.State != PSKKnown || x.Digest == y.Digest) {
		return
	}
	p := SettingPair{Name: "pre-shared key", About: -1}
	for end, k := range []*PSK{x, y} {
		at := k.At
		at.Value = "[secret]"
		if k.State == PSKMissing {
			at = Place{Value: "none for this peer"}
		}
		p.Ends[end] = s.value(end, at, "")
	}
	s.all = append(s.all, p)
}

func share(x, y []netip.Addr) bool {
	return slices.ContainsFunc(x, func(a netip.Addr) bool { return slices.Contains(y, a) })
}

func proposals(ps []ike.Proposal) string { return string(ike.AppendProposalList(nil, ps)) }

func (s *sides) phase2() {
	for _, pair := range s.children() {
		s.child = pair
		x, y := pair[0], pair[1]
		for end := range pair {
			a, b := pair[end].Local, pair[1-end].Remote
			if len(a) > 0 && len(b) > 0 && !dynamic(a) && !dynamic(b) && !sameSelectors(a, b) {
				s.differ("subnets", end, false, own(end, "Local", "Remote"), own(end, selectors(a), selectors(b)))
			}
		}
		both := func(f string) [2]string { return [2]string{f, f} }
		if !slices.EqualFunc(x.Proposals, y.Proposals, func(p, q ike.Proposal) bool { return p.Equal(&q) }) {
			s.differ("phase 2 proposals", -1, ike.Compare(x.Proposals, y.Proposals).Match, both("Proposals"), [2]string{proposals(x.Proposals), proposals(y.Proposals)})
		}
		if x.Mode != 0 && y.Mode != 0 && x.Mode.Inner() != y.Mode.Inner() {
			s.differ("mode of phase 2", -1, false, both("Mode"), [2]string{x.Mode.String(), y.Mode.String()})
		}
		if x.Lifetime != y.Lifetime {
			s.differ("phase 2 lifetime", -1, true, both("Lifetime"), [2]string{})
		}
	}
	s.child = [2]*ConnectionChild{}
}

// children pairs the children of the two ends: those whose subnets mirror each
// other, then those of one name, then what is left where that is one each.
func (s *sides) children() (pairs [][2]*ConnectionChild) {
	var left [2][]*ConnectionChild
	for end := range left {
		c := s.c[end].V
		for i := range c.Children[:min(len(c.Children), settingsKept)] {
			if !c.Children[i].Shunt {
				left[end] = append(left[end], &c.Children[i])
			}
		}
	}
	for _, fit := range []func(x, y *ConnectionChild) bool{
		func(x, y *ConnectionChild) bool {
			return sameSelectors(x.Local, y.Remote) && sameSelectors(x.Remote, y.Local)
		},
		func(x, y *ConnectionChild) bool { return x.Name == y.Name },
		func(_, _ *ConnectionChild) bool { return len(left[0]) == 1 && len(left[1]) == 1 },
	} {
		for i := 0; i < len(left[0]); i++ {
			if j := slices.IndexFunc(left[1], func(y *ConnectionChild) bool { return fit(left[0][i], y) }); j >= 0 {
				pairs = append(pairs, [2]*ConnectionChild{left[0][i], left[1][j]})
				left[0], left[1] = slices.Delete(left[0], i, i+1), slices.Delete(left[1], j, j+1)
				i--
			}
		}
	}
	return pairs
}

func dynamic(list []ike.Selector) bool {
	return slices.ContainsFunc(list, func(s ike.Selector) bool { return s.Dynamic })
}

// sameSelectors compares two lists as sets.
func sameSelectors(x, y []ike.Selector) bool {
	in := func(list []ike.Selector) func(ike.Selector) bool {
		return func(s ike.Selector) bool { return !slices.ContainsFunc(list, s.Equal) }
	}
	return len(x) > 0 && !slices.ContainsFunc(x, in(y)) && !slices.ContainsFunc(y, in(x))
}
