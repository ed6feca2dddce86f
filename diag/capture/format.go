package capture

import (
	"bytes"
	"strconv"
)

// Format is the kind of a recording.
type Format uint8

// The formats that a Reader understands.
const (
	// FormatNone is what is no recording.
	FormatNone Format = iota
	// FormatPcap is libpcap's classic file in either byte order, with times in
	// microseconds or nanoseconds.
	FormatPcap
	// FormatPcapNG is the block format with sections and interfaces.
	FormatPcapNG
	// FormatText is what tcpdump prints, one packet a line or wrapped.
	FormatText
)

// String returns "pcap", "pcapng", "tcpdump text" or "none".
func (f Format) String() string {
	switch f {
	case FormatNone:
		return "none"
	case FormatPcap:
		return "pcap"
	case FormatPcapNG:
		return "pcapng"
	case FormatText:
		return "tcpdump text"
	}
	return "Format(" + strconv.Itoa(int(f)) + ")"
}

// Magic numbers as the first four bytes of a file show them.
var (
	magicGzip   = []byte{0x1f, 0x8b}
	magicPcapNG = []byte{0x0a, 0x0d, 0x0d, 0x0a}
)

// Detect tells the format from the first bytes of a recording: 4 bytes decide
// the binary formats, tcpdump's text needs a whole record, so 4 KiB are better
// and a document that quotes a recording somewhere needs more. It sees
// uncompressed bytes only; [NewReader] also undoes gzip.
//
// Text is the weakest of the four: a file of another kind may quote a line of
// tcpdump's. A caller that knows better readers for text asks them first.
func Detect(head []byte) Format {
	if len(head) >= 4 {
		if bytes.Equal(head[:4], magicPcapNG) {
			return FormatPcapNG
		}
		if _, ok := pcapMagic(head); ok {
			return FormatPcap
		}
	}
	if looksLikeText(head) {
		return FormatText
	}
	return FormatNone
}
