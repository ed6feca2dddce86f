package report_test

import (
	"encoding/json"
	"errors"
	"math"
	"net/netip"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/report"
)

// details is a report with a finding for every type of detail, full and empty.
func details() *diag.Report {
	r := wrongPSK()
	f := r.Findings[0]
	r.Findings = nil
	for _, d := range []diag.Detail{
		diag.ProposalMismatch{}, proposals(), &diag.ProposalMismatch{Phase2: true},
		diag.IdentityMismatch{Of: "initiator", Expected: "a", Got: "b"}, diag.IdentityMismatch{Of: "responder", GotType: "FQDN"},
		diag.KeyMismatch{}, diag.KeyMismatch{Ends: [2]diag.KeyPlace{{Gateway: "198.51.100.66", File: "x", Line: 3}}},
		diag.AddressUnknown{}, diag.AddressUnknown{Local: filiale, Remote: netip.MustParseAddr("fe80::1%eth0")},
		diag.SelectorMismatch{}, diag.SelectorMismatch{RequestedLocal: []string{"10.0.0.0/8"}},
		diag.Stall{Stage: "main-mode-5", Side: "initiator", Tries: 5},
		diag.Candidates{}, diag.Candidates{Notify: "NO-PROPOSAL-CHOSEN", Codes: []diag.Code{diag.IKEP1PSKMismatch}},
		diag.Established{}, diag.Established{SPIIn: "c1a2b3c4", SPIOut: "00000001"},
		diag.MessagesLost{}, diag.MessagesLost{Messages: []diag.LostMessage{{Exchange: "main mode", Number: 5, Sender: "initiator", Octets: 1812, Sent: 4, Frames: []int{9, 12}}},
			Translated: []diag.TranslatedAddress{{Of: "initiator", Own: "10.0.0.1:500", Seen: "192.0.2.1:1024"}}},
		nil, (*diag.Stall)(nil),
	} {
		g := f
		g.Detail = d
		r.Findings = append(r.Findings, g)
	}
	return r
}

func proposals() diag.ProposalMismatch {
	var d diag.ProposalMismatch
	err := json.Unmarshal([]byte(`[{"text":"IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048","protocol":"IKE","auth":"PSK"}]`), &d.Offered)
	if err != nil {
		panic(err)
	}
	d.Accepted = append(d.Accepted, d.Offered[0].Clone())
	d.Accepted[0].Ciphers[0].KeyBits = 128
	d.Attributes = append(d.Attributes, 0)
	d.Attributes[0]++ // the first attribute there is
	return d
}

// own is a detail of somebody else's, which may encode itself in any way.
type own struct {
	Numbers  []int                   `json:"numbers"`
	Gateway  string                  `json:"gateway"`
	Nested   []struct{ List []bool } `json:"nested"`
	Packets  uint64                  `json:"packets,string"`
	Type     string                  `json:"type"`
	Ratio    float64                 `json:"ratio"`
	Optional *[]string               `json:"optional"`
	hidden   []int
}

func (own) DetailType() string { return "acme-\x1b[1mown" }

type text string

func (text) DetailType() string             { return "text" }
func (t text) MarshalText() ([]byte, error) { return []byte(t), nil }

type failing struct{}

func (failing) DetailType() string           { return "failing" }
func (failing) MarshalJSON() ([]byte, error) { return nil, errors.New("holds swordfish") }

func detailOf(t *testing.T, d diag.Detail) string {
	t.Helper()
	r := wrongPSK()
	r.Findings = r.Findings[:1]
	r.Findings[0].Detail = d
	var doc struct {
		Findings []struct{ Detail json.RawMessage }
	}
	if err := json.Unmarshal(render(t, r, report.Options{Format: report.JSON}), &doc); err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(doc.Findings[0].Detail)), " ")
}

func TestDetail(t *testing.T) {
	for name, c := range map[string]struct {
		detail diag.Detail
		want   string
	}{
		"none":        {nil, `null`},
		"nil pointer": {(*diag.Stall)(nil), `null`},
		"own": {own{Gateway: "198.51.100.66", Nested: []struct{ List []bool }{{}, {[]bool{true, false}}}, Packets: math.MaxUint64, Type: "lie", hidden: []int{1}},
			`{ "type": "acme-\\x1b[1mown", "numbers": [], "gateway": "g1", "nested": [ { "List": [] }, { "List": [ true, false ] } ], "packets": "18446744073709551615", "ratio": 0, "optional": null }`},
		"no object":      {text("a \"quoted\"\\ \u202e\x1b\n"), `{ "type": "text", "value": "a \"quoted\"\\ \\u202e\\x1b\\x0a" }`},
		"cannot":         {own{Ratio: math.NaN()}, `{ "type": "acme-\\x1b[1mown", "error": "cannot be encoded" }`},
		"fails":          {failing{}, `{ "type": "failing", "error": "cannot be encoded" }`},
		"empty proposal": {diag.ProposalMismatch{}, `{ "type": "proposal-mismatch", "phase2": false, "attributes": [], "offered": [], "accepted": [] }`},
		"key": {diag.KeyMismatch{Ends: [2]diag.KeyPlace{{Gateway: "203.0.113.188", File: "f", Line: 7}, {}}},
			`{ "type": "key-mismatch", "ends": [ { "gateway": "g2", "file": "f", "line": 7 }, { "gateway": "" } ] }`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := detailOf(t, c.detail); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestProposals(t *testing.T) {
	got := detailOf(t, proposals())
	for _, want := range []string{`"attributes": [ "protocol" ]`, `"offered": [ { "text": "IKE:AES_CBC_256/`, `"encryption": "AES_CBC", "key_length": 256`, `"key_length": 128`, `"group": "MODP_2048", "auth": "PSK"`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s lacks %s", got, want)
		}
	}
}
