package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/isakmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// recordings are those of package capture.
func recording(name string) string {
	return filepath.Join("..", "..", "diag", "capture", "testdata", name)
}

func decode(t *testing.T, stdin []byte, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, complaints bytes.Buffer
	status = run(args, bytes.NewReader(stdin), &out, &complaints)
	return out.String(), complaints.String(), status
}

func TestGolden(t *testing.T) {
	for _, c := range []struct{ golden, format, file string }{
		{"nat.txt", "text", "nat.pcap"},
		{"nat.tsv", "tsv", "nat.pcap"},
		{"nat.json", "json", "nat.pcap"},
		{"rejected.tsv", "tsv", "rejected.pcap"},
		{"ah.txt", "text", "ah.pcap"},
		{"fragments.tsv", "tsv", "fragments.pcap"},
		{"verbose.txt", "text", "nat.vv.txt"},
		{"plain.txt", "text", "nat.plain.txt"},
		{"plain.json", "json", "rejected.plain.txt"},
	} {
		file, err := os.ReadFile(recording(c.file))
		if err != nil {
			t.Fatal(err)
		}
		got, complaints, status := decode(t, file, "-format", c.format, "-")
		if status != 0 || complaints != "" {
			t.Errorf("%s: status %d, %s", c.golden, status, complaints)
		}
		golden := filepath.Join("testdata", c.golden)
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs; look at it with -update", golden)
		}
		if c.format == "json" {
			for line := range strings.Lines(got) {
				if !json.Valid([]byte(line)) {
					t.Errorf("%s: no JSON: %s", c.golden, line)
				}
			}
		}
	}
}

// TestTextAgrees: a hex dump gives the same rows as the recording it is of.
func TestTextAgrees(t *testing.T) {
	want, _, _ := decode(t, nil, "-format", "tsv", recording("fragments.pcap"))
	got, _, _ := decode(t, nil, "-format", "tsv", recording("fragments.x.txt"))
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestFaults(t *testing.T) {
	file, err := os.ReadFile(recording("nat.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	whole, _, _ := decode(t, file, "-format", "tsv", "-")
	for _, c := range []struct {
		name      string
		stdin     []byte
		args      []string
		status    int
		complaint string
		same      bool // all frames are printed all the same
	}{
		{"no file", nil, []string{"-format", "tsv"}, 2, "usage:", false},
		{"unknown format", nil, []string{"-format", "xml\x1b", "-"}, 2, `"xml\x1b" is none of`, false},
		{"unknown flag", nil, []string{"-what"}, 2, "flag provided but not defined", false},
		{"help", nil, []string{"-h"}, 0, "usage:", false},
		{"missing", file, []string{"-format", "tsv", "no/such\nfile", "-"}, 2, `"no/such\nfile": open`, true},
		{"no capture", []byte("hello\n"), []string{"-"}, 2, "not a packet capture", false},
		{"cut", file[:2000], []string{"-format", "tsv", "-"}, 2, "ends in the middle", false},
		{"cut behind all", append(file[:len(file):len(file)], 1, 2, 3), []string{"-format", "tsv", "-"}, 2, "ends in the middle", true},
	} {
		out, complaints, status := decode(t, c.stdin, c.args...)
		if status != c.status || !strings.Contains(complaints, c.complaint) {
			t.Errorf("%s: status %d, %q", c.name, status, complaints)
		}
		if (out == whole) != c.same {
			t.Errorf("%s: printed %d bytes, the whole is %d", c.name, len(out), len(whole))
		}
	}
}

// TestNoPasswords: a password that XAUTH carries in the clear is in no output.
func TestNoPasswords(t *testing.T) {
	const canary = "correct horse battery"
	value := []byte(canary)
	config := isakmp.Config{Type: isakmp.ConfigReply, Identifier: 1}
	body, _ := config.AppendBinary(nil)
	body = binary.BigEndian.AppendUint16(body, uint16(isakmp.ConfigXAuthPassword))
	body = append(binary.BigEndian.AppendUint16(body, uint16(len(value))), value...)
	m := isakmp.Message{Payloads: []isakmp.Payload{{Type: isakmp.PayloadAttribute, Body: body}}}
	m.Header = isakmp.Header{InitiatorCookie: isakmp.Cookie{1}, ResponderCookie: isakmp.Cookie{2}, NextPayload: isakmp.PayloadAttribute, Version: isakmp.Version1, Exchange: isakmp.ExchangeTransaction, MessageID: 7}
	message, err := m.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	binary.BigEndian.PutUint32(message[24:], uint32(len(message)))
	for _, format := range []string{"text", "tsv", "json"} {
		out, complaints, status := decode(t, pcap(message), "-format", format, "-")
		if status != 0 || !strings.Contains(out, "0100000000000000") {
			t.Errorf("%s: status %d, %s%s", format, status, out, complaints)
		}
		if strings.Contains(out, canary) || strings.Contains(out, "636f7272656374") || strings.Contains(out, "correct") {
			t.Errorf("%s shows a password:\n%s", format, out)
		}
		if format == "text" && !strings.Contains(out, isakmp.ConfigXAuthPassword.String()) {
			t.Errorf("not decoded:\n%s", out)
		}
	}
}

// pcap puts a message into a file of raw IP.
func pcap(message []byte) []byte {
	be, le := binary.BigEndian, binary.LittleEndian
	udp := be.AppendUint16(be.AppendUint16(nil, 500), 500)
	udp = be.AppendUint16(be.AppendUint16(udp, uint16(8+len(message))), 0)
	udp = append(udp, message...)
	ip := be.AppendUint16([]byte{0x45, 0}, uint16(20+len(udp)))
	ip = append(ip, 0, 1, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2)
	ip = append(ip, udp...)
	b := le.AppendUint32(nil, 0xa1b2c3d4)
	b = append(le.AppendUint32(b, 2|4<<16), make([]byte, 8)...)
	b = le.AppendUint32(le.AppendUint32(b, 262144), 101)
	b = le.AppendUint32(le.AppendUint32(b, 1700000000), 0)
	b = le.AppendUint32(le.AppendUint32(b, uint32(len(ip))), uint32(len(ip)))
	return append(b, ip...)
}
