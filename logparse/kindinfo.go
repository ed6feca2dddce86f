package logparse

import "strconv"

type kindInfo struct {
	name   string
	fields []Field
}

// String returns the Kind's name, e.g. "packet-received".
func (k Kind) String() string {
	if int(k) < len(kindTable) && kindTable[k].name != "" {
		return kindTable[k].name
	}
	return "Kind(" + strconv.Itoa(int(k)) + ")"
}

// Fields lists what an Event of the Kind may carry. The slice is shared.
func (k Kind) Fields() []Field {
	if int(k) < len(kindTable) {
		return kindTable[k].fields
	}
	return nil
}

// HostWide reports whether the Kind speaks of the host or the daemon and
// never of one negotiation.
func (k Kind) HostWide() bool { return k < 300 }

// Credential reports whether a line may be about a certificate, a key or another
// credential: it is of their group, or of the daemon's configuration.
func (k Kind) Credential() bool { return k >= 600 && k < 700 || k >= 200 && k < 300 }

// String returns the Field's name as patterns write it.
func (f Field) String() string {
	if f < numFields {
		return fieldNames[f]
	}
	return "Field(" + strconv.Itoa(int(f)) + ")"
}
