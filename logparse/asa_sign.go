package logparse

// What a template's Kind means to asa, in template.sign.
const (
	asaElse    uint8 = iota
	asaMute          // it says nothing of its negotiation, and begins none
	asaSays          // it says something, and begins one where there is none
	asaMessage       // it is a message
)

// asaSign tells what the Kind of a template means.
func asaSign(t *template) uint8 {
	switch t.Kind {
	case Plain:
		return asaMute
	case MessageParsed, MessageGenerated:
		if t.slot[FieldMessageID] > 0 && t.slot[FieldPayloads] > 0 {
			return asaMessage
		}
		return asaMute
	case PacketIgnored, ReplayDropped, Blank, UnknownPeerSA, UnprotectedDropped, KernelExpire, Initiating:
		return asaElse
	}
	if t.Kind.HostWide() {
		return asaElse
	}
	return asaSays
}
