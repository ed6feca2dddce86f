package config

import (
	"io"
	"net/netip"
	"slices"
)

// Limits bound what a configuration may cost. The zero value of each field
// means its default.
type Limits struct {
	// Size is the number of octets read of one file and its includes
	// together; 64 MiB by default.
	Size int64
	// Depth is the number of sections nested, and of includes; 32 by default.
	Depth int
	// Statements is the number of settings of one configuration; 1 million by
	// default.
	Statements int
	// Connections is the number of connections of one configuration, in the
	// ipsec.conf formats of its conn sections; 32768 by default. What stands
	// behind the last is not read, but for the formats of routers and firewalls,
	// whose connections are spread over the file.
	Connections int
	// Children is the number of children of all connections together; 65536 by
	// default.
	Children int
	// Expand is the number of settings that references and also= may copy; 1
	// million by default.
	Expand int
	// Files is the number of files that includes may give, and of statements
	// that include any; 16384 by default.
	Files int
	// Problems is the number of Problems that are kept; 1000 by default. Those
	// beyond are counted in Config.Lost.
	Problems int
}

func (l Limits) defaults() Limits {
	if l.Size <= 0 {
		l.Size = 64 << 20
	}
	if l.Depth <= 0 {
		l.Depth = 32
	}
	if l.Statements <= 0 {
		l.Statements = 1 << 20
	}
	if l.Connections <= 0 {
		l.Connections = 1 << 15
	}
	if l.Children <= 0 {
		l.Children = 1 << 16
	}
	if l.Expand <= 0 {
		l.Expand = 1 << 20
	}
	if l.Files <= 0 {
		l.Files = 1 << 14
	}
	if l.Problems <= 0 {
		l.Problems = 1000
	}
	return l
}

// Options say how a configuration is read. The zero value is the default.
type Options struct {
	// Dialect is the file's format where the caller knows it; empty: Detect.
	Dialect Dialect
	// Version is the implementation's release, such as "5.9.8", where known.
	Version string
	// Local are the gateway's own addresses, where known. The ipsec.conf
	// formats name their ends left and right and leave it to the daemon to see
	// which is its own; without Local that is guessed from the rest.
	Local []netip.Addr
	// Include opens what an include statement names, which may be a pattern:
	// it is called with the words of the file and returns all that it names,
	// by name. Nil: includes are listed in Config.Includes and not read. It
	// decides what may be opened; this package opens nothing by itself. An
	// error that is ErrOutside, ErrSpecial or fs.ErrNotExist is kept in
	// Include.Err; any other cuts reading short.
	Include func(pattern string, from Pos) ([]Included, error)
	Limits  Limits
}

// Included is a file that an include statement stands for. It is closed after
// being read. Err says why one of several is not to be read: as an error of
// Options.Include.
type Included struct {
	// Name is the file's; Reader has its content, or Err says why there is
	// none.
	Name   string
	Reader io.ReadCloser
	Err    error
}

// Include is an include statement.
type Include struct {
	// Pattern is as it is written, At where.
	Pattern string
	At      Pos
	// Read says that it was followed, Files how many files that gave.
	Read  bool
	Files int
	// Err is why it was not read: nil where it was, and where nobody was asked.
	Err error
}

// File is a file that was read because others include it. Its counts are part
// of those of the Config.
type File struct {
	// Name is the one that places refer to.
	Name              string
	Secrets           bool // it is a secrets file
	Units, Recognized int
}

// Statement is a setting that has no field in the model.
type Statement struct {
	Section string // the section it stands in, outermost first
	// Key is empty where it might be part of a secret.
	Key string
	// Value is empty where it might be a secret: always where not Word.
	Value string
	At    Pos
	// Word says that Key is one of the format's own words, which does not
	// bear on what this package compares; otherwise it is a word that the
	// format does not have, such as a misspelt one.
	Word bool
}

// Config is what one gateway's files intend.
type Config struct {
	// Name is the file's that Parse was given.
	Name    string
	Dialect Dialect
	// Version is the one that the file says it is of, or for.
	Version string
	// Setup holds the daemon-wide settings (config setup), as written.
	Setup       []Statement
	Connections []Connection
	// Secrets are all entries of secrets files and sections, in order.
	Secrets []SecretEntry
	// SecretsRead says that secrets were given, were it an empty file: then a
	// missing secret is missing, and not merely unseen.
	SecretsRead bool
	Unknown     []Statement
	// SectionRefs are the names by which statements mean sections elsewhere, in
	// formats that keep such apart from what is inherited (Cisco). See
	// Undefined.
	SectionRefs []SectionRef
	Includes    []Include
	// Files are the files that includes gave, each once, in order.
	Files []File
	// Problems are the lines that could not be understood, in order.
	Problems []*ParseError
	Lost     int // Problems beyond the limit
	// Cut are those of the Problems that cut reading short, so that what comes
	// behind is not known: a limit, an include that leads back to its own file,
	// an included file that is no text or could not be read.
	Cut []*ParseError
	// Units is the number of statements read, Recognized those that were
	// understood.
	Units, Recognized int
	// Found are issues that reading itself came upon and that belong to no
	// connection; those that do are in Connection.Found. Lint returns both.
	Found []Issue

	fileIndex map[string]int // of Files, by name
	racoon    *racoon        // what policies are joined to
}

// AllRead reports whether everything that the configuration is made of was
// read: only then does what it lacks mean anything.
func (c *Config) AllRead() bool {
	return len(c.Cut) == 0 && !slices.ContainsFunc(c.Includes, func(i Include) bool { return !i.Read })
}
