package ingest

import (
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
	for _, s := range all {
		if s.keys != "" && s.err == nil {
			s.adopt(all)
		}
		shared := s.kind == diag.KindSecrets && s.dialect != observe.KeyTable || s.kind == diag.KindConfig && s.dialect == observe.Policies
		if !shared || s.unread || s.err != nil {
			continue
		}
		var near []*source
		for _, c := range all {
			if s.beside(c) && observe.Belongs(s.dialect, c.dialect) {
				near = append(near, c)
			}
		}
		for _, name := range []string{ownName(s.name), ""} {
			if same := named(near, name); len(same) > 0 {
				near = same
				break
			}
		}
		for _, c := range near {
			c.secrets = append(c.secrets, s)
		}
	}
}

// beside reports whether c is a configuration of the same folder and gateway.
func (s *source) beside(c *source) bool {
	return c.kind == diag.KindConfig && !c.unread && c.err == nil && c.input.Group == s.input.Group && c.input.Gateway == s.input.Gateway
}

// adopt takes a content for the keys that it looks like, if a configuration
// that has such lies beside it.
func (s *source) adopt(all []*source) {
	for _, c := range all {
		if s.beside(c) && observe.Belongs(s.keys, c.dialect) {
			s.kind, s.dialect, s.unread = diag.KindSecrets, s.keys, false
			return
		}
	}
}

// named returns the sources whose own name is name.
func named(list []*source, name string) (same []*source) {
	for _, s := range list {
		if ownName(s.name) == name {
			same = append(same, s)
		}
	}
	return same
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
