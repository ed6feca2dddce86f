package ike

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

const canary = "s3cr3t-canary-0xDEADBEEF"

// holder embeds a Secret as a configuration's entry does.
type holder struct {
	Secret
	Name string
}

type fieldHolder struct {
	Name string
	PSK  Secret
	Ptr  *Secret
	List []Secret
	Map  map[string]Secret
}

type secretError struct{ S Secret }

func (e secretError) Error() string { return fmt.Sprintf("cannot use %v", e.S) }

var verbs = []string{
	"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%#x", "%d", "%o", "%b", "%c", "%U", "%t", "%e", "%p", "%T",
	"%20s", "%-5q", "%.3s", "%!", "%z",
}

// leaks reports whether a rendering shows the canary in any common encoding.
func leaks(s string) bool {
	for _, f := range []string{"%s", "%x", "%X", "% x", "%v", "%d", "%o", "%b"} {
		enc := fmt.Sprintf(f, []byte(canary))
		if strings.Contains(s, enc) || strings.Contains(s, strings.Trim(enc, "[]")) {
			return true
		}
	}
	return strings.Contains(s, "czNjcjN0") // base64
}

func TestSecretNeverShows(t *testing.T) {
	s := NewSecret([]byte(canary))
	values := map[string]any{
		"Secret": s, "pointer": &s, "embedded": holder{s, "n"}, "pointer to embedded": &holder{s, "n"},
		"field": fieldHolder{"n", s, &s, []Secret{s}, map[string]Secret{"a": s}},
		"error": secretError{s}, "pointer error": &secretError{s}, "slice": []any{s}, "map": map[string]any{"a": s},
	}
	for name, v := range values {
		for _, verb := range verbs {
			if out := fmt.Sprintf(verb, v); leaks(out) {
				t.Errorf("%s with %s leaks: %s", name, verb, out)
			}
		}
		if out := fmt.Sprint(v); leaks(out) {
			t.Errorf("%s with Sprint leaks: %s", name, out)
		}
		if out, err := json.Marshal(v); leaks(string(out)) || err != nil && leaks(err.Error()) {
			t.Errorf("%s in JSON leaks: %s %v", name, out, err)
		}
		var b bytes.Buffer
		slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "v", v)
		slog.New(slog.NewTextHandler(&b, nil)).Info("x", "v", v)
		if leaks(b.String()) {
			t.Errorf("%s in slog leaks: %s", name, b.String())
		}
	}
	type doc struct{ S Secret }
	if out, err := xml.Marshal(doc{s}); err != nil || leaks(string(out)) {
		t.Errorf("XML: %s %v", out, err)
	}
}

// TestSecretInUnexportedField: of a value in an unexported field fmt calls no
// method. It prints a pointer there as an address, except after a verb that
// does not suit it, where it prints what it points to. Such fields are common:
// the standard library's wrapped and joined errors have them.
func TestSecretInUnexportedField(t *testing.T) {
	s := NewSecret([]byte(canary))
	type hidden struct {
		name string
		psk  Secret
		ptr  *Secret
		list []Secret
		any  any
	}
	values := map[string]any{
		"field": hidden{"n", s, &s, []Secret{s}, s}, "pointer": &hidden{"n", s, &s, []Secret{s}, s},
		"wrapped": fmt.Errorf("outer: %w", secretError{s}), "joined": errors.Join(secretError{s}, fmt.Errorf("%v %+v %#v", s, s, s)),
	}
	for name, v := range values {
		for _, verb := range verbs {
			if out := fmt.Sprintf(verb, v); leaks(out) {
				t.Errorf("%s with %s leaks: %s", name, verb, out)
			}
		}
	}
}

func TestSecretInPanic(t *testing.T) {
	defer func() {
		r := recover()
		if leaks(fmt.Sprint(r)) || leaks(fmt.Sprintf("%#v", r)) {
			t.Errorf("panic value leaks: %v", r)
		}
	}()
	panic(secretError{NewSecret([]byte(canary))})
}

func TestSecretRenderings(t *testing.T) {
	s := NewSecret([]byte(canary))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		if got := fmt.Sprintf(verb, s); got != redacted {
			t.Errorf("Sprintf(%q) = %q", verb, got)
		}
		if got := fmt.Sprintf(verb, Secret{}); got != redacted {
			t.Errorf("empty: Sprintf(%q) = %q", verb, got)
		}
	}
	if got, _ := json.Marshal(s); string(got) != `"`+redacted+`"` {
		t.Errorf("JSON %s", got)
	}
	if got := fmt.Sprintf("%+v", fieldHolder{PSK: s}.PSK); got != redacted {
		t.Errorf("field %q", got)
	}
}

func TestSecretEqual(t *testing.T) {
	b := []byte(canary)
	s := NewSecret(b)
	b[0] = 'X'
	if string(s.Reveal()) != canary || s.Len() != len(canary) {
		t.Error("NewSecret aliases its argument")
	}
	if !s.Equal(NewSecret([]byte(canary))) || s.Equal(NewSecret(b)) || s.Equal(Secret{}) {
		t.Error("Equal is wrong")
	}
	if (Secret{}).Reveal() != nil || (Secret{}).Len() != 0 || !(Secret{}).Equal(NewSecret(nil)) {
		t.Error("the zero Secret is not empty")
	}
}

func TestSecretDigests(t *testing.T) {
	key := []byte("key of this run")
	a, b := NewSecret([]byte("pä55")), NewSecret([]byte("p\xe455")) // UTF-8 and Latin-1
	if a.Digest(key) == b.Digest(key) {
		t.Error("Digest ignores the encoding")
	}
	if a.LooseDigest(key) != b.LooseDigest(key) {
		t.Error("LooseDigest does not ignore the encoding")
	}
	if a.Digest(key) == a.Digest([]byte("another key")) {
		t.Error("Digest ignores the key")
	}
	plain := NewSecret([]byte("secret")).LooseDigest(key)
	for _, v := range []string{`"secret"`, "'secret'", "secret\r", " secret\t", "\xef\xbb\xbfsecret", "secret\u00a0"} {
		if NewSecret([]byte(v)).LooseDigest(key) != plain {
			t.Errorf("LooseDigest tells %q from secret", v)
		}
	}
	if NewSecret([]byte("Secret")).LooseDigest(key) == plain || NewSecret([]byte("se cret")).LooseDigest(key) == plain {
		t.Error("LooseDigest is too loose")
	}
}
