package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"
)

// pause is how long a file that has nothing new is left alone.
const pause = 200 * time.Millisecond

// follow copies a file as it grows. Where another file takes its name, or it is
// cut, reading goes on from the beginning of that.
func follow(ctx context.Context, name string, w io.Writer) error {
	var f *os.File
	defer func() { f.Close() }()
	var at int64
	for {
		if f == nil {
			g, err := os.Open(name)
			switch {
			case err == nil:
				f, at = g, 0
			case !errors.Is(err, fs.ErrNotExist):
				return err
			}
		}
		if f != nil {
			n, err := io.Copy(w, f)
			if err != nil {
				return err
			}
			at += n
			if replaced(f, name, at) {
				f.Close()
				f = nil
				continue
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
}

// replaced reports whether the name is another file's by now, or the file is
// shorter than what was read of it.
func replaced(f *os.File, name string, at int64) bool {
	now, err := os.Stat(name)
	if err != nil {
		return false // between two files
	}
	mine, err := f.Stat()
	return err == nil && (!os.SameFile(mine, now) || now.Size() < at)
}
