package ingest

import (
	"context"
	"io"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/observe"
)

// configuration is a reader of a configuration or of secrets, which may
// include other files.
type configuration interface {
	Included() []observe.IncludedFile
	Describe(*diag.Source)
}

// included is what is known of the included files of all inputs.
type included map[string]diag.SourceID

// parseAll reads secrets and configurations and observes nothing yet, since
// only then it is known which files they include: one that was given as well
// is left out of what it returns, since its includer has read it. Of two that
// include each other the first stays.
func parseAll(ctx context.Context, o *Options, all []*source) []*source {
	sources, gone := included{}, map[string]bool{}
	includes := func(s *source) bool { return gone[s.input.key()] }
	for _, kind := range []diag.SourceKind{diag.KindSecrets, diag.KindConfig} {
		for _, s := range all {
			if s.kind != kind || s.unread || s.err != nil || includes(s) || ctx.Err() != nil {
				continue
			}
			s.sources = sources
			s.secrets = slices.DeleteFunc(s.secrets, includes)
			s.parse(o)
			for _, f := range s.conf.Included() {
				if k := s.input.keyOf(f.Name); k != s.input.key() {
					gone[k] = true
				}
			}
		}
	}
	return slices.DeleteFunc(all, includes)
}

// parse reads secrets, or a configuration with its secrets.
func (s *source) parse(o *Options) {
	read := s.reader(o)
	r, err := s.stream()
	if err == nil {
		err = read(s.name, s.dialect, &progress{Reader: r, name: s.name, tell: o.Progress})
		r.Close()
	}
	s.fault = err
}

func (s *source) reader(o *Options) func(name, dialect string, r io.Reader) error {
	if s.kind == diag.KindSecrets {
		c := &observe.Secrets{Keys: o.Keys, Folder: s.input.folder()}
		s.conf = c
		return c.Read
	}
	c := &observe.Config{Keys: o.Keys, Folder: s.input.folder()}
	for _, sec := range s.secrets {
		c.Secrets = append(c.Secrets, observe.SecretsFile{Name: sec.name, Open: sec.open, Folder: sec.input.folder()})
	}
	s.conf = c
	return c.Parse
}

// observe gives the engine what was parsed. Each included file becomes a
// source of its own, once.
func (s *source) observe(e Target) error {
	files := map[string]diag.SourceID{}
	for _, f := range s.conf.Included() {
		id, known := s.sources[s.input.keyOf(f.Name)]
		if !known {
			id = e.AddSource(diag.Source{Name: f.Name, Gateway: s.input.Gateway, Group: s.input.Group})
			if s.sources != nil {
				s.sources[s.input.keyOf(f.Name)] = id
			}
			if f.Err != nil {
				s.faults = append(s.faults, &InputError{f.Name, f.Err})
			}
		}
		files[f.Name] = id
		e.UpdateSource(id, f.Describe)
	}
	if c, ok := s.conf.(*observe.Config); ok {
		c.To, c.Source, c.Digest, c.Files = e, s.id, e.DigestKey(), files
		for i := range c.Secrets {
			c.Secrets[i].Source = s.secrets[i].id
		}
		c.Observe()
	}
	e.UpdateSource(s.id, s.conf.Describe)
	s.conf = nil
	return s.fault
}
