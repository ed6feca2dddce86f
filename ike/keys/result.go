package keys

import "strconv"

// Outcome tells how an encrypted message fared.
type Outcome uint8

// The outcomes. Result.Err wraps the reason.
const (
	// Clear: the message was not encrypted, or is none of version 1.
	Clear Outcome = iota
	// Opened: it was decrypted.
	Opened
	// NoKey: no key fits, and none was said to belong to the negotiation.
	NoKey
	// NoContext: the beginning of the negotiation was not recorded, so that
	// algorithms or initialization vector are unknown.
	NoContext
	// WrongKey: keys were said to belong to the negotiation, and this sender
	// used another: with a pre-shared key that differs, each side has keys of
	// its own.
	WrongKey
	// Damaged: the sender's key is known, and the message makes no sense: it
	// was changed on its way, or the one before it is missing.
	Damaged
	// Unsupported: an algorithm that nothing here computes.
	Unsupported
)

var outcomeNames = [...]string{"clear", "opened", "no key", "no context", "wrong key", "damaged", "unsupported"}

// String returns the constant's name in words, as in wrong key.
func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return "Outcome(" + strconv.Itoa(int(o)) + ")"
}

// Check tells whether a HASH is that of its message.
type Check uint8

// The results of a check.
const (
	// CheckNone: there is no HASH, or what it is made with is not known: a
	// key table has the encryption key only.
	CheckNone Check = iota
	CheckVerified
	CheckFailed
)

var checkNames = [...]string{"not checked", "verified", "failed"}

// String returns not checked, verified or failed.
func (c Check) String() string {
	if int(c) < len(checkNames) {
		return checkNames[c]
	}
	return "Check(" + strconv.Itoa(int(c)) + ")"
}

func checked(ok bool) Check {
	if ok {
		return CheckVerified
	}
	return CheckFailed
}

// Origin tells where a key comes from.
type Origin uint8

// The origins.
const (
	OriginNone Origin = iota
	// OriginTable: a key table, Ring.AddKey or Ring.AddTable.
	OriginTable
	// OriginDump: a debug log, Ring.AddDump.
	OriginDump
	// OriginDerived: the key schedule, from a Diffie-Hellman secret and a
	// pre-shared key or nonces.
	OriginDerived
)

var originNames = [...]string{"none", "key table", "debug log", "derived"}

// String returns none, key table, debug log or derived.
func (o Origin) String() string {
	if int(o) < len(originNames) {
		return originNames[o]
	}
	return "Origin(" + strconv.Itoa(int(o)) + ")"
}

// Result tells how one message fared.
type Result struct {
	Outcome Outcome
	// Origin is that of the key that opened the message.
	Origin Origin
	// Hash is the check of HASH_I, HASH_R, HASH(1), HASH(2) or HASH(3).
	// CheckFailed goes with Opened in phase 1 only.
	Hash Check
	// Repeated says that the same ciphertext came before in its exchange: it
	// was decrypted as then, and moved nothing on.
	Repeated bool
	// Err is nil for Clear, and for Opened unless Hash is CheckFailed.
	Err error
}
