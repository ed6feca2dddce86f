// Package exchange follows ISAKMP exchanges as they pass a vantage point: who
// sent what, which message of which exchange it was, whether it had been sent
// before, what came with it in the clear, and who is silent.
//
// Datagram is the currency: captures, probes and hex dumps in logs all yield
// it. A Tracker takes Datagrams in order and describes each as a Step.
//
// # Vocabulary
//
// A vantage point is the place where a stream of Datagrams was recorded. One
// Tracker serves one vantage point: behind a NAT the same negotiation has other
// addresses at each end, and it is for the reader of two captures to join what
// their cookies say belongs together.
//
// An attempt is one negotiation of an ISAKMP SA, named by the initiator's
// cookie and the two hosts. Everything that the resulting SA protects, quick
// modes and informational exchanges included, belongs to the attempt. When
// both sides initiate at once there are two attempts.
//
// The number of a message is its place in its exchange, from 1 (RFC 2409,
// section 5: six in main mode, three in aggressive and in quick mode). It
// follows from what a message is and who sent it, not from counting, so that
// losses, retransmissions and a late start of the recording do not shift it.
//
// A retransmission is a message with the same bytes from the same sender (RFC
// 2408, section 5.1). A message that repeats a number with other bytes is none:
// some implementations answer every retransmission anew.
//
// # Use
//
// The zero Tracker is ready. Each Datagram is given to it once, in the order of
// the recording; Observe reports false for what is neither IKE nor IPsec:
//
//	var t exchange.Tracker
//	var s exchange.Step
//	for r.Next(&d) { // r is a capture.Reader
//		if t.Observe(&d, &s) {
//			… s.Exchange, s.Number, s.From, s.Notifies …
//		}
//	}
//	for a := range t.Attempts() {
//		… a.Reached, a.Silent …
//	}
//
// A message that does not decode is a Step all the same: Step.Err is then an
// *isakmp.ParseError, and what was read before the fault is in the Step.
//
// # Ownership
//
// A Step and everything that it refers to alias the Datagram and the Tracker's
// buffers and are valid until the next call of Observe. Clone what is kept:
// isakmp.Message, ike.Proposal and byte slices. A Tracker is for one goroutine
// at a time; several are independent of each other.
//
// # Bounds
//
// A Tracker's memory does not grow with its input: attempts, exchanges within
// an attempt, fragments and their bytes are limited. Attempts that got no
// further than half way have a pool of their own, so that a flood of forged
// first messages evicts no established tunnel.
package exchange
