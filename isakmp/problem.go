package isakmp

import "strconv"

// Problem is something wrong with a message: a fault of framing that Decode
// found, or one of meaning that Validate found.
type Problem struct {
	// Rule tells what is wrong.
	Rule Rule
	// Path names the part, and Offset is where in the decoded octets it is.
	Path   Path
	Offset int
	// Got is the number in the message and Want the one expected, or the
	// bound that it exceeds. Both are 0 where the rule is not about numbers.
	Got, Want uint32
}

// Reference names the section that the problem rests on, as in "RFC 2408,
// section 3.6"; empty for limits and captures.
func (p *Problem) Reference() string {
	switch {
	case !p.Rule.Framing():
		return rules[p.Rule].reference
	case p.Rule == RuleCut || p.Rule == RuleLimit:
		return ""
	}
	return p.Path.reference()
}

// String returns a description such as
//
//	payload[0] SA, proposal[0], transform[3] at 84: reaches beyond the end of what holds it (12, not 8) [RFC 2408, section 3.6]
//
// Its wording may change over time.
func (p *Problem) String() string {
	s := p.Path.String() + " at " + strconv.Itoa(p.Offset) + ": " + p.Rule.String()
	if p.Got != 0 || p.Want != 0 {
		s += " (" + strconv.FormatUint(uint64(p.Got), 10) + ", not " + strconv.FormatUint(uint64(p.Want), 10) + ")"
	}
	if ref := p.Reference(); ref != "" {
		s += " [" + ref + "]"
	}
	return s
}

// problem notes a fault. The first one becomes the error of Decode.
func (m *Message) problem(r Rule, at Path, offset int, got, want uint32) {
	if len(m.Problems) < m.Limits.problems() {
		m.Problems = append(m.Problems, Problem{Rule: r, Path: at, Offset: offset, Got: got, Want: want})
	}
}

// overrun notes that something of n octets at offset does not fit the have
// octets left there, or would if none were missing.
func (m *Message) overrun(at Path, offset, n, have, missing int) {
	r := RuleOverrun
	if n <= have+missing {
		r = RuleCut
	}
	m.problem(r, at, offset, uint32(n), uint32(have))
}

// err returns the first problem as an error.
func (m *Message) err() error {
	if len(m.Problems) == 0 {
		return nil
	}
	m.fault.Problem = m.Problems[0]
	return &m.fault
}
