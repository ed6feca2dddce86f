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
	// Phase2 tells proposals of a quick mode from those of phase 1.
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
	// Ends are where each end's key stands.
	Ends [2]KeyPlace `json:"ends"`
}

// KeyPlace is where an end's key stands.
type KeyPlace struct {
	// Gateway is the ID in the report; File and Line are empty where the key
	// was not given.
	Gateway string `json:"gateway"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
}

// AddressUnknown details a pair of addresses that a gateway has no
// connection for.
type AddressUnknown struct {
	// Local and Remote are as the gateway without a connection sees them.
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
	// Stage names the message that was not answered.
	Stage string `json:"stage"`
	Side  string `json:"side"` // the side that waits
	Tries int    `json:"tries"`
}

// Candidates details a symptom with several possible causes.
type Candidates struct {
	// Notify is the one that all of Codes may cause, empty where it is none.
	Notify string `json:"notify,omitempty"`
	Codes  []Code `json:"codes"`
}

// Established details what came up.
type Established struct {
	// SPIIn and SPIOut are in hexadecimal, as the end sees them that says so.
	SPIIn  string `json:"spi_in,omitempty"`
	SPIOut string `json:"spi_out,omitempty"`
}

// DetailType returns proposal-mismatch.
func (ProposalMismatch) DetailType() string { return "proposal-mismatch" }

// DetailType returns identity-mismatch.
func (IdentityMismatch) DetailType() string { return "identity-mismatch" }

// DetailType returns key-mismatch.
func (KeyMismatch) DetailType() string { return "key-mismatch" }

// DetailType returns address-unknown.
func (AddressUnknown) DetailType() string { return "address-unknown" }

// DetailType returns selector-mismatch.
func (SelectorMismatch) DetailType() string { return "selector-mismatch" }

// DetailType returns stall.
func (Stall) DetailType() string { return "stall" }

// DetailType returns candidates.
func (Candidates) DetailType() string { return "candidates" }

// DetailType returns established.
func (Established) DetailType() string { return "established" }
