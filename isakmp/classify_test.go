package isakmp

import "testing"

func TestClassify(t *testing.T) {
	msg := mainMode1(1)
	marked := append([]byte{0, 0, 0, 0}, msg...)
	esp := append([]byte{0xc0, 0xff, 0xee, 1, 0, 0, 0, 1}, make([]byte, 40)...)
	tests := []struct {
		name     string
		b        []byte
		src, dst uint16
		want     Class
	}{
		{"message", msg, 500, 500, ClassISAKMP},
		{"message from a translated port", msg, 61234, 500, ClassISAKMP},
		{"message after the float", marked, 4500, 4500, ClassISAKMP},
		{"marker only", marked[:4], 4500, 61234, ClassISAKMP},
		{"no marker on 4500", esp, 4500, 4500, ClassESPInUDP},
		{"ESP too short", esp[:8], 4500, 4500, ClassUnknown},
		{"keepalive", []byte{0xff}, 4500, 4500, ClassKeepalive},
		{"keepalive on 500", []byte{0xff}, 500, 61234, ClassKeepalive},
		{"another octet", []byte{0xfe}, 4500, 4500, ClassUnknown},
		{"nothing", nil, 4500, 4500, ClassUnknown},
		{"nothing on 500", nil, 500, 500, ClassUnknown},
		{"27 octets", msg[:27], 500, 500, ClassUnknown},
		{"other ports", msg, 10500, 10500, ClassISAKMP},
		{"other ports, marked", marked, 10500, 14500, ClassISAKMP},
		{"other ports, ESP", esp, 10500, 14500, ClassUnknown},
		{"other ports, cut short", msg[:60], 10500, 10500, ClassISAKMP},
		{"other ports, too long", append(append([]byte(nil), msg...), 1), 10500, 10500, ClassUnknown},
		{"other ports, DNS", []byte("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07example\x03com\x00\x00\x01\x00\x01"), 53000, 53, ClassUnknown},
		{"GDOI", msg, 848, 848, ClassISAKMP},
	}
	for _, tt := range tests {
		if got := Classify(tt.b, tt.src, tt.dst); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	if b, ok := StripMarker(marked); !ok || len(b) != len(msg) {
		t.Error("marker not stripped")
	}
	if b, ok := StripMarker(msg); ok || len(b) != len(msg) {
		t.Error("stripped what is no marker")
	}
}
