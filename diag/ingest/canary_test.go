package ingest_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/report"
	"github.com/ikediag/ikediag/diag/rules"
	"github.com/ikediag/ikediag/ike/config"
)

// No key, password or session key of any source appears in any output: no
// report, no error, no change, no snapshot, no formatted value.
func TestCanary(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios(t, "*") {
		secrets := secretsIn(t, s.dir)
		if len(secrets) == 0 && !strings.Contains(s.name, "daemon-down") {
			t.Logf("%s: no secrets found", s.name)
		}
		in := s.inputs(t, func(_, kind string) bool { return kind != "cert.pem" })
		search(t, s.name, outputs(t, in), secrets)
	}
}

// The same with planted keys, where no recording has them: in every place a
// secret can stand, in files that are broken around it.
func TestCanaryPlanted(t *testing.T) {
	t.Parallel()
	const key = "Canary-7f3a9b-Key"
	hexKey := hex.EncodeToString([]byte(key))
	b64 := base64.StdEncoding.EncodeToString([]byte(key))
	texts := map[string]string{
		"swanctl.conf":   "connections {\n a {\n version = 1\n local_addrs = 192.0.2.1\n remote_addrs = 192.0.2.2\n local { auth = psk }\n remote { auth = psk }\n }\n}\nsecrets {\n ike-1 {\n secret = \"" + key + "\"\n }\n xauth-1 { id = u\n secret = " + key + "\n",
		"swanctl2.conf":  "connections { a { version = 1 } }\nsecrets {\n ike-1 { secret = 0x" + hexKey + " }\n ike-2 { secret = 0s" + b64 + " } } }\n secret = " + key + "\n",
		"ipsec.secrets":  "192.0.2.1 192.0.2.2 : PSK \"" + key + "\"\n: PSK 0x" + hexKey + "\n: PSK 0s" + b64 + "\nuser : XAUTH " + key + "\n: RSA file.pem \"" + key + "\"\n192.0.2.1 PSK " + key + "\n: PSK \"" + key,
		"ipsec.conf":     "conn a\n\tkeyexchange=ikev1\n\tleft=192.0.2.1\n\tright=192.0.2.2\n\tauthby=secret\n\tauto=add\n\tpsk=" + key + "\n",
		"charon.log":     "05[CFG] loaded IKE secret for 192.0.2.1\n05[IKE] SKEYID => 17 bytes @ 0x7f\n05[IKE]    0: " + spaced(key) + "  Canary-7f3a9b-Key\n05[CFG] secret: " + key + "\n05[IKE] XAuth password " + key + "\n",
		"xfrm-state.txt": "src 192.0.2.1 dst 192.0.2.2\n\tproto esp spi 0xc1020304 reqid 1 mode tunnel\n\tauth-trunc hmac(sha256) 0x" + hexKey + " 128\n\tenc cbc(aes) 0x" + hexKey + "\n",
	}
	maps.Copy(texts, plantedLogs(key))
	for dialect := range written {
		e, _ := racoonEnds()
		e.key = key
		for name, text := range written[dialect](e) {
			texts[dialect+"-"+name] = text
		}
	}
	texts["racoon-shared.conf"] = "remote 192.0.2.2 { exchange_mode main; shared_secret use \"" + key + "\"; proposal { dh_group 2; } }\nldap_cfg { bind_pw \"" + key + "\"; }\nsainfo anonymous { }\n"
	for name, text := range texts {
		if r := diagnose(t, []ingest.Input{memory("a/"+name, "a", []byte(text))}); r.Sources[0].Kind == diag.KindUnknown && name != "esp_sa" && name != "racoon-psk.txt" { // which show too little of what they are
			t.Errorf("%s is not read: %s", name, r.Sources[0].Err)
		}
		for _, cut := range []int{len(text), len(text) / 2, len(text) - 3} {
			in := []ingest.Input{memory("b/gw.pcap", "b", passwordInClear(key)), memory("a/"+name, "a", []byte(text[:cut])), memory("a/swanctl.conf.x", "a", []byte(texts["swanctl.conf"])), memory("a/racoon.conf.x", "a", []byte(texts["racoon-racoon.conf"]))}
			search(t, name, outputs(t, in), [][]byte{[]byte(key)})
		}
	}
}

// inWords groups digits by eight.
func inWords(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i += 8 {
		b.WriteString(s[i:min(i+8, len(s))] + " ")
	}
	return strings.TrimSpace(b.String())
}

