package config

import (
	"fmt"
	"strings"
)

// racoon.conf(5): statements that a semicolon ends, and sections in braces.

// racoonNode is a statement, or a section with what stands in it.
type racoonNode struct {
	words []racoonWord
	subs  []racoonNode
	at    Pos
	block bool // it has braces
}

// racoonWord is a word of a statement, or a text between quotes.
type racoonWord struct {
	text   string
	quoted bool
}

// is reports whether the node begins with the words.
func (n *racoonNode) is(words ...string) bool {
	if len(n.words) < len(words) {
		return false
	}
	for i, w := range words {
		if n.words[i].quoted || n.words[i].text != w {
			return false
		}
	}
	return true
}

// arg returns the word at an index, or nothing.
func (n *racoonNode) arg(i int) string {
	if i < len(n.words) {
		return n.words[i].text
	}
	return ""
}

// from returns the words from an index on, as one text.
func (n *racoonNode) from(i int) string {
	var b strings.Builder
	for _, w := range n.words[min(i, len(n.words)):] {
		if b.Len() > 0 && w.text != "," && !strings.HasPrefix(w.text, "/") {
			b.WriteByte(' ')
		}
		b.WriteString(w.text)
	}
	return b.String()
}

// value makes a setting of the words behind the first n, which are its key.
func (n *racoonNode) value(keyWords int) Value[string] {
	key := make([]string, 0, keyWords)
	for _, w := range n.words[:min(keyWords, len(n.words))] {
		key = append(key, w.text)
	}
	return Value[string]{V: n.from(keyWords), At: n.at, Origin: Written, Key: strings.Join(key, " ")}
}

// racoonLexer cuts a file into nodes.
type racoonLexer struct {
	s    *source
	file string
	text string
	line int
}

// racoonNodes reads a file and what it includes into one list.
func (s *source) racoonNodes(name string, b []byte) []racoonNode {
	l := &racoonLexer{s: s, file: name, text: string(b), line: 1}
	return l.nodes(0)
}

func (l *racoonLexer) pos() Pos { return Pos{l.file, l.line} }

// nodes reads statements up to the brace that ends the section at a depth, or
// the end of the file.
func (l *racoonLexer) nodes(depth int) (out []racoonNode) {
	var n racoonNode
	end := func(ok bool) {
		if len(n.words) == 0 {
			return
		}
		if !ok {
			l.s.problem(n.at, "", fmt.Errorf("%w: a statement without semicolon", ErrSyntax))
		}
		if l.s.unit(n.at) {
			if depth == 0 && n.is("include") && len(n.words) == 2 {
				l.s.recognize(n.at)
				l.s.include(n.arg(1), n.at, func(file string, b []byte) { out = append(out, l.s.racoonNodes(file, b)...) })
			} else {
				out = append(out, n)
			}
		}
		n = racoonNode{}
	}
	for !l.s.full {
		w, fresh := l.next()
		switch {
		case w.text == "" && !w.quoted: // the end
			end(false)
			if depth > 0 {
				l.s.problem(l.pos(), "", ErrUnclosed)
			}
			return out
		case w.quoted:
		case w.text == ";":
			end(true)
			continue
		case w.text == "{":
			if depth >= l.s.lim.Depth {
				l.s.problem(l.pos(), "", ErrTooDeep)
				l.skip()
				n = racoonNode{}
				continue
			}
			if len(n.words) == 0 {
				l.s.problem(l.pos(), "", fmt.Errorf("%w: a section without name", ErrSyntax))
				n.at = l.pos()
			}
			if !l.s.opened(n.at) {
				return out
			}
			n.block = true
			subs := l.nodes(depth + 1)
			if l.s.full {
				return out // what was cut apart is left out
			}
			n.subs = subs
			end(true)
			n = racoonNode{}
			continue
		case w.text == "}":
			end(false)
			if depth == 0 {
				l.s.problem(l.pos(), "", ErrUnopened)
				continue
			}
			return out
		case fresh && len(n.words) > 1 && racoonBegins(w.text):
			end(false) // the semicolon of the line before is missing
		}
		if len(n.words) == 0 {
			n.at = l.pos()
		}
		if len(n.words) < maxRecord {
			n.words = append(n.words, w)
		}
	}
	return out
}

// next returns the next word, and whether it is the first of its line; nothing
// at the end.
func (l *racoonLexer) next() (w racoonWord, fresh bool) {
	fresh = l.line == 1 && len(l.text) > 0
	for l.text != "" {
		switch c := l.text[0]; c {
		case '\n':
			l.line++
			fresh = true
			l.text = l.text[1:]
		case ' ', '\t', '\r':
			l.text = l.text[1:]
		case '#':
			n := strings.IndexByte(l.text, '\n')
			if n < 0 {
				n = len(l.text)
			}
			l.text = l.text[n:]
		case ';', '{', '}', ',':
			l.text = l.text[1:]
			return racoonWord{text: string(c)}, fresh
		case '"':
			n := strings.IndexAny(l.text[1:], "\"\n")
			if n < 0 || l.text[1+n] == '\n' {
				l.s.problem(l.pos(), "", ErrUnterminated)
				if n < 0 {
					n = len(l.text) - 1
				}
				l.text = l.text[1+n:]
				return racoonWord{quoted: true}, fresh
			}
			w = racoonWord{l.text[1 : 1+n], true}
			l.text = l.text[n+2:]
			return w, fresh
		default:
			n := 1
			for n < len(l.text) && strings.IndexByte(" \t\r\n#;{},\"[", l.text[n]) < 0 {
				n++
			}
			w.text, l.text = l.text[:n], l.text[n:]
			return w, fresh
		}
	}
	return racoonWord{}, fresh
}

// skip passes a section whose opening brace was read.
func (l *racoonLexer) skip() {
	for depth := 1; depth > 0; {
		switch w, _ := l.next(); {
		case w.quoted:
		case w.text == "":
			return
		case w.text == "{":
			depth++
		case w.text == "}":
			depth--
		}
	}
}

// racoonBegins reports whether a word begins a statement and can be nothing
// else.
func racoonBegins(w string) bool { return hasWord(racoonFirst, w) }

// racoonFirst are words that statements begin with.
const racoonFirst = "path include privsep timer listen padding log remote sainfo mode_cfg gss_id_enc complex_bundle ldap_cfg radius_cfg " +
	"exchange_mode doi situation my_identifier peers_identifier verify_identifier certificate_type ca_type peers_certfile send_cert send_cr verify_cert match_empty_cr " +
	"lifetime ike_frag esp_frag initial_contact passive proposal_check support_proxy generate_policy nat_traversal natt_multiple_user dpd dpd_delay dpd_retry dpd_maxfail nonce_size " +
	"proposal rekey remote_address script xauth_login weak_phase1_check encryption_algorithm hash_algorithm authentication_method dh_group gss_id pfs_group remoteid " +
	"authentication_algorithm compression_algorithm ph1id shared_secret local_address"
