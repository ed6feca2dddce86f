package isakmp

import (
	"encoding/binary"
	"sort"
	"strconv"
	"strings"
)

// VendorID is the body of a vendor ID payload: an extension that its sender
// knows, or what the sender is. RFC 2408, section 3.16.
//
//	+---------------------------------------------------------------+
//	|                      vendor ID (variable)                     |
//	+---------------------------------------------------------------+
//
// Mostly it is a hash of some text; some have a version behind it.
type VendorID []byte

// AppendBinary appends the payload's body to dst. Its error is always nil.
func (v VendorID) AppendBinary(dst []byte) ([]byte, error) { return append(dst, v...), nil }

// Vendor is what is known of a vendor ID.
type Vendor struct {
	// Name tells what it announces, as in "DPD" or "strongSwan".
	Name string
	// Product is the implementation that sends it, empty for one that many
	// send.
	Product string

	known *vendor
	tail  []byte // aliases the VendorID
}

// Lookup finds a vendor ID among the known ones.
func (v VendorID) Lookup() (Vendor, bool) {
	// IDs that begin v are before it in the table; the longest is the last.
	i := sort.Search(len(vendors), func(i int) bool { return vendors[i].id > string(v) })
	for i--; i >= 0 && vendors[i].id[0] == v[0]; i-- {
		known := &vendors[i]
		if n := len(known.id); len(v) >= n && string(v[:n]) == known.id && known.tail.fits(v[n:]) {
			return Vendor{Name: known.name, Product: known.product, known: known, tail: v[n:]}, true
		}
	}
	return Vendor{}, false
}

// String returns the name of a known vendor ID with its version, and the
// octets of others.
func (v VendorID) String() string {
	if known, ok := v.Lookup(); ok {
		return known.String()
	}
	if printable(v) {
		return string(appendText(nil, v, ""))
	}
	return string(appendHex(nil, v))
}

// String returns the name, and the version if the name does not say it.
func (v Vendor) String() string {
	if version := v.Version(); version != "" && !strings.HasSuffix(v.Name, version) {
		return v.Name + " " + version
	}
	return v.Name
}

// Version returns the version that the vendor ID tells, of its product or of
// the extension that it announces; empty if it tells none.
func (v Vendor) Version() string {
	switch {
	case v.known == nil:
		return ""
	case v.known.version != "":
		return v.known.version
	}
	return v.known.tail.version(v.tail)
}

// vendor is a known vendor ID.
type vendor struct {
	id                     string
	tail                   tail
	product, version, name string
}

// tail is the form of what follows the ID in a vendor ID.
type tail uint8

const (
	tailNone         tail = iota // nothing
	tailAny                      // anything
	tailText                     // a version in ASCII
	tailMajorMinor               // two octets
	tailNibbles                  // two octets of 4 bits each, the first of which is 0
	tailWindows                  // nothing, or four octets that number a release
	tailCheckPoint               // five numbers of four octets
	tailCapabilities             // nothing, or four octets of flags
	tailSoftRemote               // 8 octets, a length, a version in ASCII
	tailSwan                     // letters, 12 with the ID
)

// fits reports whether b has the form.
func (t tail) fits(b []byte) bool {
	switch t {
	case tailNone:
		return len(b) == 0
	case tailMajorMinor, tailNibbles:
		return len(b) == 2
	case tailWindows, tailCapabilities:
		return len(b) == 0 || len(b) == 4
	case tailSwan:
		return len(b) >= 9 && len(b) <= 10 && printable(b)
	}
	return true
}

// version renders the version in b, which has the form.
func (t tail) version(b []byte) string {
	switch t {
	case tailText:
		return strings.TrimSpace(string(appendText(nil, b, "")))
	case tailMajorMinor:
		return strconv.Itoa(int(b[0])) + "." + strconv.Itoa(int(b[1]))
	case tailNibbles:
		return strconv.Itoa(int(b[0])) + "." + strconv.Itoa(int(b[1]>>4)) + "." + strconv.Itoa(int(b[1]&15))
	case tailWindows:
		return windowsRelease(b)
	case tailCheckPoint:
		return checkPointRelease(b)
	case tailSoftRemote:
		if len(b) > 9 && int(b[8]) <= len(b)-9 {
			return string(appendText(nil, b[9:9+b[8]], ""))
		}
	}
	return ""
}

// windowsRelease names the release that follows MS NT5 ISAKMPOAKLEY: [MS-IKEE],
// section 1.7.
func windowsRelease(b []byte) string {
	if len(b) < 4 {
		return ""
	}
	switch binary.BigEndian.Uint32(b) {
	case 2:
		return "2000"
	case 3:
		return "XP"
	case 4:
		return "Server 2003"
	case 5:
		return "Vista"
	case 6:
		return "Server 2008"
	case 7:
		return "7"
	case 8:
		return "Server 2008 R2"
	case 9:
		return "8, Server 2012 or later"
	}
	return ""
}

// checkPointRelease names the release in the numbers that follow Check Point's
// ID: product, version, time, reserved, features.
func checkPointRelease(b []byte) string {
	if len(b) < 12 {
		return ""
	}
	switch binary.BigEndian.Uint32(b[4:]) {
	case 2:
		return "4.1"
	case 3:
		return "4.1 SP1"
	case 4002:
		return "4.1 SP2 to SP6"
	case 5000:
		return "NG"
	case 5001:
		return "NG FP1"
	case 5002:
		return "NG FP2"
	case 5003:
		return "NG FP3"
	case 5004:
		return "NG AI R54"
	case 5005:
		if binary.BigEndian.Uint32(b[8:]) != 0 {
			return "NGX or later"
		}
		return "NG AI R55"
	case 5006:
		return "NG AI R56"
	}
	return ""
}
