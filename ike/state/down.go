package state

import "strings"

// Down is why a tunnel is not there, as a device says it.
type Down struct {
	// Line is where it stands; 0: the device says nothing of the kind.
	Line   int
	Reason DownReason
	// Text is the device's word for it, bounded.
	Text string
	// Times is how often it happened, 0 where not told.
	Times uint64
	// Recalled: no genuine sample of the wording was at hand.
	Recalled bool
}

// DownReason is why a tunnel is not there.
type DownReason uint8

// The reasons.
const (
	DownUnknown DownReason = iota
	// DownNoAnswer: the peer did not answer.
	DownNoAnswer
	// DownProposal: no proposal was chosen; of phase 1 or 2 is not told.
	DownProposal
	// DownSelectors: the traffic selectors do not fit.
	DownSelectors
	// DownIdentity: the peer is not who it should be.
	DownIdentity
	// DownAuthentication: the peer could not prove who it is, or this end could
	// not.
	DownAuthentication
	// DownPeerDead: the peer stopped answering (RFC 3706).
	DownPeerDead
	// DownByPeer: the peer deleted it.
	DownByPeer
	// DownByUser: somebody took it down here, or changed its configuration.
	DownByUser
	// DownExpired: its lifetime was over.
	DownExpired
	// DownWaiting: nothing has asked for it yet.
	DownWaiting
	// DownNoConfig: nothing is configured for the peer.
	DownNoConfig
)

var downNames = [...]string{"unknown", "no answer", "no proposal chosen", "selectors do not fit", "identity refused", "not authenticated", "peer dead", "deleted by the peer", "taken down", "expired", "waiting", "no configuration"}

// String returns the reason in words, as in no proposal chosen.
func (r DownReason) String() string { return enumName(downNames[:], uint8(r), "DownReason") }

// wording is a device's words for a reason, in small letters.
type wording struct {
	text     string
	reason   DownReason
	recalled bool
}

// downOf tells what a device's words mean: the first of its wordings that is in
// the text. What stands last in brackets is how often it happened.
func downOf(line int, text string, known []wording) Down {
	d := Down{Line: line, Text: harmless(text)}
	if head, n, ok := cutLast(text, " ("); ok {
		if times, ok := strings.CutSuffix(n, " times)"); ok {
			d.Times = number(times)
			text = head
		}
	}
	low := strings.ToLower(text)
	for _, w := range known {
		if strings.Contains(low, w.text) {
			d.Reason, d.Recalled = w.reason, w.recalled
			break
		}
	}
	return d
}
