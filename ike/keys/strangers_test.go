package keys_test

import (
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/ike/keys"
	"github.com/ikediag/ikediag/isakmp"
)

// TestStrangers: in all recordings there are, no wrong key makes a message
// open, or look damaged rather than sealed with another key.
func TestStrangers(t *testing.T) {
	files, messages := 0, 0
	for _, dir := range []string{"captures", "corpus"} {
		err := filepath.WalkDir(recordings.Path(t, dir), func(path string, e fs.DirEntry, err error) error {
			switch filepath.Ext(path) {
			case ".pcap", ".pcapng", ".cap":
				files++
				messages += strangers(t, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 100 || messages < 500 {
		t.Errorf("%d messages in %d files", messages, files)
	}
}

func strangers(t *testing.T, path string) (tried int) {
	t.Helper()
	var r keys.Ring
	known := map[isakmp.Cookie]bool{}
	o := r.Opener(keys.Limits{})
	each(t, path, o, func(s *exchange.Step, _ int) {
		res := o.Take()
		if c := s.Cookies[0]; !c.IsZero() && !known[c] {
			known[c] = true
			for _, n := range []int{8, 16, 24, 32, 16, 16, 16} {
				key := make([]byte, n)
				for i := range key {
					key[i] = byte(37*i + 11*r.Len() + 5)
				}
				if err := r.AddKey(c, ike.NewSecret(key)); err != nil {
					t.Fatal(err)
				}
			}
		}
		if !s.Encrypted || res.Outcome == keys.Clear {
			return
		}
		tried++
		if res.Outcome == keys.Opened || res.Outcome == keys.Damaged && res.Hash != keys.CheckNone {
			t.Errorf("%s: %v %d: %+v", path, s.Exchange, s.Number, res)
		}
		if res.Outcome == keys.Damaged && s.Err == nil && !s.Cut {
			t.Errorf("%s: %v %d: %v", path, s.Exchange, s.Number, res.Err)
		}
	})
	return tried
}
