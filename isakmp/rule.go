package isakmp

// Rule is something that a message must keep to. Numbers of rules may change
// from one release to the next, their names do not.
type Rule uint8

// The rules of framing, which Decode finds broken. Problem.Path tells where.
const (
	RuleNone     Rule = iota
	RuleCut           // the capture ends before it does: ErrCut
	RuleOverrun       // it reaches beyond the end of what holds it: ErrTruncated
	RulePromised      // the chain promises one more, which does not come: ErrTruncated
	RuleShort         // it is shorter than its own fixed part: ErrLength
	RuleLeftover      // it holds more than its parts: ErrLength
	RuleCount         // it does not hold as many parts as it says: ErrLength
	RuleChain         // its next-payload octet names what cannot follow: ErrChain
	RuleVersion       // its major version is unknown: ErrVersion
	RuleLimit         // there are more than Limits allows: ErrTooMany
)

// The rules of meaning, which Validate finds broken. Problem.Reference cites
// what they rest on.
const (
	RuleCookieZero        = firstMeaning + iota // initiator cookie is zero
	RuleMinorVersion                            // minor version is not 0
	RuleExchange                                // exchange type is not assigned
	RuleFlags                                   // undefined flags are set
	RuleMessageIDSet                            // message ID is not 0 in phase 1
	RuleMessageIDZero                           // message ID is 0 after phase 1
	RuleTrailing                                // octets follow the last payload
	RuleEmpty                                   // message without payloads
	RulePayloadType                             // payload type is not assigned
	RulePayloadVersion                          // payload belongs to the other major version
	RuleReserved                                // reserved bits are set
	RuleFirstPayload                            // SA is not the first payload of phase 1
	RuleOneSA                                   // more than one SA in phase 1
	RuleHashFirst                               // hash is not the first payload
	RuleDOI                                     // domain of interpretation is unknown
	RuleSituation                               // situation is not identity only
	RuleNoProposal                              // SA without proposals
	RuleOneProposal                             // more than one proposal in phase 1
	RuleProposalNumber                          // proposals are not numbered upwards
	RuleProtocol                                // protocol does not suit the exchange
	RuleSPISize                                 // SPI has the wrong size
	RuleNoTransform                             // proposal without transforms
	RuleTransformNumber                         // transforms are not numbered upwards
	RuleTransformID                             // transform of phase 1 is not KEY_IKE
	RuleTransformReserved                       // reserved bits of a proposal or transform are set
	RuleAttributeMissing                        // mandatory attribute is missing
	RuleAttributeTwice                          // attribute occurs twice with different values
	RuleAttributeLong                           // basic attribute in the long form
	RuleAttributeNumber                         // attribute is not a number
	RuleLifeType                                // life duration without life type
	RuleKeyLength                               // key length for a cipher of fixed key length
	RuleKeyExchange                             // public value is empty or zero
	RuleIDType                                  // identification type is not assigned
	RuleIDLength                                // identification does not suit its type
	RuleIDMask                                  // subnet mask has holes
	RuleIDRange                                 // range ends before it begins
	RuleIDPort                                  // protocol and port in phase 1 are neither 0 nor UDP and 500
	RuleCertEncoding                            // certificate encoding is not assigned
	RuleHashEmpty                               // hash or signature is empty
	RuleNonceLength                             // nonce is not of 8 to 256 octets
	RuleNotifyZero                              // notify message type is 0
	RuleNotifySPI                               // SPI of a notification has the wrong size
	RuleNotifyData                              // notification data does not suit its type
	RuleDPD                                     // R-U-THERE without cookies or sequence number
	RuleDeleteSPI                               // SPIs of a deletion have the wrong size
	RuleDeleteCount                             // SPIs do not fill the deletion
	RuleVendorEmpty                             // vendor ID is empty
	RuleNATDLength                              // NAT-D is not as long as a hash
	RuleNATOA                                   // NAT-OA is not an address
	RuleFragmentNumber                          // fragment number is 0
	RuleFragmentAlone                           // fragment is not alone in its message
	RuleConfigType                              // mode config type is not assigned
)

const firstMeaning = RuleLimit + 1

