package observe

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/config"
	"github.com/ikediag/ikediag/isakmp"
)

// Config turns a configuration's connections into observations. Keys leave
// it as digests only.
type Config struct {
	// To takes the observations, which are of Source.
	To     Target
	Source diag.SourceID
	// Digest keys the digests of pre-shared keys: the engine's DigestKey.
	Digest []byte
	// Secrets are the secrets files that belong to the configuration.
	Secrets []SecretsFile
	// Keys takes the configuration's pre-shared keys; nil drops them.
	Keys *Keys
	// Folder is what the files that it includes are read from.
	Folder Folder
	// Files are the sources of those files, by name: what stands in a file
	// without one has Source for its own.
	Files map[string]diag.SourceID

	read       *config.Config
	name       string
	incomplete bool // there may be connections in what was not read
	unloaded   bool // there are connections that are not loaded by themselves
	keys       *config.SecretIndex
	ofAny      [][32]byte       // see keysOfAny
	open       []config.Pos     // where it names what may hold keys and was not read
	users      []diag.XAuthUser // that a server has, once somebody asked
	certs      map[string]bool  // that its connections name
}

// SecretsFile is a file of secrets.
type SecretsFile struct {
	// Name and Source are the file's own; Open returns its content; Folder is
	// what its includes are read from.
	Name   string
	Source diag.SourceID
	Open   func() (io.ReadCloser, error)
	Folder Folder
}

// Read observes a configuration with its secrets: Parse and then Observe.
func (o *Config) Read(name, dialect string, r io.Reader) error {
	err := o.Parse(name, dialect, r)
	o.Observe()
	return err
}

// Parse reads a configuration with its secrets and observes nothing yet:
// Included tells which files belong to it. dialect names its format as Detect
// did. What could be read of a faulty one stays; the error says what could not.
func (o *Config) Parse(name, dialect string, r io.Reader) error {
	c, err := config.Parse(name, r, config.Options{Dialect: config.Dialect(dialect), Include: o.Folder.opener(name)})
	o.name, o.incomplete = name, !c.AllRead()
	for _, s := range o.Secrets {
		if serr := addSecrets(c, s); serr != nil {
			err = errors.Join(err, fmt.Errorf("secrets %s: %w", s.Name, serr))
		}
	}
	o.read = c
	o.Keys.config(c)
	if _, cut := byFile(c); err == nil && cut[name] != nil {
		err = cut[name]
	}
	return err
}

// Included lists the files that were read because others include them.
func (o *Config) Included() []IncludedFile {
	if o.read == nil {
		return nil
	}
	return included(o.read)
}

// Observe observes what was parsed.
func (o *Config) Observe() {
	if o.read != nil {
		o.Config(o.read)
	}
}

func addSecrets(c *config.Config, s SecretsFile) error {
	r, err := s.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	return c.AddSecrets(s.Name, r, config.Options{Include: s.Folder.opener(s.Name)})
}

// Config observes all connections that the daemon would load.
func (o *Config) Config(c *config.Config) {
	n := census(c)
	o.keys, o.users, o.open, o.ofAny = c.IndexSecrets(), nil, o.openKeys(c), nil
	o.certs = certificateNames(c)
	found := faults(c)
	for i := range c.Connections {
		o.connection(c, &c.Connections[i], i, n, found[i])
	}
}

