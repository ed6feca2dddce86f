package isakmp

// What a saReader does where the framing is not sound.

// problem notes a fault where b begins.
func (m *Message) saProblem(rule Rule, b []byte, got, want int) {
	at := m.in.base + m.in.cap - cap(b)
	path := pathTo(m.in.index, m.in.t).with(levelProposal, m.in.proposal).with(levelTransform, m.in.transform)
	m.problem(rule, path, at, uint32(got), uint32(want))
}

// overrun notes that n octets do not fit in b, unless that is for what has
// been reported.
func (m *Message) saOverrun(b []byte, n int) {
	if !m.in.partial {
		m.saProblem(RuleOverrun, b, n, len(b))
	}
}

func (m *Message) saUnread(b []byte, fixed int) {
	if len(b) < fixed {
		m.saOverrun(b, fixed)
	} else {
		m.saProblem(RuleLimit, b, 0, 0)
	}
}

// misfit explains a part whose length n is less than its fixed part, or more
// than b. It returns how much of b it has: nothing, in the first case.
func (m *Message) saMisfit(b []byte, n, fixed int) int {
	if n < fixed {
		m.saProblem(RuleShort, b, n, fixed)
		return 0
	}
	m.saOverrun(b, n)
	m.in.partial = true
	return len(b)
}

// badSPI reads what there is of an SPI that does not fit the n octets of its
// proposal.
func (m *Message) badSPI(b []byte, n int, p *Proposal) {
	p.SPI, p.Transforms = b[proposalLen:n:n], nil
	if !m.in.partial {
		m.saProblem(RuleShort, b, n, proposalLen+int(b[6]))
	}
}

// badNext explains what is wrong at the end of a part of n octets, where
// others go on, or do not.
func (m *Message) badNext(b []byte, n int, want PayloadType) {
	switch next, length := PayloadType(b[0]), int(b[2])<<8|int(b[3]); {
	case length > n:
		m.in.partial = false // what follows is another part
	case next == want:
		if !m.in.partial {
			m.saProblem(RulePromised, b[n:], 0, 0)
		}
	case next != PayloadNone:
		m.saProblem(RuleChain, b, int(next), int(want))
	default:
		m.saProblem(RuleLeftover, b[n:], len(b)-n, 0)
	}
}

// badCount notes a wrong number of transforms, unless a fault explains it.
func (m *Message) badCount(b []byte, count, n int) {
	if k := len(m.Problems); k > 0 {
		last := m.Problems[k-1].Path
		last.at[levelTransform], last.at[levelAttribute] = 0, 0
		_ = last
	}
	if !m.in.partial {
		m.saProblem(RuleCount, b, count, n)
	}
}

// badAttribute explains why the attribute in b cannot be read.
func (m *Message) badAttribute(b []byte, index int) {
	n := attributeLen
	if len(b) >= n && b[0]&(attributeShort>>8) == 0 {
		n += int(b[2])<<8 | int(b[3])
	}
	_ = index
	if n <= len(b) {
		m.saProblem(RuleLimit, b, 0, 0)
	} else {
		m.saOverrun(b, n)
	}
}