var rules = [...]struct{ text, reference string }{
	RuleNone:     {"no rule", ""},
	RuleCut:      {"cut by the capture", ""},
	RuleOverrun:  {"reaches beyond the end of what holds it", ""},
	RulePromised: {"promised, but does not come", ""},
	RuleShort:    {"shorter than its fixed part", ""},
	RuleLeftover: {"holds more than its parts", ""},
	RuleCount:    {"wrong number of parts", ""},
	RuleChain:    {"names what cannot follow", ""},
	RuleVersion:  {"unknown major version", ""},
	RuleLimit:    {"more than the limit", ""},

	RuleCookieZero:        {"initiator cookie is zero", "RFC 2408, section 2.5.3"},
	RuleMinorVersion:      {"minor version is not 0", "RFC 2408, section 3.1"},
	RuleExchange:          {"exchange type is not assigned", "RFC 2408, section 3.1"},
	RuleFlags:             {"undefined flags are set", "RFC 2408, section 3.1"},
	RuleMessageIDSet:      {"message ID is not 0 in phase 1", "RFC 2408, section 3.1"},
	RuleMessageIDZero:     {"message ID is 0 after phase 1", "RFC 2409, section 5.5"},
	RuleTrailing:          {"octets follow the last payload", "RFC 2408, section 3.1"},
	RuleEmpty:             {"message without payloads", "RFC 2408, section 3.1"},
	RulePayloadType:       {"payload type is not assigned", "RFC 2408, section 3.1"},
	RulePayloadVersion:    {"payload belongs to the other major version", "RFC 7296, section 3.2"},
	RuleReserved:          {"reserved bits are set", "RFC 2408, section 3.2"},
	RuleFirstPayload:      {"SA is not the first payload of phase 1", "RFC 2409, section 5"},
	RuleOneSA:             {"more than one SA in phase 1", "RFC 2409, section 5"},
	RuleHashFirst:         {"hash is not the first payload", "RFC 2409, section 5.5"},
	RuleDOI:               {"domain of interpretation is unknown", "RFC 2408, section 3.4"},
	RuleSituation:         {"situation is not identity only", "RFC 2407, section 4.2"},
	RuleNoProposal:        {"SA without proposals", "RFC 2408, section 3.4"},
	RuleOneProposal:       {"more than one proposal in phase 1", "RFC 2409, section 5"},
	RuleProposalNumber:    {"proposals are not numbered upwards", "RFC 2408, section 4.2"},
	RuleProtocol:          {"protocol does not suit the exchange", "RFC 2407, section 4.4.1"},
	RuleSPISize:           {"SPI has the wrong size", "RFC 2408, section 3.5"},
	RuleNoTransform:       {"proposal without transforms", "RFC 2408, section 3.5"},
	RuleTransformNumber:   {"transforms are not numbered upwards", "RFC 2408, section 4.2"},
	RuleTransformID:       {"transform of phase 1 is not KEY_IKE", "RFC 2407, section 4.4.2"},
	RuleTransformReserved: {"reserved bits of a proposal or transform are set", "RFC 2408, section 3.6"},
	RuleAttributeMissing:  {"mandatory attribute is missing", "RFC 2409, section 4"},
	RuleAttributeTwice:    {"attribute occurs twice with different values", "RFC 2407, section 4.5.2"},
	RuleAttributeLong:     {"basic attribute in the long form", "RFC 2409, appendix A"},
	RuleAttributeNumber:   {"attribute is not a number", "RFC 2409, appendix A"},
	RuleLifeType:          {"life duration without life type", "RFC 2407, section 4.5"},
	RuleKeyLength:         {"key length for a cipher of fixed key length", "RFC 2409, appendix A"},
	RuleKeyExchange:       {"public value is empty or zero", "RFC 2409, section 5"},
	RuleIDType:            {"identification type is not assigned", "RFC 2407, section 4.6.2.1"},
	RuleIDLength:          {"identification does not suit its type", "RFC 2407, section 4.6.2"},
	RuleIDMask:            {"subnet mask has holes", "RFC 2407, section 4.6.2.5"},
	RuleIDRange:           {"range ends before it begins", "RFC 2407, section 4.6.2.8"},
	RuleIDPort:            {"protocol and port in phase 1 are neither 0 nor UDP and 500", "RFC 2407, section 4.6.2"},
	RuleCertEncoding:      {"certificate encoding is not assigned", "RFC 2408, section 3.9"},
	RuleHashEmpty:         {"hash or signature is empty", "RFC 2408, section 3.11"},
	RuleNonceLength:       {"nonce is not of 8 to 256 octets", "RFC 2409, section 5"},
	RuleNotifyZero:        {"notify message type is 0", "RFC 2408, section 3.14.1"},
	RuleNotifySPI:         {"SPI of a notification has the wrong size", "RFC 2407, section 4.6.3"},
	RuleNotifyData:        {"notification data does not suit its type", "RFC 2407, section 4.6.3"},
	RuleDPD:               {"R-U-THERE without cookies or sequence number", "RFC 3706, section 5.3"},
	RuleDeleteSPI:         {"SPIs of a deletion have the wrong size", "RFC 2408, section 3.15"},
	RuleDeleteCount:       {"SPIs do not fill the deletion", "RFC 2408, section 3.15"},
	RuleVendorEmpty:       {"vendor ID is empty", "RFC 2408, section 3.16"},
	RuleNATDLength:        {"NAT-D is not as long as a hash", "RFC 3947, section 3.2"},
	RuleNATOA:             {"NAT-OA is not an address", "RFC 3947, section 5.2"},
	RuleFragmentNumber:    {"fragment number is 0", "[MS-IKEE], section 2.2.3"},
	RuleFragmentAlone:     {"fragment is not alone in its message", "[MS-IKEE], section 2.2.3"},
	RuleConfigType:        {"mode config type is not assigned", "draft-dukes-ike-mode-cfg-02, section 3.2"},
}

// String returns the rule's description.
func (r Rule) String() string {
	if int(r) < len(rules) {
		return rules[r].text
	}
	return unnamed("Rule", uint32(r))
}

// Framing reports whether the rule is one of framing, and not of meaning.
func (r Rule) Framing() bool { return r > RuleNone && r < firstMeaning }

// reason returns the error that a ParseError of the rule unwraps to.
func (r Rule) reason() error {
	switch r {
	case RuleCut:
		return ErrCut
	case RuleOverrun, RulePromised:
		return ErrTruncated
	case RuleChain:
		return ErrChain
	case RuleVersion:
		return ErrVersion
	case RuleLimit:
		return ErrTooMany
	}
	return ErrLength
}
