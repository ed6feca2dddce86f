package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// paths lists the statements of a tree, with what of them is off.
func paths(n *wordNode, above string) (out []string) {
	for _, k := range n.kids {
		p := above + " " + k.word
		if k.off {
			p += "(off)"
		}
		if k.word != "" && (k.ends > 0 || len(k.kids) == 0) {
			out = append(out, fmt.Sprintf("%s@%d", strings.TrimSpace(p), k.line))
		}
		out = append(out, paths(k, p)...)
	}
	return out
}

func words(t *testing.T, text string, style wordStyle) (*wordTree, *Config) {
	t.Helper()
	c := &Config{}
	s := newSource(c, Options{})
	return s.readWords("f", []byte(text), style), c
}

var freeWords = wordStyle{free: true, keep: "security groups apply-groups", others: "system"}

// Braces and set commands are two ways to write one tree.
func TestWordTree(t *testing.T) {
	for _, x := range []struct{ name, text, want string }{
		{"braces", "security {\n ike {\n  policy a {\n   mode main; proposals [ x\n   y ];\n  }\n }\n}\n", "security ike policy a mode main@4 security ike policy a proposals x@4 security ike policy a proposals y@4"},
		{"set", "set security ike policy a mode main\nset security ike policy a proposals [ x y ]\n", "security ike policy a mode main@1 security ike policy a proposals x@2 security ike policy a proposals y@2"},
		{"no semicolons", "security {\n ike\n {\n  mode main\n  time 5\n }\n}\n", "security ike mode main@4 security ike time 5@5"},
		{"comments", "/* one\ntwo */ security { # three\n a b; ## four\n /* five */ c d;\n}\n", "security a b@3 security c d@4"},
		{"quotes", "set security a \"b c;{\" d\nset security e \"f\\\"g\"\n", "security a b c;{ d@1 security e f\"g@2"},
		{"prompts", "[edit]\nroot@gw# set security a b\n{primary:node0}\nroot@gw> show configuration security ike\npolicy p {\n mode main;\n}\n---(more)---\nroot@gw>\n", "security a b@2 security ike policy p mode main@6"},
		{"edit", "edit security ike\nset policy a mode main\nup\nset flow on\ntop\nset security b c\n", "security ike policy a mode main@2 security flow on@4 security b c@6"},
		{"delete", "set security a b\nset security a c\nset security d e\ndelete security a b\ndelete security d\ndelete security z y\n", "security a c@2"},
		{"off", "set security a b\nset security a c\ndeactivate security a b\ndeactivate security a c\nactivate security a c\n", "security a b(off)@1 security a c@2"},
		{"inactive", "security {\n inactive: a {\n  b c;\n }\n d {\n  inactive: e f;\n }\n}\n", "security a(off) b c@3 security d e f(off)@6"},
		{"replace", "security {\n a {\n  b c;\n }\n replace: a {\n  d e;\n }\n}\n", "security a d e@6"},
		{"again", "set security a b\nset security a b\n", "security a b@2"},
		{"glued", "security{ike{policy p{mode main;}}}", "security ike policy p mode main@1"},
		{"others", "system { a b; }\nfoo { c d; }\nset system e f\nset bar g\n", ""},
	} {
		tree, c := words(t, x.text, freeWords)
		if got := strings.Join(paths(&tree.root, ""), " "); got != x.want {
			t.Errorf("%s:\ngot  %s\nwant %s", x.name, got, x.want)
		}
		if len(c.Problems) > 0 {
			t.Errorf("%s: %v", x.name, c.Problems)
		}
	}
}

// A fault costs its line.
func TestWordTreeFaults(t *testing.T) {
	for _, x := range []struct {
		text, want string
		err        error
		line       int
	}{
		{"set security a \"b\nset security c d\n", "security c d@2", ErrUnterminated, 1},
		{"security { a b; }\n}\nsecurity { c d; }\n", "security a b@1 security c d@3", ErrUnopened, 2},
		{"security {\n a {\n  b c;\n", "security a b c@3", ErrUnclosed, 3},
		{"set security a [ b c\nset security d e\n", "security a b@1 security a c@1 security d e@2", nil, 0},
		{"security {\n a [ b c;\n d e;\n}\n", "security a b@2 security a c@2 security d e@3", nil, 0},
		{"set security a b\n/* the rest\nset security c d\n", "security a b@1", ErrUnterminated, 2},
	} {
		tree, c := words(t, x.text, freeWords)
		if got := strings.Join(paths(&tree.root, ""), " "); got != x.want {
			t.Errorf("%q:\ngot  %s\nwant %s", x.text, got, x.want)
		}
		switch {
		case x.err == nil && len(c.Problems) > 0, x.err != nil && (len(c.Problems) != 1 || !errors.Is(c.Problems[0], x.err) || c.Problems[0].Line != x.line):
			t.Errorf("%q: %v", x.text, c.Problems)
		}
	}
}

// Groups are inherited at their places; what is there counts more.
func TestWordGroups(t *testing.T) {
	tree, _ := words(t, `set groups one security ike gateway <*> dpd 10
set groups one security ike gateway a mode main
set groups two security ike gateway <b*> mode aggressive
set groups two security ike gateway <b*> dpd 99
set security ike gateway a mode aggressive
set security ike gateway b address x
set security ike gateway c apply-groups-except one
set security ike apply-groups two
set apply-groups one
`, freeWords)
	tree.inherit()
	gw := tree.root.at("security", "ike", "gateway")
	for path, want := range map[string]string{"a mode": "aggressive written", "a dpd": "10 inherited", "b mode": "aggressive inherited", "b dpd": "99 inherited", "c dpd": " unset"} {
		name, key, _ := strings.Cut(path, " ")
		v := tree.value(gw.at(name), key)
		if got := fmt.Sprint(v.V, " ", v.Origin); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

// At a limit of statements what it may have cut apart is left out.
func TestWordTreeTorn(t *testing.T) {
	text := "set security ike gateway g address 192.0.2.1\nset security ipsec vpn a ike gateway g\nset security ipsec vpn b ike gateway g\n"
	c, err := Parse("f", strings.NewReader(text), Options{Dialect: JuniperSRX, Limits: Limits{Statements: 2}})
	if err != nil || c.AllRead() || len(c.Connections) > 1 {
		t.Errorf("%v %v %d", err, c.AllRead(), len(c.Connections))
	}
	braces := "security { ipsec {\n vpn a {\n  bind-interface st0.0;\n  ike {\n   gateway g;\n   ipsec-policy p;\n } } } }\n"
	c, err = Parse("f", strings.NewReader(braces), Options{Dialect: JuniperSRX, Limits: Limits{Statements: 2}})
	if err != nil || slices.ContainsFunc(c.Connections, func(k Connection) bool { return k.Name == "a" }) {
		t.Errorf("%v: a connection that a limit cut apart is there", err)
	}
}
