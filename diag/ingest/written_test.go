package ingest_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
)

// yearless is a log that names no year, with a certificate that is valid for
// one year.
const yearless = `Mar  4 10:00:00 00[DMN] Starting IKE charon daemon (strongSwan 5.9.8, Linux 6.1.0, x86_64)
Mar  4 10:00:02 06[NET] received packet: from 198.51.100.10[500] to 203.0.113.20[500] (180 bytes)
Mar  4 10:00:02 06[ENC] parsed ID_PROT request 0 [ SA V V V V V ]
Mar  4 10:00:02 06[IKE] 198.51.100.10 is initiating a Main Mode IKE_SA
Mar  4 10:00:02 08[ENC] parsed ID_PROT request 0 [ ID CERT SIG ]
Mar  4 10:00:02 08[CFG] using certificate "C=DE, O=Lab, CN=moon.example.net"
Mar  4 10:00:02 08[CFG] subject certificate invalid (valid from Jan 01 03:06:32 2018 to Jan 01 03:06:32 2019)
Mar  4 10:00:02 08[IKE] no trusted RSA public key found for 'moon.example.net'
`

// A log without years cannot be of one after the file was written to last:
// that tells a certificate that is not valid yet from one that has expired.
func TestFileDates(t *testing.T) {
	path := filepath.Join(t.TempDir(), "charon.log")
	for year, want := range map[int]diag.Code{2017: diag.CertNotYetValid, 2026: diag.CertExpired} {
		if err := os.WriteFile(path, []byte(yearless), 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Date(year, 7, 1, 0, 0, 0, 0, time.UTC)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
		r, err := ingest.Files(t.Context(), ingest.Options{}, path)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Findings) == 0 || r.Findings[0].Code != want || r.Findings[0].Verdict == diag.Confirmed {
			t.Errorf("written in %d: want %s first, and not confirmed: %+v", year, want, r.Findings)
		}
	}
}
