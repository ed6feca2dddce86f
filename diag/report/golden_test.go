package report_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

// catalogue is the one value in a document that a new code changes.
var catalogue = regexp.MustCompile(`"catalogue": ?"[0-9a-f]{12}"`)

// style is what a new style changes in every page.
var style = regexp.MustCompile(`(?s)<style>.*</style>|sha256-[A-Za-z0-9+/=&#;]{43,}`)

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	got = catalogue.ReplaceAll(got, []byte(`"catalogue": "CATALOGUE"`))
	got = style.ReplaceAll(got, []byte("STYLE"))
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what is rendered now; see the difference after running the test with -update:\n%s", path, got)
	}
}

func render(t testing.TB, r *diag.Report, o report.Options) []byte {
	t.Helper()
	o.Version = "v0.0.0-test"
	var b bytes.Buffer
	if err := report.Write(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	for name, r := range map[string]*diag.Report{
		"wrong-psk": wrongPSK(), "healthy": healthy(), "undecided": undecided(), "hostile": hostile(), "several": several(), "drawn": drawn(), "empty": {},
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name+".txt", render(t, r, report.Options{}))
			golden(t, name+".json", render(t, r, report.Options{Format: report.JSON}))
			switch name {
			case "drawn", "undecided", "healthy":
				golden(t, name+".html", render(t, r, report.Options{Format: report.HTML}))
				golden(t, name+".md", render(t, r, report.Options{Format: report.Markdown}))
				golden(t, name+".sarif", render(t, r, report.Options{Format: report.SARIF}))
			}
		})
	}
	golden(t, "drawn-verbose.txt", render(t, drawn(), report.Options{Verbose: true}))
	golden(t, "wrong-psk-verbose.txt", render(t, wrongPSK(), report.Options{Verbose: true, Width: 100}))
	golden(t, "wrong-psk-color.txt", render(t, wrongPSK(), report.Options{Color: true}))
	golden(t, "wrong-psk-narrow.txt", render(t, wrongPSK(), report.Options{Width: 40}))
}
