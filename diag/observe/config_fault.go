package observe

import (
	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/config"
)

// maxFaults bounds the faults of one connection.
const maxFaults = 64

// faults returns what Lint finds, by the index of the connection. Its kinds
// and effects are those of diag, in the same order.
func faults(c *config.Config) map[int][]diag.Fault {
	out := map[int][]diag.Fault{}
	for _, i := range config.Lint(c) {
		emptied := i.Kind == config.IssueNoPrivateKey && len(c.Secrets) == 0 // before it was handed over, as may be
		if i.Connection < 0 || len(out[i.Connection]) >= maxFaults || ofKey(i.Kind) || emptied {
			continue
		}
		s := i.Setting
		f := diag.Fault{
			Kind: diag.FaultKind(i.Kind), Effect: diag.FaultEffect(i.Effect),
			Place:   diag.Place{File: s.At.File, Line: s.At.Line, Setting: diag.Clean(s.Key, 60), Value: diag.Clean(s.Text, 160), Default: s.Origin == config.Default, Blank: c.Dialect.Separator() == " "},
			Subject: diag.Clean(i.Subject, 80), Setting: diag.Clean(i.Key, 60), Instead: diag.Clean(i.Write, 160),
		}
		if i.Child >= 0 {
			f.Child = diag.Clean(c.Connections[i.Connection].Children[i.Child].Name, 80)
		}
		out[i.Connection] = append(out[i.Connection], f)
	}
	return out
}

// ofKey reports whether an issue is about the pre-shared key, which
// diag.Connection's PSK describes.
func ofKey(k config.IssueKind) bool {
	switch k {
	case config.IssueNoSecret, config.IssueKeyShared, config.IssueKeyShort:
		return true
	}
	return false
}

// unread counts the statements that are no words of the format.
func unread(c *config.Connection) (n int) {
	for _, s := range c.Unknown {
		if !s.Word {
			n++
		}
	}
	return n
}
