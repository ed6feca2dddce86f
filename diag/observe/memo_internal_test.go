package observe

import (
	"strings"
	"testing"
)

// A text has its own meaning, whichever others make room for each other, and is
// read once as long as nobody does.
func TestMemo(t *testing.T) {
	texts := []string{"", "SA", "KE", "ID", "HASH", "HASH SA No KE ID ID", "10.1.0.0/16", "10.2.0.0/16", strings.Repeat("x", memoLength), strings.Repeat("x", memoLength+1)}
	for i := range 200 {
		texts = append(texts, strings.Repeat("V ", i%20)+string(rune('A'+i%26)), "10."+string(rune('0'+i%10))+".0.0/16")
	}
	var m memo[string]
	read, long := 0, 0
	for i := range 20 * len(texts) {
		text := texts[i*7%len(texts)]
		meaning, known := m.of([]byte(text))
		if !known {
			*meaning = text
			read++
		}
		if *meaning != text {
			t.Fatalf("%q is taken for %q", text, *meaning)
		}
		if again, known := m.of([]byte(text)); known != (len(text) <= memoLength) || known && *again != text {
			t.Fatalf("%q is not known at once", text)
		}
		if len(text) > memoLength {
			long++
		}
	}
	if n := 20 * len(texts); read >= n || read <= long {
		t.Errorf("%d of %d texts were read", read, n)
	}
	kept := 0
	for i := range m {
		kept += len(m[i].text)
	}
	if kept > memoTexts*memoLength {
		t.Errorf("%d octets are kept", kept)
	}
	text := []byte(texts[5])
	m.of(text)
	if n := testing.AllocsPerRun(100, func() { m.of(text) }); n != 0 {
		t.Errorf("%v allocations for a text that is known", n)
	}
}
