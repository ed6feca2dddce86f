package observe

import (
	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/exchange"
)

// flood observes that there were more half-open negotiations than are followed.
func (p *Packets) flood(st exchange.Stats) {
	if st.EvictedHalfOpen == 0 {
		return
	}
	p.o = diag.Observation{Source: p.Source, Where: diag.Where{Frame: p.cover.Frames}, Basis: diag.Unauthenticated}
	if !p.cover.Last.IsZero() {
		p.o.Time = diag.Time{Value: p.cover.Last.UTC(), Precision: 1000}
	}
	p.body.flood = diag.Flood{Begun: st.Attempts, Forgotten: st.EvictedHalfOpen}
	p.send(&p.body.flood)
}
