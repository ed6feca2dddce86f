package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func diagnose(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(args, &out, &errs)
	return status, out.String(), errs.String()
}

func files(t *testing.T, pattern string) []string {
	t.Helper()
	fs, err := filepath.Glob(pattern)
	if err != nil || len(fs) == 0 {
		t.Fatalf("%s: %v", pattern, err)
	}
	return fs
}

func TestWrongPSK(t *testing.T) {
	status, out, errs := diagnose(t, files(t, "testdata/wrong-psk/*")...)
	if status != 1 || errs != "" {
		t.Errorf("status %d, want 1; %s", status, errs)
	}
	for _, want := range []string{"IKE-P1-PSK-MISMATCH", "Confirmed", "branch", "headquarters"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
}

func TestHealthy(t *testing.T) {
	if status, out, errs := diagnose(t, files(t, "testdata/healthy/*")...); status != 0 || errs != "" || !strings.Contains(out, "HEALTHY") {
		t.Errorf("status %d, want 0 and healthy; %s\n%s", status, errs, out)
	}
}

// The order of the arguments changes nothing.
func TestArgumentOrder(t *testing.T) {
	fs := files(t, "testdata/wrong-psk/*/*")
	_, a, _ := diagnose(t, append([]string{"-format", "json"}, fs...)...)
	for i, j := 0, len(fs)-1; i < j; i, j = i+1, j-1 {
		fs[i], fs[j] = fs[j], fs[i]
	}
	_, b, _ := diagnose(t, append([]string{"-format", "json"}, fs...)...)
	if a != b {
		t.Error("the report depends on the order of the arguments")
	}
}

// A bad input is named; the others are diagnosed all the same.
func TestBadInputs(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	noise := make([]byte, 100000)
	for i := range noise {
		noise[i] = byte(i * i >> 3)
	}
	// A section header block of 28 octets and a block that claims 4 GB.
	pcapng := "\x0a\x0d\x0d\x0a\x1c\x00\x00\x00\x4d\x3c\x2b\x1a\x01\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\x1c\x00\x00\x00" +
		"\x06\x00\x00\x00\xfc\xff\xff\xff" + strings.Repeat("\x00", 40)
	for name, content := range map[string]string{
		"noise": string(noise), "huge.pcapng": pcapng, "text": "the quick brown fox\njumps\n",
		"azure.log": "SESSION_ID :{0b1c2d3e} Remote 203.0.113.1:500: Local 198.51.100.1:500: [SEND] Sending IKE message\n",
	} {
		bad := write(name, content)
		status, out, errs := diagnose(t, append([]string{"-format", "json", bad}, files(t, "testdata/wrong-psk/*")...)...)
		if status != 2 {
			t.Errorf("%s: status %d, want 2", name, status)
		}
		if !strings.Contains(errs, name) {
			t.Errorf("%s is not named: %s", name, errs)
		}
		var r struct {
			Findings []struct{ Code, Verdict string }
			Sources  []struct {
				Name  string
				Error *string
			}
		}
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(r.Findings) == 0 || r.Findings[0].Code != "IKE-P1-PSK-MISMATCH" || r.Findings[0].Verdict != "confirmed" {
			t.Errorf("%s: the others were not diagnosed: %+v", name, r.Findings)
		}
		found := false
		for _, s := range r.Sources {
			if strings.HasSuffix(s.Name, name) {
				found = s.Error != nil
			}
		}
		if !found {
			t.Errorf("%s: the report does not say what is wrong with it", name)
		}
	}
	empty := write("empty", "")
	if status, _, errs := diagnose(t, empty); status != 0 || errs != "" {
		t.Errorf("an empty file: status %d, %s", status, errs)
	}
	if status, _, errs := diagnose(t, filepath.Join(dir, "no-such-file")); status != 2 || !strings.Contains(errs, "no-such-file") {
		t.Errorf("a missing file: status %d, %s", status, errs)
	}
}

func TestFlags(t *testing.T) {
	wrong := files(t, "testdata/wrong-psk/*")
	if status, _, _ := diagnose(t, append([]string{"-fail-on", "critical"}, wrong...)...); status != 1 {
		t.Errorf("-fail-on critical: status %d, want 1", status)
	}
	for _, bad := range [][]string{{"-fail-on", "dire", "x"}, {"-format", "runes", "x"}, {}, {"-nope"}} {
		if status, out, errs := diagnose(t, bad...); status != 2 || errs == "" || out != "" {
			t.Errorf("%q: status %d, %q, %q", bad, status, out, errs)
		}
	}
	path := filepath.Join(t.TempDir(), "report.txt")
	if status, out, _ := diagnose(t, append([]string{"-o", path}, wrong...)...); status != 1 || out != "" {
		t.Errorf("-o: status %d, %q", status, out)
	}
	if b, err := os.ReadFile(path); err != nil || !bytes.Contains(b, []byte("IKE-P1-PSK-MISMATCH")) {
		t.Errorf("-o: %v", err)
	}
}

// Every format is written, without colours, since nobody looks at it on a
// terminal here.
func TestFormats(t *testing.T) {
	wrong := files(t, "testdata/wrong-psk/*")
	for format, begin := range map[string]string{
		"text": "BROKEN: ", "markdown": "**BROKEN:** ", "html": "<!DOCTYPE html>\n", "json": "{\n  \"schema\": \"ikediag.report/v1\"", "sarif": "{\n  \"$schema\": ",
	} {
		status, out, errs := diagnose(t, append([]string{"-format", format}, wrong...)...)
		if status != 1 || errs != "" || !strings.HasPrefix(out, begin) || !strings.Contains(out, "IKE-P1-PSK-MISMATCH") || strings.Contains(out, "\x1b") {
			t.Errorf("%s: status %d, %q, %.80q", format, status, errs, out)
		}
	}
}
