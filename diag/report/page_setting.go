package report

import "github.com/ikediag/ikediag/diag"

// A settingView is what the two ends do not have alike, the initiator's on the
// left.
type settingView struct {
	name  safe
	fits  bool
	heads [2]safe
	cells [2]settingCell
}

type settingCell struct{ text, setting, where safe }

// settings lays out what the ends of a section's tunnel are configured for.
func (b *builder) settings(s *section) (out []*settingView) {
	first := 0
	if s.rank(1) < s.rank(0) {
		first = 1
	}
	for i := range s.tunnel.Settings {
		p := &s.tunnel.Settings[i]
		v := &settingView{name: say(p.Name), fits: p.Fits}
		if p.About >= 0 {
			v.name += " of the " + s.label(p.About)
		}
		if p.Child != "" {
			v.name += ", child " + brief(p.Child)
		}
		for n, end := range [2]int{first, 1 - first} {
			v.heads[n] = joined(" ", s.label(end), s.addressOf(end))
			v.cells[n] = b.cell(&p.Ends[end])
		}
		out = append(out, v)
	}
	return out
}

func (b *builder) cell(e *diag.SettingValue) settingCell {
	c := settingCell{text: shown(e.Text), setting: brief(e.Setting)}
	if c.text == "" {
		c.text = "not set"
	}
	src := b.source(e.Source)
	switch {
	case e.Default:
		c.where = "by default"
	case src != nil && e.Line > 0:
		c.where = "at " + b.lineOf(src, e.Line)
	}
	return c
}
