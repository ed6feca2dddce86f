package logparse

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// racoonConversion is a value in a message as C writes it.
var racoonConversion = regexp.MustCompile(`%[-#0 .*]*[0-9]*(\.\*)?(l|ll|z|h)?[diuxXspc]`)

// racoonSaid fills in a message of the vocabulary.
func racoonSaid(template string) string {
	s := racoonConversion.ReplaceAllStringFunc(template, func(c string) string {
		switch c[len(c)-1] {
		case 's', 'c':
			return "any"
		case 'p':
			return "0x1"
		}
		return "7"
	})
	return strings.NewReplacer(`\n`, "", `\t`, "\t", `\'`, "'", `\"`, `"`).Replace(s)
}

// racoonUntold bounds the rows of the vocabulary that no template knows: what
// is a value from its first octet on, the configuration's grammar, and
// messages of which a value of another kind would be known.
const racoonUntold = 54

// TestRacoonVocabulary reads every message of racoon's vocabulary.
func TestRacoonVocabulary(t *testing.T) {
	b, err := os.ReadFile(recordings.Path(t, "logs", "racoon-messages.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	p := Parser{Dialects: []*Dialect{racoon}}
	var e Event
	rows, unknown := 0, map[string]bool{}
	for line := range strings.Lines(string(b)) {
		row := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(row) < 9 || row[0] == "subsystem" || strings.HasPrefix(row[1], "yy") {
			continue
		}
		rows++
		level := row[1]
		if level == "plog" {
			level = "INFO"
		}
		said := racoonSaid(row[2])
		if !p.Parse([]byte("racoon: "+level+": "+said), &e) {
			unknown[row[2]] = true
		}
	}
	for u := range unknown {
		t.Logf("unknown: %s", u)
	}
	t.Logf("%d of %d messages are unknown", len(unknown), rows)
	if rows < 1500 || len(unknown) > racoonUntold {
		t.Errorf("%d of %d messages are unknown, at most %d", len(unknown), rows, racoonUntold)
	}
}
