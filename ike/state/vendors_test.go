package state

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestNoKeys: no key of what a gateway prints shows anywhere in a State.
func TestNoKeys(t *testing.T) {
	for _, name := range []string{"forti-tunnel", "forti-gateway", "routeros-detail", "routeros-terse", "routeros-value"} {
		b, err := os.ReadFile(filepath.Join("testdata", name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(b, []byte("8899aabb")) {
			t.Errorf("%s has no key", name)
		}
		// What is not known is looked at by people, and may be a key.
		for _, text := range []string{string(b), strings.ReplaceAll(string(b), "key", "novelty")} {
			st, err := Parse(name, strings.NewReader(text))
			for _, s := range []string{fmt.Sprintf("%+v", st), fmt.Sprintf("%#v", *st), fmt.Sprint(st.Unknown), fmt.Sprint(err)} {
				if strings.Contains(s, "8899aabb") {
					t.Errorf("%s: a key shows in %.300s", name, s)
				}
			}
		}
	}
}

// TestVendorsHostile: what is cut short or written by nobody's device neither
// stops the reading nor costs more than it should.
func TestVendorsHostile(t *testing.T) {
	for _, text := range []string{
		"ESP Statistics:\n:\n::\n, ,\nErrors:\n a\nESP Statistics:\nAH Statistics:\nb: 18446744073709551616\n",
		"IKE peer , Index \nRole:\nLocal: x, Remote: 1.2.3.4:99999\nIKE peer 1.2.3.4, Index x, Gateway Name:\nNegotiation type\n",
		"Total inactive tunnels: 1\nID\n1\nID  Gateway  Tunnel Down Reason\n1\n1 x\n1 192.0.2.9 a (99999999999999999999 times)\n",
		"Total active tunnels: 1\n<\n>\n<1 ESP: x\n<1 a ESP:a/b/c/d\n<1 192.0.2.9 ESP:/ 99999999999 1/\n",
		"ID:  Virtual-system: x\nDirection: inbound, SPI: 0\nDirection: , SPI: zz\nSPI: 1\nState: x\nProtocol: ESP, Encryption: aes-cbc (\n",
		"name= ver= serial= ->\nproxyid=\nSA:\nSA:\ndec:\nah=\ndec:pkts/bytes=\nsrc:\ndst: :\nstat:\nnatt: mode=x remote_port=99999\n",
		"vd: \nname: \nid/spi:\nstatus:\naddr: ->\nvd: a\nname: b\nid/spi: 1 zz/\nstatus: connecting\nstatus: established\nIKE SA: x\n",
		"'' selectors(total,up): \n'a' selectors(total,up): x\n'a' b selectors(total,up): 1/1 rx(pkt,err):\n",
		"Flags: A - AH, E - ESP\n0\n0 E\n0 E spi=\n0 E spi=0x1 src-address=a dst-address=\"\n\"\n#\n# SPI SRC-ADDRESS \n0\n0 ;;;\nx y\n;;; \n.id=*1;;;=;spi=1\n.id=\n",
		"Flags: natt-peer\n0 state=message-99-sent side=initiator uptime=99999999w\n0 state=\n",
		"udp\nUNCONN 0 0\nUNCONN 0 0 *:500\nUDP *:500 *:*\nudp 0 0 :500 x users:((\"\nroot a b c udp4 *:500 *:*\n", "Active Internet connections\nudp 0 0 *.500\nudp6 0 0 [::]:99999 x\n",
		"udp 17 1 src=1.2.3.4 dst=1.2.3.5 src=1.2.3.5 dst=1.2.3.4\nesp 50 src=x\nudp 17 1 src=1.2.3.4 dst=1.2.3.5 src=1.2.3.5 dst=1.2.3.4 src=1.2.3.4\nudp 300 1 a b c\n",
		"RTNETLINK answers: Network is unreachable\nip route get \nip route get x\nRTNETLINK answers: No route to host\n\n    cache\nx\n",
		`{"a":{"uniqueid":1,"state":"x","remote-host":[],"child-sas":[{}]}}{"b":`, `[{"state":1,"child-sas":null},{"child-sas":{"a":1}},"child-sas"]`,
		`{"a": {"local-addrs": [1, {}, null], "remote-addrs": "x", "children": {"a": [], "b": {}}}}`,
	} {
		st, err := Parse("f", strings.NewReader(text))
		var pe *ParseError
		if st == nil || len(st.Unknown) > maxUnknown || err != nil && !errors.As(err, &pe) || st.Format == FormatUnknown {
			t.Errorf("%.60q: %v, %v", text, st.Format, err)
		}
	}
	deep := `{"state":1,"a":` + strings.Repeat(`{"child-sas":`, 100000)
	if _, err := Parse("deep", strings.NewReader(deep)); !errors.Is(err, ErrSyntax) {
		t.Errorf("deep: %v", err)
	}
	st, err := Parse("long", io.MultiReader(strings.NewReader(`{"state":1,"child-sas":{"a":"`), io.LimitReader(endless('x'), maxInput+10)))
	if err == nil || len(st.SAs) > 0 {
		t.Errorf("long: %v", err)
	}
}

// TestSent: the name of a state tells which message of phase 1 was sent last.
func TestSent(t *testing.T) {
	const asa = "1   IKE Peer: 192.0.2.9\n    Type    : L2L             Role    : initiator\n    Rekey   : no              State   : "
	const pluto = "000 Total IPsec connections: loaded 1, active 0\n000 \"a\": 10.1.0.0/24===192.0.2.1[@a]...192.0.2.9[@b]===10.2.0.0/24; unrouted\n000 #1: \"a\":500 "
	const peers = "Flags: R - responder, N - natt-peer\n 0   remote-address=192.0.2.9 side="
	for text, want := range map[string]struct {
		sent       uint8
		aggressive bool
	}{
		asa + "MM_WAIT_MSG2\n": {1, false}, asa + "MM_WAIT_MSG6\n": {5, false}, asa + "MM_WAIT_MSG7\n": {}, asa + "MM_ACTIVE\n": {},
		pluto + "STATE_MAIN_I1 (sent Main Mode request); RETRANSMIT in 2s; idle;\n": {1, false},
		pluto + "STATE_MAIN_I3 (sent MI3); RETRANSMIT in 2s; idle;\n":               {5, false},
		pluto + "STATE_MAIN_R2 (sent Main Mode response); DISCARD in 9s; idle;\n":   {4, false},
		pluto + "STATE_AGGR_I1 (sent Aggressive Mode request); RETRANSMIT in 2s;\n": {1, true},
		pluto + "STATE_MAIN_I4 (IKE SA established); REPLACE in 27857s; idle;\n":    {},
		peers + "initiator state=message-2-sent\n":                                  {3, false},
		peers + "responder state=message-1-sent\n":                                  {2, false},
		peers + "initiator state=message-3-received\n":                              {},
	} {
		if st := parse(t, text); len(st.SAs) != 1 || st.SAs[0].Sent != want.sent || st.SAs[0].Aggressive != want.aggressive {
			t.Errorf("%q: %+v", text, st.SAs)
		}
	}
}