func (o *Config) connection(cfg *config.Config, c *config.Connection, index int, n peers, found []diag.Fault) {
	if c.Start.V == config.StartIgnore && c.Start.Stated() {
		o.ignored(c, index)
		return
	}
	b := &diag.Connection{
		Version:            uint8(c.Version.V),
		Mode:               isakmp.ExchangeMain,
		LocalID:            c.Local.ID.V,
		RemoteID:           c.Remote.ID.V,
		LocalAuth:          authMethod(c.Local.Auth.V),
		RemoteAuth:         authMethod(c.Remote.Auth.V),
		XAuth:              c.XAuth.V != config.XAuthNone,
		Proposals:          c.Proposals.V.List,
		Passive:            c.Passive(),
		LoadedOnDemand:     !c.Loaded(),
		Lifetime:           c.Lifetime.Total.V,
		ForceEncapsulation: c.Encap.V == config.EncapForce,
		NATTraversalOff:    c.Encap.V == config.EncapNever,
		FragmentationOff:   c.Fragmentation.V == config.FragmentNo,
		DPDDelay:           c.DPD.Delay.V,
		UnreadStatements:   unread(c),
		Faults:             found,
		SidesGuessed:       c.SidesGuessed,
		Incomplete:         o.incomplete,
		At:                 map[string]diag.Place{},
	}
	if c.Aggressive.V {
		b.Mode = isakmp.ExchangeAggressive
	}
	b.Product, b.Behaviour = product(c.Dialect), checked(behaviour(c.Dialect), c.ProposalCheck.V)
	b.Certificates, b.PeerCertificates = certificateFiles(c.Local.Certs.V), certificateFiles(c.Remote.Certs.V)
	b.LocalWithholds, b.RemoteWithholds = c.Local.SendCert.V == config.SendCertNever, c.Remote.SendCert.V == config.SendCertNever
	b.LocalCertified, b.RemoteCertified = o.certified(&c.Local, &c.Remote), o.certified(&c.Remote, &c.Local)
	b.LocalAddresses, b.LocalAny, _ = addresses(c.Local.Addresses.V)
	b.RemoteAddresses, b.RemoteAny, b.RemoteName = addresses(c.Remote.Addresses.V)
	b.Virtual = len(c.Local.VirtualIPs.V)+len(c.Remote.VirtualIPs.V) > 0
	b.Rivals, b.Siblings = n.of(c)
	for i := range c.Children {
		b.Children = append(b.Children, child(c.Dialect, &c.Children[i]))
	}
	b.Format, b.AnswersBoth = string(c.Dialect), c.AnswersBoth()
	places(b, c)
	if c.Dialect.Separator() == " " {
		blanks(b.At)
	}
	o.xauth(cfg, c, b)
	o.psk(cfg, c, b)
	source := o.source(c.At.File)
	o.locate(b, source)

	text := fmt.Appendf(nil, "connection %s: %s to %s", c.Name, addressText(c.Local.Addresses.V), addressText(c.Remote.Addresses.V))
	ob := diag.Observation{
		Source: source, Where: diag.Where{Line: c.At.Line, Index: index}, Basis: diag.Logged,
		Text: []byte(diag.Clean(string(text), 200)), Body: b,
		Keys: diag.Keys{Handle: handleOf(c.Name, index), Connection: []byte(c.Name)},
	}
	o.To.Observe(&ob)
}

// ignored notes a connection that the daemon is told not to load.
func (o *Config) ignored(c *config.Connection, index int) {
	o.unloaded = true
	at := 2 * addressesNoted * index // several may inherit it from one line
	for _, end := range [...]*config.End{&c.Remote, &c.Local} {
		addrs, _, _ := addresses(end.Addresses.V)
		for _, a := range addrs[:min(len(addrs), addressesNoted)] {
			o.To.Observe(&diag.Observation{
				Source: o.source(c.At.File), Where: diag.Where{Line: c.Start.At.Line, Index: at}, Basis: diag.Logged,
				Text: []byte(diag.Clean(c.Start.Key+" = "+cmp.Or(c.Start.Text, c.Start.V.String()), 200)), Body: &diag.Host{Event: diag.ConnectionIgnored, Name: diag.HostName(c.Name), Address: a},
			})
			at++
		}
	}
}

// addressesNoted bounds the addresses of an end that are noted of it.
const addressesNoted = 4

// handleOf makes a handle of a name; the index tells sections of one name
// apart.
func handleOf(name string, index int) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(name); i++ {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	return h ^ uint64(index+1)<<48 | 1
}

// psk looks up the key that the daemon would take for the connection.
func (o *Config) psk(cfg *config.Config, c *config.Connection, b *diag.Connection) {
	if !c.UsesPSK() {
		return
	}
	m, err := o.keys.SecretFor(config.SecretQuery{Conn: c})
	switch {
	case err == nil:
	case errors.Is(err, config.ErrNoSecret) && cfg.SecretsRead && !errors.Is(err, config.ErrPeerUnknown) && cfg.AllRead():
		b.PSK.State, b.PSK.Empty = diag.PSKMissing, len(cfg.Secrets) == 0
		return
	default:
		return // no secrets were given, or which one depends on who calls
	}
	o.describe(&b.PSK, &m)
	b.PSK.At.Blank = b.PSK.At.Blank || cfg.Dialect.Separator() == " "
	b.PSK.Contested = o.contested(cfg, &m)
	b.PSK.OthersDiffer = b.RemoteAny && b.PSK.State == diag.PSKKnown && slices.ContainsFunc(o.keysOfAny(cfg), func(d [32]byte) bool { return d != b.PSK.Digest })
	if m.Remote <= config.OwnsAny && b.PSK.State == diag.PSKKnown {
		b.PSK.Passed = o.passed(c, &m)
	}
}

// keysOfAny returns the digests of the keys that peers without a fixed address
// have in main mode: two that differ, or fewer where there are not two.
func (o *Config) keysOfAny(cfg *config.Config) [][32]byte {
	if o.ofAny != nil {
		return o.ofAny
	}
	o.ofAny = [][32]byte{}
	for i := range cfg.Connections {
		c := &cfg.Connections[i]
		if _, any, _ := addresses(c.Remote.Addresses.V); !any || !c.Loaded() || !c.UsesPSK() || c.Aggressive.V || c.Version.V != config.IKEv1 {
			continue
		}
		m, err := o.keys.SecretFor(config.SecretQuery{Conn: c})
		if err != nil {
			continue
		}
		var k diag.PSK
		if o.describe(&k, &m); k.State == diag.PSKKnown && !slices.Contains(o.ofAny, k.Digest) {
			if o.ofAny = append(o.ofAny, k.Digest); len(o.ofAny) == 2 {
				break
			}
		}
	}
	return o.ofAny
}

