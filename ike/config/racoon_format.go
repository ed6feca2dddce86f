package config

import "github.com/ikediag/ikediag/ike"

func racoonFormat() format {
	return format{
		read: (*source).racoonConf, identities: ike.DialectRacoon, blank: true,
		traits: traits{pskFile: true, within: true},
		lint: lintDialect{
			spelling: ike.DialectRacoon,
			mainMode: [2]string{"exchange_mode", "main"}, tunnel: [2]string{"spdadd", "tunnel"}, pfs: [2]string{"pfs_group", "14"},
			words: racoonFirst, unread: Fails, broken: Fails, separate: Fails, apart: true, single: true,
		},
	}
}

// setkeyFormat is for a file of policies by itself: what it says belongs to the
// racoon.conf beside it. See Config.AddSecrets.
func setkeyFormat() format {
	return format{read: (*source).setkeyAlone, identities: ike.DialectRacoon, blank: true, lint: strictLint()}
}

// racoonKeysFormat is for a psk.txt.
func racoonKeysFormat() format {
	return format{read: (*source).racoonKeys, identities: ike.DialectRacoon, blank: true, lint: strictLint()}
}

// ProposalCheck is how much of an initiator's offer racoon's proposal_check
// lets a responder take that is not as its own: lifetimes of both phases and
// the group for PFS. Obey takes them all.
type ProposalCheck uint8

// The levels. Strict takes no longer lifetime than its own, Claim answers with
// its own where that is shorter, Exact takes equal ones only. Without a group
// of its own any is taken, but by Exact.
const (
	CheckNone ProposalCheck = iota // the format has no such setting
	CheckObey
	CheckStrict
	CheckClaim
	CheckExact
)

var checkNames = [...]string{"none", "obey", "strict", "claim", "exact"}

// String returns none, obey, strict, claim or exact.
func (p ProposalCheck) String() string { return checkNames[min(int(p), len(checkNames)-1)] }
