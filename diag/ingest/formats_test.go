package ingest_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
)

// A spoken line is a daemon's, with when, where and by which program it was
// written.
type spoken struct {
	at                  time.Time
	host, program, text string
}

// formats are the ways in which logs come to people: each writes a line.
var formats = map[string]func(l spoken) string{
	"syslog": func(l spoken) string { return l.at.Format(time.Stamp) + " " + l.tagged() },
	"BusyBox": func(l spoken) string {
		return l.at.Format(time.Stamp) + " " + l.host + " daemon.info " + l.tag() + l.text
	},
	"FreeBSD": func(l spoken) string { return l.at.Format(time.Stamp) + " <daemon.info> " + l.tagged() },
	"OpenWrt": func(l spoken) string { return l.at.Format(time.ANSIC) + " daemon.info " + l.tag() + l.text },
	"RFC 5424": func(l spoken) string {
		return "<30>1 " + l.at.Format(time.RFC3339Nano) + " " + l.host + " " + l.program + " 77 - - " + l.text
	},
	"UTM": func(l spoken) string { return l.at.Format("2006:01:02-15:04:05 ") + l.tagged() },
	"relay": func(l spoken) string {
		return l.at.Format(time.Stamp) + " 192.0.2.9 " + l.at.Format(time.Stamp) + " " + l.tagged()
	},
	"journal": func(l spoken) string { return l.at.Format("Mon 2006-01-02 15:04:05 UTC ") + l.tagged() },
	"monotonic": func(l spoken) string {
		return fmt.Sprintf("[%12.6f] ", float64(l.at.UnixMicro()%1e12)/1e6) + l.tagged()
	},
	"grep":    func(l spoken) string { return "/var/log/messages:" + l.at.Format(time.Stamp) + " " + l.tagged() },
	"mail":    func(l spoken) string { return "> " + l.at.Format(time.Stamp) + " " + l.tagged() },
	"pfSense": func(l spoken) string { return l.at.Format(time.Stamp) + "\t" + l.program + "\t77\t" + l.text },
	"OPNsense": func(l spoken) string {
		return l.at.Format("2006-01-02T15:04:05\tInformational\t") + l.program + "\t" + l.text
	},
	"compose": func(l spoken) string { return "vpn-1  | " + l.text },
	"kubectl": func(l spoken) string {
		return l.at.Format(time.RFC3339Nano) + " stdout F " + l.at.Format(time.Stamp) + " " + l.tagged()
	},
	"journal's JSON": func(l spoken) string {
		return object("__REALTIME_TIMESTAMP", fmt.Sprint(l.at.UnixMicro()), "_HOSTNAME", l.host, "SYSLOG_IDENTIFIER", l.program, "_PID", "77", "MESSAGE", l.text)
	},
	"journal's pretty JSON": func(l spoken) string {
		return pretty("\t", "__REALTIME_TIMESTAMP", fmt.Sprint(l.at.UnixMicro()), "_HOSTNAME", l.host, "SYSLOG_IDENTIFIER", l.program, "_PID", "77", "MESSAGE", l.text)
	},
	"jq": func(l spoken) string {
		return pretty("  ", "@timestamp", l.at.Format(time.RFC3339Nano), "host", map[string]string{"name": l.host}, "process", map[string]any{"name": l.program, "pid": 77}, "message", l.text)
	},
	"journal's export": func(l spoken) string {
		return fmt.Sprintf("__CURSOR=s=1\n__REALTIME_TIMESTAMP=%d\n_HOSTNAME=%s\nSYSLOG_IDENTIFIER=%s\n_PID=77\nMESSAGE=%s\n", l.at.UnixMicro(), l.host, l.program, l.text)
	},
	"Docker's JSON": func(l spoken) string {
		return object("log", l.text+"\n", "stream", "stderr", "time", l.at.Format(time.RFC3339Nano))
	},
	"Elastic": func(l spoken) string {
		return object("@timestamp", l.at.Format(time.RFC3339Nano), "host", map[string]string{"name": l.host}, "process", map[string]any{"name": l.program, "pid": 77}, "message", l.text)
	},
	"GELF": func(l spoken) string {
		return object("version", "1.1", "host", l.host, "short_message", l.text, "timestamp", float64(l.at.UnixMilli())/1e3, "_program", l.program)
	},
	"Fluentd": func(l spoken) string {
		return l.at.Format("2006-01-02 15:04:05 +0000 system.daemon: ") + object("host", l.host, "ident", l.program, "message", l.text)
	},
	"CSV": func(l spoken) string {
		return fmt.Sprintf("%q,%q,%q,\"%s\"", l.at.Format(time.RFC3339Nano), l.host, l.program, strings.ReplaceAll(l.text, `"`, `""`))
	},
}

