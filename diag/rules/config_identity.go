package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
)

// idMatch is how an identity fits what is expected.
type idMatch uint8

const (
	idOpen  idMatch = iota // a certificate or an address decides
	idFits                 //
	idType                 // the value expected, of another type
	idOther                //
)

// matchID compares an identity with the expected one.
func matchID(have, want ike.Identity) idMatch {
	switch {
	case want.Any || want.IsZero() || want.Accepts(have):
		return idFits
	case have.FromCert || want.FromCert || have.Any || have.IsZero() || have.Type == 0 || want.Type == 0:
		return idOpen
	case want.SameValue(have):
		return idType
	}
	return idOther
}

// compareIdentity compares the identity of a side with what its peer expects.
// Where nothing tells which end begins, the identity of either may be that of
// the side, and that is no proof.
func compareIdentity(v *diag.View, of diag.Side, kind idMatch) compared {
	p, ok := confPairOf(v)
	if !ok {
		return compared{}
	}
	fits := 0
	for end := range p.c {
		side := p.side(end)
		if side != diag.SideUnknown && of != diag.SideUnknown && side != of {
			continue
		}
		have, want := p.c[end].V.LocalID, p.c[1-end].V.RemoteID
		fields := [2]string{"LocalID", "RemoteID"}
		if end == 1 {
			fields = [2]string{"RemoteID", "LocalID"}
		}
		switch m := matchID(have, want); {
		case m == idFits:
			if fits++; fits == 2 || side != diag.SideUnknown && of != diag.SideUnknown {
				return agreement(p.evidence(fields, diag.Background))
			}
		case m == kind:
			return p.identityFinding(end, of, fields)
		}
	}
	return compared{}
}

func (p confPair) identityFinding(end int, of diag.Side, fields [2]string) compared {
	have, want := p.c[end].V.LocalID, p.c[1-end].V.RemoteID
	w := diag.Proof
	if !p.sole() || of != diag.SideUnknown && p.initiator < 0 {
		w = diag.Strong
	}
	ev := p.evidence(fields, w)
	f := diag.Finding{FixAt: diag.EndEither, Evidence: ev}
	f.Summary = fmt.Sprintf("%s calls itself %s, %s expects %s", p.name(end), typedID(have), p.name(1-end), typedID(want))
	role := p.side(end)
	if role == diag.SideUnknown && of != diag.SideUnknown {
		role = of
		f.Summary += fmt.Sprintf(" (if %s is the %s)", p.name(end), of)
	}
	f.Detail = diag.IdentityMismatch{Of: role.String(), Expected: diag.Clean(want.String(), 200), Got: diag.Clean(have.String(), 200), GotType: have.Type.String()}
	at := p.places(fields[0], fields[1])
	f.Remedies = []diag.Remedy{
		{End: p.role(1 - end), Action: "expect the identity that the other end declares", Setting: at[1-end].Setting, Value: at[end].Value, Source: ev[1-end].Source, Line: ev[1-end].Where.Line},
		{End: p.role(end), Action: "or declare the identity that the other end expects", Setting: at[end].Setting, Value: at[1-end].Value, Source: ev[end].Source, Line: ev[end].Where.Line},
	}
	if !p.sameFormat() { // each has its own way to spell types
		f.Remedies[0].Value = p.identityValue(1-end, have, at[1-end].Setting)
		f.Remedies[1].Value = p.identityValue(end, want, at[end].Setting)
	}
	return compared{state: differ, finding: &f}
}

func typedID(id ike.Identity) string {
	return diag.Quote(id.String()) + " (" + id.Type.String() + ")"
}
