package report_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/report"
)

// What of a page and of a ticket a report of two ends may take.
const (
	pageMost   = 300 << 10
	ticketMost = 64 << 10
)

const corpus = "../../../shared/corpus"

// recordings lists those of the fault lab, none where they are not there. A
// folder that is there and empty is a fault.
func recordings(t *testing.T) []string {
	t.Helper()
	all, _ := filepath.Glob(corpus + "/*/*/truth.json")
	if _, err := os.Stat(corpus); err == nil && len(all) == 0 {
		t.Fatal(corpus + " holds no recordings")
	}
	return all
}

// TestCorpus renders every recording of the fault lab in every format: a page
// stays small enough to attach, a ticket's text below what tickets take, the
// terminal's within its columns; documents hold to their schemas. What a
// terminal shows of each somebody who knows IPsec has read: testdata/reviewed
// has it, for whoever changes a word to read again.
func TestCorpus(t *testing.T) {
	all := recordings(t)
	if len(all) == 0 {
		t.Skip("no " + corpus)
	}
	v := newValidator(t)
	largest := map[report.Format]int{}
	for i, truth := range all {
		if testing.Short() && i%8 != 0 {
			continue
		}
		dir := filepath.Dir(truth)
		args := ends(t, dir)
		r, err := ingest.Files(context.Background(), ingest.Options{}, args...)
		if err != nil {
			t.Errorf("%s: %v", dir, err)
		}
		if len(r.Tunnels) != 1 || len(r.Tunnels[0].Ladders) == 0 {
			t.Errorf("%s: no ladder", dir)
		}
		for _, format := range report.Formats() {
			got := render(t, r, report.Options{Format: format})
			largest[format] = max(largest[format], len(got))
			var errs []string
			switch format {
			case report.Text:
				folder := filepath.Dir(args[0])
				golden(t, filepath.Join("reviewed", filepath.Base(filepath.Dir(dir))+"."+filepath.Base(dir)+".txt"), bytes.ReplaceAll(got, []byte(folder+"/"), []byte("FOLDER/")))
				for _, l := range strings.Split(string(got), "\n") {
					if n := utf8.RuneCountInString(l); n > report.DefaultWidth && !strings.HasPrefix(strings.TrimSpace(l), "tcpdump ") {
						t.Errorf("%s: %d columns: %s", dir, n, l)
					}
				}
			case report.JSON:
				errs = v.validate("ikediag.report.v1.json", got)
			case report.SARIF:
				checkSARIF(t, got)
			case report.HTML:
				errs = checkHTML(got)
			}
			for _, e := range errs {
				t.Errorf("%s: %s: %s", dir, format, e)
			}
		}
	}
	if n := largest[report.HTML]; n > pageMost {
		t.Errorf("the largest page has %d octets, want at most %d", n, pageMost)
	}
	if n := largest[report.Markdown]; n > ticketMost {
		t.Errorf("the largest ticket has %d octets, want at most %d", n, ticketMost)
	}
	t.Log(largest)
}

// ends copies a recording into a folder for each gateway, as operators have
// them.
func ends(t *testing.T, dir string) (args []string) {
	t.Helper()
	folder := t.TempDir()
	for _, side := range []string{"initiator", "responder"} {
		to := filepath.Join(folder, side)
		if err := os.MkdirAll(to, 0o755); err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(dir, side+".*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", dir, err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(to, strings.TrimPrefix(filepath.Base(f), side+".")), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		args = append(args, to)
	}
	return args
}
