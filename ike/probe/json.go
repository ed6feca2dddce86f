package probe

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/isakmp"
)

// Schema names the form in which a Result is stored. Fields may be added to it,
// never changed or dropped.
const Schema = "ikediag.probe/v1"

// ErrSchema is what Decode returns for what is no stored Result.
var ErrSchema = errors.New("not a probe's result of schema " + Schema)

// Bounds of a stored Result.
const (
	maxStored  = 8 << 20
	maxAnswers = 2*MaxTransforms + MaxSizes + 16
)

// The stored form: times are RFC 3339, octets hexadecimal, what this package
// counts in its own words and what the protocol numbers in numbers.
type storedResult struct {
	Schema   string         `json:"schema"`
	Gateway  netip.Addr     `json:"gateway"`
	Local    netip.Addr     `json:"local,omitzero"`
	Begun    time.Time      `json:"begun"`
	Ended    time.Time      `json:"ended"`
	Sent     int            `json:"sent"`
	Received int            `json:"received"`
	Answers  []storedAnswer `json:"answers"`
}

type storedAnswer struct {
	Question    Question            `json:"question"`
	Outcome     Outcome             `json:"outcome"`
	Source      netip.AddrPort      `json:"source,omitzero"`
	Destination netip.AddrPort      `json:"destination"`
	Exchange    isakmp.ExchangeType `json:"exchange"`
	Offered     []Transform         `json:"offered"`
	Chosen      *Transform          `json:"chosen"`
	Notify      isakmp.NotifyType   `json:"notify,omitempty"`
	Version     string              `json:"version,omitempty"`
	Vendors     []octets            `json:"vendors"`
	Asker       natKind             `json:"asker,omitempty"`
	Asked       natKind             `json:"asked,omitempty"`
	Size        int                 `json:"size,omitempty"`
	Sent        int                 `json:"sent"`
	Received    int                 `json:"received"`
	Strange     int                 `json:"strange"`
	Failures    []storedFailure     `json:"failures"`
	Datagrams   []storedDatagram    `json:"datagrams"`
}

type storedFailure struct {
	Time   time.Time  `json:"time"`
	Reason reason     `json:"reason"`
	Own    bool       `json:"own"`
	Type   uint8      `json:"type"`
	Code   uint8      `json:"code"`
	MTU    int        `json:"mtu,omitempty"`
	Router netip.Addr `json:"router,omitzero"`
}

type storedDatagram struct {
	Time         time.Time      `json:"time"`
	Outgoing     bool           `json:"outgoing"`
	Source       netip.AddrPort `json:"source"`
	Destination  netip.AddrPort `json:"destination"`
	TTL          uint8          `json:"ttl,omitempty"`
	DontFragment bool           `json:"dont_fragment"`
	Length       int            `json:"length"`
	Payload      octets         `json:"payload"`
}

type octets []byte

func (o octets) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, o), nil }

func (o *octets) UnmarshalText(b []byte) (err error) {
	*o, err = hex.AppendDecode(nil, b)
	return err
}

// MarshalText returns the question's name.
func (q Question) MarshalText() ([]byte, error) { return []byte(q.String()), nil }

// UnmarshalText reads a question's name; an unknown one gives zero.
func (q *Question) UnmarshalText(b []byte) error {
	*q = Question(index(questionNames[:], b))
	return nil
}

// MarshalText returns the outcome's name.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads an outcome's name; an unknown one gives OutcomeUnset.
func (o *Outcome) UnmarshalText(b []byte) error {
	*o = Outcome(index(outcomeNames[:], b))
	return nil
}

// The words for what package exchange numbers, in its order.
var (
	natNames    = [...]string{"unknown", "none", "forced", "port", "address"}
	reasonNames = [...]string{"other", "net-unreachable", "host-unreachable", "protocol-unreachable", "port-unreachable", "prohibited", "too-big", "time-exceeded", "reassembly-timeout"}
)

type (
	natKind exchange.NATKind
	reason  exchange.Reason
)

func (k natKind) MarshalText() ([]byte, error) { return []byte(name(natNames[:], uint8(k))), nil }
func (k *natKind) UnmarshalText(b []byte) error {
	*k = natKind(index(natNames[:], b))
	return nil
}
func (r reason) MarshalText() ([]byte, error) { return []byte(name(reasonNames[:], uint8(r))), nil }
func (r *reason) UnmarshalText(b []byte) error {
	*r = reason(index(reasonNames[:], b))
	return nil
}

// index finds a word, 0 where it is unknown.
func index(names []string, b []byte) int {
	for i, n := range names {
		if n == string(b) {
			return i
		}
	}
	return 0
}

