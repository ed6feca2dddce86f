package logparse

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// daemonLog collects the lines of a daemon that writes one every 1.3 ms. What
// stands before each is a layout of time.Format.
type daemonLog struct {
	layout string
	b      bytes.Buffer
	left   int
	at     time.Time
}

func (l *daemonLog) say(format string, args ...any) {
	if l.left--; l.left >= 0 {
		l.at = l.at.Add(1300 * time.Microsecond)
		l.b.WriteString(l.at.Format(l.layout))
		fmt.Fprintf(&l.b, format, args...)
		l.b.WriteByte('\n')
	}
}

func newDaemonLog(layout string, lines int) *daemonLog {
	return &daemonLog{layout: layout, left: lines, at: time.Date(2024, 11, 21, 3, 0, 0, 0, time.UTC)}
}

// plutoGateway is the log of a gateway with 200 connections: they come up,
// live, and some of them fail.
func plutoGateway(layout string) func(testing.TB, int) []byte {
	return func(_ testing.TB, lines int) []byte {
		l := newDaemonLog(layout, lines)
		for n := 0; l.left > 0; n++ {
			conn, phase1, phase2 := n%200, 2*n+1, 2*n+2
			say := func(state int, format string, args ...any) {
				l.say("\"site-%d\" #%d: %s", conn, state, fmt.Sprintf(format, args...))
			}
			say(phase1, "initiating IKEv1 Main Mode connection")
			say(phase1, "sent Main Mode request")
			say(phase1, "sent Main Mode I2")
			say(phase1, "sent Main Mode I3")
			if n%37 == 0 {
				say(phase1, "STATE_MAIN_I3: retransmission; will wait 0.5 seconds for response")
				say(phase1, "STATE_MAIN_I3: 60 second timeout exceeded after 7 retransmits.  Possible authentication failure: no acceptable response to our first encrypted message")
				continue
			}
			say(phase1, "Peer ID is FQDN: '@peer%d.example.net'", conn)
			say(phase1, "ISAKMP SA established {auth=PRESHARED_KEY cipher=AES_CBC_256 integ=HMAC_SHA2_256 group=MODP2048}")
			say(phase2, "initiating Quick Mode IKEv1+PSK+ENCRYPT+TUNNEL+PFS+UP {using isakmp#%d msgid:%08x proposal=AES_CBC_256-HMAC_SHA2_256_128 pfsgroup=MODP2048}", phase1, 77*n+1)
			say(phase2, "sent Quick Mode request")
			say(phase2, "IPsec SA established tunnel mode {ESP=>0x%08x <0x%08x xfrm=AES_CBC_256-HMAC_SHA2_256_128 DPD=active}", 3*n+1, 5*n+1)
			say(phase2, "ESP traffic information: in=%dB out=%dB", 100*n, 200*n)
			say(phase2, "deleting IPsec SA (QUICK_I2) and sending notification using ISAKMP SA #%d", phase1)
			say(phase1, "deleting ISAKMP SA (MAIN_I4) and sending notification")
		}
		return l.b.Bytes()
	}
}

// mixedLog is gatewayLog in a file that another program writes to as well.
func mixedLog(tb testing.TB, lines int) []byte {
	var b bytes.Buffer
	for i, l := range bytes.SplitAfter(gatewayLog(tb, lines*3/4), []byte("\n")) {
		b.Write(l)
		if k := bytes.Index(l, []byte("charon")); i%3 == 0 && k > 0 {
			b.Write(l[:k])
			b.WriteString("dhclient[811]: DHCPREQUEST of 192.0.2.7 on eth0 to 192.0.2.1 port 67\n")
		}
	}
	return b.Bytes()
}

