package logparse

// Field names one value that a line carries. Event.Bytes gives it as written;
// the accessors by role give it parsed.
type Field uint8

// The fields. Addresses are with or without port; identities, proposals and
// selectors are in the spelling of the daemon.
const (
	NoField                Field = iota
	FieldLocal                   // local: our address
	FieldRemote                  // remote: the peer's address
	FieldOld                     // old: an address until now
	FieldNew                     // new: an address from now on
	FieldAddress                 // address: an address that is no end of the tunnel, e.g. a virtual one
	FieldLocalID                 // localid: our identity
	FieldRemoteID                // remoteid: the peer's identity, written by the peer
	FieldExpected                // expected: what the configuration demands
	FieldActual                  // actual: what the peer gave instead, written by the peer
	FieldID                      // id: an identity of neither side in particular
	FieldUser                    // user: a user's name
	FieldConnection              // connection: the name of a connection
	FieldSA                      // sa: the number of a phase-1 SA in its daemon
	FieldChild                   // child: the name of a child
	FieldChildID                 // childid: the number of a child in its daemon
	FieldReqID                   // reqid: the kernel's request number
	FieldExchange                // exchange: the type of exchange
	FieldExpectedExchange        // expectedexchange: the one that would fit
	FieldDirection               // direction: request or response
	FieldMessageID               // mid: the message ID, decimal
	FieldSequence                // sequence: a sequence number
	FieldExpectedSequence        // expectedsequence: the one that would fit
	FieldPayloads                // payloads: the list of a message's payloads
	FieldPayload                 // payload: the type of one payload
	FieldMode                    // mode: Main, Aggressive and so on
	FieldMethod                  // method: an authentication method
	FieldExpectedMethod          // expectedmethod: the configured one
	FieldOffered                 // offered: proposals of the peer
	FieldConfigured              // configured: proposals of this side
	FieldSelected                // selected: the proposal that both take
	FieldTransform               // transform: a kind of transform, e.g. encryption
	FieldAlgorithm               // algorithm: one algorithm
	FieldExpectedAlgorithm       // expectedalgorithm: the wanted one
	FieldLocalTS                 // localts: selectors on our side
	FieldRemoteTS                // remotets: selectors on the peer's side
	FieldTS                      // ts: a selector of the side that Event.Side names
	FieldConfiguredTS            // configuredts: a configured selector
	FieldReceivedTS              // receivedts: a received selector, written by the peer
	FieldMatchedTS               // matchedts: what both have in common
	FieldSPI                     // spi: an SPI, hexadecimal
	FieldSPIIn                   // spiin: the SPI that the peer sends to us with
	FieldSPIOut                  // spiout: the SPI that we send with
	FieldBytesIn                 // bytesin: bytes received
	FieldBytesOut                // bytesout: bytes sent
	FieldInitiatorCookie         // icookie: the initiator's cookie, 16 hexadecimal digits
	FieldResponderCookie         // rcookie: the responder's cookie
	FieldNotify                  // notify: a notify message type
	FieldState                   // state: a state until now
	FieldNewState                // newstate: a state from now on
	FieldSide                    // side: local or remote in the daemon's words
	FieldVendor                  // vendor: a vendor ID's name, from a table of the daemon
	FieldProduct                 // product: the software
	FieldVersion                 // version: a release or a version of IKE
	FieldPlatform                // platform: what it runs on
	FieldSubject                 // subject: a certificate's subject or other name of it
	FieldIssuer                  // issuer: its issuer
	FieldNotBefore               // notbefore: a time from which something holds
	FieldNotAfter                // notafter: a time until which it holds
	FieldKind                    // kind: a sort of key, secret or certificate
	FieldFile                    // file: a path
	FieldURL                     // url: a URL
	FieldInterface               // interface: a network interface
	FieldPort                    // port: a port
	FieldProtocol                // protocol: ESP, AH or IPCOMP
	FieldPool                    // pool: a pool of addresses
	FieldTask                    // task: an exchange or part of one that the daemon plans
	FieldSize                    // size: octets, or bits of a key
	FieldCount                   // count: how many
	FieldTotal                   // total: of how many
	FieldLimit                   // limit: the most allowed
	FieldSeconds                 // seconds: a duration
	FieldExpectedSeconds         // expectedseconds: the configured duration
	FieldBytes                   // bytes: a lifetime in octets
	FieldExpectedBytes           // expectedbytes: the configured one
	FieldPriority                // priority: how well a candidate fits
	FieldMatchMe                 // matchme: how well our identity fits
	FieldMatchOther              // matchother: how well the peer's identity fits
	FieldMatchIKE                // matchike: how well the addresses fit
	FieldName                    // name: a name of something else
	FieldValue                   // value: its value
	FieldData                    // data: octets in hexadecimal
	FieldError                   // error: a reason in words
	FieldText                    // text: free text
	FieldSecret                  // secret: never shown
	numFields
)

// fieldSet is a set of fields by the lowest bits of their numbers: it has all
// that were added, and some more.
type fieldSet uint64

func (s *fieldSet) add(f Field)     { *s |= 1 << (f & 63) }
func (s fieldSet) has(f Field) bool { return s>>(f&63)&1 != 0 }

// Role tells which of several values of one type is meant.
type Role uint8

// The roles.
const (
	RoleNone   Role = iota
	Local           // this end, the one whose log it is
	Remote          // the peer
	Initiator       // who began the negotiation
	Responder       // who answered
	Offered         // what the peer proposed
	Configured      // what this end is configured with
	Selected        // what was agreed on
	Expected        // what would have been right
	Actual          // what came instead
	Inbound         // towards this end
	Outbound        // towards the peer
	Old             // until now
	New             // from now on
)

var roleNames = [...]string{"", "local", "remote", "initiator", "responder", "offered", "configured",
	"selected", "expected", "actual", "inbound", "outbound", "old", "new"}

// String returns the role's name.
func (r Role) String() string {
	if int(r) < len(roleNames) {
		return roleNames[r]
	}
	return ""
}
