package isakmp

import (
	"encoding/binary"
	"unicode/utf16"
)

// DERName renders an X.501 name in DER, RFC 5280, section 4.1.2.4, in the
// order of its parts: "C=CH, O=Example, CN=gw". It returns "" if der is not
// one. The result is printable whatever is in it, and ends in an ellipsis if it
// would be very long.
func DERName(der []byte) string {
	seq, rest, ok := derElement(der, derSequence)
	if !ok || len(rest) != 0 {
		return ""
	}
	var out []byte
	for len(seq) > 0 {
		if len(out) > maxName {
			return string(out) + ", ..."
		}
		var set []byte
		if set, seq, ok = derElement(seq, derSet); !ok {
			return ""
		}
		sep := ", "
		for len(set) > 0 {
			var pair []byte
			if pair, set, ok = derElement(set, derSequence); !ok {
				return ""
			}
			if len(out) > 0 {
				out = append(out, sep...)
			}
			if out, ok = appendAttributeValue(out, pair); !ok {
				return ""
			}
			sep = "+" // parts of one relative name
		}
	}
	return string(out)
}

// DERGeneralName renders a general name in DER, RFC 5280, section 4.2.1.6, or
// returns "" if der is not one of the common kinds.
func DERGeneralName(der []byte) string {
	if len(der) == 0 {
		return ""
	}
	value, rest, ok := derElement(der, der[0])
	if !ok || len(rest) != 0 {
		return ""
	}
	switch der[0] {
	case 0x81, 0x82, 0x86: // rfc822Name, dNSName, uniformResourceIdentifier
		return string(appendText(nil, value, ""))
	case 0xa4: // directoryName
		return DERName(value)
	case 0x87: // iPAddress
		id := ID{Type: IDIPv4, Data: value}
		if len(value) == 16 {
			id.Type = IDIPv6
		}
		return id.String()
	}
	return ""
}

// The tags of DER that names are made of.
const (
	derOID       = 0x06
	derBMPString = 0x1e
	derSequence  = 0x30
	derSet       = 0x31
)

// derElement takes the element with a tag off b.
func derElement(b []byte, tag byte) (value, rest []byte, ok bool) {
	if len(b) < 2 || b[0] != tag {
		return nil, nil, false
	}
	n, b := int(b[1]), b[2:]
	if n >= 0x80 { // so many octets of length follow; 2 suffice for a payload
		count := n & 0x7f
		if count == 0 || count > 2 || len(b) < count {
			return nil, nil, false
		}
		n = 0
		for _, c := range b[:count] {
			n = n<<8 | int(c)
		}
		b = b[count:]
	}
	if n > len(b) {
		return nil, nil, false
	}
	return b[:n], b[n:], true
}

// appendAttributeValue appends an AttributeTypeAndValue as in CN=gw.
func appendAttributeValue(dst, pair []byte) (_ []byte, ok bool) {
	oid, pair, ok := derElement(pair, derOID)
	if !ok || len(pair) == 0 {
		return dst, false
	}
	value, rest, ok := derElement(pair, pair[0])
	if !ok || len(rest) != 0 {
		return dst, false
	}
	if name := attributeName(oid); name != "" {
		dst = append(dst, name...)
	} else {
		dst = appendHex(dst, oid)
	}
	dst = append(dst, '=')
	switch pair[0] {
	case 0x0c, 0x12, 0x13, 0x14, 0x16, 0x1a: // UTF8, Numeric, Printable, T61, IA5, Visible
		return appendText(dst, value, ",+"), true
	case derBMPString:
		units := make([]uint16, len(value)/2)
		for i := range units {
			units[i] = binary.BigEndian.Uint16(value[2*i:])
		}
		return appendText(dst, []byte(string(utf16.Decode(units))), ",+"), true
	}
	return appendHex(dst, value), true
}

// attributeName returns the short name of an attribute type: RFC 4514, section
// 3, and what certificate tools write.
func attributeName(oid []byte) string {
	if len(oid) == 3 && oid[0] == 0x55 && oid[1] == 4 {
		switch oid[2] {
		case 3:
			return "CN"
		case 4:
			return "SN"
		case 5:
			return "serialNumber"
		case 6:
			return "C"
		case 7:
			return "L"
		case 8:
			return "ST"
		case 9:
			return "STREET"
		case 10:
			return "O"
		case 11:
			return "OU"
		case 12:
			return "T"
		case 42:
			return "GN"
		}
	}
	switch string(oid) {
	case "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01":
		return "E"
	case "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x02":
		return "unstructuredName"
	case "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01":
		return "UID"
	case "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19":
		return "DC"
	}
	return ""
}
