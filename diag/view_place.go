package diag

// PlaceEvidence returns the place of a value in an end's configuration, by the
// name of the field in Connection; where none is known, the place of the
// connection as a whole.
func (v *View) PlaceEvidence(c Known[*Connection], field string) Evidence {
	e := c.First()
	if c.OK {
		e = e.at(c.V.At[field])
	}
	return e
}

// ChildEvidence returns the place of a value of one of the connection's
// Children, by its index and the name of the field in ConnectionChild; where
// none is known, the place of the connection as a whole.
func (v *View) ChildEvidence(c Known[*Connection], child int, field string) Evidence {
	e := c.First()
	if !c.OK || child < 0 || child >= len(c.V.Children) {
		return e
	}
	k := &c.V.Children[child]
	if p := k.At[field]; p.Line > 0 || p.Default {
		return e.at(p)
	}
	return e.at(k.Place)
}

// FaultEvidence returns the place of a fault in an end's configuration.
func (v *View) FaultEvidence(c Known[*Connection], f *Fault) Evidence {
	return c.First().at(f.Place)
}

// at moves configured evidence to another place. What stands nowhere keeps the
// line of the whole, and says so.
func (e Evidence) at(p Place) Evidence {
	if p.Line > 0 {
		e.Where, e.Time = Where{Line: p.Line}, Time{}
		if p.Elsewhere {
			e.Source = p.Source
		}
	}
	switch {
	case p.Line > 0 && !p.Default:
		if p.Setting != "" {
			e.Text = Clean(p.Setting, 60)
			if p.Value != "" {
				e.Text += p.join() + Clean(p.Value, 160)
			}
		}
	case p.Default && p.Setting != "":
		e.Text = Clean(p.Setting, 60) + " is not set"
		if p.Value != "" {
			e.Text += ": " + Clean(p.Value, 160) + " by default"
		}
	}
	return e
}

// join is what stands between setting and value.
func (p Place) join() string {
	if p.Blank {
		return " "
	}
	return " = "
}
