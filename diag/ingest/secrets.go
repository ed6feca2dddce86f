package ingest

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/observe"
)

// shareSecrets gives each file of secrets, or of policies, to the
// configurations that it is for: those of its folder and gateway. Where both ends' files lie in one folder,
// their names tell them apart: branch.secrets is for branch.conf, and not for
// hq.conf. One whose name fits none is for those without a name of their own,
// else for all.
func shareSecrets(all []*source) {
	beside := map[place][]*source{}
	for _, c := range all {
		if c.kind == diag.KindConfig && !c.unread && c.err == nil {
			c.own = ownName(c.name)
			beside[c.place()] = append(beside[c.place()], c)
		}
	}
	for _, s := range all {
		near := beside[s.place()]
		if s.blank != "" && s.err == nil {
			s.shareBlank(near)
			continue
		}
		if s.keys != "" && s.err == nil {
			s.adopt(near)
		}
		shared := s.kind == diag.KindSecrets && s.dialect != observe.KeyTable || s.kind == diag.KindConfig && s.dialect == observe.Policies
		if !shared || s.unread || s.err != nil {
			continue
		}
		s.share(near)
	}
}

// share gives secrets to those of the configurations near that its name fits
// best.
func (s *source) share(near []*source) {
	name := ownName(s.name)
	for _, fits := range []func(own string) bool{
		func(own string) bool { return own == name },
		func(own string) bool { return own == "" },
		func(string) bool { return true },
	} {
		if s.shareWith(near, fits) {
			return
		}
	}
}

// shareBlank gives a file without keys to the configurations that have theirs in
// such a file only. One without so much as a comment stays an empty one.
func (s *source) shareBlank(near []*source) {
	near = slices.DeleteFunc(slices.Clone(near), func(c *source) bool { return !observe.KeysApart(c.dialect) || !observe.Belongs(s.blank, c.dialect) })
	if len(near) == 0 {
		return
	}
	was := s.dialect
	s.dialect = s.blank
	s.share(near)
	if s.kind == diag.KindEmpty {
		s.dialect = was
	} else {
		s.kind, s.unread = diag.KindSecrets, false
	}
}

// place is what the files of one gateway's folder share.
type place struct{ group, gateway string }

func (s *source) place() place { return place{s.input.Group, s.input.Gateway} }

// shareWith gives secrets to the configurations whose own names fit, and reports
// whether there are any.
func (s *source) shareWith(near []*source, fits func(own string) bool) (any bool) {
	for _, c := range near {
		if !fits(c.own) || !observe.Belongs(s.dialect, c.dialect) {
			continue
		}
		any = true
		if n := len(c.secrets); n < maxSecrets {
			c.secrets = append(c.secrets, s)
		} else if n == maxSecrets {
			c.secrets = append(c.secrets, &source{name: s.name, input: Input{Name: s.name, Open: tooManySecrets}})
		}
	}
	return any
}

// maxSecrets bounds the files of secrets that one configuration is read with.
const maxSecrets = 256

func tooManySecrets() (io.ReadCloser, error) {
	return nil, fmt.Errorf("more than the limit of %d files", maxSecrets)
}

// adopt takes a content for the keys that it looks like, if a configuration
// that has such lies beside it.
func (s *source) adopt(near []*source) {
	for _, c := range near {
		if observe.Belongs(s.keys, c.dialect) {
			s.kind, s.dialect, s.unread = diag.KindSecrets, s.keys, false
			return
		}
	}
}

// ownName is what a file's name has beside what the files of its kind are
// called: that of its host, most often.
func ownName(name string) string {
	name = strings.ToLower(name[strings.LastIndexAny(name, `/\`)+1:])
	parts := strings.FieldsFunc(name, func(c rune) bool { return c == '.' || c == '-' || c == '_' })
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return slices.Contains(commonNames, p) }), ".")
}

// commonNames are what daemons and people call such files.
var commonNames = []string{"ipsec", "swanctl", "strongswan", "libreswan", "openswan", "racoon", "psk", "setkey", "spd", "tools", "conf", "cfg", "config", "secret", "secrets", "txt", "gz"}
