package ingest

import (
	"slices"
	"strings"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/observe"
)

// shareSecrets gives each file of secrets to the configurations that it is for:
// those of its folder and gateway. Where both ends' files lie in one folder,
// their names tell them apart: branch.secrets is for branch.conf, and not for
// hq.conf. One whose name fits none is for those without a name of their own,
// else for all.
func shareSecrets(all []*source) {
	for _, s := range all {
		if s.kind != diag.KindSecrets || s.dialect == observe.KeyTable || s.unread || s.err != nil {
			continue
		}
		var near []*source
		for _, c := range all {
			if c.kind == diag.KindConfig && !c.unread && c.err == nil && c.input.Group == s.input.Group && c.input.Gateway == s.input.Gateway {
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
var commonNames = []string{"ipsec", "swanctl", "strongswan", "libreswan", "openswan", "racoon", "psk", "conf", "cfg", "config", "secret", "secrets", "txt", "gz"}
