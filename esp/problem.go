package esp

import "strconv"

// Problem is a rule of the RFCs that a packet breaks.
type Problem uint8

// The problems.
const (
	ProblemSPIZero       Problem = iota // an SPI that must not leave the host
	ProblemSPIReserved                  // an SPI of 1 to 255
	ProblemSequenceZero                 // no SA sends this number: the first is 1
	ProblemAlignment                    // not a multiple of four octets
	ProblemTooShort                     // no room for padding length and next header
	ProblemReserved                     // AH's reserved field is not 0
	ProblemAHICVLength                  // an ICV of no octets
	ProblemKeepaliveLong                // a keepalive of more than one octet
)

var problems = [...]struct{ text, section string }{
	ProblemSPIZero:       {"SPI 0", "RFC 4303, section 2.1"},
	ProblemSPIReserved:   {"SPI reserved by IANA", "RFC 4303, section 2.1"},
	ProblemSequenceZero:  {"sequence number 0", "RFC 4303, section 3.3.3"},
	ProblemAlignment:     {"length is not a multiple of four", "RFC 4303, section 2.4"},
	ProblemTooShort:      {"no room for the trailer", "RFC 4303, section 2.4"},
	ProblemReserved:      {"reserved field is not 0", "RFC 4302, section 2.3"},
	ProblemAHICVLength:   {"no integrity check value", "RFC 4302, section 2.6"},
	ProblemKeepaliveLong: {"keepalive of several octets", "RFC 3948, section 2.3"},
}

// String returns the problem and the section that has the rule.
func (p Problem) String() string {
	if int(p) < len(problems) {
		return problems[p].text + " (" + problems[p].section + ")"
	}
	return "Problem(" + strconv.Itoa(int(p)) + ")"
}

// Section returns the section that has the rule, empty for an unknown problem.
func (p Problem) Section() string {
	if int(p) < len(problems) {
		return problems[p].section
	}
	return ""
}

// checkSPI yields what is wrong with an SPI, and returns whether to go on.
func checkSPI(spi uint32, yield func(Problem) bool) bool {
	switch {
	case spi == 0:
		return yield(ProblemSPIZero)
	case spi <= 255:
		return yield(ProblemSPIReserved)
	}
	return true
}
