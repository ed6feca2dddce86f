package rules

import (
	"encoding/binary"
	"encoding/hex"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// Phase1Established reports that phase 1 was completed: what is wrong, if
// anything is, comes later.
var Phase1Established = &diag.Rule{
	Code:  diag.OKP1Established,
	Doc:   diag.Doc{Meaning: "Both ends completed phase 1, as far as the evidence reaches."},
	Needs: 1<<diag.BodyProgress | 1<<diag.BodySA,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			if up, at := a.TraceUp(); up.OK {
				out.AddTo(a, diag.Finding{Traces: at.As(diag.Proof), Summary: "phase 1 is established"})
			}
		}
	},
}

// Phase2Established reports that an SA pair came up.
var Phase2Established = &diag.Rule{
	Code:  diag.OKP2Established,
	Doc:   diag.Doc{Meaning: "An SA pair was negotiated."},
	Needs: 1<<diag.BodyProgress | 1<<diag.BodySA,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			if up, at := a.TraceChildUp(); up.OK {
				f := diag.Finding{Traces: at.As(diag.Proof), Summary: "phase 2 is established"}
				if up.V.SPIIn != 0 {
					f.Detail = diag.Established{SPIIn: spiText(up.V.SPIIn), SPIOut: spiText(up.V.SPIOut)}
				}
				out.AddTo(a, f)
			}
		}
	},
}

// spiText writes an SPI in eight digits.
func spiText(spi uint32) string {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], spi)
	return hex.EncodeToString(b[:])
}

// TrafficPasses reports that the tunnel carries traffic in both directions:
// what is wrong, if anything is, is behind it.
var TrafficPasses = &diag.Rule{
	Code:  diag.OKTrafficPasses,
	Doc:   diag.Doc{Meaning: "Packets of the tunnel's SAs were taken by their receivers in both directions."},
	Needs: 1<<diag.BodySA | 1<<diag.BodyFlow,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			t := trafficOf(a)
			there, back := t.taken(diag.Initiator), t.taken(diag.Responder)
			if len(there) > 0 && len(back) > 0 {
				out.AddTo(a, diag.Finding{Evidence: slices.Concat(there, back), Summary: "traffic passes in both directions"})
			}
		}
	},
}

// taken returns what shows that packets of a side's arrive and are not dropped:
// what their receiver counted, or a capture there where nothing was counted.
func (t *traffic) taken(from diag.Side) (ev []diag.Evidence) {
	for _, s := range t.sas {
		switch {
		case s.from != from:
		case s.in.counted && s.in.packets > 0:
			ev = append(ev, weighed(s.in.evidence, diag.Proof)...)
		case !s.in.counted && s.came != nil:
			ev = append(ev, weighed(s.came.Evidence, diag.Strong)...)
		}
	}
	return ev
}
