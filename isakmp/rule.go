package isakmp

// Rule is something that a message must keep to. Numbers of rules may change
// from one release to the next, their names do not.
type Rule uint8

// The rules of framing, which Decode finds broken. Problem.Path tells where.
const (
	RuleNone     Rule = iota
	RuleCut           // the capture ends before it does: ErrCut
	RuleOverrun       // it reaches beyond the end of what holds it: ErrTruncated
	RulePromised      // the chain promises one more, which does not come: ErrTruncated
	RuleShort         // it is shorter than its own fixed part: ErrLength
	RuleLeftover      // it holds more than its parts: ErrLength
	RuleCount         // it does not hold as many parts as it says: ErrLength
	RuleChain         // its next-payload octet names what cannot follow: ErrChain
	RuleVersion       // its major version is unknown: ErrVersion
	RuleLimit         // there are more than Limits allows: ErrTooMany

	firstMeaning // what Validate finds follows
)

var rules = [...]struct{ text, reference string }{
	RuleNone:     {"no rule", ""},
	RuleCut:      {"cut by the capture", ""},
	RuleOverrun:  {"reaches beyond the end of what holds it", ""},
	RulePromised: {"promised, but does not come", ""},
	RuleShort:    {"shorter than its fixed part", ""},
	RuleLeftover: {"holds more than its parts", ""},
	RuleCount:    {"wrong number of parts", ""},
	RuleChain:    {"names what cannot follow", ""},
	RuleVersion:  {"unknown major version", ""},
	RuleLimit:    {"more than the limit", ""},
}

// String returns the rule's description.
func (r Rule) String() string {
	if int(r) < len(rules) {
		return rules[r].text
	}
	return unnamed("Rule", uint32(r))
}

// Framing reports whether the rule is one of framing, and not of meaning.
func (r Rule) Framing() bool { return r > RuleNone && r < firstMeaning }

// reason returns the error that a ParseError of the rule unwraps to.
func (r Rule) reason() error {
	switch r {
	case RuleCut:
		return ErrCut
	case RuleOverrun, RulePromised:
		return ErrTruncated
	case RuleChain:
		return ErrChain
	case RuleVersion:
		return ErrVersion
	case RuleLimit:
		return ErrTooMany
	}
	return ErrLength
}
