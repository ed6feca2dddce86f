package keys_test

import (
	"encoding/hex"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/capture"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/ike/keys"
	"github.com/ikediag/ikediag/isakmp"
)

var _ exchange.Opener = (*keys.Opener)(nil)

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// seen is one ISAKMP message of a capture.
type seen struct {
	step   *exchange.Step
	result keys.Result
	frame  int
}

// each runs what can be read of a capture through a Tracker.
func each(t testing.TB, path string, o *keys.Opener, f func(s *exchange.Step, frame int)) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r, err := capture.NewReader(file, capture.Options{})
	if err != nil {
		return
	}
	tr := exchange.Tracker{Opener: o}
	var d exchange.Datagram
	var s exchange.Step
	for r.Next(&d) {
		if tr.Observe(&d, &s) && s.Class == exchange.Message {
			f(&s, d.Frame)
		}
	}
}

// follow returns the messages of a capture.
func follow(t testing.TB, path string, o *keys.Opener) (all []seen) {
	t.Helper()
	each(t, path, o, func(s *exchange.Step, frame int) {
		all = append(all, seen{s.Clone(), o.Take(), frame})
	})
	if len(all) == 0 {
		t.Fatalf("%s: no messages", path)
	}
	return all
}

// payloads lists the types of a message's payloads as the reference does, SA
// payloads taken apart.
func payloads(m *isakmp.Message) string {
	var list []string
	add := func(t isakmp.PayloadType) { list = append(list, strconv.Itoa(int(t))) }
	for i, p := range m.Payloads {
		add(p.Type)
		for _, sa := range m.SAs {
			if sa.Payload != i {
				continue
			}
			for _, prop := range sa.Proposals {
				add(isakmp.PayloadProposal)
				for range prop.Transforms {
					add(isakmp.PayloadTransform)
				}
			}
		}
	}
	return strings.Join(list, ",")
}

var (
	dumpHead = regexp.MustCompile(`[\]>]\s*([A-Za-z][^\]>]*?) => (\d+) bytes`)
	dumpLine = regexp.MustCompile(`[\]>]\s*\d+: ((?:[0-9A-Fa-f]{2} ?)+)`)
)

// dumps reads charon's hex dumps, as little of it as these tests need.
func dumps(t testing.TB, path string, session uint64) []keys.Dump {
	t.Helper()
	var list []keys.Dump
	var b []byte
	name, want := "", 0
	for _, line := range strings.Split(string(read(t, path)), "\n") {
		if m := dumpHead.FindStringSubmatch(line); m != nil {
			name, b = m[1], nil
			want, _ = strconv.Atoi(m[2])
			continue
		}
		m := dumpLine.FindStringSubmatch(line)
		if m == nil || name == "" {
			continue
		}
		part, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(m[1]), " ", ""))
		if err != nil {
			continue
		}
		if b = append(b, part...); len(b) >= want {
			list = append(list, keys.Dump{Session: session, Name: name, Value: ike.NewSecret(b[:want])})
			name = ""
		}
	}
	return list
}

var swanctlSecret = regexp.MustCompile(`(?m)^\s*secret = "(.*)"`)

// psk returns the pre-shared key of a configuration of the corpus.
func psk(t testing.TB, path string) ike.Secret {
	t.Helper()
	m := swanctlSecret.FindSubmatch(read(t, path))
	if m == nil {
		t.Fatalf("%s: no secret", path)
	}
	return ike.NewSecret(m[1])
}

func cookie(t testing.TB, text string) (c isakmp.Cookie) {
	t.Helper()
	if n, err := hex.Decode(c[:], []byte(text)); err != nil || n != len(c) {
		t.Fatal("cookie", text)
	}
	return c
}

func secret(t testing.TB, text string) ike.Secret {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return ike.NewSecret(b)
}
