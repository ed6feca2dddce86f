package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
)

// kidPair is two children of the ends that are meant for each other.
type kidPair struct {
	p     confPair
	index [2]int
	k     [2]*diag.ConnectionChild
}

// kidPairs pairs the children that negotiate: those whose selectors lie
// nearest. What the end with more of them has left is for another connection
// of the peer to answer.
func (p confPair) kidPairs() (pairs []kidPair) {
	few, many := 0, 1
	lists := [2][]int{negotiated(p.c[0].V), negotiated(p.c[1].V)}
	if len(lists[0]) > len(lists[1]) {
		few, many = 1, 0
	}
	used := make([]bool, len(lists[many]))
	for _, i := range lists[few] {
		best, at := -1, -1
		for n, j := range lists[many] {
			if used[n] {
				continue
			}
			k, m := &p.c[few].V.Children[i], &p.c[many].V.Children[j]
			near := 2 * (int(lie(k.Local, m.Remote)) + int(lie(k.Remote, m.Local)))
			if k.Name == m.Name {
				near++
			}
			if near > best {
				best, at = near, n
			}
		}
		if at < 0 {
			break
		}
		used[at] = true
		kp := kidPair{p: p}
		kp.index[few], kp.index[many] = i, lists[many][at]
		for end := range kp.k {
			kp.k[end] = &p.c[end].V.Children[kp.index[end]]
		}
		pairs = append(pairs, kp)
	}
	return pairs
}

// Bounds of what is compared: children of an end, and selectors of a list.
const (
	maxKids      = 64
	maxSelectors = 64
)

func negotiated(c *diag.Connection) (out []int) {
	for i := range c.Children {
		if !c.Children[i].Shunt && len(out) < maxKids {
			out = append(out, i)
		}
	}
	return out
}

// lying says how the selectors that one asks for lie to those that the other
// has.
type lying uint8

const (
	apart lying = iota
	partly
	wider    // asked for more
	narrower // asked for less
	openEnd  // an address that is not known yet takes part
	equal
)

// lie compares selectors; equal are those of which each is in both lists.
func lie(asked, has []ike.Selector) lying {
	if len(asked) == 0 || len(has) == 0 || len(asked) > maxSelectors || len(has) > maxSelectors {
		return openEnd
	}
	all := len(asked) == len(has)
	for _, s := range asked {
		all = all && slices.ContainsFunc(has, s.Equal)
	}
	if all {
		return equal
	}
	best := apart
	for _, s := range asked {
		for _, t := range has {
			switch {
			case !s.IsValid() || !t.IsValid() || s.Dynamic != t.Dynamic:
				best = max(best, openEnd)
			case s.Equal(t):
				best = max(best, narrower)
			case t.Contains(s):
				best = max(best, narrower)
			case s.Contains(t):
				best = max(best, wider)
			case s.Overlaps(t):
				best = max(best, partly)
			}
		}
	}
	return best
}

// alone reports whether nothing else than these two may answer each other.
func (k kidPair) alone() bool {
	x, y := k.p.c[0].V, k.p.c[1].V
	return k.p.sole() && x.Siblings == 0 && y.Siblings == 0
}

// weigh is confPair's, with regard to other connections of the same peers.
func (k kidPair) weigh(judge func(i, r int) fate) (diag.Weight, bool) {
	w, sure := k.p.weigh(judge)
	if !k.alone() {
		w = min(w, diag.Strong)
	}
	return w, sure
}

// differing makes a finding of two values of the children.
func (k kidPair) differing(fields [2]string, w diag.Weight, summary, action string, write [2]string) compared {
	f := diag.Finding{FixAt: diag.EndEither, Summary: summary, Evidence: k.evidence(fields, w)}
	f.Remedies = k.p.remedies(f.Evidence, k.places(fields), action, write)
	return compared{state: differ, finding: &f}
}

func (k kidPair) evidence(fields [2]string, w diag.Weight) (ev []diag.Evidence) {
	for end := range k.k {
		ev = append(ev, k.p.v.ChildEvidence(k.p.c[end], k.index[end], fields[end]).As(w))
	}
	return ev
}

func (k kidPair) places(fields [2]string) [2]diag.Place {
	return [2]diag.Place{k.k[0].At[fields[0]], k.k[1].At[fields[1]]}
}

// compareKids asks for one aspect of each pair of children: the worst answer
// stands, and they agree only if all do.
func compareKids(v *diag.View, ask func(k kidPair) compared) (worst compared) {
	p, ok := confPairOf(v)
	if !ok {
		return compared{}
	}
	pairs := p.kidPairs()
	agreed := len(pairs) > 0
	for _, k := range pairs {
		switch c := ask(k); c.state {
		case differ:
			if worst.state != differ || weightOf(c) > weightOf(worst) {
				worst = c
			}
		case agree:
			if worst.state == notCompared {
				worst = c
			}
			agreed = agreed && k.alone()
		default:
			agreed = false
		}
	}
	if worst.state == agree && !agreed {
		return compared{}
	}
	return worst
}

func weightOf(c compared) (w diag.Weight) {
	for _, e := range c.finding.Evidence {
		w = max(w, e.Weight)
	}
	return w
}

var (
	kidProposals = [2]string{"Proposals", "Proposals"}
	kidModes     = [2]string{"Mode", "Mode"}
)

// compareChildModes compares tunnel with transport mode.
func compareChildModes(v *diag.View) compared {
	return compareKids(v, func(k kidPair) compared {
		x, y := k.k[0].Mode, k.k[1].Mode
		switch {
		case x == ike.ModeNone || y == ike.ModeNone || !k.p.ikev1():
			return compared{} // in IKEv2 transport mode is asked for and need not be granted
		case x == y:
			return agreement(k.evidence(kidModes, diag.Background))
		}
		w, _ := k.weigh(func(_, r int) fate {
			if k.p.c[r].V.Behaviour.FollowsEncapsulation {
				return comesUp
			}
			return fails
		})
		if w == diag.Background {
			return compared{} // nobody refuses it
		}
		return k.differing(kidModes, w, fmt.Sprintf("%s wants %s mode, %s %s mode", k.p.name(0), modeText(x), k.p.name(1), modeText(y)), "set the mode of the other", k.modeValues())
	})
}

// compareChildLifetimes compares the lifetimes of phase 2.
func compareChildLifetimes(v *diag.View) compared {
	return compareKids(v, func(k kidPair) compared {
		fields := [2]string{"Lifetime", "Lifetime"}
		life := [2]uint32{k.k[0].Lifetime, k.k[1].Lifetime}
		w := k.p.lifetimes(2, life, k.places(fields), k.weigh)
		if w.state != differ {
			return compared{}
		}
		c := k.differing(fields, w.weight, w.finding.Summary, "set the lifetime of the other", [2]string{k.p.seconds(0, life[1]), k.p.seconds(1, life[0])})
		c.finding.Severity = w.finding.Severity
		return c
	})
}

// modeText is a mode's name in running text.
func modeText(m ike.Mode) string { return strings.ToLower(m.String()) }
