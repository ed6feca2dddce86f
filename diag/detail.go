package diag

import (
	"net/netip"

	"github.com/ikediag/ikediag/ike"
)

// Detail holds a finding's values in typed form, for programs. The set grows;
// consumers must accept types that they do not know.
type Detail interface {
	// DetailType is the name of the form in JSON.
	DetailType() string
}

// ProposalMismatch details why no offered proposal was accepted.
type ProposalMismatch struct {
	Phase2     bool            `json:"phase2"`
	Attributes []ike.Attribute `json:"attributes"` // that differ in the nearest pair
	Offered    []ike.Proposal  `json:"offered"`
	Accepted   []ike.Proposal  `json:"accepted"`
}

// IdentityMismatch details an identity that was not the expected one.
type IdentityMismatch struct {
	Of       string `json:"of"` // initiator or responder
	Expected string `json:"expected"`
	Got      string `json:"got"`
	GotType  string `json:"got_type,omitempty"`
}

// KeyMismatch details where the two keys stand. It never holds a key.
type KeyMismatch struct {
	Ends [2]KeyPlace `json:"ends"`
}

// KeyPlace is where an end's key stands.
type KeyPlace struct {
	Gateway string `json:"gateway"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
}

// AddressUnknown details a pair of addresses that a gateway has no
// connection for.
type AddressUnknown struct {
	Local  netip.Addr `json:"local"`
	Remote netip.Addr `json:"remote"`
}

// SelectorMismatch details selectors that the responder has no child for.
type SelectorMismatch struct {
	// Requested as the responder sees them: its own side first.
	RequestedLocal  []string `json:"requested_local"`
	RequestedRemote []string `json:"requested_remote"`
	// Configured at the responder, empty where not known.
	ConfiguredLocal  []string `json:"configured_local"`
	ConfiguredRemote []string `json:"configured_remote"`
}

// Stall details where an exchange stopped.
type Stall struct {
	Stage string `json:"stage"`
	Side  string `json:"side"` // the side that waits
	Tries int    `json:"tries"`
}

// Candidates details a symptom with several possible causes.
type Candidates struct {
	Notify string `json:"notify,omitempty"`
	Codes  []Code `json:"codes"`
}

// Established details what came up.
type Established struct {
	SPIIn  string `json:"spi_in,omitempty"`
	SPIOut string `json:"spi_out,omitempty"`
}

func (ProposalMismatch) DetailType() string { return "proposal-mismatch" }
func (IdentityMismatch) DetailType() string { return "identity-mismatch" }
func (KeyMismatch) DetailType() string      { return "key-mismatch" }
func (AddressUnknown) DetailType() string   { return "address-unknown" }
func (SelectorMismatch) DetailType() string { return "selector-mismatch" }
func (Stall) DetailType() string            { return "stall" }
func (Candidates) DetailType() string       { return "candidates" }
func (Established) DetailType() string      { return "established" }
