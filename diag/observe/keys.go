package observe

import (
	"bytes"
	"io"
	"sync"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/config"
	"github.com/ikediag/ikediag/ike/keys"
	"github.com/ikediag/ikediag/isakmp"
	"github.com/ikediag/ikediag/logparse"
)

// Keys collects the keys that logs, configurations and key tables hold, for
// captures to be read with: set it in Log, Config and Packets. Read what has
// keys first; a capture that is read meanwhile opens what it can. The zero
// value is ready, and may be used by several readers at once.
type Keys struct {
	mu   sync.Mutex
	ring keys.Ring
	psks []ike.Secret
}

// KeyTable is the name of the format of Wireshark's table of keys of IKEv1, a
// line for each: the initiator's cookie and the encryption key.
const KeyTable = "ikev1_decryption_table"

// maxTable bounds the octets of a key table: far more lines than a Ring holds.
const maxTable = 4 << 20

// Len returns how many keys and sets of keys were collected.
func (k *Keys) Len() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.ring.Len()
}

// Secrets reads files that hold nothing but secrets: key tables, and
// pre-shared keys, which a configuration that they belong to reads as well.
// They give no observations.
type Secrets struct {
	Keys *Keys // takes the keys; nil drops them
	// Folder is what the files that they include are read from.
	Folder Folder

	units, recognized int
	name              string
	read              *config.Config
}

// Read takes the keys of a file whose format is as Detect named it. What could
// be read of a faulty one stays. The error quotes nothing of it.
func (o *Secrets) Read(name, dialect string, r io.Reader) error {
	if dialect != KeyTable {
		c, err := config.Parse(name, r, config.Options{Dialect: config.Dialect(dialect), Include: o.Folder.opener(name)})
		o.Keys.config(c)
		o.name, o.read = name, c
		o.units, o.recognized = ownUnits(c)
		if _, cut := byFile(c); err == nil && cut[name] != nil {
			err = cut[name]
		}
		return err
	}
	b, err := io.ReadAll(io.LimitReader(r, maxTable))
	if err != nil {
		return err
	}
	k := o.Keys
	if k == nil {
		k = &Keys{}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	n, err := k.ring.AddTable(b)
	for line := range bytes.Lines(b) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			o.units++
		}
	}
	o.recognized = n
	return err
}

// Included lists the files that were read because others include them.
func (o *Secrets) Included() []IncludedFile {
	if o.read == nil {
		return nil
	}
	return included(o.read)
}

// Describe fills in what the reading found out about the source.
func (o *Secrets) Describe(s *diag.Source) {
	s.Units, s.Recognized = o.units, o.recognized
	if o.read != nil {
		unread, _ := byFile(o.read)
		s.NotRead = unread[o.name]
	}
}

// config takes the pre-shared keys of a configuration.
func (k *Keys) config(c *config.Config) {
	if k == nil || c == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for i := range c.Secrets {
		e := &c.Secrets[i]
		if e.Kind != config.SecretPSK || !e.Secret.Stated() || e.Secret.V.Len() == 0 {
			continue
		}
		n := k.ring.Len()
		if k.ring.AddPSK(e.Secret.V) == nil && k.ring.Len() > n {
			k.psks = append(k.psks, e.Secret.V)
		}
	}
}

// secret takes the keys that a line, or the dump that it ends, wrote into the
// log.
func (l *Log) secret(e *logparse.Event) {
	if l.Keys == nil || e.Duplicate {
		return
	}
	name, v, ok := e.Secret()
	if !ok {
		var b []byte
		if name, b, ok = e.Context(); !ok {
			return
		}
		v = ike.NewSecret(b)
	}
	// A thread makes the keys of one negotiation at a time.
	l.Keys.dump(uint64(l.Source+1)<<32|uint64(uint32(e.Prefix.Thread)), name, v)
}

// dump takes what a debug log says of a negotiation's keys. Those of one
// session are made one after the other.
func (k *Keys) dump(session uint64, name []byte, v ike.Secret) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ring.AddDump(keys.Dump{Session: session, Name: string(name[:min(len(name), 80)]), Value: v})
}

// opener opens the messages of one capture.
func (k *Keys) opener() *opener {
	k.mu.Lock()
	defer k.mu.Unlock()
	return &opener{o: k.ring.Opener(keys.Limits{}), keys: k, proven: map[uint64]uint8{}}
}

// opener is a keys.Opener whose Ring others may be filling.
type opener struct {
	o      *keys.Opener
	keys   *Keys
	proven map[uint64]uint8 // by attempt: the sides of which the key is known
}

// Open opens a message; it satisfies exchange.Opener.
func (o *opener) Open(dst, raw []byte, m *isakmp.Message, fromInitiator bool) (plain []byte, ok bool) {
	o.keys.mu.Lock()
	defer o.keys.mu.Unlock()
	return o.o.Open(dst, raw, m, fromInitiator)
}
