// Package keys derives the keys of an ISAKMP SA (RFC 2409), decrypts what they
// protect, and proves which pre-shared key a side used. It needs to be given
// secrets: it checks those, and guesses none.
//
// # From secrets to plaintext
//
// A Ring holds whatever secrets there are: encryption keys by initiator cookie
// as in Wireshark's key table, pre-shared keys, Diffie-Hellman secrets, and
// the dumps that daemons write to debug logs. Fill it before reading captures;
// Ring.Opener makes an Opener, which satisfies ike/exchange's interface of
// that name: set it in a Tracker, and the contents of encrypted messages show
// in its Steps. Opener.Take tells how the last message fared: without a key,
// with a wrong one, damaged on its way.
//
//	var ring keys.Ring
//	_, err := ring.AddTable(table)
//	… // a *ParseError for each line that is none
//	opener := ring.Opener(keys.Limits{})
//	t := exchange.Tracker{Opener: opener}
//	for r.Next(&d) {
//		if t.Observe(&d, &s) && s.Plain != nil {
//			… s.IDs, s.Notifies …
//		}
//		result := opener.Take()
//	}
//
// # Proof of a pre-shared key
//
// In aggressive mode HASH_I and HASH_R are made of the pre-shared key and of
// what was sent in the clear (RFC 2409, sections 5 and 5.4): Phase1.ProvePSK
// tells whether a given key is the one that a side used. In main mode that
// takes the Diffie-Hellman secret as well: Phase1.ProveMain. Opener.Prove does
// either with what the Opener has seen.
//
// # The key schedule alone
//
// Phase1 has what one phase 1 shows; its methods PSK, Signature, PublicKey and
// FromSKEYID yield a Schedule. Suite.Expand, Suite.InitialIV and Suite.NextIV
// are the pieces of RFC 2409, appendix B.
//
// # What is accepted
//
// A plaintext is accepted if it is a well-formed chain of payloads that ends
// in padding and, in phase 2, if its HASH verifies wherever that can be
// checked. A HASH that fails in phase 1 is reported, and the plaintext is
// shown all the same: an end that wants to know why authentication failed
// wants to see the identity.
//
// # Secrets
//
// Keys are ike.Secret, here and inside: no verb, error or panic of this
// package shows their bytes. The plaintext of an XAUTH exchange contains
// passwords; it belongs to the caller, and the Opener keeps nothing of it but
// nonces.
//
// # Ownership, bounds, concurrency
//
// Everything that is kept is copied. Ring and Opener are bounded by their
// Limits and evict in the same order in every run. Neither may be used by
// several goroutines at once.
package keys