func (l spoken) tag() string    { return l.program + "[77]: " }
func (l spoken) tagged() string { return l.host + " " + l.tag() + l.text }

func object(members ...any) string {
	o := map[string]any{}
	for i := 0; i < len(members); i += 2 {
		o[members[i].(string)] = members[i+1]
	}
	b, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// pretty is object over several lines.
func pretty(indent string, members ...any) string {
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(object(members...)), "", indent); err != nil {
		panic(err)
	}
	return b.String()
}

// saidIn takes a log of strongSwan's or pluto's own apart.
func saidIn(t *testing.T, path, host string) (lines []spoken) {
	b, err := os.ReadFile(filepath.FromSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	program := "charon"
	if strings.Contains(string(b), "pluto") {
		program = "pluto"
	}
	for line := range strings.Lines(strings.TrimRight(string(b), "\n")) {
		line = strings.TrimSuffix(line, "\n")
		layout := "Jan _2 15:04:05"
		at, err := time.Parse(layout, line[:len(layout)])
		if err != nil {
			t.Fatal(err)
		}
		_, text, _ := strings.Cut(line[len(layout):], " ")
		if _, tagged, ok := strings.Cut(text, " charon["); ok {
			_, text, _ = strings.Cut(tagged, "]: ")
		}
		lines = append(lines, spoken{at.AddDate(2026, 0, 0), host, program, text})
	}
	return lines
}

// timeless are the formats that say no times: that a phase 1 was renewed, and its
// children went on, shows by them.
var timeless = []string{"compose", "monotonic"}

// The same logs say the same in whatever way they come to those who read them.
func TestFormats(t *testing.T) {
	t.Parallel()
	for _, pair := range [...][2]string{
		{"testdata/renewed/libreswan/initiator.log", "testdata/renewed/libreswan/responder.log"},
		{"../../examples/diagnose/testdata/wrong-psk/branch/charon.log", "../../examples/diagnose/testdata/wrong-psk/headquarters/charon.log"},
	} {
		ends := [2][]spoken{saidIn(t, pair[0], "branch"), saidIn(t, pair[1], "hq")}
		want := ""
		for _, name := range append([]string{"syslog"}, slices.Sorted(maps.Keys(formats))...) {
			if strings.Contains(pair[0], "renewed") && slices.Contains(timeless, name) {
				continue
			}
			for _, encode := range [...]func(string) []byte{
				func(s string) []byte { return []byte(s) },
				func(s string) []byte { return []byte(strings.ReplaceAll(s, "\n", "\r\n")) },
				func(s string) []byte { return wide(binary.LittleEndian, s) },
				func(s string) []byte { return wide(binary.BigEndian, s) },
			} {
				var in []ingest.Input
				for i, lines := range ends {
					var log strings.Builder
					for _, l := range lines {
						log.WriteString(formats[name](l) + "\n")
					}
					in = append(in, memory(fmt.Sprint(i), fmt.Sprint(i), encode(log.String())))
				}
				r := diagnose(t, in)
				got := gist(r)
				if want == "" {
					want = got
				}
				if got != want {
					t.Errorf("%s, %s:\n got %s\nwant %s", pair[0], name, got, want)
				}
			}
		}
	}
}

// gist is what a report says of its tunnels, and why.
func gist(r *diag.Report) string {
	s := r.Verdict.String()
	for _, src := range r.Sources {
		s += fmt.Sprintf("; %s, %d lines unknown", src.Dialect, src.Units-src.Recognized)
	}
	for _, x := range r.Tunnels {
		s += fmt.Sprintf("; %v at %v", x.Outcome, x.Stage)
	}
	for _, f := range r.Findings {
		if f.Kind == diag.Cause {
			s += fmt.Sprintf("; %s %v", f.Code, f.Verdict)
		}
	}
	return s
}

// wide writes a text in UTF-16, with its mark.
func wide(order binary.ByteOrder, s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
		b = binary.BigEndian.AppendUint16(b, u)
		if order == binary.LittleEndian {
			b[len(b)-1], b[len(b)-2] = b[len(b)-2], b[len(b)-1]
		}
	}
	return b
}
