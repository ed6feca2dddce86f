package config

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// coverage is what is read of the public samples of one format.
type coverage struct {
	files, statements, outside int
	foreign                    map[string]int // words that the format does not have, as far as is known
}

// measured reads all samples of configurations.
func measured(t *testing.T) map[Dialect]*coverage {
	all := map[Dialect]*coverage{}
	dir := recordings.Path(t, "configs")
	// Documents that quote configurations are none.
	files(t, dir, func(base string) bool { return base != "README.md" && filepath.Ext(base) != ".md" }, func(p string, b []byte) {
		d := Detect(b)
		if !d.Read() {
			return
		}
		c, err := Parse(p, bytes.NewReader(b), Options{})
		if err != nil {
			t.Errorf("%s: %v", p, err)
			return
		}
		m := all[d]
		if m == nil {
			m = &coverage{foreign: map[string]int{}}
			all[d] = m
		}
		m.files++
		m.statements += c.Units
		count := func(list []Statement) {
			m.outside += len(list)
			for _, s := range list {
				if !s.Word {
					m.foreign[s.Key]++
				}
			}
		}
		count(c.Unknown)
		for i := range c.Connections {
			count(c.Connections[i].Unknown)
			for j := range c.Connections[i].Children {
				count(c.Connections[i].Children[j].Unknown)
			}
		}
	})
	return all
}

// diag/SUPPORT.md says of each format how much of the
// public samples has a place in the model. -update writes it anew.
func TestMatrix(t *testing.T) {
	const readme, begin, end = "../../diag/SUPPORT.md", "<!-- configurations: go test ./ike/config -run TestMatrix -update -->\n", "<!-- /configurations -->\n"
	all := measured(t)
	var b strings.Builder
	b.WriteString("| format | samples | statements | outside the model | of them words that are not known |\n|---|---|---|---|---|\n")
	for _, d := range slices.SortedFunc(maps.Keys(all), func(x, y Dialect) int { return cmp.Compare(x, y) }) {
		m, foreign := all[d], 0
		for word, n := range m.foreign {
			foreign += n
			t.Logf("%s: %q %d times", d, word, n)
		}
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d |\n", d, m.files, m.statements, m.outside, foreign)
	}
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	i, j := bytes.Index(text, []byte(begin)), bytes.Index(text, []byte(end))
	if i < 0 || j < i {
		t.Fatal("diag/SUPPORT.md has no place for the table")
	}
	i += len(begin)
	if got := b.String(); got != string(text[i:j]) {
		if !*update {
			t.Fatalf("the table of diag/SUPPORT.md is not what is read; it should be:\n%s", got)
		}
		if err := os.WriteFile(readme, slices.Concat(text[:i], []byte(got), text[j:]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
