package diag

// MessagesLost details what left one end and did not come to the other.
type MessagesLost struct {
	Messages []LostMessage `json:"messages"`
	// Translated lists what a NAT on the way makes of an end's address.
	Translated []TranslatedAddress `json:"translated"`
}

// LostMessage is one message by its place in its exchange.
type LostMessage struct {
	Exchange string `json:"exchange"`
	Number   int    `json:"number"`
	Sender   string `json:"sender"` // initiator or responder
	Octets   int    `json:"octets"`
	Sent     int    `json:"sent"`    // how often it left
	Arrived  int    `json:"arrived"` // how often it came
	Frames   []int  `json:"frames"`  // of the sender's capture, the first and the last ones
}

// TranslatedAddress is an end's address and port as its own capture and as the
// other end's has it.
type TranslatedAddress struct {
	Of   string `json:"of"` // initiator or responder
	Own  string `json:"own"`
	Seen string `json:"seen"`
}

// DetailType returns messages-lost.
func (MessagesLost) DetailType() string { return "messages-lost" }
