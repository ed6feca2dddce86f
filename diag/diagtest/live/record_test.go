//go:build live && linux

package live

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// recordTo is where what each test saw is kept, empty where nowhere: a folder
// for each test, with the files of both ends in it, in the layout of the
// recordings that the project's tests read. LIVE_RECORD names it.
var recordTo = os.Getenv("LIVE_RECORD")

// recorded opens a file of a side's in the test's folder, nil where nothing is
// kept. The side that begins is the initiator.
func (s *side) recorded(name string) io.WriteCloser {
	if recordTo == "" {
		return nil
	}
	s.l.t.Helper()
	dir := filepath.Join(recordTo, folderName(s.l.t))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		s.l.t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, s.end()+"."+name))
	if err != nil {
		s.l.t.Fatal(err)
	}
	return f
}

func folderName(t *testing.T) string {
	return strings.NewReplacer("/", "-", "#", "-").Replace(strings.TrimPrefix(t.Name(), "TestFaults/"))
}

// end is the side's role.
func (s *side) end() string {
	if s == s.l.a {
		return "initiator"
	}
	return "responder"
}

func (l *lab) keep() {
	l.a.keep()
	l.b.keep()
}

// keep writes down what a side's daemon and kernel have to say in the end.
func (s *side) keep() {
	if recordTo == "" {
		return
	}
	put := func(name, text string) {
		w := s.recorded(name)
		_, err := io.WriteString(w, text)
		if err != nil {
			s.l.t.Error(err)
		}
		w.Close()
	}
	name, text, status := "swanctl.conf", s.connection(), []string{"swanctl", "--list-sas"}
	if s.pluto {
		name, text, status = "ipsec.conf", s.plutoConnection(), []string{"/usr/libexec/ipsec/whack", "--status"}
	}
	put(name, text)
	if b, err := os.ReadFile(s.log); err == nil {
		put("log", string(b))
	}
	for file, command := range map[string][]string{
		filepath.Base(status[0]) + ".txt": status, "xfrm-state.txt": {"ip", "-s", "xfrm", "state"}, "xfrm-policy.txt": {"ip", "xfrm", "policy"},
		"xfrm_stat.txt": {"cat", "/proc/net/xfrm_stat"},
	} {
		if out, err := s.control(10*time.Second, command[0], command[1:]...); err == nil {
			put(file, out)
		}
	}
}