// racoonGateway is the log of a gateway with 200 peers, of which each comes up,
// is renewed and ends; some never answer and some offer nothing that fits.
func racoonGateway(layout string) func(testing.TB, int) []byte {
	return func(_ testing.TB, lines int) []byte {
		l := newDaemonLog(layout, lines)
		for n := 0; l.left > 0; n++ {
			peer := fmt.Sprintf("10.7.%d.%d", n%200/100, 1+n%100)
			cookies := fmt.Sprintf("%08x%08x:%08x%08x", 0x8a9b0c1d+uint32(n), 0x2e3f4051, 0x11223344, 0x55667788+n)
			say := l.say
			child := func(begins string, n int) {
				say("INFO: %s new phase 2 negotiation: 192.0.2.10[500]<=>%s[500]", begins, peer)
				say("INFO: IPsec-SA established: ESP/Tunnel %s[500]->192.0.2.10[500] spi=%d(0x%x)", peer, n, n)
				say("INFO: IPsec-SA established: ESP/Tunnel 192.0.2.10[500]->%s[500] spi=%d(0x%x)", peer, n+1, n+1)
			}
			if n%37 == 0 {
				say("INFO: initiate new phase 1 negotiation: 192.0.2.10[500]<=>%s[500]", peer)
				say("INFO: begin Identity Protection mode.")
				say("[%s] ERROR: phase2 negotiation failed due to time up waiting for phase1. ESP %s[0]->192.0.2.10[0] ", peer, peer)
				say("INFO: delete phase 2 handler.")
				say("ERROR: phase1 negotiation failed due to time up. %s:0000000000000000", cookies[:16])
				continue
			}
			say("INFO: respond new phase 1 negotiation: 192.0.2.10[500]<=>%s[500]", peer)
			say("INFO: begin Identity Protection mode.")
			say("INFO: received Vendor ID: DPD")
			if n%41 == 0 {
				say("ERROR: rejected enctype: DB(prop#1:trns#1):Peer(prop#1:trns#1) = AES-CBC:3DES-CBC")
				say("ERROR: rejected hashtype: DB(prop#1:trns#1):Peer(prop#1:trns#1) = SHA:MD5")
				say("ERROR: no suitable proposal found.")
				say("[%s] ERROR: failed to get valid proposal.", peer)
				say("[%s] ERROR: phase1 negotiation failed.", peer)
				continue
			}
			say("INFO: NAT-D payload #0 verified")
			say("INFO: NAT not detected ")
			say("INFO: ISAKMP-SA established 192.0.2.10[500]-%s[500] spi:%s", peer, cookies)
			child("respond", 4*n+0x1000000)
			say("INFO: IPsec-SA expired: ESP/Tunnel %s[500]->192.0.2.10[500] spi=%d(0x%x)", peer, 4*n+0x1000000, 4*n+0x1000000)
			child("initiate", 4*n+0x1000002)
			say("INFO: purged IPsec-SA proto_id=ESP spi=%d.", 4*n+0x1000001)
			say("INFO: ISAKMP-SA expired 192.0.2.10[500]-%s[500] spi:%s", peer, cookies)
			say("INFO: ISAKMP-SA deleted 192.0.2.10[500]-%s[500] spi:%s", peer, cookies)
		}
		return l.b.Bytes()
	}
}

// fixtureLogs repeats the fixtures' lines, one after the other: a device with
// 50 peers whose tunnels come up and fail again and again, so that the number
// of a connection is one of many.
func fixtureLogs(peer string, names ...string) func(tb testing.TB, lines int) []byte {
	net := peer[:strings.LastIndexByte(peer, '.')+1]
	return func(tb testing.TB, lines int) []byte {
		var b bytes.Buffer
		for round := 0; lines > 0; round++ {
			for _, name := range names {
				path := "testdata/" + name + ".txtar"
				_, rest, ok := strings.Cut(readText(tb, path), "-- log --\n")
				log, _, _ := strings.Cut(rest, "-- events --\n")
				if !ok {
					tb.Fatalf("%s has no log", path)
				}
				log = strings.NewReplacer(peer, fmt.Sprintf("%s%d", net, 100+round%50), "1001)", fmt.Sprintf("%d)", 1001+round%5000)).Replace(log)
				for l := range strings.Lines(log) {
					if lines--; lines < 0 {
						return b.Bytes()
					}
					b.WriteString(l)
				}
			}
		}
		return b.Bytes()
	}
}

func readText(tb testing.TB, path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return string(b)
}
