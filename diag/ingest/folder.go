package ingest

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/ikediag/ikediag/diag/observe"
)

// folder is a folder of the operating system that nothing leads out of, links
// neither. It is opened for each file, so that inputs keep none open.
type folder string

// Open opens a file below the folder.
func (d folder) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	return os.OpenInRoot(string(d), filepath.FromSlash(name))
}

// Stat describes a file below the folder without opening it: it may be a pipe.
func (d folder) Stat(name string) (fs.FileInfo, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrInvalid}
	}
	r, err := os.OpenRoot(string(d))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return r.Stat(filepath.FromSlash(name))
}

// folder returns what the files are read from that an input includes.
func (i *Input) folder() observe.Folder {
	return observe.Folder{FS: i.Folder, File: i.File, Path: i.FolderPath}
}

// key names the file that an input is; it is empty for an input that is none.
func (i *Input) key() string {
	if i.Folder == nil {
		return ""
	}
	return i.keyOf(i.Name)
}

// keyOf names a file that the input includes.
func (i *Input) keyOf(name string) string {
	before, ok := strings.CutSuffix(i.Name, i.File)
	if rest, below := strings.CutPrefix(name, before); ok && below && i.FolderPath != "" {
		name = path.Join(i.FolderPath, rest)
	}
	return i.Gateway + "\x00" + name
}
