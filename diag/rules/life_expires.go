package rules

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// ExpiresPredictably finds a tunnel that dies whenever a lifetime is over.
var ExpiresPredictably = &diag.Rule{
	Code: diag.LifeExpiresPredictably,
	Doc: diag.Doc{
		Meaning: "The tunnel is lost again and again when its SAs are as old as a lifetime that one end is configured with, and no others are there in time: that end does not renew them, or deletes what its peer, with a longer lifetime, still counts on.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.LifeIdleTimeout,
				Excluded: []diag.Exclusion{{If: ranOutEachTime, Reason: "the daemon says each time that the SA had expired"}, {If: sameAgeEachTime, Reason: "the SAs were of the same age each time, and traffic does not end like that"}},
				Ask:      askLog(diag.EndBoth, "the end that deletes the SAs says why"),
			},
			{
				Code:     diag.NetNATMappingExpired,
				Excluded: []diag.Exclusion{{If: outlivesMappings, Reason: "no NAT forgets a mapping that is in use after so long a time"}},
				Ask:      askCapture(diag.EndBoth, "captures of both ends show whether the address or the port of one of them changes"),
			},
		},
		Explains:   []diag.Code{diag.LifeDeleteByPeer, diag.LifeFlapping, diag.IKEP1LifetimeMismatch, diag.IKEP2LifetimeMismatch, diag.ESPStateExpired},
		Common:     5,
		Remedy:     "let both ends renew their SAs well before the end, and configure the same lifetimes at both",
		References: []diag.Reference{rfc(2407, "4.5.4", "Lifetime Notification"), rfc(2408, "4.3", "Security Association Modification")},
	},
	Needs: 1 << diag.BodyOutage,
	Check: func(v *diag.View, out *diag.Sink) {
		a := v.Last()
		if a == nil {
			return
		}
		all := outagesOf(v)
		best, n := diag.Finding{}, 0
		for _, l := range lifetimesOf(v) {
			var ev []diag.Evidence
			at, gone := 0, true
			for _, o := range all {
				if age := o.age(l.phase1); near(age, l.seconds) {
					at += o.Count
					gone = gone && !o.V.Back
					ev = slices.Concat(ev, o.Evidence)
				}
			}
			if at < 2 || at <= n {
				continue
			}
			n = at
			best = diag.Finding{FixAt: l.fixAt(a), Evidence: slices.Concat(weighed(ev, diag.Proof), weighed(l.evidence, diag.Strong)),
				Summary: fmt.Sprintf("the tunnel is lost every %d s, %d times so far, which is %s; its SAs are not renewed in time", l.seconds, at, l.name)}
		}
		if n == 0 {
			best, n = periodic(all)
		}
		if n > 0 {
			out.AddTo(a, best)
		}
	},
}

// lapse is an outage and how often it happened.
type lapse struct{ diag.Known[*diag.Outage] }

// age is how old the SAs of one phase were.
func (l *lapse) age(phase1 bool) uint32 {
	if phase1 {
		return l.V.Phase1Age
	}
	return l.V.Age
}

// outagesOf returns the outages of a tunnel that nobody wanted, as the source
// shows them that shows most: the two ends tell of the same.
func outagesOf(v *diag.View) (most []lapse) {
	by := map[diag.SourceID][]lapse{}
	var order []diag.SourceID
	for a := range v.Attempts() {
		for k := range diag.Facts[diag.Outage](a, diag.AnySide) {
			if k.V.Reason != 0 && k.V.Reason != diag.EndedExpired {
				continue
			}
			src := k.First().Source
			if by[src] == nil {
				order = append(order, src)
			}
			by[src] = append(by[src], lapse{k})
		}
	}
	for _, src := range order {
		if lapses(by[src]) > lapses(most) {
			most = by[src]
		}
	}
	return most
}

func lapses(all []lapse) (n int) {
	for _, l := range all {
		n += l.Count
	}
	return n
}

// near reports whether SAs that lived for age ended at the end of a lifetime.
func near(age, lifetime uint32) bool {
	d := int64(age) - int64(lifetime)
	return age > 0 && max(d, -d) <= int64(lifetime)/20+2
}

