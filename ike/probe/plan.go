package probe

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/ikediag/ikediag/isakmp"
)

// Question is one thing that a gateway can be asked.
type Question uint8

// The questions.
const (
	questionUnset Question = iota
	// Port500: does UDP port 500 answer a first message of main mode (RFC
	// 2408, section 2.5.1)?
	Port500
	// Port4500: does UDP port 4500 answer one behind a non-ESP marker (RFC
	// 3947, section 4)?
	Port4500
	// Accepts: which of Plan.Transforms are accepted, in the gateway's order of
	// preference? All are offered together, and anew without what was chosen,
	// until nothing more is.
	Accepts
	// Version2: is IKE_SA_INIT answered (RFC 7296, section 1.2)?
	Version2
	// NAT: as what address and port does the gateway see who asks, and is it
	// itself behind a NAT (RFC 3947, section 3.2)? This takes messages 1 to 4 of
	// main mode, none of which holds an identity.
	NAT
	// Fragments: does a first message arrive that is cut by IP?
	Fragments
	// MTU: how large a datagram arrives uncut (RFC 1191)? First messages are
	// padded with vendor IDs and sent with DF set, the largest first.
	MTU
	questions
)

var questionNames = [...]string{"", "port-500", "port-4500", "accepts", "version-2", "nat", "fragments", "mtu"}

// String returns the question's name in JSON and on command lines: port-500,
// port-4500, accepts, version-2, nat, fragments or mtu; empty for no question.
func (q Question) String() string { return name(questionNames[:], uint8(q)) }

// ParseQuestion returns the question of a name that String returns, false for
// other texts.
func ParseQuestion(s string) (Question, bool) {
	i := slices.Index(questionNames[:], s)
	return Question(max(i, 0)), i > 0
}

// The most that a Plan may have of Transforms, Sizes and Sends. Ask refuses one
// that has more.
const (
	MaxTransforms = 32
	MaxSizes      = 16
	MaxSends      = 10
)

// Plan says whom to ask, what, from where and how fast. Only Gateway has to be
// set.
type Plan struct {
	// Gateway is whom to ask.
	Gateway netip.Addr
	// Local is where to ask from: an address of this host, and a port, such as
	// 500, which takes privileges and must be free. Zero: the system's choice.
	// From port 500, port 4500 is asked from port 4500, as gateways do: a marker
	// is expected only between others than 500 (RFC 3947, section 4).
	Local netip.AddrPort
	// Questions are asked in their own order, each once. Nil: Port500.
	Questions []Question
	// Transforms are offered. Nil: Common.
	Transforms []Transform
	// Identity, where it is not nil, is sent to the gateway, in the clear:
	// Accepts is then asked in aggressive mode (RFC 2409, section 5.4).
	Identity *isakmp.ID
	// Sizes are those of the IP datagrams that MTU tries, the greatest first.
	// Nil: 1500, 1492, 1460, 1400, 1280 and 576.
	Sizes []int
	// Sends is how often an unanswered message is sent: 3. Wait is how long
	// after the first the second is, which doubles: 1 second. Interval is the
	// least time between any two datagrams: 200 milliseconds.
	Sends    int
	Wait     time.Duration
	Interval time.Duration

	ports [2]uint16 // 500 and 4500 but in tests
}

// Transform is one suite that a gateway may accept in phase 1 (RFC 2409,
// appendix A), in the numbers of the registries.
type Transform struct {
	// Cipher is that of the encryption algorithm attribute.
	Cipher    isakmp.CipherAlgorithm `json:"encryption"`
	KeyLength uint16                 `json:"key_length,omitempty"` // in bits, 0 where the cipher has but one
	// Hash, Group and Auth are those of the hash algorithm, group description
	// and authentication method attributes.
	Hash  isakmp.HashAlgorithm `json:"hash"`
	Group isakmp.Group         `json:"group"`
	Auth  isakmp.AuthMethod    `json:"auth"`
}

// String returns the transform in the words of the registries.
func (t Transform) String() string {
	size := ""
	if t.KeyLength > 0 {
		size = fmt.Sprintf("-%d", t.KeyLength)
	}
	return fmt.Sprintf("%v%s/%v/%v/%v", t.Cipher, size, t.Hash, t.Group, t.Auth)
}

// Common returns what most gateways accept something of.
func Common() (all []Transform) {
	for _, auth := range []isakmp.AuthMethod{isakmp.AuthPSK, isakmp.AuthRSA} {
		for _, s := range common {
			s.Auth = auth
			all = append(all, s)
		}
	}
	return all
}

