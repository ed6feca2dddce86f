package config

import (
	"fmt"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// ipsec.secrets(5) of strongSwan and libreswan: records of identities, a
// colon, the kind of the secret and the secret. A record begins at the start
// of a line and may go on in indented lines. No text of the file goes into an
// error: a line that is not understood may be a key.

// secretsParser reads the records of one file.
type secretsParser struct {
	s    *source
	d    ike.Dialect
	file string
}

// maxRecord bounds the words that are read of a line and kept of a record.
const maxRecord = 512

// secretToken is a word of a record, or a text between quotes.
type secretToken struct {
	text   string
	quoted bool
	at     Pos
}

func (s *source) secretsFile(name string, b []byte, d ike.Dialect) {
	s.c.SecretsRead = true
	if f := s.file(name); f != nil {
		f.Secrets = true
	}
	p := &secretsParser{s: s, d: d, file: name}
	var rec []secretToken
	brace, done := 0, true // done: rec needs no more words
	text, line := string(b), 0
	for text != "" && !s.full {
		var l string
		l, text, _ = strings.Cut(text, "\n")
		line++
		l = strings.TrimRight(l, "\r")
		toks, ok := secretTokens(l, Pos{name, line})
		if !ok {
			p.record(rec)
			rec, brace, done = nil, 0, true
			s.unit(Pos{name, line})
			s.problem(Pos{name, line}, "", ErrUnterminated)
			continue
		}
		if len(toks) == 0 {
			continue
		}
		indented := l[0] == ' ' || l[0] == '\t'
		fresh := !indented || done && startsRecord(toks)
		if fresh && brace <= 0 {
			p.record(rec)
			rec, done = nil, true
		}
		for _, t := range toks {
			if !t.quoted && t.text == "{" {
				brace++
			} else if !t.quoted && t.text == "}" {
				brace--
			}
		}
		if len(rec) < maxRecord {
			rec = append(rec, toks...)
			done = complete(rec)
		}
	}
	p.record(rec)
}

// secretTokens splits a line. A word in quotes keeps its blanks; # begins a
// comment at the start and after white space.
func secretTokens(l string, at Pos) (out []secretToken, ok bool) {
	for i := 0; i < len(l) && len(out) < maxRecord; {
		switch c := l[i]; c {
		case ' ', '\t':
			i++
		case '#':
			return out, true
		case '"', '\'':
			n := strings.IndexByte(l[i+1:], c)
			if n < 0 {
				return out, false
			}
			out = append(out, secretToken{l[i+1 : i+1+n], true, at})
			i += n + 2
		default:
			n := strings.IndexAny(l[i:], " \t")
			if n < 0 {
				n = len(l) - i
			}
			out = append(out, secretToken{l[i : i+n], false, at})
			i += n
		}
	}
	return out, true
}

// secretWord returns the kind that a word of the format names.
func secretWord(s string) (SecretKind, bool) {
	switch strings.ToUpper(s) {
	case "PSK":
		return SecretPSK, true
	case "XAUTH":
		return SecretXAuth, true
	case "EAP", "NTLM":
		return SecretEAP, true
	case "RSA", "ECDSA", "BLISS", "PKCS8", "P12", "PRIVATE":
		return SecretPrivateKey, true
	case "PIN":
		return SecretPIN, true
	case "PPK", "PPKS":
		return SecretOther, true
	}
	return SecretOther, false
}

// colon finds the separator: a colon of its own, one that ends an identity or
// one that begins the kind. It returns the index of the identity list's end,
// that of the kind, and the kind's word.
func colon(rec []secretToken) (ids []secretToken, kind int, word string, spaced, ok bool) {
	for i, t := range rec {
		if t.quoted {
			continue
		}
		if t.text == ":" && i+1 < len(rec) {
			return rec[:i], i + 1, rec[i+1].text, true, true
		}
		if w, found := strings.CutPrefix(t.text, ":"); found {
			if _, known := secretWord(w); known {
				return rec[:i], i, w, i == 0, true
			}
		}
		if id, found := strings.CutSuffix(t.text, ":"); found && i+1 < len(rec) {
			if _, known := secretWord(rec[i+1].text); known {
				ids = append(append(ids, rec[:i]...), secretToken{id, false, t.at})
				return ids, i + 1, rec[i+1].text, false, true
			}
		}
	}
	return nil, 0, "", false, false
}

// complete reports whether a record needs no more words.
func complete(rec []secretToken) bool {
	_, kind, _, _, ok := colon(rec)
	return !ok && len(rec) == 0 || ok && kind+1 < len(rec)
}

// startsRecord reports whether the words of an indented line are a record of
// their own.
func startsRecord(toks []secretToken) bool {
	_, _, w, _, ok := colon(toks)
	if !ok {
		return false
	}
	_, known := secretWord(w)
	return known
}

// record reads one record.
func (p *secretsParser) record(rec []secretToken) {
	if len(rec) == 0 || !p.s.unit(rec[0].at) {
		return
	}
	at := rec[0].at
	if rec[0].text == "include" && !rec[0].quoted && len(rec) == 2 {
		p.s.recognize(at)
		p.s.include(rec[1].text, at, func(file string, b []byte) { p.s.secretsFile(file, b, p.d) })
		return
	}
	ids, k, word, spaced, ok := colon(rec)
	if !ok {
		p.s.problem(at, "", fmt.Errorf("%w: a record without colon", ErrSyntax))
		return
	}
	kind, known := secretWord(word)
	if !known {
		p.s.problem(at, "", fmt.Errorf("%w: no known kind of secret", ErrSyntax))
		return
	}
	if !spaced && p.d == ike.DialectStrongSwan {
		// It is kept: what was meant is clear, and the problem is named.
		p.s.problem(at, "", fmt.Errorf("%w: the colon needs a blank on either side", ErrSyntax))
	}
	e := SecretEntry{Kind: kind, Name: strings.ToUpper(word), At: at}
	for _, t := range ids {
		e.OwnerText = append(e.OwnerText, t.text)
		e.Owners = append(e.Owners, ike.ParseIdentity(t.text, p.d))
	}
	if p.secret(&e, rec[k+1:]) {
		p.s.recognize(at)
		p.s.c.Secrets = append(p.s.c.Secrets, e)
	}
}

// secret reads what follows the kind.
func (p *secretsParser) secret(e *SecretEntry, args []secretToken) bool {
	switch e.Kind {
	case SecretPrivateKey, SecretPIN:
		if len(args) > 0 && (args[0].text != "{" || args[0].quoted) {
			e.File = args[0].text
			args = args[1:]
			if len(args) > 0 && args[0].text != "%prompt" {
				e.set(written(args[0].at, e.Name, []byte(args[0].text)), spelling(args[0]))
			}
		}
		return true // a key in braces is not kept: nothing here needs it
	}
	if e.Kind == SecretOther && len(args) > 1 {
		args = args[1:] // the name of a post-quantum key
	}
	if len(args) == 0 {
		p.s.problem(e.At, e.Name, wrong("an entry without secret"))
		return false
	}
	t := args[0]
	if t.quoted {
		e.set(written(t.at, e.Name, []byte(t.text)), Quoted)
		return true
	}
	b, how, ok := decodeSecret(t.text)
	if p.d == ike.DialectLibreswan && how == Plain {
		if text, tagged := strings.CutPrefix(t.text, "0t"); tagged {
			b = []byte(text)
		} else {
			p.s.problem(t.at, e.Name, wrong("a secret without quotes"))
			return false
		}
	}
	if !ok {
		p.s.problem(t.at, e.Name, wrong("a "+how.String()+" secret"))
		return false
	}
	e.set(written(t.at, e.Name, b), how)
	return true
}

func written(at Pos, key string, b []byte) Value[ike.Secret] {
	return Value[ike.Secret]{V: ike.NewSecret(b), At: at, Origin: Written, Key: key}
}

func spelling(t secretToken) Spelling {
	if t.quoted {
		return Quoted
	}
	return Plain
}
