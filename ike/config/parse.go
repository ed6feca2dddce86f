package config

import "io"

// Parse reads one configuration. It fails, with a *ParseError, only where
// nothing can be said: the format is unknown (ErrFormat) or known and not read
// (ErrNotRead; the Config then has its Dialect and nothing else), the reader
// fails, the input is larger than Limits.Size or no text. The Config is never
// nil. Lines that are not understood are in Config.Problems.
func Parse(name string, r io.Reader, o Options) (*Config, error) {
	c := &Config{Name: name, Dialect: o.Dialect, Version: o.Version}
	s := newSource(c, o)
	b, err := s.slurp(name, r)
	if err != nil {
		return c, err
	}
	if c.Dialect == Unknown {
		c.Dialect = Detect(b[:min(len(b), detectSize)])
	}
	s.stack = []string{name}
	read := formatOf(c.Dialect).read
	switch {
	case read != nil:
		read(s, name, b)
		return c, nil
	case c.Dialect == Unknown:
		return c, &ParseError{File: name, Err: ErrFormat}
	}
	return c, &ParseError{File: name, Err: notRead(c.Dialect)}
}

// notRead is an ErrNotRead that names the format.
type notRead Dialect

func (e notRead) Error() string { return string(e) + ": " + ErrNotRead.Error() }
func (e notRead) Unwrap() error { return ErrNotRead }

// AddSecrets reads an ipsec.secrets, a psk.txt or the secrets of a swanctl.conf
// into c: the secrets of the files that lie beside a configuration are that
// gateway's. So are, of a racoon.conf, the policies of a file for setkey: with
// them its Connections are made anew. Identities are read as c's dialect spells
// them. Problems, includes and counts are added to those of c. It fails as
// Parse does, with ErrFormat for a file that holds nothing of the kind.
func (c *Config) AddSecrets(name string, r io.Reader, o Options) error {
	s := newSource(c, o)
	b, err := s.slurp(name, r)
	if err != nil {
		return err
	}
	s.stack = []string{name}
	d := o.Dialect
	if d == Unknown {
		d = Detect(b[:min(len(b), detectSize)])
	}
	if d == Unknown && c.racoon != nil && LooksLikeKeys(b) {
		d = RacoonKeys
	}
	switch d {
	case Swanctl:
		s.c.SecretsRead = true
		s.swanctlOnlySecrets(name, b)
	case IPsecSecrets:
		s.secretsFile(name, b, c.identityDialect())
	case RacoonKeys:
		s.racoonKeys(name, b)
	case Setkey:
		if c.racoon == nil {
			return &ParseError{File: name, Err: ErrFormat}
		}
		c.addPolicies(s, name, b)
	case Unknown:
		if !Blank(b) {
			return &ParseError{File: name, Err: ErrFormat}
		}
		s.c.SecretsRead = true // an empty secrets file holds no secret
	default:
		return &ParseError{File: name, Err: ErrFormat}
	}
	return nil
}

// Blank reports whether b holds nothing but white space and comments, as a file
// of secrets does that nobody has written one into.
func Blank(b []byte) bool {
	comment := false
	for _, c := range b {
		switch {
		case c == '\n':
			comment = false
		case comment || c == ' ' || c == '\t' || c == '\r':
		case c == '#':
			comment = true
		default:
			return false
		}
	}
	return true
}