// periodic finds that SAs end at the same age again and again, whatever
// lifetime that may be.
func periodic(all []lapse) (f diag.Finding, n int) {
	all = slices.Clone(all)
	slices.SortFunc(all, func(x, y lapse) int { return cmp.Compare(x.V.Age, y.V.Age) })
	for i := range all {
		at, ev := 0, []diag.Evidence(nil)
		for _, o := range all[i:] {
			if all[i].V.Age >= diag.ShortLived && o.V.Age-all[i].V.Age <= all[i].V.Age/50+2 {
				at += o.Count
				ev = slices.Concat(ev, o.Evidence)
			}
		}
		if at < enough || at <= n {
			continue
		}
		n = at
		f = diag.Finding{FixAt: diag.EndUnknown, Evidence: weighed(ev, diag.Strong),
			Summary: fmt.Sprintf("the tunnel is lost again and again, %d times so far, when its SAs are %d s old", at, all[i].V.Age),
			Missing: []diag.Missing{askConfig(diag.EndBoth, "they say whose lifetime that is")}}
	}
	return f, n
}

// lifetime is one that an end is configured with.
type lifetime struct {
	seconds  uint32
	phase1   bool
	name     string
	end      int       // of the tunnel, -1 where not known
	side     diag.Side // where a log tells
	evidence []diag.Evidence
}

func (l *lifetime) fixAt(a *diag.Attempt) diag.End {
	for _, side := range bothSides {
		if l.side == side || l.end >= 0 && a.EndOf(side) == l.end {
			return side.End()
		}
	}
	return diag.EndEither
}

// lifetimesOf lists the lifetimes that are known of the ends of a tunnel, the
// shortest first.
func lifetimesOf(v *diag.View) (all []lifetime) {
	for end := range 2 {
		c := v.Connection(end)
		if !c.OK {
			continue
		}
		if c.V.Lifetime > 0 {
			all = append(all, lifetime{c.V.Lifetime, true, "the phase-1 lifetime of " + v.EndName(end), end, diag.SideUnknown, []diag.Evidence{v.PlaceEvidence(c, "Lifetime")}})
		}
		for i := range c.V.Children {
			if n := c.V.Children[i].Lifetime; n > 0 {
				all = append(all, lifetime{n, false, "the phase-2 lifetime of " + v.EndName(end), end, diag.SideUnknown, []diag.Evidence{v.ChildEvidence(c, i, "Lifetime")}})
			}
		}
	}
	for a := range v.Attempts() {
		for k := range diag.Facts[diag.Lifetime](a, diag.AnySide) {
			phase := "the phase-1 lifetime of "
			if k.V.Child {
				phase = "the phase-2 lifetime of "
			}
			for side, n := range map[diag.Side]uint32{k.Side: k.V.Configured, k.Side.Other(): k.V.Received} {
				if n > 0 {
					all = append(all, lifetime{n, !k.V.Child, phase + a.NameOf(side), -1, side, k.Evidence})
				}
			}
		}
	}
	slices.SortStableFunc(all, func(x, y lifetime) int { return cmp.Or(cmp.Compare(x.seconds, y.seconds), cmp.Compare(x.name, y.name)) })
	return all
}

// ranOutEachTime: the daemon says that the SAs had expired.
func ranOutEachTime(c diag.Case) (e diag.Evidence, ok bool) {
	for _, o := range outagesOf(c.View) {
		if o.V.Reason != diag.EndedExpired {
			return diag.Evidence{}, false
		}
		e, ok = o.First(), true
	}
	return e, ok
}

// sameAgeEachTime: the SAs were of the same age whenever they ended.
func sameAgeEachTime(c diag.Case) (e diag.Evidence, ok bool) {
	all := outagesOf(c.View)
	if lapses(all) < 2 {
		return diag.Evidence{}, false
	}
	for _, phase1 := range [...]bool{false, true} {
		least, most := all[0].age(phase1), all[0].age(phase1)
		for _, o := range all {
			least, most = min(least, o.age(phase1)), max(most, o.age(phase1))
		}
		if least > 0 && most-least <= least/100+1 {
			return all[0].First(), true
		}
	}
	return diag.Evidence{}, false
}

// outlivesMappings: the SAs get older than any NAT keeps a mapping.
func outlivesMappings(c diag.Case) (diag.Evidence, bool) {
	for _, o := range outagesOf(c.View) {
		if max(o.V.Age, o.V.Phase1Age) >= longestMapping {
			return o.First(), true
		}
	}
	return diag.Evidence{}, false
}

// longestMapping is how long in seconds a NAT keeps a mapping of UDP that is
// not in use, at most: the default that RFC 4787, section 4.3, recommends is
// 300, and some go up to this.
const longestMapping = 900
