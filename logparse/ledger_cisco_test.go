package logparse

import (
	"os"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// ciscoValue gives a value for a place in a message of the vocabulary.
func ciscoValue(name string) string {
	if one, _, ok := strings.Cut(name, "|"); ok {
		return strings.Trim(one, "{")
	}
	switch name {
	case "ip":
		return "192.0.2.1"
	case "n", "port", "msgid":
		return "7"
	case "hex", "spi":
		return "c0ffee01"
	case "hex bytes":
		return "0x0 0x1"
	case "NOTIFY", "NAME":
		return "INVALID_COOKIE"
	case "ip/mask/p/port":
		return "10.0.0.0/255.0.0.0/0/0"
	case "list":
		return "{esp-des }"
	case "mode":
		return "Main"
	}
	return "any"
}

// ciscoLine fills the places of a message.
func ciscoLine(template string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(template, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		depth, n := 1, 0
		for ; n < len(rest) && depth > 0; n++ {
			switch rest[n] {
			case '{':
				depth++
			case '}':
				depth--
			}
		}
		b.WriteString(ciscoValue(rest[:n-1]))
		template = rest[n:]
	}
}

// ciscoPuzzles are rows of the vocabulary that are no message of their own:
// buckets of free text, several messages in one, descriptions, fragments and
// memories of wordings that nothing confirms.
var ciscoPuzzles = map[string]bool{
	"IKE peer identity mismatch {detail}":                                      true,
	"NAT match MINE hash / His hash no match - this node {inside|outside} NAT": true,
	"Received non-routine Notify message: {type} ({value})":                    true,
	"Successfully installed IPSEC SA (SPI:{hex}) on {if}":                      true,
}

// TestCiscoLedger holds the templates against the vocabulary of Cisco's
// devices.
func TestCiscoLedger(t *testing.T) {
	b, err := os.ReadFile(recordings.Path(t, "logs", "cisco-messages.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	known := 0
	for i, row := range strings.Split(string(b), "\n") {
		f := strings.Split(row, "\t")
		if i == 0 || len(f) < 4 {
			continue
		}
		var p Parser
		var e Event
		line := f[3]
		switch f[0] {
		case "ios", "ios-debug":
			p.Dialects = []*Dialect{ciscoIOS}
			if strings.HasPrefix(f[1], "%") {
				line = f[1] + ": " + line
			} else if f[1] == "ISAKMP" {
				line = "ISAKMP:(0):" + line
			}
		case "asa":
			p.Dialects = []*Dialect{ciscoASA}
			if id, _, ok := strings.Cut(f[1], " "); strings.HasPrefix(f[1], "%") && (ok || id == f[1]) {
				line = id + ": " + line
			}
		default:
			t.Logf("not held: %s", row)
			continue
		}
		if line = ciscoLine(line); p.Parse([]byte(line), &e) {
			known++
		} else if !ciscoPuzzles[f[3]] && !strings.Contains(f[3], "{message}") && f[3] != "{free text}" {
			t.Errorf("unknown: %s\t%s", f[3], line)
		}
	}
	t.Logf("%d known", known)
}
