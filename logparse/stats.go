package logparse

import "slices"

// Stats counts lines.
type Stats struct {
	// Lines is the number of lines read.
	Lines int
	// Blank counts those that say nothing, Unknown those that no template
	// knows, Foreign those that another program wrote, Cut those that were too
	// long or ended with the stream.
	Blank, Unknown, Foreign, Cut int
	// Samples are the first lines that no template knew, without secrets, at
	// most 100 and no two that differ in numbers only.
	Samples []Sample
	// Evicted counts the negotiations forgotten for want of room.
	Evicted int
}

// Sample is a line that no template knows.
type Sample struct {
	Number int    // of its first occurrence
	Text   string // redacted
	Count  int    // how many lines look like it apart from their numbers
}

const maxSamples = 100

type stats struct {
	Stats
	shapes []uint64
}

// unknown counts a line that no template knows.
func (s *stats) unknown(e *Event) {
	s.Unknown++
	h := shape(e.Text)
	if i := slices.Index(s.shapes, h); i >= 0 {
		s.Samples[i].Count++
		return
	}
	if len(s.shapes) == maxSamples {
		return
	}
	s.shapes = append(s.shapes, h)
	s.Samples = append(s.Samples, Sample{Number: e.Number, Text: string(e.Redacted(nil)), Count: 1})
}

// shape hashes a text without its digits.
func shape(b []byte) uint64 {
	h := uint64(1)
	for _, c := range b[:min(len(b), 400)] {
		if c-'0' > 9 {
			h = (h ^ uint64(c)) * 0x100000001b3
		}
	}
	return h
}

// Stats returns what the Parser has seen so far.
func (p *Parser) Stats() Stats {
	s := p.stats.Stats
	s.Lines = p.number
	s.Samples = slices.Clone(s.Samples)
	for i := range p.asms {
		if c, ok := p.asms[i].a.(*charon); ok {
			s.Evicted += c.evicted
		}
	}
	return s
}
