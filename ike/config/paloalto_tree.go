package config

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// The layouts of a PAN-OS configuration: set commands, the exported XML and the
// braces that show prints say the same tree of words. A value is a word below
// its key, and so are the members of a list.

// paloNode is a word with those below it.
type paloNode struct {
	name  string
	at    Pos
	kids  []*paloNode
	index map[string]*paloNode
	taken bool
	gone  bool // by the command delete
}

// kid returns the node of a name below n, a new one if there is none.
func (n *paloNode) kid(name string, at Pos) *paloNode {
	if k := n.index[name]; k != nil {
		return k
	}
	k := &paloNode{name: name, at: at}
	if n.index == nil {
		n.index = make(map[string]*paloNode)
	}
	n.index[name] = k
	n.kids = append(n.kids, k)
	return k
}

// get returns the node at the end of a path, nil where there is none, and notes
// that all on the way have a place in the model.
func (n *paloNode) get(path ...string) *paloNode {
	for _, p := range path {
		if n == nil {
			return nil
		}
		n.taken = true
		n = n.index[p]
	}
	if n != nil {
		n.taken = true
	}
	return n
}

// braced reports whether the first lines open a brace before one of them is a
// command.
func braced(b []byte) bool {
	for l := range bytes.Lines(b) {
		l = bytes.TrimSpace(l)
		switch {
		case bytes.HasPrefix(l, []byte("set ")) || bytes.Contains(l, []byte("# set ")):
			return false
		case bytes.HasSuffix(l, []byte("{")):
			return true
		}
	}
	return false
}

// Bounds of the words of one setting, and of those that are shown.
const (
	maxPaloList  = 1024
	maxPaloShown = 32
)

// value returns what stands at a path, several words parted by blanks.
func (n *paloNode) value(path ...string) Value[string] {
	v := Value[string]{Key: strings.Join(path, " ")}
	if n == nil {
		return v
	}
	v.At = n.at
	k := n.get(path...)
	if k == nil {
		return v
	}
	v.At, v.Origin = k.at, Written
	var words []string
	for i, w := range k.kids[:min(len(k.kids), maxPaloShown)] {
		w.taken = true
		if i == 0 {
			v.At = w.at
		}
		words = append(words, w.name)
	}
	v.V = strings.Join(words, " ")
	return v
}

// take notes that all below n has a place, or does not matter.
func (n *paloNode) take(depth int) {
	n.taken = true
	for _, k := range n.kids {
		if depth > 0 {
			k.take(depth - 1)
		}
	}
}

// words are the words below a path.
func (n *paloNode) words(path ...string) (out []string) {
	if k := n.get(path...); k != nil {
		for _, w := range k.kids[:min(len(k.kids), maxPaloList)] {
			w.taken = true
			out = append(out, w.name)
		}
	}
	return out
}

// paloReader reads a file into a tree.
type paloReader struct {
	s       *source
	name    string
	root    paloNode
	version string
	deleted bool
}

func (r *paloReader) read(b []byte) {
	t := bytes.TrimLeft(b, " \t\r\n")
	switch {
	case len(t) > 0 && t[0] == '<':
		r.xml(b)
	case braced(t[:min(len(t), detectSize)]):
		r.braces(string(b))
	default:
		r.commands(string(b))
	}
	if r.deleted {
		r.root.sweep()
	}
}

// maxPaloWords bounds the words of one command.
const maxPaloWords = 4096

// words cuts a line into words, of which some stand in quotes.
func paloWords(l string) (out []string) {
	for i := 0; i < len(l) && len(out) < maxPaloWords; {
		switch c := l[i]; {
		case c == ' ' || c == '\t' || c == '\r':
			i++
		case c == '"':
			text, _, _ := strings.Cut(l[i+1:], `"`)
			out = append(out, text)
			i += len(text) + 2
		case c == '{' || c == '}' || c == ';':
			out = append(out, l[i:i+1])
			i++
		default:
			n := strings.IndexAny(l[i:], " \t\r;")
			if n < 0 {
				n = len(l) - i
			}
			out = append(out, l[i:i+n])
			i += n
		}
	}
	return out
}

