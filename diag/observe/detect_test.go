package observe_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/diag/observe"
)

// Every file of the recordings is recognised for what it is, by its content.
func TestDetectCorpus(t *testing.T) {
	files := recordings.Glob(t, "corpus", "*", "*", "*")
	kinds := map[string]diag.SourceKind{
		"log": diag.KindLog, "pcap": diag.KindCapture, "swanctl.conf": diag.KindConfig, "ipsec.conf": diag.KindConfig, "ipsec.secrets": diag.KindSecrets,
		"list-sas.txt": diag.KindState, "statusall.txt": diag.KindState, "whack-status.txt": diag.KindState, "xfrm-state.txt": diag.KindState,
		"xfrm-policy.txt": diag.KindState, "xfrm_stat.txt": diag.KindState, "cert.pem": diag.KindCertificate,
	}
	for _, f := range files {
		_, suffix, _ := strings.Cut(filepath.Base(f), ".")
		want, ok := kinds[suffix]
		if !ok {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.TrimSpace(string(b)) == "" {
			want = diag.KindEmpty
		}
		if got := observe.Detect(b[:min(len(b), observe.HeadBytes)]); got.Kind != want {
			t.Errorf("%s: %s (%s), want %s", f, got.Kind, got.Dialect, want)
		}
	}
}

// Other people's logs are taken for logs, and their configurations for
// configurations or for nothing.
func TestDetectSamples(t *testing.T) {
	logs := recordings.Glob(t, "logs", "samples", "*", "*.log")
	for _, f := range logs {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if got := observe.Detect(b[:min(len(b), observe.HeadBytes)]); got.Kind != diag.KindLog && got.Kind != diag.KindUnknown {
			t.Errorf("%s is taken for %s (%s)", f, got.Kind, got.Dialect)
		} else if got.Kind == diag.KindUnknown {
			t.Logf("%s: not recognised", f)
		}
	}
	for _, pattern := range []string{"*", "*/*"} {
		for _, f := range recordings.Glob(t, "configs", "*", pattern) {
			b, err := os.ReadFile(f)
			if err != nil || strings.Contains(f, "state") || strings.HasSuffix(f, ".md") || strings.HasSuffix(f, ".tsv") ||
				strings.HasSuffix(f, ".console.txt") || strings.HasSuffix(f, "description.txt") { // sessions that show, or quote, pluto's own lines
				continue
			}
			if got := observe.Detect(b[:min(len(b), observe.HeadBytes)]); got.Kind == diag.KindLog && got.Read || got.Kind == diag.KindCapture {
				t.Errorf("%s is taken for %s (%s)", f, got.Kind, got.Dialect)
			}
		}
	}
}

func TestDetectRefuses(t *testing.T) {
	for _, s := range []string{"the quick brown fox\njumps over the lazy dog\n", "<html><body>hello</body></html>", "{\"a\": 1}", "\x7fELF\x02\x01\x01\x00\x00\x00\x00", "package main\n\nfunc main() {}\n"} {
		if got := observe.Detect([]byte(s)); got.Kind != diag.KindUnknown {
			t.Errorf("%q is taken for %s (%s)", s, got.Kind, got.Dialect)
		}
	}
	if got := observe.Detect(nil); got.Kind != diag.KindEmpty || !got.Read {
		t.Errorf("nothing: %+v", got)
	}
}
