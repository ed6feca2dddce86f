package state

import (
	"fmt"
	"strings"
	"testing"
)

// What settings mean: an interface's filter is the stricter of its own and of
// all, in the kernel's order.
func TestSettings(t *testing.T) {
	for text, want := range map[string]string{
		"net.ipv4.ip_forward = 1\n":                                                         "true true 0 false",
		"net.ipv4.conf.all.forwarding=0\nnet.ipv4.conf.all.rp_filter=1\n":                   "false true 1 true",
		"net.ipv4.conf.all.rp_filter = 1\nnet.ipv4.conf.eth0.rp_filter = 2\n":               "false false 0 true",
		"net.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.eth0.rp_filter = 1\n":               "false false 1 true",
		"net.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.default.rp_filter = 1\n":            "false false 0 true",
		"net/ipv4/conf/all/rp_filter=1\nnet/ipv4/conf/eth1/rp_filter=0\n# a remark\nand so": "false false 1 true",
	} {
		st, err := Parse("s", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		on, _, known := st.Forwards()
		strict, filters := st.StrictReversePath()
		if got := fmt.Sprint(on, known, len(strict), filters); got != want || strings.HasSuffix(text, "so") != (len(st.Unknown) == 1) {
			t.Errorf("%q: %s, want %s (unknown %v)", text, got, want, st.Unknown)
		}
	}
}

// Whose a kernel's listing is: by its policies, by what its SAs have counted,
// by the direction that newer kernels print, and by windows that only
// receivers have.
func TestEnds(t *testing.T) {
	const out, in = "src 192.0.2.1 dst 192.0.2.2\n\tproto esp spi 0x1 reqid 1 mode tunnel\n", "src 192.0.2.2 dst 192.0.2.1\n\tproto esp spi 0x2 reqid 1 mode tunnel\n"
	window := func(n int) string { return fmt.Sprintf("\treplay-window %d \n", n) }
	counts := func(seq, oseq int) string {
		return fmt.Sprintf("\tanti-replay context: seq 0x%x, oseq 0x%x, bitmap 0x00000000\n", seq, oseq)
	}
	for name, test := range map[string]struct{ text, own, peers string }{
		"sent":        {out + counts(0, 3) + in + counts(0, 0), "[192.0.2.1]", "[192.0.2.2]"},
		"received":    {out + counts(0, 0) + in + counts(3, 0), "[192.0.2.1]", "[192.0.2.2]"},
		"dropped":     {out + in + "\tstats:\n\t  replay-window 7 replay 0 failed 0\n", "[192.0.2.1]", "[192.0.2.2]"},
		"printed":     {out + "\tdir out\n" + in + "\tdir in\n", "[192.0.2.1]", "[192.0.2.2]"},
		"windows":     {out + window(0) + in + window(32), "[192.0.2.1]", "[192.0.2.2]"},
		"like":        {out + window(32) + in + window(32), "[]", "[]"},
		"nothing":     {out + in, "[]", "[]"},
		"contradicts": {out + counts(0, 3) + in + counts(0, 3), "[]", "[]"},
		"policies": {"src 10.1.0.0/24 dst 10.2.0.0/24\n\tdir in priority 1\n\ttmpl src 192.0.2.2 dst 192.0.2.1\n\t\tproto esp reqid 1 mode tunnel\n",
			"[192.0.2.1]", "[192.0.2.2]"},
		"transport": {"src 192.0.2.1/32 dst 192.0.2.2/32\n\tdir out priority 1\n\ttmpl src 0.0.0.0 dst 0.0.0.0\n\t\tproto esp reqid 1 mode transport\n",
			"[192.0.2.1]", "[192.0.2.2]"},
		"trap": {"src 10.1.0.0/24 dst 0.0.0.0/0\n\tdir out priority 1\n\ttmpl src 192.0.2.1 dst 0.0.0.0\n\t\tproto esp reqid 1 mode tunnel\n", "[]", "[]"},
	} {
		st, err := Parse(name, strings.NewReader(test.text))
		if err != nil {
			t.Fatal(name, err)
		}
		own, peers := st.Ends()
		if fmt.Sprint(own) != test.own || fmt.Sprint(peers) != test.peers {
			t.Errorf("%s: %v and %v, want %s and %s", name, own, peers, test.own, test.peers)
		}
	}
}
