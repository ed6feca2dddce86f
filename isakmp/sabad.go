package isakmp

// What a saReader does where the framing is not sound.

// path returns where the reader is, no deeper than level.
func (r *saReader) path(level int) Path {
	p := pathTo(r.index, r.p.Type)
	if level >= levelProposal {
		p = p.with(levelProposal, r.proposal)
	}
	if level >= levelTransform {
		p = p.with(levelTransform, r.transform)
	}
	if level >= levelAttribute {
		p = p.with(levelAttribute, r.attribute)
	}
	return p
}

// problem notes a fault of a part of a level, where b begins.
func (r *saReader) problem(rule Rule, level int, b []byte, got, want int) {
	at := int(r.p.Offset) + PayloadHeaderLen + cap(r.p.Body) - cap(b)
	r.m.problem(rule, r.path(level), at, uint32(got), uint32(want))
}

// short notes that the body is shorter than its fixed part of n octets.
func (r *saReader) short(n int) {
	if r.p.Missing == 0 {
		r.problem(RuleShort, levelPayload, r.p.Body, len(r.p.Body), n)
	}
}

// overrun notes that n octets do not fit in b, unless they belong to a part
// whose lack of them has been reported.
func (r *saReader) overrun(level int, b []byte, n int) {
	if !r.partial && r.p.Missing == 0 {
		r.problem(RuleOverrun, level, b, n, len(b))
	}
}

// unread explains why no part with a fixed part of so many octets is read.
func (r *saReader) unread(level int, b []byte, fixed int) {
	if len(b) < fixed {
		r.overrun(level, b, fixed)
	} else {
		r.problem(RuleLimit, level, b, 0, 0)
	}
}

// misfit explains a part whose length n is less than its fixed part, or more
// than b. It returns how much of b it has: nothing, in the first case.
func (r *saReader) misfit(level int, b []byte, n, fixed int) int {
	if n < fixed {
		r.problem(RuleShort, level, b, n, fixed)
		return 0
	}
	r.overrun(level, b, n)
	r.partial = true
	return len(b)
}

// badSPI reads what there is of an SPI that does not fit the n octets of its
// proposal.
func (r *saReader) badSPI(b []byte, n int, p *Proposal) {
	p.SPI, p.Transforms = b[proposalLen:n:n], nil
	if !r.partial && r.p.Missing == 0 {
		r.problem(RuleShort, levelProposal, b, n, proposalLen+int(b[6]))
	}
}

// badNext explains what is wrong at the end of a part of n octets, where
// others go on, or do not.
func (r *saReader) badNext(level int, b []byte, n int, want PayloadType) {
	switch next, length := PayloadType(b[0]), int(b[2])<<8|int(b[3]); {
	case length > n:
		r.partial = false // misfit has said what there is to say
	case next == want:
		if r.p.Missing == 0 {
			r.problem(RulePromised, level, b[n:], 0, 0)
		}
	case next != PayloadNone:
		r.problem(RuleChain, level, b, int(next), int(want))
	default:
		r.problem(RuleLeftover, level, b[n:], len(b)-n, 0)
	}
}

// badCount notes that the proposal in b does not have as many transforms as it
// says, unless a fault among them explains it.
func (r *saReader) badCount(b []byte, count, n int) {
	if k := len(r.m.Problems); k > 0 {
		if last := r.m.Problems[k-1].Path; last.upTo(levelProposal) == r.path(levelProposal) {
			return
		}
	}
	if !r.partial && r.p.Missing == 0 {
		r.problem(RuleCount, levelProposal, b, count, n)
	}
}

// badAttribute explains why the attribute in b cannot be read.
func (r *saReader) badAttribute(b []byte, index int) {
	n := attributeLen
	if len(b) >= n && b[0]&(attributeShort>>8) == 0 {
		n += int(b[2])<<8 | int(b[3])
	}
	r.attribute = index
	r.unread(levelAttribute, b, n)
}
