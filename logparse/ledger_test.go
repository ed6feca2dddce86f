package logparse

import (
	"os"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// cFormat gives a line as charon would write it for a format string of its
// source.
func cFormat(f string) string {
	var b strings.Builder
	for i := 0; i < len(f); i++ {
		c := f[i]
		if c == '\\' && i+1 < len(f) {
			i++
			if f[i] != 'n' {
				b.WriteByte(f[i])
				continue
			}
			break // the next line is a message of its own
		}
		if c != '%' || i+1 == len(f) {
			b.WriteByte(c)
			continue
		}
		j := i + 1
		for j < len(f) && strings.IndexByte("#+-.*0123456789lhz", f[j]) >= 0 {
			j++
		}
		if strings.HasPrefix(f[j:], "{PRIx64}") {
			b.WriteString("6d4bcf0a1e2f3a4b")
			i = j + len("{PRIx64}") - 1
			continue
		}
		flags := f[i+1 : j]
		alt := strings.Contains(flags, "#")
		switch f[j] {
		case 'Y':
			b.WriteString("C=CH, O=Lab, CN=gw.example.com")
		case 'H':
			b.WriteString("192.0.2.1")
			if alt {
				b.WriteString("[500]")
			}
		case 'R':
			b.WriteString("10.1.0.0/16")
		case 'P':
			b.WriteString("IKE:AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048")
		case 'N':
			b.WriteString("SOME_NAME")
		case 's':
			b.WriteString("something")
		case 'd', 'u', 'i':
			b.WriteString("7")
		case 'x', 'X':
			b.WriteString("c0ffee01")
		case 'B', 'b':
			if alt {
				b.WriteString("01:02:03:04")
			} else {
				b.WriteString("=> 20 bytes @ 0x7fe8e8002100")
			}
		case 'T':
			b.WriteString("Nov 21 04:01:25 2026")
		case 'V':
			b.WriteString("30 seconds")
		case 'c':
			b.WriteString("I")
		case 'p':
			b.WriteString("0x7fe8e8002100")
		case 'f':
			b.WriteString("1.5")
		case '%':
			b.WriteByte('%')
		default:
			b.WriteString("?")
		}
		i = j
	}
	return strings.TrimSpace(b.String())
}

// generic are formats that are known in each of the forms that they really
// take, and fragments that the list's maker cut off; made-up values do not fit
// them.
var generic = map[string]bool{
	"found %d matching config%s, but none allows %N authentication using %s Mode": true,
	"peer selected invalid traffic selectors: ":                                   true,
	"%s traffic selectors for %s:":                                                true,
	" %s => matches exactly":                                                      true,
	" %s => matches%s":                                                            true,
	" %s => no match":                                                             true,
	"%s: %s":                                                                      true,
	"generating %s":                                                               true,
	"parsed %s":                                                                   true,
	"creating %s job for CHILD_SA %N/0x%08x/%H":                                   true,
	"creating %s job for %N CHILD_SA with SPI %.8x and reqid {%u}": true,
	"Starting IKEv2 charon daemon (strongSwan ":                    true,
}

// TestLedger holds the templates against charon's vocabulary: every message
// of its IKEv1 and shared code is known.
func TestLedger(t *testing.T) {
	b, err := os.ReadFile(recordings.Path(t, "logs", "strongswan-messages.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var p Parser
	var e Event
	count, plain := map[string]int{}, map[string]int{}
	for i, row := range strings.Split(string(b), "\n") {
		f := strings.Split(row, "\t")
		if i == 0 || len(f) < 10 {
			continue
		}
		scope := f[6]
		line := "05[" + f[0] + "] " + cFormat(f[2])
		if p.Parse([]byte(line), &e) {
			count[scope+" known"]++
			if e.Kind == Plain {
				plain[scope]++
			}
			continue
		}
		count[scope+" unknown"]++
		if (scope == "ikev1" || scope == "shared") && !generic[f[2]] {
			t.Errorf("unknown: %s\t%s\t%s", scope, f[2], line)
		}
	}
	t.Logf("%v, plain %v", count, plain)
}
