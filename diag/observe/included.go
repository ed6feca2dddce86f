package observe

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/config"
)

// IncludedFile is a file that was read because a configuration or a secrets
// file includes it: a source of its own.
type IncludedFile struct {
	// Name is the file's, as a report shows it.
	Name string
	// Err is what cut its reading short; nil where nothing did.
	Err error

	kind              diag.SourceKind
	dialect           string
	units, recognized int
	unread            []string
}

// Describe fills in what the reading found out about the file.
func (f *IncludedFile) Describe(s *diag.Source) {
	s.Kind, s.Dialect = f.kind, f.dialect
	s.Units, s.Recognized = f.units, f.recognized
	s.NotRead = f.unread
	if f.kind == diag.KindConfig {
		s.Coverage.Shows = diag.Bodies(diag.BodyConnection)
	}
	if f.Err != nil {
		s.Err = diag.Clean(f.Err.Error(), 200)
	}
}

// included lists the files that were included.
func included(c *config.Config) []IncludedFile {
	var out []IncludedFile
	unread, cut := byFile(c)
	for _, f := range c.Files {
		i := IncludedFile{Name: f.Name, Err: cut[f.Name], kind: diag.KindConfig, dialect: string(c.Dialect), units: f.Units, recognized: f.Recognized, unread: unread[f.Name]}
		if f.Secrets {
			i.kind, i.dialect = diag.KindSecrets, string(config.IPsecSecrets)
		}
		out = append(out, i)
	}
	return out
}

// ownUnits are the statements of a configuration and those understood without
// what stands in included files.
func ownUnits(c *config.Config) (units, recognized int) {
	units, recognized = c.Units, c.Recognized
	for _, f := range c.Files {
		units, recognized = units-f.Units, recognized-f.Recognized
	}
	return max(units, 0), max(recognized, 0)
}

// maxUnread bounds what is listed of a file as not read.
const maxUnread = 20

// byFile returns by file what it names that was not read, and what cut its
// reading short.
func byFile(c *config.Config) (unread map[string][]string, cut map[string]error) {
	unread, cut = map[string][]string{}, map[string]error{}
	for _, i := range c.Includes {
		list := unread[i.At.File]
		if i.Read || i.Err == nil && wasCut(c, i.At) || len(list) > maxUnread {
			continue
		}
		text := diag.Clean(i.Pattern, 120) + ", " + why(i.Err)
		if len(list) == maxUnread {
			text = "and more"
		}
		if !slices.Contains(list, text) {
			unread[i.At.File] = append(list, text)
		}
	}
	for _, e := range c.Cut {
		if cut[e.File] != nil {
			continue
		}
		err := e.Err
		if e.Line > 0 {
			err = fmt.Errorf("line %d: %w", e.Line, e.Err)
		}
		cut[e.File] = err
	}
	return unread, cut
}

// wasCut reports whether the include of a place is what cut reading short.
func wasCut(c *config.Config, at config.Pos) bool {
	return slices.ContainsFunc(c.Cut, func(e *config.ParseError) bool { return e.File == at.File && e.Line == at.Line })
}

// why says why an include was not read.
func why(err error) string {
	switch {
	case err == nil:
		return "no folder to look in"
	case errors.Is(err, fs.ErrNotExist):
		return "not there"
	case errors.Is(err, config.ErrSpecial):
		return config.ErrSpecial.Error()
	}
	return config.ErrOutside.Error()
}
