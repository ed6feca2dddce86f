package report

import (
	"fmt"
	"strconv"

	"github.com/ikediag/ikediag/diag"
)

type jsonLadder struct {
	Attempt   int        `json:"attempt"`
	Initiator *int       `json:"initiator"`
	Rungs     []jsonRung `json:"rungs"`
	Left      int        `json:"left"`
	Gap       int        `json:"gap"`
	Flows     []jsonFlow `json:"flows"`
}

type jsonRung struct {
	Kind      safe          `json:"kind"`
	Side      safe          `json:"side"`
	Text      safe          `json:"text"`
	Fault     bool          `json:"fault"`
	Exchange  *safe         `json:"exchange"`
	Number    int           `json:"number"`
	MessageID *safe         `json:"message_id"`
	Encrypted bool          `json:"encrypted"`
	Repeated  bool          `json:"repeated"`
	Notifies  []safe        `json:"notifies"`
	Octets    int           `json:"octets"`
	Packets   int           `json:"packets"`
	Sent      int           `json:"sent"`
	Arrived   int           `json:"arrived"`
	Fate      *safe         `json:"fate"`
	Seen      []jsonGlimpse `json:"seen"`
}

type jsonGlimpse struct {
	At         safe   `json:"at"`
	Source     *safe  `json:"source"`
	Line       int    `json:"line"`
	Frame      int    `json:"frame"`
	Time       string `json:"time,omitempty"`
	LastLine   int    `json:"last_line"`
	LastFrame  int    `json:"last_frame"`
	LastTime   string `json:"last_time,omitempty"`
	Precision  string `json:"precision,omitempty"`
	Assumed    safe   `json:"assumed,omitempty"`
	Count      int    `json:"count"`
	Incomplete bool   `json:"incomplete"`
	Text       safe   `json:"text"`
}

type jsonFlow struct {
	From        safe        `json:"from"`
	At          safe        `json:"at"`
	SPI         *safe       `json:"spi"`
	Protocol    safe        `json:"protocol"`
	InUDP       bool        `json:"in_udp"`
	Source      *safe       `json:"source"`
	Destination *safe       `json:"destination"`
	Counted     bool        `json:"counted"`
	Packets     string      `json:"packets"`
	Lost        string      `json:"lost"`
	Repeated    string      `json:"repeated"`
	Start       jsonGlimpse `json:"start"`
	End         jsonGlimpse `json:"end"`
}

type jsonSetting struct {
	Name  safe              `json:"name"`
	Child safe              `json:"child"`
	About *int              `json:"about"`
	Fits  bool              `json:"fits"`
	Ends  [2]jsonSettingEnd `json:"ends"`
}

type jsonSettingEnd struct {
	Text    safe  `json:"text"`
	Setting safe  `json:"setting"`
	Default bool  `json:"default"`
	Source  *safe `json:"source"`
	Line    int   `json:"line"`
}

func (v *resolver) ladder(l *diag.Ladder) jsonLadder {
	return jsonLadder{Attempt: l.Attempt, Initiator: index(l.Initiator), Rungs: list(l.Rungs, v.rung), Left: l.Left, Gap: l.Gap, Flows: list(l.Flows, v.flow)}
}

// index is a place among a tunnel's ends: null where there is none.
func index(end int) *int {
	if end < 0 {
		return nil
	}
	return &end
}

func (v *resolver) rung(r *diag.Rung) jsonRung {
	j := jsonRung{
		Kind: word(r.Kind.String()), Side: word(r.Side.String()), Text: prose(r.Text), Fault: r.Fault,
		Number: int(r.Number), Encrypted: r.Encrypted, Repeated: r.Repeated, Notifies: make([]safe, 0, len(r.Notifies)),
		Octets: int(r.Octets), Packets: int(r.Packets), Sent: r.Sent, Arrived: r.Arrived, Seen: list(r.Seen, v.glimpse),
	}
	if r.Kind == diag.RungMessage {
		x, f := word(r.Exchange.String()), word(r.Fate.String())
		j.Exchange, j.Fate = &x, &f
	}
	if r.MessageID != 0 {
		j.MessageID = hex32(r.MessageID)
	}
	for _, n := range r.Notifies {
		j.Notifies = append(j.Notifies, word(n.String()))
	}
	return j
}

func hex32(v uint32) *safe {
	s := safe(fmt.Sprintf("%08x", v))
	return &s
}

func (v *resolver) glimpse(g *diag.Glimpse) jsonGlimpse {
	precision, assumed := provenance(g.Time, g.Until)
	return jsonGlimpse{
		At: word(g.At.String()), Source: v.sourceID(g.Source),
		Line: g.Where.Line, Frame: g.Where.Frame, Time: instant(g.Time.Value),
		LastLine: g.Last.Line, LastFrame: g.Last.Frame, LastTime: instant(g.Until.Value),
		Precision: precision, Assumed: assumed, Count: g.Count, Incomplete: g.Incomplete, Text: prose(g.Text),
	}
}

func (v *resolver) flow(f *diag.FlowReport) jsonFlow {
	j := jsonFlow{
		From: word(f.From.String()), At: word(f.At.String()), Protocol: protocol(f), InUDP: f.InUDP, Counted: f.Counted,
		Packets: strconv.FormatUint(f.Packets, 10), Lost: strconv.FormatUint(f.Lost, 10), Repeated: strconv.FormatUint(f.Repeated, 10),
		Start: v.glimpse(&f.Start), End: v.glimpse(&f.End),
	}
	switch {
	case f.Clear:
		s, d := address(f.Source), address(f.Destination)
		j.Source, j.Destination = &s, &d
	case f.SPI != 0:
		j.SPI = hex32(f.SPI)
	}
	return j
}

// protocol names what carries a flow.
func protocol(f *diag.FlowReport) safe {
	switch {
	case f.Clear:
		return "clear"
	case f.AH:
		return "ah"
	}
	return "esp"
}

func (v *resolver) setting(s *diag.SettingPair) jsonSetting {
	j := jsonSetting{Name: name(s.Name), Child: name(s.Child), About: index(s.About), Fits: s.Fits}
	for i := range s.Ends {
		e := &s.Ends[i]
		j.Ends[i] = jsonSettingEnd{Text: name(e.Text), Setting: name(e.Setting), Default: e.Default, Source: v.sourceID(e.Source), Line: e.Line}
	}
	return j
}
