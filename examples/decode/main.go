// Decode prints the IKE, ESP and AH packets of recordings.
//
//	go run ./examples/decode [-format text|tsv|json] FILE...
//
// Each FILE is a pcap or pcapng file, gzipped or not, or tcpdump's text; "-" is
// standard input. The formats are
//
//   - text: one line a packet, with the payloads of messages below it;
//   - json: one JSON object a packet, one a line;
//   - tsv: a header line and one line a frame, with the columns that tshark
//     prints under these names, written as it writes them.
//
// The exit status is 0 when done and 2 when a FILE could not be read to its
// end; what was read of it is printed.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"

	"github.com/ikediag/ikediag/diag/capture"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// printer writes frames in one format.
type printer interface {
	// frame writes one; the frames of a file come in order.
	frame(w *bufio.Writer, file string, f *frame) error
	// begin writes what stands before the first.
	begin(w *bufio.Writer) error
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("decode", flag.ContinueOnError)
	flags.SetOutput(stderr)
	format := flags.String("format", "text", "output `format`: text, tsv or json")
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: decode [-format text|tsv|json] FILE...")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	var p printer
	switch *format {
	case "text":
		p = textPrinter{}
	case "tsv":
		p = tsvPrinter{}
	case "json":
		p = jsonPrinter{}
	default:
		fmt.Fprintf(stderr, "decode: -format: %s is none of text, tsv, json\n", strconv.QuoteToASCII(*format))
		return 2
	}
	if flags.NArg() == 0 {
		flags.Usage()
		return 2
	}
	w := bufio.NewWriter(stdout)
	status := 0
	complain := func(name string, err error) {
		fmt.Fprintf(stderr, "decode: %s: %v\n", strconv.QuoteToGraphic(name), err)
		status = 2
	}
	if err := p.begin(w); err != nil {
		complain("output", err)
	}
	for _, name := range flags.Args() {
		if err := decodeFile(w, p, name, stdin); err != nil {
			complain(name, err)
		}
	}
	if err := w.Flush(); err != nil {
		complain("output", err)
	}
	return status
}

// decodeFile prints one file, as far as it can be read.
func decodeFile(w *bufio.Writer, p printer, name string, stdin io.Reader) error {
	src := stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }() // nothing was written
		src = f
	}
	r, err := capture.NewReader(src, capture.Options{})
	if err != nil {
		return err
	}
	err = printFrames(w, p, name, r)
	if err == nil && r.Coverage().CutEnd {
		err = errors.New("the file ends in the middle of a record")
	}
	return err
}

// printFrames prints what a file has up to its end or its fault. Datagrams with
// missing fragments come late, so that what is printed of each frame is kept
// until it can be put in order.
func printFrames(w *bufio.Writer, p printer, name string, r *capture.Reader) error {
	type printed struct {
		number int
		text   string
	}
	var all []printed
	var failed error
	var buf bytes.Buffer
	one := bufio.NewWriter(&buf)
	cut := pieces{}
	for d, err := range r.All() {
		if err != nil {
			failed = err
			break
		}
		f, ok := newFrame(r, d, cut)
		if !ok {
			continue
		}
		buf.Reset()
		if err := errors.Join(p.frame(one, name, &f), one.Flush()); err != nil {
			return err
		}
		all = append(all, printed{f.number, buf.String()})
	}
	slices.SortStableFunc(all, func(a, b printed) int { return a.number - b.number })
	for _, f := range all {
		if _, err := w.WriteString(f.text); err != nil {
			return err
		}
	}
	return failed
}