// commands reads set commands, which a backslash may continue.
func (r *paloReader) commands(text string) {
	line, from, rest := 0, 0, ""
	for l := range strings.Lines(text) {
		line++
		l = strings.TrimRight(l, " \t\r\n")
		if rest == "" {
			from = line
		}
		if joined, ok := strings.CutSuffix(l, "\\"); ok && len(rest) < maxRosText {
			rest += joined + " "
			continue
		}
		l, rest = strings.TrimSpace(rest+l), ""
		if i := strings.IndexAny(l, "#>"); i > 0 && strings.Contains(l[:i], "@") && !strings.HasPrefix(l, "set ") { // admin@PA-220#
			l = strings.TrimSpace(l[i+1:])
		}
		if l == "" || l[0] == '#' || l[0] == '!' {
			continue
		}
		at := Pos{r.name, from}
		if !r.s.unit(at) {
			return
		}
		w := paloWords(l)
		switch {
		case len(w) > 1 && w[0] == "set":
			r.s.recognize(at)
			r.set(w[1:], at)
		case len(w) > 1 && w[0] == "delete":
			r.s.recognize(at)
			r.remove(w[1:])
		case hasWord("configure commit exit show edit top up quit rename move run", w[0]):
			r.s.recognize(at)
		default:
			r.s.problem(at, "", ErrSyntax)
		}
	}
}

// set adds a command's words to the tree. One command may have several
// settings: what follows a value and is a key of an entry further up is that.
func (r *paloReader) set(words []string, at Pos) {
	stack, kinds := []*paloNode{&r.root}, []string{""}
	list := false
	for _, w := range words {
		switch {
		case w == "[" || w == "]":
			if list = w == "["; !list {
				kinds[len(kinds)-1] = paloValue
			}
			continue
		case list:
			stack[len(stack)-1].kid(w, at)
			continue
		}
		if kinds[len(kinds)-1] == paloValue {
			for i := len(stack) - 2; i > 0; i-- {
				if hasWord(paloKeys[kinds[i]], w) {
					stack, kinds = stack[:i+1], kinds[:i+1]
					break
				}
			}
		}
		if len(stack) > r.s.lim.Depth {
			r.s.problem(at, "", ErrTooDeep)
			return
		}
		top := stack[len(stack)-1]
		k := top.kid(w, at)
		kinds = append(kinds, paloKind(top.name, kinds[len(kinds)-1], w))
		stack = append(stack, k)
	}
	stack[len(stack)-1].at = at // what is given again counts where it was given last
}

// paloKeys are the keys of entries and of what has keys below it, by its kind.
var paloKeys = map[string]string{
	"gateway/*": "authentication protocol protocol-common local-address peer-address local-id peer-id disabled ipv6 comment", "authentication": "pre-shared-key certificate", "pre-shared-key": "key",
	"protocol": "ikev1 ikev2 version any number tcp udp", "ikev1": "dpd ike-crypto-profile exchange-mode", "ikev2": "dpd ike-crypto-profile require-cookie", "dpd": "enable interval retry",
	"protocol-common": "nat-traversal passive-mode fragmentation", "nat-traversal": "enable keep-alive-interval udp-checksum-enable", "fragmentation": "enable",
	"local-address": "interface ip floating-ip", "peer-address": "ip fqdn dynamic", "local-id": "type id", "peer-id": "type id matching",
	"ike-crypto-profiles/*": "encryption hash dh-group lifetime authentication-multiple", "ipsec-crypto-profiles/*": "esp ah dh-group lifetime lifesize", "esp": "encryption authentication", "ah": "authentication",
	"ipsec/*": "auto-key manual-key tunnel-monitor tunnel-interface anti-replay anti-replay-window disabled copy-tos copy-flow-label comment enable-gre-encapsulation ipsec-mode ipv6", "auto-key": "ike-gateway ipsec-crypto-profile proxy-id proxy-id-v6",
	"proxy-id/*": "local remote protocol", "tcp": "local-port remote-port", "udp": "local-port remote-port", "lifetime": "seconds minutes hours days", "lifesize": "kb mb gb tb", "tunnel-monitor": "enable destination-ip proxy-id tunnel-monitor-profile",
}

