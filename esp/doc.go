// Package esp reads and checks what an IPsec tunnel carries: ESP (RFC 4303),
// AH (RFC 4302) and their encapsulation in UDP (RFC 3948).
//
// # On the wire
//
// A [Packet] is ESP, IP protocol 50 or the payload of UDP port 4500:
//
//	 0                   1                   2                   3
//	 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//	+---------------------------------------------------------------+
//	|               SPI, never 0 on the wire (2.1)                  |
//	+---------------------------------------------------------------+
//	|          sequence number, low 32 of 64 bits (2.2)             |
//	+---------------------------------------------------------------+  <- Body
//	|          initialization vector, length by cipher (2.3)        |
//	+---------------------------------------------------------------+
//	|          payload, encrypted                                   |
//	|               +-----------------------------------------------+
//	|               |  padding 1, 2, 3 ..., encrypted (2.4)         |
//	+-------------------------------+---------------+---------------+
//	|                               | its length    | next header   |
//	+-------------------------------+---------------+---------------+
//	|          integrity check value, length by algorithm (2.8)     |
//	+---------------------------------------------------------------+
//
// An [AH] is IP protocol 51; nothing in it is encrypted:
//
//	+---------------+---------------+-------------------------------+
//	|  next header  | length        |          reserved             |
//	+---------------+---------------+-------------------------------+
//	|                              SPI                              |
//	+---------------------------------------------------------------+
//	|                         sequence number                       |
//	+---------------------------------------------------------------+
//	|    integrity check value, (length + 2) * 4 - 12 octets        |
//	+---------------------------------------------------------------+
//	|    payload                                                    |
//
// A [UDP] payload on port 4500 is ESP, or four zero octets and an IKE message,
// or one octet 0xff (RFC 3948, sections 2.1 to 2.3).
//
// Decode checks framing and aliases its input, Clone keeps it; AppendBinary
// gives back the same octets; Validate checks meaning.
//
// # Without keys
//
// [Flows] tells per SPI what the sequence numbers say: loss, reordering,
// duplicates, restarts, silence, and which pairs of hosts are heard one way
// only. [Window] is a receiver's replay window of any size (RFC 4303, section
// 3.4.3) and tells which packets that receiver drops. [Encapsulation] computes
// what fits through a path: the largest inner packet and the TCP MSS.
//
// # With keys
//
// [NewSA] takes the keys of a kernel's state listing or of a key schedule, as
// [ike.Secret]. [SA.Open] checks the integrity check value and decrypts,
// [SA.VerifyAH] checks AH, and [SA.FitICV] finds out which truncation a peer
// uses: HMAC-SHA-256 cut to 96 bits instead of the 128 of RFC 4868 is a common
// reason for a tunnel that is up and passes nothing. Keys appear in no output
// of the package.
//
// # Ownership, concurrency, memory
//
// Values are for one goroutine at a time. Errors that a value returns live in
// it until its next use. Decoding allocates nothing; [Flows] holds at most
// MaxFlows flows, [Window] as many bits as its size.
package esp