var common = [...]Transform{
	{Cipher: isakmp.CipherAES, KeyLength: 256, Hash: isakmp.HashSHA256, Group: isakmp.GroupMODP2048},
	{Cipher: isakmp.CipherAES, KeyLength: 128, Hash: isakmp.HashSHA256, Group: isakmp.GroupMODP2048},
	{Cipher: isakmp.CipherAES, KeyLength: 256, Hash: isakmp.HashSHA256, Group: isakmp.GroupECP256},
	{Cipher: isakmp.CipherAES, KeyLength: 128, Hash: isakmp.HashSHA256, Group: isakmp.GroupECP256},
	{Cipher: isakmp.CipherAES, KeyLength: 256, Hash: isakmp.HashSHA1, Group: isakmp.GroupMODP1536},
	{Cipher: isakmp.CipherAES, KeyLength: 128, Hash: isakmp.HashSHA1, Group: isakmp.GroupMODP1536},
	{Cipher: isakmp.CipherAES, KeyLength: 256, Hash: isakmp.HashSHA1, Group: isakmp.GroupMODP1024},
	{Cipher: isakmp.CipherAES, KeyLength: 128, Hash: isakmp.HashSHA1, Group: isakmp.GroupMODP1024},
	{Cipher: isakmp.CipherTripleDES, Hash: isakmp.HashSHA1, Group: isakmp.GroupMODP1024},
}

var commonSizes = [...]int{1500, 1492, 1460, 1400, 1280, 576}

// The reasons for which Ask refuses a Plan and sends nothing. Test for them
// with errors.Is.
var (
	ErrGateway    = errors.New("no address of a single host to ask")
	ErrQuestion   = errors.New("no such question")
	ErrTransforms = errors.New("too many transforms, or one whose group has no public value here")
	ErrSizes      = errors.New("too many sizes, or one that no datagram can have")
	ErrPace       = errors.New("too many repetitions, or a negative time")
)

// filled returns the plan with its defaults.
func (p Plan) filled() (Plan, error) {
	switch a := p.Gateway; {
	case !a.IsValid() || a.IsUnspecified() || a.IsMulticast() || a == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return p, fmt.Errorf("probe: %w", ErrGateway)
	}
	p.Gateway = p.Gateway.Unmap()
	if p.Questions == nil {
		p.Questions = []Question{Port500}
	}
	p.Questions = slices.Compact(slices.Sorted(slices.Values(p.Questions)))
	for _, q := range p.Questions {
		if q == questionUnset || q >= questions {
			return p, fmt.Errorf("probe: %w", ErrQuestion)
		}
	}
	if p.Transforms == nil {
		p.Transforms = Common()
	}
	if len(p.Transforms) == 0 || len(p.Transforms) > MaxTransforms {
		return p, fmt.Errorf("probe: %w", ErrTransforms)
	}
	if p.Identity != nil {
		for _, t := range p.Transforms {
			if !computable(t.Group) {
				return p, fmt.Errorf("probe: %v: %w", t.Group, ErrTransforms)
			}
		}
	}
	if p.Sizes == nil {
		p.Sizes = commonSizes[:]
	}
	p.Sizes = slices.Sorted(slices.Values(p.Sizes))
	slices.Reverse(p.Sizes)
	if len(p.Sizes) == 0 || len(p.Sizes) > MaxSizes || p.Sizes[0] > 65535 || p.Sizes[len(p.Sizes)-1] < 576 {
		return p, fmt.Errorf("probe: %w", ErrSizes)
	}
	if p.Sends < 0 || p.Sends > MaxSends || p.Wait < 0 || p.Interval < 0 {
		return p, fmt.Errorf("probe: %w", ErrPace)
	}
	if p.Sends == 0 {
		p.Sends = 3
	}
	if p.Wait == 0 {
		p.Wait = time.Second
	}
	if p.Interval == 0 {
		p.Interval = 200 * time.Millisecond
	}
	if p.ports == [2]uint16{} {
		p.ports = [2]uint16{isakmp.Port, isakmp.PortNATT}
	}
	return p, nil
}

// Most returns the greatest number of datagrams that asking may send, 0 for a
// plan that Ask refuses.
func (p Plan) Most() (n int) {
	p, err := p.filled()
	if err != nil {
		return 0
	}
	for _, q := range p.Questions {
		n += p.most(q)
	}
	return n
}

// most is the bound of one question: doc.go has the table.
func (p *Plan) most(q Question) int {
	switch q {
	case Accepts:
		return 2 * len(p.Transforms) * (p.Sends + 1)
	case Version2:
		return p.Sends
	case NAT:
		return 2 * p.Sends
	case MTU:
		return (len(p.Sizes) + 2) * (p.Sends + 1)
	}
	return p.Sends + 1
}

func name(names []string, v uint8) string {
	if int(v) < len(names) {
		return names[v]
	}
	return "unknown"
}
