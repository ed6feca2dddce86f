// Compare-configs tells what the configurations of two gateways want that does
// not fit together, in whatever formats they are.
//
//	go run ./examples/compare-configs [-all] ONE OTHER
//
// Two firewalls to try it on lie in testdata/asa and testdata/fortigate.
//
// ONE and OTHER are a configuration each, or a folder with one and its secrets.
// Of each tunnel that both know it lists the settings that differ, each with
// file and line; -all adds what is merely worth knowing, and what is odd about
// one configuration by itself. Keys are compared and never shown.
//
// The exit status is 0 when everything fits, 1 when something does not, and 2
// when a file could not be read.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/config"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("compare-configs", flag.ContinueOnError)
	flags.SetOutput(stderr)
	all := flags.Bool("all", false, "list what does no harm, and what is odd about one configuration by itself")
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: compare-configs [-all] ONE OTHER")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil || flags.NArg() != 2 {
		if err == nil {
			flags.Usage()
		}
		return 2
	}
	var ends [2]*config.Config
	status := 0
	for i := range ends {
		c, err := load(flags.Arg(i))
		if err != nil {
			fmt.Fprintln(stderr, "compare-configs:", diag.Clean(err.Error(), 400))
			return 2
		}
		for _, p := range c.Problems {
			fmt.Fprintln(stderr, "compare-configs:", diag.Clean(p.Error(), 400))
			status = 2
		}
		ends[i] = c
	}
	p := printer{w: stdout, all: *all}
	p.compare(ends[0], ends[1])
	if *all {
		p.lint(ends[0])
		p.lint(ends[1])
	}
	if p.wrong && status == 0 {
		status = 1
	}
	return status
}
