package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const samples = "../diagnose/testdata/"

func compare(t *testing.T, args ...string) (status int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = run(args, &stdout, &stderr)
	return status, stdout.String(), stderr.String()
}

func TestCompare(t *testing.T) {
	status, out, errs := compare(t, samples+"wrong-psk/branch", samples+"wrong-psk/headquarters")
	if status != 1 || errs != "" {
		t.Errorf("status %d, %s", status, errs)
	}
	for _, want := range []string{"psk: cannot work", "branch/swanctl.conf:28\n      secret = [secret]", "headquarters/swanctl.conf:28"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if strings.Contains(out, "lifetime") || strings.Contains(out, "by itself") {
		t.Errorf("what does no harm is told without being asked for:\n%s", out)
	}
	status, out, _ = compare(t, samples+"cisco-strongswan/branch.conf", samples+"cisco-strongswan/hq.conf")
	if status != 0 || !strings.Contains(out, "nothing differs that matters") {
		t.Errorf("status %d:\n%s", status, out)
	}
	if _, out, _ = compare(t, "-all", samples+"cisco-strongswan/branch.conf", samples+"cisco-strongswan/hq.conf"); !strings.Contains(out, "lifetime: does no harm") {
		t.Errorf("-all leaves out what does no harm:\n%s", out)
	}
}

// Two firewalls of different makers: what each wants, in its own words, with the
// lines; keys that both files hide are not said to be equal.
func TestCompareVendors(t *testing.T) {
	status, out, errs := compare(t, "testdata/asa", "testdata/fortigate")
	if status != 1 || errs != "" {
		t.Errorf("status %d, %s", status, errs)
	}
	for _, want := range []string{
		"proposals: cannot work (group)", "asa/show-run.txt:26", "set proposal aes256-sha1, dhgrp 14",
		"psk: cannot be told from here", "selectors: cannot work", "fortigate/backup.conf:25\n      set src-subnet 10.2.0.0 255.255.0.0",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if n := strings.Count(out, "cannot work"); n != 2 {
		t.Errorf("%d settings cannot work:\n%s", n, out)
	}
}

func TestCannotCompare(t *testing.T) {
	dir := t.TempDir()
	odd := filepath.Join(dir, "odd\x1b[31m.conf")
	if err := os.WriteFile(odd, []byte("connections {\n  a {\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{}, {"one"}, {"-x", "a", "b"}, {dir + "/none", odd}, {dir + "/../", samples + "healthy"}, {odd, odd}} {
		if status, _, errs := compare(t, args...); status != 2 || errs == "" || strings.ContainsRune(errs, 0x1b) {
			t.Errorf("%q: status %d, %q", args, status, errs)
		}
	}
}
