package state

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/ike"
)

const whackSample = `000 using kernel interface: xfrm
000 interface eth0 UDP 192.0.2.1:500
000 pluto_version=4.10, pluto_vendorid=OE-Libreswan-4.10, audit-log=yes
000 "net"[1]: 10.1.0.0/24===192.0.2.1[@moon.example.net]---192.0.2.254...198.51.100.2<198.51.100.2>[@sun.example.net]===10.2.0.0/24; erouted; eroute owner: #2
000 "net"[1]:   our idtype: ID_FQDN; our id=@moon.example.net; their idtype: ID_FQDN; their id=@sun.example.net
000 #1: "net"[1] 198.51.100.2:4500 STATE_MAIN_I4 (IKE SA established); REPLACE in 27857s; newest; idle;
000 #2: "net"[1] 198.51.100.2:4500 STATE_QUICK_I2 (IPsec SA established); REPLACE in 27803s; newest; eroute owner; ISAKMP SA #1; idle;
000 #2: "net"[1] 198.51.100.2 esp.c0000002@198.51.100.2 esp.c1@192.0.2.1 tun.0@198.51.100.2 tun.0@192.0.2.1 Traffic: ESPin=84B ESPout=2KB ESPmax=2^63B
000 #3: something else
`

func TestWhack(t *testing.T) {
	st, err := Parse("status", strings.NewReader(whackSample))
	if err != nil || st.Format != WhackStatus || len(st.SAs) != 1 || len(st.SAs[0].Children) != 1 {
		t.Fatalf("%v %+v", err, st)
	}
	if st.Daemon.Version != "4.10" || len(st.Addresses) != 1 || len(st.Unknown) != 1 {
		t.Errorf("%+v %v %v", st.Daemon, st.Addresses, st.Unknown)
	}
	sa, c := &st.SAs[0], &st.SAs[0].Children[0]
	if sa.State != IKEEstablished || sa.Role != RoleInitiator || sa.Local.Address.String() != "192.0.2.1:4500" || sa.Remote.Address.String() != "198.51.100.2:4500" || sa.Remote.Identity.Any || sa.Rekey.D.Seconds() != 27857 {
		t.Errorf("%+v", sa)
	}
	if c.State != ChildInstalled || c.In.SPI != 0xc1 || c.Out.SPI != 0xc0000002 || c.In.Bytes != 84 || c.Out.Bytes != 2048 || !c.UDP || c.Mode != ike.ModeTunnel || len(c.Local) != 1 || len(c.Remote) != 1 {
		t.Errorf("%+v", c)
	}
}

// Every status of the recordings and samples is read, with its ends.
func TestWhackCorpus(t *testing.T) {
	files := append(recordings.Glob(t, "corpus", "*", "*", "*.whack-status.txt"), recordings.Glob(t, "configs", "state", "ipsec_exporter", "libreswan-*-command.txt")...)
	children := 0
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		st, err := Parse(f, bytes.NewReader(b))
		if err != nil || st.Format != WhackStatus {
			t.Errorf("%s: %v %v", f, st.Format, err)
		}
		for _, l := range st.Unknown {
			t.Errorf("%s:%d: unknown line %q", f, l.Number, l.Text)
		}
		for _, sa := range st.SAs {
			if sa.Name == "" || !sa.Local.Address.IsValid() || !sa.Remote.Address.IsValid() || sa.State == IKEUnknown {
				t.Errorf("%s:%d: incomplete SA %+v", f, sa.Line, sa)
			}
			for _, c := range sa.Children {
				children++
				if c.State == ChildInstalled && (c.In.SPI == 0 && !strings.Contains(f, "exporter") || len(c.Local) == 0 || len(c.Remote) == 0) {
					t.Errorf("%s:%d: incomplete child %+v", f, c.Line, c)
				}
			}
		}
	}
	if children == 0 {
		t.Error("no SAs are read")
	}
}