func spaced(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%02X ", c)
	}
	return b.String()
}

// outputs renders evidence in every form that there is.
func outputs(t *testing.T, in []ingest.Input) map[string]string {
	t.Helper()
	out := map[string]string{}
	opt := ingest.Options{Engine: diag.Options{DigestKey: []byte("canary")}}
	e, err := diag.NewEngine(rules.Default(), opt.Engine)
	if err != nil {
		t.Fatal(err)
	}
	err = ingest.Read(context.Background(), e, opt, slices.Values(in))
	out["error"] = fmt.Sprintf("%v %+v %#v", err, err, err)
	for c := range e.Advance(time.Time{}) {
		var b bytes.Buffer
		if err := report.WriteChange(&b, &c, report.Options{}); err != nil {
			t.Fatal(err)
		}
		out["changes"] += b.String()
	}
	r := e.Report()
	for _, f := range report.Formats() {
		var b bytes.Buffer
		if err := report.Write(&b, r, report.Options{Format: f, Verbose: true}); err != nil {
			t.Fatal(err)
		}
		out[string(f)] = b.String()
	}
	out["%#v"] = fmt.Sprintf("%#v %+v %v", r, r, r)
	b, err := e.AppendSnapshot(nil)
	if err != nil {
		t.Fatal(err)
	}
	out["snapshot"] = string(b)
	for _, i := range in {
		f, err := i.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(f)
		cfg, err := config.Parse(i.Name, bytes.NewReader(b), config.Options{})
		out["config "+i.Name] = fmt.Sprintf("%v %+v %#v %v", cfg, cfg, cfg, err)
	}
	return out
}

// search looks for secrets as they are and in the encodings they may take.
func search(t *testing.T, name string, outputs map[string]string, secrets [][]byte) {
	t.Helper()
	for _, s := range secrets {
		for what, form := range map[string]string{
			"plain": string(s), "hex": hex.EncodeToString(s), "HEX": strings.ToUpper(hex.EncodeToString(s)), "spaced hex": strings.TrimSpace(spaced(string(s))),
			"words": inWords(hex.EncodeToString(s)), "WORDS": inWords(strings.ToUpper(hex.EncodeToString(s))),
			"base64": base64.StdEncoding.EncodeToString(s), "decimal": strings.Trim(fmt.Sprint(s), "[]"),
		} {
			for out, text := range outputs {
				if strings.Contains(text, form) {
					i := strings.Index(text, form)
					t.Errorf("%s: a secret (%s) appears in %s after %q", name, what, out, text[max(0, i-60):i])
				}
			}
		}
	}
}

var (
	pskInFile = regexp.MustCompile(`(?m)(?:secret\s*=\s*|PSK\s+|XAUTH\s+)"?([^"\s]{6,})"?`)
	xfrmKey   = regexp.MustCompile(`\b0x([0-9a-f]{16,})\b`)
	dumpLine  = regexp.MustCompile(`(?m)^.*?\s\d+: ((?:[0-9A-F]{2} ){8,16})`)
	dumpHead  = regexp.MustCompile(`(SKEYID\S*|psk|shared|key|secret|DH|encryption key|initial IV)[^=\n]* => \d+ bytes`)
)

// secretsIn finds the secrets of a recording, by other means than the library.
func secretsIn(t *testing.T, dir string) (out [][]byte) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case strings.HasSuffix(e.Name(), ".conf"), strings.HasSuffix(e.Name(), ".secrets"):
			for _, m := range pskInFile.FindAllSubmatch(b, -1) {
				out = append(out, m[1])
			}
		case strings.HasSuffix(e.Name(), "xfrm-state.txt"):
			for _, m := range xfrmKey.FindAllSubmatch(b, -1) {
				if k, err := hex.DecodeString(string(m[1])); err == nil {
					out = append(out, k)
				}
			}
		case strings.HasSuffix(e.Name(), ".log"):
			dump := 0
			for line := range bytes.Lines(b) {
				if dumpHead.Match(line) {
					dump = 8
					continue
				}
				m := dumpLine.FindSubmatch(line)
				if m == nil || dump == 0 {
					dump = 0
					continue
				}
				dump--
				if k, err := hex.DecodeString(strings.ReplaceAll(string(m[1]), " ", "")); err == nil {
					out = append(out, k)
				}
			}
		}
	}
	return out
}
