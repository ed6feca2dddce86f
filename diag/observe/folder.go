package observe

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike/config"
)

// Folder is what the files are read from that a configuration includes. The
// zero Folder has none. What FS opens decides what can be read: it must not
// lead out of the folder, over links neither.
type Folder struct {
	FS fs.FS
	// File is the configuration's own name in FS.
	File string
	// Path is the absolute path of FS, with slashes, where it has one: an
	// include by an absolute path is read if it lies below.
	Path string
}

// Limits of what the patterns of a configuration may cost together.
const (
	maxFolders = 1 << 14 // that are listed
	maxEntries = 1 << 20 // that are looked at
)

// opener returns what reads the includes of a configuration that is called
// name: config.Options.Include. Included files are called by their place in
// the same folder.
func (f Folder) opener(name string) func(string, config.Pos) ([]config.Included, error) {
	if f.FS == nil {
		return nil
	}
	before, ok := strings.CutSuffix(name, f.File)
	if !ok {
		before = path.Join(path.Dir(name), "x")
		before = before[:len(before)-1]
	}
	files := map[string]string{name: f.File} // names in FS by what they are called
	b := &bounded{FS: f.FS, folders: maxFolders, entries: maxEntries}
	return func(pattern string, from config.Pos) ([]config.Included, error) {
		p, ok := f.within(pattern, files[from.File])
		if !ok {
			return nil, config.ErrOutside
		}
		matches, err := b.glob(p)
		if err != nil {
			return nil, err
		}
		var out []config.Included
		for _, m := range matches {
			i := config.Included{Name: before + m}
			info, err := fs.Stat(f.FS, m)
			switch {
			case err != nil:
				i.Err = refused(err)
			case info.IsDir() && m != p:
				continue
			case !info.Mode().IsRegular():
				i.Err = config.ErrSpecial
			default:
				files[i.Name] = m
				i.Reader = &lazyFile{fs: f.FS, name: m}
			}
			out = append(out, i)
		}
		if len(out) == 1 && matches[0] == p && out[0].Err != nil {
			return nil, out[0].Err // the statement itself names it
		}
		return out, nil
	}
}

// within returns what a pattern in a file is in FS; false where it leads out
// of it. A relative one counts from the file that it stands in.
func (f Folder) within(pattern, from string) (string, bool) {
	if !path.IsAbs(pattern) {
		p := path.Join(path.Dir(from), pattern)
		return p, p != ".." && !strings.HasPrefix(p, "../")
	}
	p, ok := strings.CutPrefix(path.Clean(pattern), strings.TrimSuffix(f.Path, "/")+"/")
	return p, ok && f.Path != ""
}

// glob returns the names that a pattern stands for, sorted; one without any of
// a pattern's characters stands for itself. Nothing in a folder that is there
// is no error; a folder that is not there is.
func (b *bounded) glob(p string) ([]string, error) {
	i := strings.IndexAny(p, `*?[`)
	if i < 0 {
		return []string{p}, nil
	}
	dir := path.Dir(p[:i] + "x")
	info, err := fs.Stat(b.FS, dir)
	switch {
	case err != nil:
		return nil, refused(err)
	case !info.IsDir():
		return nil, fs.ErrNotExist
	}
	out, err := fs.Glob(b, strings.ReplaceAll(p, "[!", "[^"))
	switch {
	case err != nil:
		return nil, fs.ErrNotExist // no pattern, and no such file
	case b.folders < 0 || b.entries < 0:
		return nil, config.ErrTooMany
	}
	out = slices.DeleteFunc(out, func(name string) bool { return hidden(p, name) })
	slices.Sort(out)
	return out, nil
}

// hidden reports whether a name has a part that begins with a dot where the
// pattern has none, which a shell's patterns do not match.
func hidden(pattern, name string) bool {
	for name != "" {
		var x, y string
		x, pattern, _ = strings.Cut(pattern, "/")
		y, name, _ = strings.Cut(name, "/")
		if strings.HasPrefix(y, ".") && !strings.HasPrefix(x, ".") {
			return true
		}
	}
	return false
}

// refused tells apart why a file cannot be read. A folder that is no place to
// leave refuses what is not missing and not forbidden.
func refused(err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return err
	}
	return config.ErrOutside
}

// bounded is a file system of which only so much may be listed.
type bounded struct {
	fs.FS
	folders, entries int
}

// ReadDir lists a folder, and nothing else.
func (b *bounded) ReadDir(name string) ([]fs.DirEntry, error) {
	if b.folders--; b.folders < 0 || b.entries < 0 {
		return nil, config.ErrTooMany
	}
	if info, err := fs.Stat(b.FS, name); err != nil || !info.IsDir() {
		return nil, fs.ErrNotExist
	}
	list, err := fs.ReadDir(b.FS, name)
	b.entries -= len(list)
	return list, err
}

// Stat is that of the file system.
func (b *bounded) Stat(name string) (fs.FileInfo, error) { return fs.Stat(b.FS, name) }

// lazyFile is opened when it is read, so that a pattern of many files keeps
// few open.
type lazyFile struct {
	fs   fs.FS
	name string
	f    fs.File
}

func (l *lazyFile) Read(b []byte) (n int, err error) {
	if l.f == nil {
		if l.f, err = l.fs.Open(l.name); err != nil {
			return 0, err
		}
	}
	return l.f.Read(b)
}

func (l *lazyFile) Close() error {
	if l.f == nil {
		return nil
	}
	return l.f.Close()
}
