package observe

import (
	"bytes"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/ike/probe"
	"github.com/ikediag/ikediag/isakmp"
)

// Probes turns what a gateway answered to a probe into observations. None of
// them is of a negotiation between gateways: what a probe offers and is refused
// is no tunnel's fault.
type Probes struct {
	// To takes the observations.
	To Target
	// Source is the number that To gave the probe's file.
	Source diag.SourceID

	begun, ended      time.Time
	units, recognized int
}

// ProbeFormat is the name of the format that Read reads.
const ProbeFormat = probe.Schema

// Read observes a stored result.
func (o *Probes) Read(r io.Reader) error {
	result, err := probe.Decode(r)
	if err != nil {
		return err
	}
	o.Result(result)
	return nil
}

// Result observes a result: what came of each question.
func (o *Probes) Result(r *probe.Result) {
	o.begun, o.ended = r.Begun, r.Ended
	told := map[diag.ProbeQuestion]bool{}
	for i := range r.Answers {
		a := &r.Answers[i]
		o.units++
		q, known := probeQuestions[a.Question]
		if !known {
			continue
		}
		o.recognized++
		b, ok := probed(r, a, q)
		if !ok || told[q] {
			continue
		}
		told[q] = true
		at := r.Begun
		if len(a.Datagrams) > 0 {
			at = a.Datagrams[len(a.Datagrams)-1].Time
		}
		obs := diag.Observation{Source: o.Source, Where: diag.Where{Index: i}, Text: []byte(probeText(b, r.Gateway)), Basis: diag.Unauthenticated, Body: b}
		obs.Keys.Local = netip.AddrPortFrom(r.Gateway, b.Port)
		if !at.IsZero() {
			obs.Time = diag.Time{Value: at.UTC(), Precision: time.Microsecond}
		}
		o.To.Observe(&obs)
	}
}

// isProbe reports whether octets in hexadecimal, as daemons write a vendor ID
// that they do not know, are the probe's.
func isProbe(text []byte) bool {
	const digits = "0123456789abcdef"
	want := probe.VendorID
	text = bytes.TrimPrefix(text, []byte("0x"))
	for i := 0; i < len(want); i++ {
		text = bytes.TrimLeft(text, ": ")
		if len(text) < 2 || text[0]|0x20 != digits[want[i]>>4]|0x20 || text[1]|0x20 != digits[want[i]&15]|0x20 {
			return false
		}
		text = text[2:]
	}
	return true
}

// Describe says what the source is.
func (o *Probes) Describe(s *diag.Source) {
	s.Kind, s.Dialect = diag.KindProbe, ProbeFormat
	s.Units, s.Recognized = o.units, o.recognized
	s.Coverage = diag.Coverage{From: o.begun, To: o.ended, Shows: diag.Bodies(diag.BodyProbed)}
}

var probeQuestions = map[probe.Question]diag.ProbeQuestion{
	probe.Port500: diag.ProbePort500, probe.Port4500: diag.ProbePort4500, probe.Accepts: diag.ProbeAccepts, probe.Version2: diag.ProbeVersion2,
	probe.NAT: diag.ProbeNAT, probe.Fragments: diag.ProbeFragments, probe.MTU: diag.ProbeMTU,
}

var probeOutcomes = map[probe.Outcome]diag.ProbeOutcome{
	probe.Answered: diag.ProbeAnswered, probe.Refused: diag.ProbeRefused, probe.Silent: diag.ProbeSilent, probe.Deceived: diag.ProbeDeceived,
	probe.Unreachable: diag.ProbeUnreachable, probe.Unsent: diag.ProbeUnreachable, probe.TooBig: diag.ProbeTooBig,
}

