package diag

// MessagesLost details what left one end and did not come to the other, in all
// attempts of a tunnel.
type MessagesLost struct {
	// Messages lists each place in an exchange once.
	Messages []LostMessage `json:"messages"`
	// Translated lists what a NAT on the way makes of an end's addresses.
	Translated []TranslatedAddress `json:"translated"`
}

// LostMessage is one message by its place in its exchange.
type LostMessage struct {
	// Text is the whole in a line.
	Text     string `json:"text"`
	Exchange string `json:"exchange"`
	// Number is its place in the exchange, 0 for an informational one.
	Number   int    `json:"number"`
	Sender   string `json:"sender"`   // initiator or responder
	Octets   int    `json:"octets"`   // of the message, without what carries it
	Packets  int    `json:"packets"`  // IP fragments that it leaves in, 1 for a whole one
	Pieces   int    `json:"pieces"`   // IKE fragments that its sender cuts it into, 0 for none
	Attempts int    `json:"attempts"` // in how many attempts it was lost
	Sent     int    `json:"sent"`     // how often it left
	Arrived  int    `json:"arrived"`  // how often it came
	Partial  int    `json:"partial"`  // how often some of its fragments came and not all
	// Frames are those of the sender's capture, ArrivedFrames those of the
	// receiver's that have it or a part of it: the first and the last of each
	// attempt.
	Frames        []int `json:"frames"`
	ArrivedFrames []int `json:"arrived_frames"`
	// After lists for each attempt the last frame of the receiver's capture
	// before those that are missing.
	After []int `json:"after"`
}

// TranslatedAddress is an end's address and port as its own capture and as the
// other end's has it.
type TranslatedAddress struct {
	// Text is the whole in a line.
	Text string `json:"text"`
	Of   string `json:"of"` // initiator or responder
	Own  string `json:"own"`
	Seen string `json:"seen"`
}

// DetailType returns messages-lost.
func (MessagesLost) DetailType() string { return "messages-lost" }
