package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
)

// AuthFailures finds a receiver to which packets come that fail the integrity
// check.
var AuthFailures = &diag.Rule{
	Code: diag.ESPAuthFailures,
	Doc: diag.Doc{
		Meaning: "Packets come whose integrity check value is not the one that the receiver computes (RFC 4303, section 3.4.4): they were changed on the way, or the two ends compute it in different ways or with different keys.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.ESPSHA256Trunc,
				Excluded: []diag.Exclusion{{If: cutAlike, Reason: "both ends cut the check value to the same length"}, {If: someTaken, Reason: "other packets of the same SA pass the check"}},
				Ask:      diag.Missing{Kind: diag.KindState, End: diag.EndBoth, Why: "the kernels' SAs say to how many bits each end cuts the check value"},
			},
		},
		Common:     2,
		Remedy:     "compare the two kernels' SAs; if only some packets fail, look for what changes them on the way",
		References: []diag.Reference{rfc(4303, "3.4.4", "Integrity Check Value Verification")},
	},
	Needs: 1<<diag.BodySA | 1<<diag.BodyCounter | 1<<diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			for _, s := range trafficOf(a).sas {
				if s.in.failed == 0 || cutDiffers(s) {
					continue
				}
				to := s.from.Other()
				f := diag.Finding{FixAt: diag.EndUnknown, Evidence: weighed(s.in.evidence, diag.Proof),
					Summary: fmt.Sprintf("%s drops %d packets whose integrity check fails", a.NameOf(to), s.in.failed)}
				if s.in.failed*noticeable < s.in.packets {
					f.Severity = diag.Warning
				}
				out.AddTo(a, f)
			}
			if f, ok := saidToFail(a); ok {
				out.AddTo(a, f)
			}
		}
		if !kernelListed(v, diag.Initiator) && !kernelListed(v, diag.Responder) {
			counterCheck(v, out, "drops packets that it cannot verify or decrypt, as with a wrong key", "XfrmInStateProtoError")
		}
	},
}

// saidToFail finds that a daemon's log names packets that fail. It does not tell
// how many pass: a few may have been damaged on the way.
func saidToFail(a *diag.Attempt) (f diag.Finding, ok bool) {
	k := obstacle(a, diag.AnySide, diag.ObstacleIntegrity)
	if !k.OK || !a.Completed(diag.Phase2) {
		return f, false
	}
	f = diag.Finding{FixAt: diag.EndUnknown, Evidence: k.As(diag.Strong),
		Summary: fmt.Sprintf("%s drops packets whose integrity check fails, %d of them by its log", a.NameOf(k.Side), k.Count)}
	if k.Count < enough {
		f.Severity = diag.Warning
	}
	return f, true
}

// SHA256Truncation finds ends that cut HMAC-SHA-256 to different lengths.
var SHA256Truncation = &diag.Rule{
	Code: diag.ESPSHA256Trunc,
	Doc: diag.Doc{
		Meaning: "Both ends agreed on HMAC-SHA-256, and one cuts the check value to 128 bits (RFC 4868, section 2.3), the other to the 96 bits of an early draft. " +
			"The negotiation cannot tell them apart: the tunnel comes up, and every packet fails its check.",
		Explains:   []diag.Code{diag.ESPAuthFailures, diag.ESPNoReturnRoute, diag.ESPFirewallInner, diag.NetHostFirewall},
		Common:     4,
		Remedy:     "set the truncation to 128 bits at both ends, or use another integrity algorithm",
		References: []diag.Reference{rfc(4868, "2.3", "Truncation")},
	},
	Needs: 1<<diag.BodySA | 1<<diag.BodyConnection | 1<<diag.BodyFlow,
	Check: func(v *diag.View, sink *diag.Sink) {
		out := joined(v, sink, compareTruncation(v))
		defer out.rest(diag.PhaseAny)
		for a := range v.Attempts() {
			for _, s := range trafficOf(a).sas {
				if cutDiffers(s) {
					out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: slices.Concat(weighed(s.out.evidence, diag.Proof), weighed(s.in.evidence, diag.Proof)),
						Summary: fmt.Sprintf("%s cuts the check value to %d bits, %s expects %d", a.NameOf(s.from), s.out.bits, a.NameOf(s.from.Other()), s.in.bits)})
				}
			}
			if f, ok := cutShort(a); ok && !a.Overtaken() {
				out.AddTo(a, f)
			}
		}
	},
}

