package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// compareXAuth compares the parts that the ends play in XAUTH.
func compareXAuth(v *diag.View) compared {
	p, ok := confPairOf(v)
	if !ok || !p.ikev1() {
		return compared{}
	}
	fields := [2]string{"XAuthRole", "XAuthRole"}
	x, y := p.c[0].V, p.c[1].V
	if x.XAuthRole == opposite(y.XAuthRole) {
		return agreement(p.evidence(fields, diag.Background))
	}
	w, _ := p.weigh(func(_, _ int) fate { return fails })
	ev := p.evidence(fields, w)
	f := diag.Finding{FixAt: diag.EndEither, Evidence: ev}
	for end := range p.c {
		if p.c[end].V.XAuthRole != diag.XAuthNone && p.c[1-end].V.XAuthRole == diag.XAuthNone {
			f.Summary = fmt.Sprintf("%s is configured for XAUTH, %s is not", p.name(end), p.name(1-end))
		}
	}
	if f.Summary == "" {
		f.Summary = fmt.Sprintf("%s and %s play the same part in XAUTH", p.name(0), p.name(1))
	}
	return compared{state: differ, finding: &f}
}

// comparePasswords compares the client's XAUTH password with the one that the
// server has for that user. A server may have others elsewhere, so that none
// is no fault.
func comparePasswords(v *diag.View) compared {
	p, ok := confPairOf(v)
	if !ok {
		return compared{}
	}
	for end := range p.c {
		client, server := p.c[end].V, p.c[1-end].V
		if client.XAuthRole != diag.XAuthClient || server.XAuthRole != diag.XAuthServer || len(client.Users) != 1 {
			continue
		}
		for i := range server.Users {
			mine, theirs := &client.Users[0], &server.Users[i]
			if !theirs.Name.SameValue(mine.Name) || mine.Password.State != diag.PSKKnown || theirs.Password.State != diag.PSKKnown || mine.Password.Ambiguous || theirs.Password.Ambiguous {
				continue
			}
			var ev [2]diag.Evidence
			ev[end], ev[1-end] = passwordPlace(v, p.c[end], &mine.Password), passwordPlace(v, p.c[1-end], &theirs.Password)
			if mine.Password.Digest == theirs.Password.Digest {
				return agreement(ev[:])
			}
			w := diag.Proof
			if !p.sole() {
				w = diag.Strong
			}
			f := diag.Finding{FixAt: diag.EndEither, Evidence: []diag.Evidence{ev[0].As(w), ev[1].As(w)}}
			f.Summary = fmt.Sprintf("the XAUTH password of %s at %s is not the one that %s has for this user", diag.Quote(mine.Name.String()), p.name(end), p.name(1-end))
			for i := range ev {
				f.Remedies = append(f.Remedies, diag.Remedy{End: diag.EndEither, Action: "set the password to the one that the other end has", Setting: "XAUTH password", Source: ev[i].Source, Line: ev[i].Where.Line})
			}
			return compared{state: differ, finding: &f}
		}
	}
	return compared{}
}

// passwordPlace is where a password stands.
func passwordPlace(v *diag.View, c diag.Known[*diag.Connection], k *diag.PSK) diag.Evidence {
	like := *c.V
	like.PSK = *k
	return v.SecretEvidence(diag.Known[*diag.Connection]{V: &like, OK: true, Evidence: c.Evidence})
}
