package logparse

import (
	"fmt"
	"testing"

	"github.com/ikediag/ikediag/ike"
)

// What plainSelector reads is what ike.ParseSelector reads.
func TestPlainSelector(t *testing.T) {
	texts := []string{"", "/", "10.1.0.0", "10.1.0.0/", "10.1.0.0/x", "10.1.0.0/160", "10.1.0.0/33", "10.1.0.0/08", "10.1.0.0/00", "010.1.0.0/16", "10.01.0.0/16", "10.1.0.00/16", "00.0.0.0/0",
		"10.1.0.0/16/tcp/22", "10.1.0.0/255.255.0.0", "10.1.0.0/-1", "10.1.0.0/+1", "256.1.0.0/16", "0/0", "1.2.3/8", "10.1.0.0/16[tcp]", "::/0"}
	for bits := range 33 {
		texts = append(texts, fmt.Sprintf("10.201.30.129/%d", bits), fmt.Sprintf("0.0.0.0/%d", bits), fmt.Sprintf("255.255.255.255/%d", bits))
	}
	read := 0
	for _, s := range texts {
		got, ok := plainSelector([]byte(s))
		if !ok {
			continue
		}
		read++
		if want, err := ike.ParseSelector(s); err != nil || got != want {
			t.Errorf("%s: %v, want %v %v", s, got, want, err)
		}
	}
	if read != 3*33 {
		t.Errorf("%d were read", read)
	}
}
