package logparse

import "testing"

// A message ID that a device writes in hexadecimal is shown in decimal and is the
// same number.
func TestASAMessageID(t *testing.T) {
	var p Parser
	var e Event
	for text, want := range map[string]uint32{"0": 0, "7": 7, "1f": 0x1f, "12345678": 0x12345678, "fe345678": 0xfe345678} {
		p.Parse([]byte("Mar 01 2026 08:00:00 fw : %ASA-7-713236: IP = 192.0.2.1, IKE_DECODE RECEIVED Message (msgid="+text+") with payloads : HDR + HASH (8) + SA (1) + NONE (0) total length : 188"), &e)
		if mid, ok := e.MessageID(); !ok || mid != want {
			t.Errorf("%s: %x %v", text, mid, ok)
		}
		if n, ok := e.Uint(FieldMessageID); !ok || uint32(n) != want {
			t.Errorf("%s: %s in decimal", text, e.Bytes(FieldMessageID))
		}
		if mid, ok := e.MessageID(); !ok || mid != want {
			t.Errorf("%s: %x %v then", text, mid, ok)
		}
	}
}