// probed says what came of a question; false where it was not asked, after
// all. Of accepts and mtu all answers are taken together.
func probed(r *probe.Result, a *probe.Answer, q diag.ProbeQuestion) (*diag.Probed, bool) {
	outcome, asked := probeOutcomes[a.Outcome]
	if !asked {
		return nil, false
	}
	b := &diag.Probed{
		Question: q, Outcome: outcome, From: r.Local, SourcePort: a.Source.Port(), Port: a.Destination.Port(), Notify: a.Notify, Version: a.Version.Major(),
	}
	if a.Version == 0 {
		b.Version = 0
	}
	for _, f := range a.Failures {
		b.By, b.Own = f.Router, f.Own
		b.Closed = b.Closed || f.Reason == exchange.PortUnreachable
		b.Prohibited = b.Prohibited || f.Reason == exchange.Prohibited
	}
	switch q {
	case diag.ProbeAccepts:
		taken, refused := r.Accepted()
		b.Accepted, b.Refused = proposalsOf(taken), proposalsOf(refused)
	case diag.ProbeNAT:
		b.NATKnown = a.Asker != exchange.NATUnknown && a.Asked != exchange.NATUnknown
		b.AskerNAT, b.AskedNAT = a.Asker.Translated(), a.Asked.Translated()
	case diag.ProbeMTU:
		arrives, lost := r.MTU()
		b.MTU, b.Lost = uint16(min(max(arrives, 0), 1<<16-1)), uint16(min(max(lost, 0), 1<<16-1))
		if arrives > 0 {
			b.Outcome = diag.ProbeAnswered
		}
	}
	for _, v := range r.Vendors() {
		if known, ok := v.Lookup(); ok && known.Product != "" {
			b.Product = diag.Clean(known.Product, 40)
		}
	}
	return b, true
}

// proposalsOf makes one proposal of each suite.
func proposalsOf(all []probe.Transform) (out []ike.Proposal) {
	for _, t := range all {
		p := ike.Proposal{Protocol: ike.ProtocolIKE}
		p.SetTransform(isakmp.KeyIKE)
		p.SetAttribute(uint16(isakmp.OakleyEncryption), uint16(t.Cipher))
		if t.KeyLength > 0 {
			p.SetAttribute(uint16(isakmp.OakleyKeyLength), t.KeyLength)
		}
		p.SetAttribute(uint16(isakmp.OakleyHash), uint16(t.Hash))
		p.SetAttribute(uint16(isakmp.OakleyGroup), uint16(t.Group))
		p.SetAttribute(uint16(isakmp.OakleyAuth), uint16(t.Auth))
		out = append(out, p)
	}
	return out
}

// probeText is what a report shows of it.
func probeText(b *diag.Probed, gateway netip.Addr) string {
	var t strings.Builder
	fmt.Fprintf(&t, "%s asked from %s, port %d: %s: %s", gateway, b.From, b.SourcePort, b.Question, b.Outcome)
	switch {
	case b.Outcome == diag.ProbeRefused:
		fmt.Fprintf(&t, ", %v", b.Notify)
	case b.Own:
		t.WriteString(", its own host did not send it")
	case b.By.IsValid():
		fmt.Fprintf(&t, ", says %s", b.By)
	}
	switch b.Question {
	case diag.ProbeAccepts:
		fmt.Fprintf(&t, "; accepted: %s", listed(b.Accepted))
		if len(b.Refused) > 0 {
			fmt.Fprintf(&t, "; refused: %s", listed(b.Refused))
		}
	case diag.ProbeNAT:
		if b.NATKnown {
			fmt.Fprintf(&t, "; NAT of who asks: %v, of the gateway: %v", b.AskerNAT, b.AskedNAT)
		}
	case diag.ProbeMTU:
		fmt.Fprintf(&t, "; %d octets arrive, %d do not", b.MTU, b.Lost)
	}
	return t.String()
}

func listed(all []ike.Proposal) string {
	if len(all) == 0 {
		return "none"
	}
	var words []string
	for i := range all {
		words = append(words, all[i].String())
	}
	return strings.Join(words, ", ")
}
