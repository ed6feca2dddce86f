// Package probe asks a gateway that its caller names what it answers: whether
// UDP ports 500 and 4500 do, which of some transforms it accepts, whether it
// speaks IKEv2, as what address it sees who asks, and how large a packet gets
// there.
//
// Probe only gateways that you are responsible for, or whose owner has agreed.
//
//	r, err := probe.Ask(ctx, probe.Plan{Gateway: addr, Questions: []probe.Question{probe.Port500, probe.Accepts}})
//
// # What is sent
//
// A Plan with nothing but a Gateway asks for the least: whether port 500 answers
// a first message of main mode (RFC 2409, section 5.4), from a port of the
// system's choice. No question is asked that the Plan does not name, none of a
// port that did not answer, and no host is spoken to but the one it names, from
// this host's own address. No key, no user and no password is ever asked for or
// sent, and no identity unless the Plan holds one, which makes the questions
// about transforms ones of aggressive mode.
//
// Every datagram is counted; Plan.Most tells how many there can be before any
// is sent, and Plan.Interval how close they may follow each other. What is not
// answered is repeated twice, after one second and after two more, as RFC
// 2408, section 5.1 leaves to the sender.
//
//	question   datagrams at most (S = Plan.Sends, 3; n transforms; m sizes)
//	Port500    S + 1
//	Port4500   S + 1
//	Accepts    2n(S + 1)
//	Version2   S
//	NAT        2S
//	Fragments  S + 1
//	MTU        (m + 2)(S + 1)
//
// The one more ends what the gateway began: a clear NO-PROPOSAL-CHOSEN, so that
// no negotiation stays half open, of which strongSwan allows an address five.
// After NAT one does, since nothing in the clear ends it once there are keys,
// and after Version2, until the gateway gives it up itself.
// Every message that begins a negotiation holds VendorID, by which the gateway's
// administrator finds the probe in logs and captures; package diag leaves such
// negotiations out.
//
// # What comes back
//
// An answer is a message that echoes the initiator's cookie, which is random,
// comes from the address and port that was asked, and fits the question. All
// else is counted and not believed: Answer.Strange. Even so nothing in it is
// authenticated; whoever sits on the path can forge it. Reading is bounded:
// MaxRead datagrams for a question, of which MaxKept are kept.
//
// ICMP errors are attributed by the system, to the socket that sent what they
// quote: no privileges are needed. On Linux the error queue tells who sent
// them, with type, code and MTU; elsewhere only what came of it is known, and
// Failure.Router is not valid. DF can be set on Linux, Windows, macOS and
// FreeBSD; on other systems MTU is Unsupported.
//
// Silence says little: that a gateway drops what it does not want looks the
// same as a firewall's dropping it.
//
// # Evidence
//
// Answer.Datagrams holds what was sent and received, as exchange.Datagram: a
// Tracker follows it as it follows a capture's. In an answer of aggressive mode
// HASH and SIG are zeroed before it is kept, since a weak pre-shared key can be
// guessed from them; of what is no answer to it only the header is kept. A
// Result is the caller's own. It marshals to JSON, schema ikediag.probe/v1, and
// Decode reads that; the schema is in schema/ikediag.probe.v1.json.
package probe
