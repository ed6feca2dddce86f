// Package isakmp reads and writes ISAKMP messages: the wire format of IKEv1
// (RFC 2408, RFC 2407, RFC 2409) with its extensions for NAT traversal (RFC
// 3947), dead peer detection (RFC 3706), mode config, XAUTH and fragmentation,
// and as much of IKEv2 (RFC 7296) as it takes to recognize it: header, payload
// chain, proposals and notify types.
//
// # Vocabulary
//
// A message is a [Header] and a chain of payloads. A [Payload] has a type and
// a body. Decode reads octets into values, AppendBinary writes values as
// octets. A body that has an inner structure has a type of its own, such as
// [Notify], with a Decode for the body; security associations are decoded with
// the message, into [Message.SAs].
//
// # Use
//
// [Classify] tells what a UDP payload is, [StripMarker] takes off the marker
// that stands before a message on port 4500, and [Message.Decode] reads the
// message. Message.Payloads are then its payloads; the body of each is read by
// the type that goes with its PayloadType, such as [ID] for PayloadID. Where
// the body is encrypted, whoever has the key gives the plaintext to
// [Message.DecodePayloads]; package ike/keys does.
//
// # Lossless
//
// Whatever decodes is written again octet by octet as it was: payloads nobody
// knows, their order, duplicates, reserved bits, the form of each attribute,
// and octets after the last payload. Message.AppendBinary keeps this promise
// for messages with faults, too.
//
// # Framing and meaning
//
// Decode checks framing only, does not stop where it can go on, and leaves
// what it read before a fault readable. [Message.Validate] checks meaning, and
// every [Rule] cites the section that it rests on. A message that the capture
// cut short, [ErrCut], is not one that its sender broke, [ErrTruncated]. A
// number that no registry knows is no fault.
//
// Message.Decode returns a [*ParseError] with offset and path, for errors.As;
// it and the bare errors of the bodies' Decode methods are one of the
// package's errors to errors.Is.
//
// # Ownership, concurrency, memory
//
// Decode copies nothing: bodies alias the input, and are valid as long as it
// is. Slices in a Message are reused by its next Decode. Clone makes a copy
// that owns its octets. A Message reused allocates nothing, on faults neither.
// [Limits] bounds what hostile input can make it hold. Nothing here may be
// used from several goroutines at once without care of the caller's, and there
// is no state outside of the values.
package isakmp
