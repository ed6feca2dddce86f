// Live-capture watches an interface of a gateway and tells of each tunnel when
// it fails, why, and when it recovers. It runs on Linux, and wants the right to
// open packet sockets (root, or CAP_NET_RAW).
//
//	go run ./examples/live-capture [-every 10s] INTERFACE
//
// A filter in the kernel leaves only what concerns IPsec. What the daemons log
// tells more than packets alone: see examples/tail-monitor, and give both to one
// engine.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/ikediag/ikediag/diag"
)

func main() {
	every := flag.Duration("every", 10*time.Second, "how often what has changed is told")
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := watch(flag.Arg(0), *every); err != nil {
		fmt.Fprintln(os.Stderr, "live-capture:", diag.Clean(err.Error(), 400))
		os.Exit(2)
	}
}
