package state

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/ike"
)

func TestXfrmMonitor(t *testing.T) {
	st := parse(t, `src 192.0.2.1 dst 192.0.2.2
	proto esp spi 0x000000a1 reqid 1 mode tunnel
	enc cbc(aes) 0x00112233445566778899aabbccddeeff
Timestamp: Sat Nov 21 09:46:30 2026 714611 usec
Updated src 192.0.2.2 dst 192.0.2.1
	proto esp spi 0x000000a2 reqid 1 mode tunnel
[2026-11-21T09:46:31.000001] [nsid current]src 10.1.0.0/24 dst 10.2.0.0/24 
	dir out priority 1 ptype main 
	tmpl src 192.0.2.1 dst 192.0.2.2
		proto esp spi 0x000000a1 reqid 1 mode tunnel
[nsid 3]Async event  (0x20)  timer expired 
	src 192.0.2.1 dst 192.0.2.2  reqid 0x1 protocol esp  SPI 0xa1
acquire proto esp 
  sel src 10.1.0.1/32 dst 10.2.0.1/32 
  policy src 10.1.0.0/24 dst 10.2.0.0/24 
    dir out priority 1 ptype main 
Mapping change 192.0.2.2:4500 -> 192.0.2.9:1024
	dst 192.0.2.1  reqid 0x1 protocol esp  SPI 0xa2
Expired src 192.0.2.2 dst 192.0.2.1
	proto esp spi 0x000000a2 reqid 1 mode tunnel
	hard 0
Expired src 192.0.2.1 dst 192.0.2.2
	proto esp spi 0x000000a1 reqid 1 mode tunnel
	hard 1
Deleted src 10.1.0.0/24 dst 10.2.0.0/24 
	dir in priority 1 ptype main 
something new
	and more
`)
	if st.Format != XfrmMonitor || len(st.Events) != 9 || len(st.Kernel) != 1 || len(st.Policies) != 1 || len(st.Unknown) != 2 {
		t.Fatalf("%v %d events, %d SAs, %d policies, unknown %v", st.Format, len(st.Events), len(st.Kernel), len(st.Policies), st.Unknown)
	}
	e := st.Events
	for i, w := range []struct{ got, want any }{
		{e[0].Kind, EventAdded}, {e[0].Time.IsZero(), true}, {e[0].SA.CipherKey.Len(), 16},
		{e[1].Kind, EventUpdated}, {e[1].Time.Format("15:04:05.000000"), "09:46:30.714611"}, {st.Kernel[0].SPI, uint32(0xa2)},
		{e[2].Policy.Dir, DirOut}, {e[2].Time.Format("15:04:05.000000"), "09:46:31.000001"},
		{e[3].Kind, EventAsync}, {e[3].SA.SPI, uint32(0xa1)}, {e[3].SA.Protocol, ike.ProtocolESP}, {e[3].Text, "(0x20) timer expired"},
		{e[4].Kind, EventAcquire}, {e[4].SA.Selector, "src 10.1.0.1/32 dst 10.2.0.1/32"},
		{e[5].Kind, EventMapping}, {e[5].SA.SPI, uint32(0xa2)}, {e[6].Hard, false}, {e[7].Hard, true}, {e[8].Kind, EventDeleted},
	} {
		if w.got != w.want {
			t.Errorf("%d: got %v, want %v", i, w.got, w.want)
		}
	}
	for _, s := range []string{fmt.Sprintf("%+v", e[0].SA), fmt.Sprintf("%#v", *e[0].SA)} {
		if strings.Contains(s, "00112233") {
			t.Error("a key shows")
		}
	}
	if st := parse(t, "src 192.0.2.1 dst 192.0.2.2\n\tproto esp spi 0x000000a1 reqid 1 mode tunnel\nsrc 10.1.0.0/24 dst 10.2.0.0/24\n\tdir in priority 1\nFlushed state proto esp\nFlushed policy ptype main \n"); len(st.Kernel)+len(st.Policies) != 0 || len(st.Events) != 4 {
		t.Errorf("after a flush: %+v", st)
	}
}

func TestXfrmMonitorHostile(t *testing.T) {
	for _, text := range []string{
		"Updated src x dst y\n\tproto esp spi z\n", "Deleted src \n", "Expired src 1.2.3.4/a dst /\n\tdir\n", "acquire proto \n", "Async event \n\tsrc\n", "Flushed policy \n\t\n", "[2026-11-21T09:46:31] \n", "Timestamp: x\nUpdated src 1 dst 2\n\thard\n",
	} {
		st, _ := Parse("f", strings.NewReader(text))
		if st == nil {
			t.Errorf("%q", text)
		}
	}
}