// MarshalJSON returns the stored form. It never holds a HASH or a SIG.
func (r Result) MarshalJSON() ([]byte, error) {
	s := storedResult{Schema: Schema, Gateway: r.Gateway, Local: r.Local, Begun: r.Begun.UTC(), Ended: r.Ended.UTC(), Sent: r.Sent, Received: r.Received, Answers: []storedAnswer{}}
	for i := range r.Answers {
		a := &r.Answers[i]
		w := storedAnswer{
			Question: a.Question, Outcome: a.Outcome, Source: a.Source, Destination: a.Destination, Exchange: a.Exchange, Offered: append([]Transform{}, a.Offered...), Chosen: a.Chosen,
			Notify: a.Notify, Vendors: []octets{}, Asker: natKind(a.Asker), Asked: natKind(a.Asked), Size: a.Size, Sent: a.Sent, Received: a.Received, Strange: a.Strange,
			Failures: []storedFailure{}, Datagrams: []storedDatagram{},
		}
		if a.Version != 0 {
			w.Version = a.Version.String()
		}
		for _, v := range a.Vendors {
			w.Vendors = append(w.Vendors, octets(v))
		}
		for _, f := range a.Failures {
			w.Failures = append(w.Failures, storedFailure{f.Time.UTC(), reason(f.Reason), f.Own, f.Type, f.Code, f.MTU, f.Router})
		}
		for _, d := range a.Datagrams {
			w.Datagrams = append(w.Datagrams, storedDatagram{d.Time.UTC(), d.Direction == exchange.Outgoing, d.Source, d.Destination, d.TTL, d.DontFragment, d.WireLen, octets(d.Payload)})
		}
		s.Answers = append(s.Answers, w)
	}
	return json.Marshal(&s)
}

// UnmarshalJSON reads the stored form.
func (r *Result) UnmarshalJSON(b []byte) error {
	var s storedResult
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("probe: %w", errors.Join(ErrSchema, err))
	}
	if s.Schema != Schema || !s.Gateway.IsValid() || len(s.Answers) > maxAnswers {
		return fmt.Errorf("probe: %w", ErrSchema)
	}
	*r = Result{Gateway: s.Gateway, Local: s.Local, Begun: s.Begun, Ended: s.Ended, Sent: s.Sent, Received: s.Received}
	for i := range s.Answers {
		w := &s.Answers[i]
		a := Answer{
			Question: w.Question, Outcome: w.Outcome, Source: w.Source, Destination: w.Destination, Exchange: w.Exchange, Offered: w.Offered[:min(len(w.Offered), MaxTransforms)],
			Chosen: w.Chosen, Notify: w.Notify, Asker: exchange.NATKind(w.Asker), Asked: exchange.NATKind(w.Asked), Size: w.Size, Sent: w.Sent, Received: w.Received, Strange: w.Strange,
		}
		switch w.Version {
		case isakmp.Version1.String():
			a.Version = isakmp.Version1
		case isakmp.Version2.String():
			a.Version = isakmp.Version2
		}
		for _, v := range w.Vendors[:min(len(w.Vendors), maxVendors)] {
			a.Vendors = append(a.Vendors, isakmp.VendorID(v))
		}
		for _, f := range w.Failures[:min(len(w.Failures), maxFailures)] {
			a.Failures = append(a.Failures, Failure{f.Time, exchange.Reason(f.Reason), f.Own, f.Type, f.Code, f.MTU, f.Router})
		}
		for _, d := range w.Datagrams[:min(len(w.Datagrams), 4*MaxKept)] {
			direction := exchange.Incoming
			if d.Outgoing {
				direction = exchange.Outgoing
			}
			a.Datagrams = append(a.Datagrams, exchange.Datagram{
				Time: d.Time, Source: d.Source, Destination: d.Destination, Protocol: exchange.ProtocolUDP, TTL: d.TTL, DontFragment: d.DontFragment, Direction: direction,
				Payload: d.Payload, WireLen: max(d.Length, len(d.Payload)),
			})
		}
		r.Answers = append(r.Answers, a)
	}
	return nil
}

// Decode reads a stored Result, of no more than 8 MiB.
func Decode(rd io.Reader) (*Result, error) {
	b, err := io.ReadAll(io.LimitReader(rd, maxStored+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxStored {
		return nil, fmt.Errorf("probe: %w", ErrSchema)
	}
	r := &Result{}
	if err := r.UnmarshalJSON(b); err != nil {
		return nil, err
	}
	return r, nil
}

// Detect reports whether a content, or the head of one, is a stored Result.
func Detect(head []byte) bool {
	head = bytes.TrimLeft(head, " \t\r\n\ufeff")
	if len(head) == 0 || head[0] != '{' {
		return false
	}
	head = bytes.TrimLeft(head[1:], " \t\r\n")
	const key = `"schema"`
	if !bytes.HasPrefix(head, []byte(key)) {
		return false
	}
	head = bytes.TrimLeft(head[len(key):], " \t\r\n")
	if len(head) == 0 || head[0] != ':' {
		return false
	}
	return bytes.HasPrefix(bytes.TrimLeft(head[1:], " \t\r\n"), []byte(`"`+Schema+`"`))
}