// The kinds of words that have none below them that are known.
const (
	paloKey   = "=key" // its value follows
	paloValue = "=value"
)

// paloKind is the kind of a word below another: an entry by where it stands,
// what has keys by its name.
func paloKind(above, kind, w string) string {
	switch above {
	case "gateway", "ike-crypto-profiles", "ipsec-crypto-profiles", "proxy-id", "ipsec":
		return above + "/*"
	}
	switch {
	case kind == paloKey || kind == paloValue:
		return paloValue
	case kind == "":
		return ""
	case !hasWord(paloKeys[kind], w):
		return paloValue
	case kind != "esp" && kind != "ah" && paloKeys[w] != "": // authentication is a key there
		return w
	}
	return paloKey
}

// remove is the command delete.
func (r *paloReader) remove(words []string) {
	n := &r.root
	for i, w := range words {
		k := n.index[w]
		if k == nil {
			return
		}
		if i == len(words)-1 {
			delete(n.index, w)
			k.gone, r.deleted = true, true
		}
		n = k
	}
}

// sweep drops what was deleted.
func (n *paloNode) sweep() {
	n.kids = slices.DeleteFunc(n.kids, func(k *paloNode) bool { return k.gone })
	for _, k := range n.kids {
		k.sweep()
	}
}

// braces reads what show prints: KEY VALUE; and KEY { ... }.
func (r *paloReader) braces(text string) {
	stack := []*paloNode{&r.root}
	base := []int{1} // lengths of the stack at open braces
	line, list := 0, false
	for l := range strings.Lines(text) {
		line++
		at := Pos{r.name, line}
		t := strings.TrimSpace(l)
		if t == "" || t[0] == '#' {
			continue
		}
		if !r.s.unit(at) {
			return
		}
		r.s.recognize(at)
		for _, w := range paloWords(t) {
			switch {
			case w == "[" || w == "]":
				list = w == "["
			case w == "{":
				if base = append(base, len(stack)); len(base) > r.s.lim.Depth {
					r.s.problem(at, "", ErrTooDeep)
					return
				}
			case w == "}":
				if len(base) > 1 {
					base = base[:len(base)-1]
				}
				stack = stack[:base[len(base)-1]]
			case w == ";":
				stack, list = stack[:base[len(base)-1]], false
			case list:
				stack[len(stack)-1].kid(w, at)
			case len(stack) > r.s.lim.Depth:
			default:
				stack = append(stack, stack[len(stack)-1].kid(w, at))
			}
		}
	}
}

// xml reads an exported configuration: entries by their names, members and text
// as words.
func (r *paloReader) xml(b []byte) {
	d := xml.NewDecoder(bytes.NewReader(b))
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	stack := []*paloNode{&r.root}
	for {
		tok, err := d.Token()
		line, _ := d.InputPos()
		at := Pos{r.name, line}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				r.s.problem(at, "", ErrSyntax)
			} else if len(stack) > 1 {
				r.s.problem(at, "", ErrUnclosed)
			}
			return
		}
		switch x := tok.(type) {
		case xml.StartElement:
			if len(stack) > r.s.lim.Depth {
				r.s.problem(at, "", ErrTooDeep)
				return
			}
			if !r.s.unit(at) {
				return
			}
			r.s.recognize(at)
			top := stack[len(stack)-1]
			name := x.Name.Local
			for _, a := range x.Attr {
				switch {
				case a.Name.Local == "name" && name == "entry":
					name = a.Value
				case name == "config" && (a.Name.Local == "detail-version" || a.Name.Local == "version" && r.version == ""):
					r.version = a.Value
				}
			}
			if name == "member" {
				stack = append(stack, top) // its text is a word of the list
				continue
			}
			stack = append(stack, top.kid(name, at))
		case xml.EndElement:
			if len(stack) > 1 {
				stack = stack[:len(stack)-1]
			}
		case xml.CharData:
			if t := strings.TrimSpace(string(x)); t != "" && len(stack) > 1 {
				stack[len(stack)-1].kid(t, at)
			}
		}
	}
}