// passed finds the key that names the peer where the one that is taken is for
// anybody.
func (o *Config) passed(c *config.Connection, taken *config.SecretMatch) *diag.PassedKey {
	for e := range o.keys.Naming(c) {
		if e != taken.Entry && e.Secret.Origin != config.Hidden {
			return &diag.PassedKey{Digest: e.Secret.V.Digest(o.Digest), At: keyPlace(&config.SecretMatch{Entry: e, Secret: e.Secret})}
		}
	}
	return nil
}

// contested reports whether a key may stand in what was not read that is taken
// instead: one that fits better, or one that stands before it.
func (o *Config) contested(cfg *config.Config, m *config.SecretMatch) bool {
	if o.open == nil {
		return false
	}
	exact := m.Remote == config.OwnsExactly && (m.Local == config.OwnsExactly || cfg.Dialect.KeyByAddress())
	at := m.Entry.At
	return !exact || slices.ContainsFunc(o.open, func(p config.Pos) bool { return p.File != at.File || p.Line < at.Line })
}

// openKeys returns where a configuration names what may hold keys and was not
// read.
func (o *Config) openKeys(cfg *config.Config) (open []config.Pos) {
	if cfg.AllRead() {
		return nil
	}
	for _, i := range cfg.Includes {
		if !i.Read && o.mayHoldKeys(cfg, i.At.File) {
			open = append(open, i.At)
		}
	}
	for _, e := range cfg.Cut {
		if o.mayHoldKeys(cfg, e.File) {
			open = append(open, config.Pos{File: e.File, Line: e.Line})
		}
	}
	return open[:min(len(open), maxOpen)]
}

// maxOpen bounds the places that are kept as not read.
const maxOpen = 64

// mayHoldKeys reports whether a file of the configuration may hold keys: in
// the ipsec.conf formats a secrets file does.
func (o *Config) mayHoldKeys(cfg *config.Config, file string) bool {
	if cfg.Dialect != config.StrongSwan && cfg.Dialect != config.Libreswan {
		return true
	}
	return slices.ContainsFunc(o.Secrets, func(s SecretsFile) bool { return s.Name == file }) ||
		slices.ContainsFunc(cfg.Files, func(f config.File) bool { return f.Secrets && f.Name == file })
}

// source returns the source of a file.
func (o *Config) source(file string) diag.SourceID {
	if id, ok := o.Files[file]; ok {
		return id
	}
	for _, s := range o.Secrets {
		if s.Name == file {
			return s.Source
		}
	}
	return o.Source
}

// locate says of each place of a connection which source it is in, where that
// is not the connection's own.
func (o *Config) locate(b *diag.Connection, own diag.SourceID) {
	place := func(p diag.Place) diag.Place {
		if p.File != "" {
			if id := o.source(p.File); id != own {
				p.Elsewhere, p.Source = true, id
			}
		}
		return p
	}
	places := func(at map[string]diag.Place) {
		for k, p := range at {
			at[k] = place(p)
		}
	}
	places(b.At)
	b.PSK.At = place(b.PSK.At)
	if p := b.PSK.Passed; p != nil {
		p.At = place(p.At)
	}
	for i := range b.Children {
		b.Children[i].Place = place(b.Children[i].Place)
		places(b.Children[i].At)
	}
	for i := range b.Faults {
		b.Faults[i].Place = place(b.Faults[i].Place)
	}
	for i := range b.Users {
		b.Users[i].Password.At = place(b.Users[i].Password.At)
	}
}

// describe tells of a secret what may leave this package.
func (o *Config) describe(k *diag.PSK, m *config.SecretMatch) {
	k.At = keyPlace(m)
	k.Ambiguous, k.Wildcard = m.Conflict, m.Wildcard()
	if m.Secret.Origin == config.Hidden {
		k.State = diag.PSKHidden
		return
	}
	k.State = diag.PSKKnown
	k.Short = m.Short()
	k.Digest, k.Loose = m.Secret.V.Digest(o.Digest), m.Secret.V.LooseDigest(o.Digest)
}

func authMethod(a config.Auth) ike.AuthMethod {
	switch a {
	case config.AuthPSK:
		return ike.AuthPSK
	case config.AuthPubkey:
		return ike.AuthPubkey
	}
	return ike.AuthNone
}

// Describe fills in what the reading found out about the source.
func (o *Config) Describe(s *diag.Source) {
	c := o.read
	if c == nil {
		return
	}
	s.Dialect = string(c.Dialect)
	s.Units, s.Recognized = ownUnits(c)
	unread, _ := byFile(c)
	s.NotRead = unread[o.name]
	if !o.incomplete && !o.unloaded {
		s.Coverage.Shows = diag.Bodies(diag.BodyConnection)
	}
}
