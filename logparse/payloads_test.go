package logparse

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/isakmp"
)

// TestPayloads reads lists of payloads, whatever stands in parentheses.
func TestPayloads(t *testing.T) {
	var p Parser
	var e Event
	for list, want := range map[string]string{
		"":                          "",
		"SA":                        "SA",
		"HASH SA No KE ID ID":       "HASH SA NONCE KE ID ID",
		"HASH  N(DPD) ":             "HASH N(DPD)",
		"N(NO_PROP) N((24576)) V":   "N(NO_PROP) N((24576)) VID",
		"CPRQ(X_TYPE X_USER) NAT-D": "ATTR(X_TYPE X_USER) NAT-D",
		"(SA) N( KE":                "none N( KE)",
		"a)(b KE":                   "none(b) KE",
	} {
		p.Parse(fmt.Appendf(nil, "05[ENC] parsed QUICK_MODE request 7 [ %s ]", list), &e)
		var got []string
		for p, arg := range e.Payloads() {
			name := p.String()
			if arg != nil {
				name += "(" + string(arg) + ")"
			}
			got = append(got, name)
			if !e.HasPayload(p) {
				t.Errorf("%q: %v is missing", list, p)
			}
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q: %q, want %q", list, s, want)
		}
		if e.HasPayload(isakmp.PayloadSignature) {
			t.Errorf("%q: has a signature", list)
		}
	}
}

// TestMessageNumber counts the messages of RFC 2409, section 5.
func TestMessageNumber(t *testing.T) {
	var p Parser
	var e Event
	for message, want := range map[string]uint8{
		"ID_PROT request 0 [ SA V V ]":                1,
		"ID_PROT response 0 [ SA V ]":                 2,
		"ID_PROT request 0 [ KE No NAT-D NAT-D ]":     3,
		"ID_PROT response 0 [ KE No ]":                4,
		"ID_PROT request 0 [ ID HASH N(INITIAL) ]":    5,
		"ID_PROT response 0 [ ID HASH ]":              6,
		"ID_PROT response 0 [ HASH ID ]":              0,
		"ID_PROT request 0 [ FRAG(1) FRAG(2) KE ]":    3,
		"ID_PROT request 0 [ FRAG(1) ]":               0,
		"ID_PROT request 0 [ ]":                       0,
		"AGGRESSIVE request 0 [ SA KE No ID ]":        1,
		"AGGRESSIVE response 0 [ SA KE No ID HASH ]":  2,
		"AGGRESSIVE request 0 [ HASH ]":               3,
		"AGGRESSIVE response 0 [ HASH ]":              0,
		"QUICK_MODE request 7 [ HASH SA No ID ID ]":   1,
		"QUICK_MODE response 7 [ HASH SA No ID ID ]":  2,
		"QUICK_MODE request 7 [ SA ]":                 1,
		"QUICK_MODE request 7 [ HASH ]":               3,
		"QUICK_MODE response 7 [ HASH ]":              0,
		"QUICK_MODE request 7 [ No ]":                 0,
		"INFORMATIONAL_V1 request 7 [ HASH N(DPD) ]":  0,
		"TRANSACTION request 7 [ HASH CPRQ(X_USER) ]": 0,
	} {
		p.Parse([]byte("05[ENC] generating "+message), &e)
		if n := e.MessageNumber(); n != want {
			t.Errorf("%s: %d, want %d", message, n, want)
		}
	}
}
