package main

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/ikediag/ikediag/diag"
)

// A world is a number of gateways, and tunnels between them.
type world struct {
	inventory []diag.Gateway
	logs      map[string][]byte
	want      []string // KEY CODE of each tunnel that is broken
}

// newWorld makes n tunnels, every tenth with another key at one end.
func newWorld(n int) *world {
	w := &world{logs: map[string][]byte{}}
	size := 2
	for size*((size-1)/2) < n || size < n/50 {
		size++
	}
	for i := range size {
		w.inventory = append(w.inventory, diag.Gateway{ID: fmt.Sprintf("gw-%03d", i), Addresses: []netip.Addr{netip.AddrFrom4([4]byte{192, 0, byte(i >> 8), byte(i)})}})
	}
	at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	made := 0
	for step := 1; made < n; step++ {
		for i := 0; i < size && made < n; i++ {
			a, b := &w.inventory[i], &w.inventory[(i+step)%size]
			broken := made%10 == 3
			w.tunnel(made, a, b, at.Add(time.Duration(step)*10*time.Second), broken)
			if broken {
				w.want = append(w.want, min(a.ID, b.ID)+"="+max(a.ID, b.ID)+" IKE-P1-PSK-MISMATCH")
			}
			made++
		}
	}
	slices.Sort(w.want)
	return w
}

// tunnel writes what both ends log of a negotiation.
func (w *world) tunnel(n int, a, b *diag.Gateway, at time.Time, broken bool) {
	for side, g := range []*diag.Gateway{a, b} {
		peer := b
		if side == 1 {
			peer = a
		}
		me, you, name := g.Addresses[0], peer.Addresses[0], "to-"+peer.ID
		log := bytes.NewBuffer(w.logs[g.ID])
		line := 0
		say := func(group, format string, args ...any) {
			line++
			fmt.Fprintf(log, "%s %s charon[811]: %02d[%s] <%s|%d> %s\n", at.Add(time.Duration(line)*50*time.Millisecond).Format(time.RFC3339), g.ID, 1+n%15, group, name, n+1, fmt.Sprintf(format, args...))
		}
		in := func(size int) { say("NET", "received packet: from %s[500] to %s[500] (%d bytes)", you, me, size) }
		out := func(size int) { say("NET", "sending packet: from %s[500] to %s[500] (%d bytes)", me, you, size) }
		if side == 0 {
			say("IKE", "initiating Main Mode IKE_SA %s[%d] to %s", name, n+1, you)
			say("ENC", "generating ID_PROT request 0 [ SA V V V V V ]")
			out(180)
			in(160)
		} else {
			in(180)
			say("IKE", "%s is initiating a Main Mode IKE_SA", you)
			say("ENC", "generating ID_PROT response 0 [ SA V V V V ]")
			out(160)
		}
		switch {
		case broken && side == 0:
			say("ENC", "parsed ID_PROT response 0 [ SA V V V V ]")
			say("ENC", "generating ID_PROT request 0 [ KE No NAT-D NAT-D ]")
			in(396)
			say("ENC", "parsed ID_PROT response 0 [ KE No NAT-D NAT-D ]")
			say("ENC", "generating ID_PROT request 0 [ ID HASH N(INITIAL_CONTACT) ]")
			out(124)
			in(92)
			say("ENC", "invalid HASH_V1 payload length, decryption failed?")
			say("ENC", "could not decrypt payloads")
			say("IKE", "message parsing failed")
			say("IKE", "INFORMATIONAL_V1 request with message ID %d processing failed", 77000+n)
			say("IKE", "giving up after 3 retransmits")
		case broken:
			say("ENC", "generating ID_PROT response 0 [ KE No NAT-D NAT-D ]")
			out(396)
			in(124)
			say("ENC", "invalid ID_V1 payload length, decryption failed?")
			say("ENC", "could not decrypt payloads")
			say("IKE", "message parsing failed")
			say("ENC", "generating INFORMATIONAL_V1 request %d [ HASH N(PLD_MAL) ]", 77000+n)
			out(92)
		default:
			say("IKE", "IKE_SA %s[%d] established between %s[%s]...%s[%s]", name, n+1, me, me, you, you)
			say("IKE", "CHILD_SA %s{%d} established with SPIs %08x_i %08x_o and TS 10.%d.0.0/24 === 10.%d.0.0/24", name, n+1, 0xc0000000+n+side<<28, 0xc0000000+n+(1-side)<<28, side, 1-side)
		}
		w.logs[g.ID] = log.Bytes()
	}
}

func addresses(all ...string) (out []netip.Addr) {
	for _, a := range all {
		out = append(out, netip.MustParseAddr(a))
	}
	return out
}
