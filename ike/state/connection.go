package state

import "github.com/ikediag/ikediag/ike"

// Connection is a connection that a daemon has loaded.
type Connection struct {
	// Line is where the dump has it.
	Line int
	Name string
	// Local and Remote are its addresses as printed: an address, %any or a
	// list.
	Local, Remote string
	// Versions is as printed: "IKEv1", "IKEv1/2".
	Versions   string
	Aggressive bool
	// DPD is the interval, where one is set.
	DPD Span
	// LocalAuth and RemoteAuth are the rounds of authentication of each end.
	LocalAuth, RemoteAuth []AuthRound
	Children              []ConnectionChild
}

// AuthRound is one round of authentication that a Connection asks for.
type AuthRound struct {
	// Line is where the dump has it.
	Line int
	// Identity is the one used or expected, Text as printed.
	Identity ike.Identity
	Text     string
	// Method is as printed: "pre-shared key", "public key", "XAuth".
	Method string
	// Certificates are subjects as printed.
	Certificates []string
}

// ConnectionChild is a child that a Connection may have.
type ConnectionChild struct {
	// Line is where the dump has it; Local and Remote are as its host sees
	// them.
	Line          int
	Name          string
	Local, Remote []ike.Selector
	// LocalText and RemoteText are as printed, which may be "dynamic".
	LocalText, RemoteText string
	Mode                  ike.Mode
	// Options is what follows: "dpdaction=clear".
	Options string
}
