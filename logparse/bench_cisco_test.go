package logparse

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
)

// ciscoLog is the log of a device with 50 peers whose tunnels come up and fail
// again and again: the fixtures' lines, one peer after the other, so that the
// number of a connection is one of many.
func ciscoLog(tb testing.TB, lines int, names ...string) []byte {
	var b bytes.Buffer
	for round := 0; lines > 0; round++ {
		for _, name := range names {
			_, rest, ok := strings.Cut(readText(tb, name), "-- log --\n")
			log, _, _ := strings.Cut(rest, "-- events --\n")
			if !ok {
				tb.Fatalf("%s has no log", name)
			}
			log = strings.NewReplacer("198.51.100.10", fmt.Sprintf("198.51.100.%d", 100+round%50), "1001)", fmt.Sprintf("%d)", 1001+round%5000)).Replace(log)
			for l := range strings.Lines(log) {
				if lines--; lines < 0 {
					return b.Bytes()
				}
				b.WriteString(l)
			}
		}
	}
	return b.Bytes()
}

// ciscoLogs are the devices' logs.
func ciscoLogs(tb testing.TB, lines int) map[string][]byte {
	return map[string][]byte{
		"cisco-ios": ciscoLog(tb, lines, "testdata/cisco-ios/xe-ok-initiator.txtar", "testdata/cisco-ios/p1-proposal-responder.txtar"),
		"cisco-asa": ciscoLog(tb, lines, "testdata/cisco-asa/p2-ts-responder.txtar", "testdata/cisco-asa/ok-initiator.txtar"),
	}
}

// BenchmarkParse parses the logs of other dialects than strongSwan's, sessions
// included, and gives the cost as a multiple of splitting the same bytes into
// lines.
func BenchmarkParse(b *testing.B) {
	const lines = 20_000
	for name, log := range ciscoLogs(b, lines) {
		b.Run(name, func(b *testing.B) { benchmarkLog(b, log, lines) })
	}
}

// TestCiscoAllocs gates allocations: none for a line, once the tables have
// their size.
func TestCiscoAllocs(t *testing.T) {
	for name, log := range ciscoLogs(t, 6000) {
		lines := bytes.Split(log, []byte("\n"))
		p := Parser{MaxSessions: 200}
		var e Event
		run := func() {
			for _, l := range lines {
				p.Parse(l, &e)
			}
		}
		for range 60 {
			run()
		}
		if n := testing.AllocsPerRun(5, run); n > 0 {
			t.Errorf("%s: %v allocations in %d lines", name, n, len(lines))
		}
	}
}

func readText(tb testing.TB, path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return string(b)
}
