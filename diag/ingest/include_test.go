package ingest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/report"
	"github.com/ikediag/ikediag/ike/config"
)

// The two ends of a tunnel; far answers near.
const (
	nearConn = `site {
  version = 1
  local_addrs = 192.0.2.1
  remote_addrs = 192.0.2.2
  proposals = aes256-sha256-modp2048
  local {
    auth = psk
  }
  remote {
    auth = psk
  }
  children {
    net {
      local_ts = 10.1.0.0/24
      remote_ts = 10.2.0.0/24
      esp_proposals = aes256-sha256-modp2048
    }
  }
}
`
	nearKey = "ike-far {\n  id-1 = 192.0.2.1\n  id-2 = 192.0.2.2\n  secret = \"correct horse battery\"\n}\n"
)

var farEnd = func() string {
	swap := strings.NewReplacer("192.0.2.1", "192.0.2.2", "192.0.2.2", "192.0.2.1", "10.1.", "10.2.", "10.2.", "10.1.")
	return "connections {\n" + swap.Replace(nearConn) + "}\nsecrets {\n" + swap.Replace(nearKey) + "}\n"
}()

// folder writes files below a new folder, far/swanctl.conf among them.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	all := map[string]string{"far/swanctl.conf": farEnd}
	for name, text := range files {
		all[name] = text
	}
	for name, text := range all {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// included is a run on near and far.
type included struct {
	*diag.Report
	t    *testing.T
	err  error
	text string
	json string
}

func readFiles(t *testing.T, dir string, names ...string) included {
	t.Helper()
	for i, n := range names {
		names[i] = filepath.Join(dir, filepath.FromSlash(n))
	}
	r, err := ingest.Files(context.Background(), ingest.Options{}, names...)
	out := included{Report: r, t: t, err: err}
	for format, to := range map[report.Format]*string{report.Text: &out.text, report.JSON: &out.json} {
		var b bytes.Buffer
		if err := report.Write(&b, r, report.Options{Format: format}); err != nil {
			t.Fatal(err)
		}
		*to = strings.ReplaceAll(strings.Join(strings.Fields(b.String()), " "), dir+"/", "")
	}
	for _, s := range []string{out.text, out.json, fmt.Sprint(err)} {
		if strings.Contains(s, "battery") {
			t.Errorf("a secret shows in %s", s)
		}
	}
	return out
}

// source returns the source whose name ends so; there is one.
func (r included) source(name string) diag.SourceReport {
	r.t.Helper()
	var found []diag.SourceReport
	for _, s := range r.Sources {
		if strings.HasSuffix(s.Name, "/"+name) {
			found = append(found, s)
		}
	}
	if len(found) != 1 {
		r.t.Errorf("%d sources %s in %+v", len(found), name, r.Sources)
		return diag.SourceReport{}
	}
	return found[0]
}

// causes returns the codes of what is more than possible.
func (r included) causes() (codes []string) {
	for _, f := range r.Findings {
		if f.Kind == diag.Cause && f.Severity >= diag.Error && f.Verdict >= diag.Likely {
			codes = append(codes, fmt.Sprint(f.Code, " ", f.Verdict))
		}
	}
	return codes
}

func (r included) clean() {
	r.t.Helper()
	if r.err != nil || len(r.causes()) > 0 {
		r.t.Errorf("%v %v\n%s", r.err, r.causes(), r.text)
	}
}

// Files are found by patterns, from files that were included themselves, and
// what stands in them is told of with their name and line.
func TestIncludes(t *testing.T) {
	files := map[string]string{
		"near/swanctl.conf":      "include conf.d/*.conf\nsecrets {\n  include keys/far.key\n}\n",
		"near/conf.d/a.conf":     "connections {\n  include ../conns/site\n}\n",
		"near/conf.d/.hidden":    "connections {\n",
		"near/conf.d/notes.txt":  "connections {\n",
		"near/conns/site":        nearConn,
		"near/keys/far.key":      nearKey,
		"near/conf.d/empty.conf": "",
	}
	r := readFiles(t, folder(t, files), "near/swanctl.conf", "far")
	r.clean()
	if n := len(r.Sources); n != 6 {
		t.Errorf("%d sources\n%s", n, r.text)
	}
	for _, name := range []string{"near/swanctl.conf", "near/conf.d/a.conf", "near/conns/site", "near/keys/far.key"} {
		if s := r.source(name); s.Kind != diag.KindConfig || s.Err != "" || len(s.NotRead) > 0 {
			t.Errorf("%s: %+v", name, s)
		}
	}

	for _, x := range []struct{ file, old, new, code, at string }{
		{"near/conns/site", "aes256-sha256-modp2048\n  local", "aes128-sha1-modp1024\n  local", "IKE-P1-PROPOSAL-MISMATCH", "near/conns/site:5"},
		{"near/conns/site", "remote_ts = 10.2.0.0", "remote_ts = 10.9.0.0", "IKE-P2-TS-MISMATCH", "near/conns/site:15"},
		{"near/keys/far.key", "correct horse", "staple", "IKE-P1-PSK-MISMATCH", "near/keys/far.key:4"},
	} {
		broken := map[string]string{}
		for name, text := range files {
			broken[name] = text
			if name == x.file {
				broken[name] = strings.Replace(text, x.old, x.new, 1)
			}
		}
		r := readFiles(t, folder(t, broken), "near/swanctl.conf", "far")
		if c := r.causes(); len(c) != 1 || c[0] != x.code+" confirmed" || !strings.Contains(r.text, x.at) {
			t.Errorf("%s: %v, no %s in\n%s", x.code, c, x.at, r.text)
		}
		name, line, _ := strings.Cut(x.at, ":")
		cause, _ := r.Cause()
		if !slices.ContainsFunc(cause.Evidence, func(e diag.Evidence) bool {
			return e.Source == r.source(name).Number && fmt.Sprint(e.Where.Line) == line
		}) {
			t.Errorf("%s: no evidence at %s: %+v", x.code, x.at, cause.Evidence)
		}
	}
}

// The ipsec.conf formats include configurations and secrets.
func TestIncludesOfIPsecConf(t *testing.T) {
	dir := folder(t, map[string]string{
		"near/ipsec.conf":          "config setup\n\ninclude ipsec.d/*.conf\n",
		"near/ipsec.d/site.conf":   "conn site\n\tikev2=no\n\tauthby=secret\n\tleft=192.0.2.1\n\tright=192.0.2.2\n\tauto=start\n",
		"near/ipsec.secrets":       "include ipsec.d/*.secrets\n",
		"near/ipsec.d/far.secrets": "192.0.2.1 192.0.2.2 : PSK \"staple battery\"\n",
	})
	r := readFiles(t, dir, "near/ipsec.conf", "near/ipsec.secrets", "far")
	if s := r.source("near/ipsec.d/far.secrets"); s.Kind != diag.KindSecrets || s.Units != 1 || s.Recognized != 1 {
		t.Errorf("%+v", s)
	}
	if c := r.causes(); len(c) != 1 || c[0] != "IKE-P1-PSK-MISMATCH confirmed" || !strings.Contains(r.text, "near/ipsec.d/far.secrets:1") || r.err != nil {
		t.Errorf("%v %v\n%s", r.err, c, r.text)
	}
}

// A file that is given and included is read once, whatever comes first.
func TestIncludedAndGiven(t *testing.T) {
	dir := folder(t, map[string]string{
		"near/swanctl.conf":     "include conf.d/*.conf\n",
		"near/conf.d/site.conf": "connections {\n" + nearConn + "}\nsecrets {\n" + nearKey + "}\n",
	})
	var first string
	for _, names := range [][]string{{"near", "far"}, {"near/conf.d/site.conf", "far", "near/swanctl.conf"}, {"near/conf.d/../swanctl.conf", "near/conf.d/site.conf", "far"}} {
		r := readFiles(t, dir, slices.Clone(names)...)
		r.clean()
		if s := r.source("near/conf.d/site.conf"); s.Units != 12 || len(r.Tunnels) != 1 {
			t.Errorf("%v: %+v\n%s", names, s, r.text)
		}
		if first == "" {
			first = r.json
		}
		if r.json != first {
			t.Errorf("%v: the report depends on the order:\n%s\n%s", names, r.json, first)
		}
	}
}

// What is not read is said, and nothing follows from what might stand in it.
func TestIncludesNotRead(t *testing.T) {
	missingKey := strings.NewReplacer("id-1 = 192.0.2.1", "id = 192.0.2.99", "  id-2 = 192.0.2.2\n", "").Replace(nearKey)
	outside := filepath.ToSlash(t.TempDir())
	if err := os.WriteFile(outside+"/x.conf", []byte("secrets {\n"+nearKey+"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	deep := map[string]string{}
	for i := range 40 {
		deep[fmt.Sprintf("near/d%d.conf", i)] = fmt.Sprintf("include d%d.conf\n", i+1)
	}
	many := map[string]string{}
	for i := range 17 {
		many[fmt.Sprintf("near/m%d.conf", i)] = strings.Repeat("include m/*.conf\n", 1000)
		many[fmt.Sprintf("near/m/%d.conf", i)] = ""
	}
	wide := map[string]string{"near/w.conf": strings.Repeat("include w/*/*.conf\n", 400)}
	for i := range 50 {
		wide[fmt.Sprintf("near/w/%d/x", i)] = ""
	}
	for _, x := range []struct {
		name, include string
		files         map[string]string
		link          string // where x.conf leads
		notRead       string
		err           error
		in            string // the source that the error is of
	}{
		{name: "up", include: "../far/swanctl.conf", notRead: "../far/swanctl.conf, outside the folder"},
		{name: "up and back", include: "x/../../near/../far/*.conf", notRead: "outside the folder"},
		{name: "absolute", include: outside + "/x.conf", notRead: outside + "/x.conf, outside the folder"},
		{name: "absolute pattern", include: "/etc/swanctl/conf.d/*.conf", notRead: "/etc/swanctl/conf.d/*.conf, outside the folder"},
		{name: "link", include: "x.conf", link: outside + "/x.conf", notRead: "x.conf, outside the folder"},
		{name: "link up", include: "x.conf", link: "../far/swanctl.conf", notRead: "x.conf, outside the folder"},
		{name: "link by pattern", include: "*x.conf", link: outside + "/x.conf", notRead: "x.conf, outside the folder"},
		{name: "missing", include: "gone.conf", notRead: "gone.conf, not there"},
		{name: "missing folder", include: "gone/*.conf", notRead: "gone/*.conf, not there"},
		{name: "a folder", include: "d", files: map[string]string{"near/d/x": ""}, notRead: "d, not a regular file"},
		{name: "binary", include: "x.conf", files: map[string]string{"near/x.conf": "\x7fELF\x02\x01\x01\x00\x00\x00"}, err: config.ErrBinary, in: "near/x.conf"},
		{name: "itself", include: "swanctl.conf", err: config.ErrCycle, in: "near/swanctl.conf"},
		{name: "loop", include: "x.conf", files: map[string]string{"near/x.conf": "include y.conf\n", "near/y.conf": "\ninclude x.conf\n"}, err: config.ErrCycle, in: "near/y.conf"},
		{name: "loop by pattern", include: "*.conf", err: config.ErrCycle, in: "near/swanctl.conf"},
		{name: "deep", include: "d0.conf", files: deep, err: config.ErrTooDeep, in: "near/d30.conf"},
		{name: "wide", include: "w.conf", files: wide, err: config.ErrTooMany, in: "near/w.conf"},
		{name: "many", include: "m*.conf", files: many, err: config.ErrTooMany, in: "near/m0.conf"},
	} {
		t.Run(x.name, func(t *testing.T) {
			files := map[string]string{"near/swanctl.conf": "connections {\n" + nearConn + "}\nsecrets {\n" + missingKey + "}\ninclude " + x.include + "\n"}
			for name, text := range x.files {
				files[name] = text
			}
			dir := folder(t, files)
			if x.link != "" {
				if err := os.Symlink(x.link, dir+"/near/x.conf"); err != nil {
					t.Skip(err)
				}
			}
			r := readFiles(t, dir, "near/swanctl.conf", "far")
			if c := r.causes(); len(c) > 0 {
				t.Errorf("concludes %v\n%s", c, r.text)
			}
			if strings.Contains(r.text, "ike-far") || len(r.Tunnels) != 1 {
				t.Errorf("read from elsewhere:\n%s", r.text)
			}
			quoted, _ := json.Marshal(x.notRead)
			inJSON := strings.Trim(string(quoted), `"`)
			if x.err == nil {
				if s := r.source("near/swanctl.conf"); r.err != nil || len(s.NotRead) != 1 || !strings.Contains(s.NotRead[0], x.notRead) ||
					!strings.Contains(r.text, "not read: ") || !strings.Contains(r.json, inJSON) {
					t.Errorf("%v %+v\n%s", r.err, s.NotRead, r.text)
				}
				return
			}
			var ie *ingest.InputError
			if !errors.Is(r.err, x.err) || !errors.As(r.err, &ie) {
				t.Errorf("error %v", r.err)
			}
			if s := r.source(x.in); s.Err == "" || !strings.Contains(s.Err, x.err.Error()) || !strings.Contains(r.json, x.err.Error()) || !strings.Contains(r.text, x.err.Error()) {
				t.Errorf("%+v %v\n%s", s, r.err, r.text)
			}
		})
	}

	// The same with nothing left out is proven: no key.
	r := readFiles(t, folder(t, map[string]string{"near/swanctl.conf": "connections {\n" + nearConn + "}\nsecrets {\n" + missingKey + "}\ninclude *.inc\n"}), "near", "far")
	if c := r.causes(); r.err != nil || len(c) != 1 || c[0] != "IKE-P1-PSK-MISSING confirmed" {
		t.Errorf("%v %v\n%s", r.err, c, r.text)
	}
	// A key that another might be taken for proves nothing.
	for _, before := range []string{"include gone.conf\n", ""} {
		text := before + "connections {\n" + nearConn + "}\nsecrets {\n" + strings.Replace(nearKey, "horse", "donkey", 1) + "}\n"
		r := readFiles(t, folder(t, map[string]string{"near/swanctl.conf": text}), "near", "far")
		want := "IKE-P1-PSK-MISMATCH confirmed"
		if before != "" {
			want = "IKE-P1-PSK-MISMATCH likely"
		}
		if c := r.causes(); len(c) != 1 || c[0] != want {
			t.Errorf("%q: %v", before, c)
		}
	}
}
