package ingest

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
)

// whole returns the content of the input.
func (s *source) whole() (io.ReadCloser, error) {
	if s.input.Open == nil {
		return decoded(inMemory{bytes.NewReader(s.input.Content)})
	}
	r, err := s.input.Open()
	if err != nil {
		return nil, err
	}
	return decoded(r)
}

// inMemory is a content in memory, of which nothing needs to be copied.
type inMemory struct{ *bytes.Reader }

// Close does nothing.
func (inMemory) Close() error { return nil }

// encoded reports whether a content is compressed, or may be in UTF-16, by how it
// begins.
func encoded(b []byte) bool { return compressed(b) || len(b) > 0 && b[0] >= 0xfe }

func compressed(b []byte) bool { return bytes.HasPrefix(b, []byte{0x1f, 0x8b}) }

// decoded returns what r reads, decompressed and in UTF-8.
func decoded(r io.ReadCloser) (io.ReadCloser, error) {
	b := bufio.NewReaderSize(r, 64) // for a look at how it begins
	magic, _ := b.Peek(2)
	if p, ok := r.(io.Seeker); ok && !encoded(magic) {
		if _, err := p.Seek(-int64(b.Buffered()), io.SeekCurrent); err == nil {
			return r, nil // as it is: its end can be read without the rest
		}
	}
	if compressed(magic) {
		z, err := gzip.NewReader(bufio.NewReader(b))
		if err != nil {
			r.Close()
			return nil, err
		}
		b = bufio.NewReader(z)
		magic, _ = b.Peek(2)
	}
	return struct {
		io.Reader
		io.Closer
	}{narrow(b, magic), r}, nil
}
