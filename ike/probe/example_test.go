package probe_test

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/ikediag/ikediag/ike/probe"
)

// Whether a gateway's port answers, with no more datagrams than were announced.
// This one is an address of the host's own, on whose port 500 nothing listens
// unless a daemon runs here.
func ExampleAsk() {
	plan := probe.Plan{Gateway: netip.MustParseAddr("127.0.0.73"), Questions: []probe.Question{probe.Port500}, Wait: 10 * time.Millisecond}
	fmt.Println("at most:", plan.Most())

	r, err := probe.Ask(context.Background(), plan)
	if err != nil {
		fmt.Println(err)
		return
	}
	a, _ := r.Of(probe.Port500)
	fmt.Println("no more:", r.Sent <= plan.Most(), "asked:", a.Question)
	// Output:
	// at most: 4
	// no more: true asked: port-500
}

// The transforms that a plan offers, in the words of configurations.
func ExampleParseTransform() {
	t, ok := probe.ParseTransform("aes256-sha256-modp2048")
	fmt.Println(ok, t.Cipher, t.KeyLength, t.Hash, t.Group)
	// Output: true AES-CBC 256 SHA2-256 MODP-2048
}
