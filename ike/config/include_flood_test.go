package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"strings"
	"testing"
)

// heap returns how much memory is in use.
func heap() uint64 {
	var s runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}

// repeated is a text of n lines, with the number of each in the place of $.
func repeated(n int, line string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(line, "$", fmt.Sprint(i)))
	}
	return b.String()
}

// TestIncludeFlood: configurations that include each other, themselves, a great
// many files or none that is there take no more memory than the limits say,
// whatever the format.
func TestIncludeFlood(t *testing.T) {
	lines := 60_000
	if testing.Short() {
		lines = 20_000
	}
	file := func(name, text string) Included {
		return Included{Name: name, Reader: io.NopCloser(strings.NewReader(text))}
	}
	many := func(n int, name, text string) (all []Included) {
		for i := range n {
			all = append(all, file(fmt.Sprintf(name, i), text))
		}
		return all
	}
	for _, x := range []struct {
		name  string
		text  string
		give  func(pattern string) ([]Included, error)
		files int // that may be read
	}{
		{"not there", repeated(lines, "include x$.conf\n"), func(string) ([]Included, error) { return nil, fs.ErrNotExist }, 0},
		{"outside", repeated(lines, "include ../x$.conf\n"), func(string) ([]Included, error) { return nil, ErrOutside }, 0},
		{"nobody to ask", repeated(lines, "include x$.conf\n"), nil, 0},
		{"pipes by a pattern", repeated(lines/100, "include *.conf\n"), func(string) (all []Included, err error) {
			for i := range 200 {
				all = append(all, Included{Name: fmt.Sprintf("pipe%d.conf", i), Err: ErrSpecial})
			}
			return all, nil
		}, 0},
		{"empty files", repeated(lines/10, "include x$.conf\n"), func(p string) ([]Included, error) { return []Included{file(p, "")}, nil }, 1 << 14},
		{"a pattern of many", "include *.conf\n", func(string) ([]Included, error) { return many(lines/10, "x%d.conf", "# nothing\n"), nil }, 1 << 14},
		{"each other", "include *.conf\n", func(string) ([]Included, error) { return many(40, "x%d.conf", "include *.conf\n"), nil }, 1 << 14},
		{"itself", repeated(lines, "include f\n"), func(string) ([]Included, error) { return []Included{file("f", "")}, nil }, 0},
		{"ever deeper", "include x\n", func(p string) ([]Included, error) { return []Included{file(p+"x", "include "+p+"x\n")}, nil }, 1 << 14},
		{"larger than allowed", "include x\n", func(string) ([]Included, error) {
			return []Included{{Name: "x", Reader: io.NopCloser(io.LimitReader(zeros{}, 1<<40))}}, nil
		}, 1},
	} {
		for _, dialect := range []Dialect{Swanctl, Libreswan, IPsecSecrets, Racoon} {
			text := x.text
			if dialect == Racoon {
				text = strings.ReplaceAll(text, "include ", "include \"")
				text = strings.ReplaceAll(text, "\n", "\";\n")
			}
			o := Options{Dialect: dialect}
			if x.give != nil {
				o.Include = func(pattern string, _ Pos) ([]Included, error) {
					all, err := x.give(pattern)
					if dialect == Racoon {
						for i := range all {
							if r, ok := all[i].Reader.(io.Reader); ok && r != nil {
								b, _ := io.ReadAll(io.LimitReader(r, 1<<10))
								if s := string(b); strings.HasPrefix(s, "include ") {
									all[i].Reader = io.NopCloser(strings.NewReader("include \"" + strings.TrimSpace(s[8:]) + "\";\n"))
								} else {
									all[i].Reader = io.NopCloser(io.MultiReader(strings.NewReader(s), r))
								}
							}
						}
					}
					return all, err
				}
			}
			before := heap()
			c, err := Parse("f", strings.NewReader(text), o)
			if err != nil {
				t.Fatalf("%s, %s: %v", x.name, dialect, err)
			}
			used := int64(heap()) - int64(before)
			if used > 8<<20 || len(c.Files) > x.files || len(c.Includes) > 1<<14 || len(c.Problems) > 1000 {
				t.Errorf("%s, %s: %d KiB, %d files, %d includes, %d problems", x.name, dialect, used>>10, len(c.Files), len(c.Includes), len(c.Problems))
			}
			if x.name != "nobody to ask" && c.AllRead() && len(c.Includes) == 1<<14 {
				t.Errorf("%s, %s: nothing is said of what was not read", x.name, dialect)
			}
			for _, e := range c.Cut {
				if !errors.Is(e, ErrTooMany) && !errors.Is(e, ErrTooDeep) && !errors.Is(e, ErrCycle) && !errors.Is(e, ErrTooLarge) && !errors.Is(e, ErrInclude) {
					t.Errorf("%s, %s: %v", x.name, dialect, e)
				}
			}
			runtime.KeepAlive(c)
		}
	}
}

// zeros is a file of blanks without end.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}