// cutDiffers reports whether the two ends of an SA cut its check value to
// different lengths.
func cutDiffers(s *sa) bool { return s.out.bits != 0 && s.in.bits != 0 && s.out.bits != s.in.bits }

// cutShort finds a sign of it in captures: packets come to a host that does
// nothing with them, their lengths leave room for 96 bits behind whole blocks,
// and the ends agreed on SHA-256; where it is not known what they agreed on, they
// use it in phase 1.
func cutShort(a *diag.Attempt) (f diag.Finding, ok bool) {
	weight, hash := diag.Strong, agreed(a, false)
	if !hash.OK {
		weight, hash = diag.Hint, diag.Fact(a, diag.AnySide, func(o *diag.Offer) bool { return !o.Phase2 && o.Role == diag.Chosen })
	}
	if !hash.OK || !slices.ContainsFunc(hash.V.Proposals, inBlocksWithSHA256) {
		return f, false
	}
	t := trafficOf(a)
	for _, s := range t.sas {
		if len(shutOut(t, s)) == 0 || s.came.Flow.Residue != 96/8 || s.came.Flow.AH {
			continue
		}
		f = diag.Finding{FixAt: diag.EndEither, Evidence: slices.Concat(weighed(s.came.Evidence, weight), hash.As(diag.Background)),
			Missing: []diag.Missing{{Kind: diag.KindState, End: diag.EndBoth, Why: "the kernels' SAs say to how many bits each end cuts the check value"}}}
		f.Summary = fmt.Sprintf("%s does nothing with what comes, whose length is that of a check value of 96 bits, although HMAC-SHA-256 was agreed on", a.NameOf(s.from.Other()))
		if weight == diag.Hint {
			f.Severity = diag.Warning
			f.Summary = fmt.Sprintf("%s does nothing with what comes, whose length is that of a check value of 96 bits: where HMAC-SHA-256 was agreed on, it expects 128", a.NameOf(s.from.Other()))
		}
		return f, true
	}
	return f, false
}

// inBlocksWithSHA256 reports whether a proposal is of SHA-256 and a cipher that
// works on blocks of 16 octets.
func inBlocksWithSHA256(p ike.Proposal) bool {
	return slices.ContainsFunc(p.Ciphers, func(k ike.CipherKey) bool { return k.Cipher == ike.CipherAESCBC || k.Cipher == ike.CipherCamelliaCBC }) &&
		(slices.Contains(p.Integrity, ike.IntegritySHA256) || slices.Contains(p.PRF, ike.PRFSHA256))
}

// compareTruncation compares what the ends are configured to cut to.
func compareTruncation(v *diag.View) compared {
	return compareKids(v, func(k kidPair) compared {
		if k.k[0].Truncated == k.k[1].Truncated || !offersSHA256(k.k[0]) || !offersSHA256(k.k[1]) {
			return compared{}
		}
		return k.differing([2]string{"Truncated", "Truncated"}, diag.Strong, "one end is configured to cut HMAC-SHA-256 to 96 bits, the other to 128", "cut HMAC-SHA-256 alike at both ends", [2]string{})
	})
}

func offersSHA256(c *diag.ConnectionChild) bool {
	return slices.ContainsFunc(c.Proposals, func(p ike.Proposal) bool { return slices.Contains(p.Integrity, ike.IntegritySHA256) })
}

// cutAlike: both ends' kernels say to how much they cut, and it is the same.
func cutAlike(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	for _, s := range trafficOf(c.Attempt).sas {
		if s.in.failed > 0 && s.in.bits != 0 && s.in.bits == s.out.bits && len(s.out.evidence) > 0 {
			return s.out.evidence[0], true
		}
	}
	return diag.Evidence{}, false
}

// someTaken: the SA on which checks fail has taken packets, too.
func someTaken(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	for _, s := range trafficOf(c.Attempt).sas {
		if s.in.failed > 0 && s.in.packets > 0 {
			return s.in.evidence[0], true
		}
	}
	return diag.Evidence{}, false
}
