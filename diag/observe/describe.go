package observe

import (
	"github.com/ikediag/ikediag/diag"
)

// Describe fills in what the reading found out about a log.
func (l *Log) Describe(s *diag.Source) {
	st := l.parser.Stats()
	s.Units, s.Recognized = st.Lines, st.Lines-st.Unknown-st.Foreign
	s.Coverage.From, s.Coverage.To = l.from.time(), l.to.time()
	s.Coverage.Levels = l.levels
	s.Coverage.Shows = diag.Bodies(
		diag.BodyMessage, diag.BodyNotify, diag.BodyOffer, diag.BodyLookup, diag.BodyCheck, diag.BodyProgress, diag.BodyGaveUp, diag.BodyNAT,
		diag.BodyObstacle, diag.BodyTeardown, diag.BodyLifetime, diag.BodyRekey, diag.BodyCertificate,
	)
	if d := l.parser.Dialect(); d != nil && d.Quiet {
		s.Coverage.Shows = diag.Bodies(diag.BodyProgress)
	}
}

// Describe fills in what the reading found out about a capture.
func (p *Packets) Describe(s *diag.Source) {
	c := &p.cover
	s.Units, s.Recognized = c.Frames, c.Frames-c.Malformed-c.UnknownLink
	s.Coverage.From, s.Coverage.To = p.began.UTC(), p.ended.UTC()
	s.Coverage.SnapLen, s.Coverage.CutEnd = c.SnapLength, c.CutEnd
	s.Coverage.Shows = diag.Bodies(diag.BodyMessage, diag.BodyUnreachable, diag.BodyFlow)
	s.Coverage.Lost = c.Dropped
	if p.follow != nil { // who calls Step knows what there is
		s.Coverage.Hides = p.covered.hides(c)
	}
}
