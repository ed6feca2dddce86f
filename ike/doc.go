// Package ike is the vocabulary of IKEv1 and IPsec policy that all parts of
// ikediag share: algorithms, proposals and why two of them do not match,
// identities, traffic selectors, lifetimes, and Secret for what must never be
// shown. It does no cryptography and no input or output.
//
// # Algorithms
//
// Every implementation spells the same algorithm in its own way: AES_CBC_256,
// aes256, esp-aes 256, AES_CBC-256, aes_cbc_256 and OAKLEY_AES_CBC with a key
// length of 256 are one CipherKey here. Cipher, Integrity, PRF, Group and
// AuthMethod are comparable numbers with one canonical String, which is
// strongSwan's log spelling. The zero value of each means "not stated"
// (Group: no group at all, see GroupNone).
//
// A number that no registry explains is kept in the value and prints as
// ESP_TRANSFORM(99). A name that no table explains is kept as an Unknown in
// its Proposal and compares by that name. Nothing that was read is dropped.
//
// # Proposals
//
// A Proposal holds, for one protocol, the alternatives for each kind of
// transform. AppendProposals reads what daemons log, AppendConfigProposals
// what their configuration files say, AppendCiscoTransforms a Cisco transform
// set; SetTransform and SetAttribute take the numbers of the wire. Compare
// answers which pair of two lists is compatible, or which attributes differ in
// the nearest pair. Proposal.Add takes single values, for files that say of
// which kind each is.
//
// # Identities, selectors, lifetimes
//
// ParseIdentity knows how each dialect spells an identity, so that a name that
// one daemon takes for a host name and another for a key ID are told apart;
// Equal, SameValue and Accepts compare, DNAttributes reads the parts of a
// distinguished name. A Selector is a range of addresses with protocol and
// ports, a Lifetime is seconds and kilobytes.
//
// # Errors
//
// ParseSelector, ParseLifetime and ParseVolume return errors that wrap
// ErrSelector and ErrLifetime and quote the text, which may be a peer's. The
// other Parse functions know a closed set of names and report by a bool
// whether the text is one of them; ParseIdentity and the Append functions take
// every text.
//
// # Ownership and concurrency
//
// The Append functions reuse the slices of what lies between the length and
// the capacity of dst, so a caller that passes the same slice cut to [:0]
// allocates nothing for known algorithms; Clone what is to be kept. Names of
// unknown algorithms alias the input where that is a string and are copied
// where it is a byte slice. All values may be read by several goroutines at
// once; none locks.
package ike
