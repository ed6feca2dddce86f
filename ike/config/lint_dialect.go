package config

import (
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// lintDialect is what Lint needs to know of a dialect: how it spells what is
// advised, and what its daemon makes of what is wrong.
type lintDialect struct {
	spelling ike.Dialect
	// The words of the settings that advice is about, each with its value.
	ikev2, mainMode, tunnel, esp, pfs, strict, secret [2]string
	// words are those of the format, parted by blanks; ignored those that the
	// daemon takes no notice of any more.
	words, ignored string
	// unread is what becomes of a connection with a word that the format does
	// not have, broken of one with a proposal that is refused.
	unread, broken Effect
	// separate is what the daemon does where ESP has a combined mode and a
	// hash besides.
	separate Effect
	// keysNamed says that private keys are read only where the secrets name
	// them.
	keysNamed bool
	// apart says that the group for PFS is a setting apart from the proposals,
	// single that a setting holds one proposal.
	apart, single bool
	// parts says that the parts of a phase-1 proposal are settings of their
	// own, group what to write for a weak group of phase 2 where that is another
	// setting than pfs.
	parts bool
	group [2]string
	// revokes says that it asks by itself whether certificates were revoked.
	revokes bool
}

// advisedKey is the key that is advised to write: 32 octets, as base64.
const advisedKey = "0s followed by the 44 characters that openssl rand -base64 32 prints"

// strictLint is for a format that advice has no words for: what is wrong is
// then found, and nothing said of what to write.
func strictLint() lintDialect { return lintDialect{broken: Fails, separate: Fails} }

// Words that the readers have a field for, by which misspelt ones are known.
const (
	swanctlWords = "version aggressive local_addrs remote_addrs proposals vips pools pull encap fragmentation dpd_delay dpd_timeout unique keyingtries " +
		"reauth_time rekey_time over_time auth id xauth_id local_ts remote_ts ah_proposals esp_proposals mode sha256_96 ipcomp replay_window inactivity start_action close_action " +
		"life_time rekey_bytes life_bytes rekey_packets life_packets"
	ipsecWords = "also auto left right leftid rightid leftsubnet rightsubnet leftcert rightcert leftca rightca leftauth rightauth leftikeport rightikeport leftprotoport rightprotoport " +
		"leftsourceip rightsourceip authby keyexchange aggressive type ike esp ah compress rekey rekeymargin margintime keyingtries ikelifetime keylife lifetime " +
		"dpddelay dpdtimeout dpdaction fragmentation forceencaps"
	strongSwanOwn = "leftallowany rightallowany leftauth2 rightauth2 modeconfig xauth xauth_identity closeaction inactivity sha256_96 replay_window lifebytes lifepackets"
	libreswanOwn  = "ikev2 alsoflip leftsubnets rightsubnets leftaddresspool rightaddresspool leftxauthserver rightxauthserver leftxauthclient rightxauthclient leftusername rightusername " +
		"leftxauthusername rightxauthusername phase2alg pfs salifetime ipsec-lifetime ipsec-max-bytes sha2-truncbug sha2_truncbug replay-window encapsulation ike-frag ike_frag modecfgdomain"
)

// Words that a format still has and its daemon passes over. strongSwan's
// starter names them as deprecated since 5.2, libreswan's as obsolete since
// 3.19; dpdaction and keyingtries, which libreswan 5 dropped, are not among
// them, since which release it is the file does not tell.
const (
	strongSwanIgnored = "pfs pfsgroup eap leftnexthop rightnexthop interfaces dumpdir charonstart plutostart klipsdebug plutodebug prepluto postpluto plutostderrlog fragicmp packetdefault hidetos " +
		"overridemtu crlcheckinterval nocrsend nat_traversal keep_alive force_keepalive virtual_private pkcs11module pkcs11initargs pkcs11keepstate pkcs11proxy"
	libreswanIgnored = "modecfgwins1 modecfgwins2 nat_traversal disable_port_floating force_keepalive forwardcontrol rp_filter prepluto postpluto plutoopts plutowait nocrsend"
)

// words looks at the statements that no reader has a field for.
func (l *linter) words(list []Statement, conn int) {
	for _, s := range list {
		i := Issue{Connection: conn, Child: -1, Setting: Setting{Key: s.Key, Text: s.Value, At: s.At, Origin: Written}, Subject: s.Key}
		switch {
		case s.Key == "":
		case hasWord(l.dialect.ignored, s.Key):
			i.Kind, i.Effect = IssueIgnored, NoEffect
			l.instead(&i, conn)
			l.add(i)
		case s.Word:
		default:
			words := l.dialect.words
			if conn < 0 {
				words = ipsecSetupWords
			}
			if near := l.nearest(s.Key, words); near != "" {
				i.Kind, i.Effect, i.Key = IssueMisspelt, l.dialect.unread, near
				l.add(i)
			}
		}
	}
}

// instead says what does have the effect that an ignored statement was
// written for. In strongSwan's ipsec.conf PFS comes of a group in esp=.
func (l *linter) instead(i *Issue, conn int) {
	if conn < 0 || i.Setting.Key != "pfs" && i.Setting.Key != "pfsgroup" {
		return
	}
	for _, k := range l.c.Connections[conn].Children {
		if p := k.Proposals; p.Stated() && !wantsPFS(p.V.List) {
			i.Key, i.Write = p.Key, l.spell(p, safe(p.V.List, true))
			return
		}
	}
}

// maxSpelt bounds how many words are compared with those of the format.
const maxSpelt = 256

// nearest returns the word of the format that s may be a misspelling of. A dash
// in the place of an underscore, or the other way round, is another release's
// spelling.
func (l *linter) nearest(s, words string) string {
	if len(s) < 3 || len(s) > 32 || l.spelt >= maxSpelt {
		return ""
	}
	l.spelt++
	best, at := "", 3
	if len(s) < 7 {
		at = 2 // short words are near to many
	}
	for w := range strings.SplitSeq(words, " ") {
		if len(w) == len(s) && strings.ReplaceAll(w, "_", "-") == strings.ReplaceAll(s, "_", "-") {
			return ""
		}
		if d := len(w) - len(s); d > -at && d < at && (len(s) > 3 || d > 0) { // three letters are near to many, but of a longer word
			if n := distance(s, w); n < at {
				best, at = w, n
			}
		}
	}
	return best
}

// distance is the number of letters to add, drop or change to make a b; an
// exchange of two neighbours is one.
func distance(a, b string) int {
	var rows [3][34]int
	for j := range rows[0] {
		rows[0][j] = j
	}
	prev, cur, before := &rows[0], &rows[1], &rows[2]
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b) && j < len(cur); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			n := min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				n = min(n, before[j-2]+1)
			}
			cur[j] = n
		}
		prev, cur, before = cur, before, prev
	}
	return prev[min(len(b), len(prev)-1)]
}
