package logparse

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"
)

// plutoParser reads pluto's lines and nothing else.
func plutoParser() *Parser { return &Parser{Dialects: []*Dialect{libreswan}} }

// Every form of what stands before a message, over all releases and carriers.
func TestPlutoPrefixes(t *testing.T) {
	const msg = "STATE_MAIN_I2: sent MI2, expecting MR2"
	for _, c := range []struct{ prefix, conn, remote, time, sa string }{
		{`"site" #7: `, "site", "", "", "7"},
		{`"site/0x1" #7: `, "site/0x1", "", "", "7"},
		{`"road"[2] 192.0.2.9 #7: `, "road", "192.0.2.9", "", "7"},
		{`"road"[2] 192.0.2.9:4500 #7: `, "road", "192.0.2.9:4500", "", "7"},
		{`"road"[2] 2001:db8::9 #7: `, "road", "2001:db8::9", "", "7"},
		{`"road"[2][3] 192.0.2.9 #7: `, "road", "192.0.2.9", "", "7"},
		{`"oe"[1] 10.0.0.0/8=== ...192.0.2.9 #7: `, "oe", "", "", "7"},
		{`"oe"[1] ...192.0.2.9 #7: `, "oe", "192.0.2.9", "", "7"},
		{`"site": `, "site", "", "", ""},
		{`106 "site" #7: `, "site", "", "", "7"},
		{"\t106 \"site\" #7: ", "site", "", "", "7"},
		{`003  "site" #7: `, "site", "", "", "7"},
		{`packet from 192.0.2.9:500: `, "", "192.0.2.9:500", "", ""},
		{`Nov 21 03:28:47.099000: "site" #7: `, "site", "", "Nov 21 03:28:47.099000", "7"},
		{`Nov 21 03:28:47: "site" #7: `, "site", "", "Nov 21 03:28:47", "7"},
		{`Nov 21 03:28:47 gw pluto[77]: "site" #7: `, "site", "", "Nov 21 03:28:47", "7"},
		{`2024-11-21T03:28:47.1+01:00 gw pluto[77]: "site" #7: `, "site", "", "2024-11-21T03:28:47.1+01:00", "7"},
		{`Nov 21 03:28:47.099 106 "site" #7: `, "site", "", "Nov 21 03:28:47.099", "7"},
		{`NetworkManager[904]: 106 "site" #7: `, "site", "", "", "7"},
		{`Wed, 2012-08-01 13:08:09 - [site] `, "site", "", "Wed, 2012-08-01 13:08:09", ""},
		{`"site" #7: WARNING: `, "site", "", "", "7"},
		{`"site" #7: FATAL ERROR: `, "site", "", "", "7"},
		{`ERROR: "site" #7: `, "site", "", "", "7"},
	} {
		var e Event
		if !plutoParser().Parse([]byte(c.prefix+msg), &e) || string(e.Text) != msg {
			t.Errorf("%s: text %q", c.prefix, e.Text)
			continue
		}
		sa := ""
		if e.Prefix.HasSAID {
			sa = fmt.Sprint(e.Prefix.SAID)
		}
		if string(e.Prefix.Connection) != c.conn || string(e.Prefix.Remote) != c.remote || sa != c.sa || strings.TrimSuffix(string(e.Prefix.Time), ":") != c.time {
			t.Errorf("%s: connection %q, remote %q, sa %q, time %q", c.prefix, e.Prefix.Connection, e.Prefix.Remote, sa, e.Prefix.Time)
		}
	}
}

// What looks like a prefix and is none stays as it is.
func TestPlutoNoPrefix(t *testing.T) {
	for _, line := range []string{`"`, `""`, `"site`, `"site" #x: y`, `"site"[ #7: y`, `"site"[2 #7: y`, `123`, `123 `, `packet from nowhere: y`, `- [`, `- []`, `| `, `type=CRYPTO_`} {
		var pr Prefix
		if got := plutoPrefix([]byte(line), &pr); string(got) != line {
			t.Errorf("%q became %q", line, got)
		}
	}
}

// An audit record's time, name and state stand in its middle.
func TestPlutoAudit(t *testing.T) {
	const line = `type=CRYPTO_IKE_SA msg=audit(1732159727.123:411): pid=77 uid=0 auid=4294967295 ses=4294967295 subj=unconfined msg='op=start direction=initiator conn-name="site" connstate=7 ike-version=1 auth=PRESHARED_KEY cipher=aes ksize=256 integ=sha256 prf=sha256 pfs=MODP2048 raddr=203.0.113.20 exe="/usr/libexec/ipsec/pluto" hostname=? addr=198.51.100.10 terminal=? res=success'`
	p, e := plutoParser(), new(Event)
	if !p.Parse([]byte(line), e) || e.Kind != SAEstablished {
		t.Fatalf("%v", e.Kind)
	}
	if at, _ := e.Time(time.Time{}, nil); at.Unix() != 1732159727 {
		t.Errorf("time %v of %q", at, e.Prefix.Time)
	}
	if s := e.Session; s.SAID != 7 || string(s.Connection) != "site" || s.Remote.Addr().String() != "203.0.113.20" || !s.Established {
		t.Errorf("session %+v", s)
	}
	if d, _, _ := Detect([]byte(line)); d != "libreswan" {
		t.Errorf("detected as %s", d)
	}
}

// A quick mode is joined to the ISAKMP SA that it uses, however it names it,
// and the next negotiation of the connection is another session.
func TestPlutoSessions(t *testing.T) {
	p := plutoParser()
	session := func(line string) Session {
		var e Event
		p.Parse([]byte(line), &e)
		return *e.Session
	}
	one := session(`"site/0x1" #1: initiating IKEv1 Main Mode connection`)
	if one.Role != Initiator {
		t.Error("no role")
	}
	if two := session(`"other" #2: responding to Main Mode`); two.Handle == one.Handle || two.Role != Responder {
		t.Errorf("%+v", two)
	}
	session(`"site/0x1" #1: ISAKMP SA established {auth=PRESHARED_KEY cipher=AES_CBC_256 integ=HMAC_SHA1 group=MODP2048}`)
	if s := session(`"site/0x1" #3: initiating Quick Mode IKEv1+PSK {using isakmp#1 msgid:01020304 proposal=x pfsgroup=y}`); s.Handle != one.Handle {
		t.Error("a quick mode that names its parent is not its parent's")
	}
	if s := session(`"site/0x2" #4: STATE_QUICK_I1: initiate`); s.Handle != one.Handle {
		t.Error("a quick mode of a sibling is not the connection's")
	}
	if s := session(`"site/0x2" #4: IPsec SA established tunnel mode {ESP=>0x01020304 <0x05060708 xfrm=x DPD=passive}`); s.Handle != one.Handle {
		t.Error("its end is not")
	}
	next := session(`"site/0x1" #5: initiating IKEv1 Main Mode connection to replace #1`)
	if next.Handle == one.Handle {
		t.Error("the one that replaces is the one replaced")
	}
	session(`"site/0x1" #5: ISAKMP SA established {auth=PRESHARED_KEY cipher=AES_CBC_256 integ=HMAC_SHA1 group=MODP2048}`)
	if s := session(`"site/0x1" #6: STATE_QUICK_I1: initiate`); s.Handle != next.Handle {
		t.Error("a quick mode does not use the newest SA")
	}
	if s := session(`"site/0x1" #1: deleting ISAKMP SA (MAIN_I4) and sending notification`); s.Handle != one.Handle {
		t.Error("the old one is forgotten")
	}
	// Before any phase 1 was seen.
	if s := session(`"late" #9: STATE_QUICK_I1: initiate`); !s.Established || s.Role != RoleNone {
		t.Errorf("a quick mode without a phase 1: %+v", s)
	}
	if s := session(`"mid" #11: STATE_MAIN_R2: retransmission; will wait 20s for response`); s.Role != Responder {
		t.Errorf("a state of the responder's: %+v", s)
	}
}

// A new daemon counts anew.
func TestPlutoRestart(t *testing.T) {
	p := plutoParser()
	var e Event
	p.Parse([]byte(`"site" #1: initiating Main Mode`), &e)
	was := e.Session.Handle
	p.Parse([]byte(`Starting Pluto (Libreswan Version 3.32 XFRM) pid:78`), &e)
	p.Parse([]byte(`"site" #1: initiating Main Mode`), &e)
	if e.Session.Handle == was {
		t.Error("the same session before and after a restart")
	}
}

// plutoHex writes a message as pluto's debugging does.
func plutoHex(b []byte) (lines []string) {
	for len(b) > 0 {
		var s strings.Builder
		s.WriteString("| ")
		for i, c := range b[:min(16, len(b))] {
			if i%4 == 0 {
				s.WriteByte(' ')
			}
			fmt.Fprintf(&s, " %02x", c)
		}
		lines = append(lines, s.String())
		b = b[min(16, len(b)):]
	}
	return lines
}

// Messages that are dumped in hexadecimal come out whole, of any length, and
// nothing of a dump is shown.
func TestPlutoDump(t *testing.T) {
	for _, size := range []int{28, 29, 33, 44, 45, 300} {
		m := make([]byte, size)
		for i := range m {
			m[i] = byte(i*7 + 1)
		}
		m[17] = 0x10
		binary.BigEndian.PutUint32(m[24:], uint32(size))
		for _, c := range []struct {
			head string
			wire []byte
			side Role
		}{
			{"| *received %d bytes from 192.0.2.9:500 on eth0 198.51.100.10:500 using UDP", m, Remote},
			{"| *received %d bytes from 192.0.2.9:4500 on eth0 (port=4500)", append(make([]byte, 4), m...), Remote},
			{"| sending %d bytes for reply packet for main_inI1_outR1 through eth0 from 198.51.100.10:500 to 192.0.2.9:500 using UDP (for #1)", m, Local},
			{"| sending %d bytes for main_outI1 through eth0:500 to 192.0.2.9:500 (using #1)", m, Local},
		} {
			p := plutoParser()
			var e Event
			p.Parse([]byte(fmt.Sprintf(c.head, len(c.wire))), &e)
			for _, line := range plutoHex(c.wire) {
				if e.Packet() != nil {
					t.Errorf("%s of %d: whole too early", c.head, size)
				}
				if !p.Parse([]byte(line), &e) {
					t.Errorf("%q is unknown", line)
				}
				if shown := e.Redacted(nil); bytes.Contains(shown, []byte(line[5:])) {
					t.Errorf("%q is shown as %q", line, shown)
				}
			}
			if !bytes.Equal(e.Packet(), m) || e.Side != c.side || e.Session.Remote.Addr().String() != "192.0.2.9" {
				t.Errorf("%s of %d: %d octets of %v, %v", c.head, size, len(e.Packet()), e.Side, e.Session.Remote)
			}
		}
	}
}

// A dump that other lines break off, or that is longer than it said, is none.
func TestPlutoDumpHostile(t *testing.T) {
	p := plutoParser()
	var e Event
	for _, line := range []string{
		"| *received 99999999999999999999 bytes from 192.0.2.9:500 on eth0", "| 01 02 03 04  05 06 07 08",
		"| *received 0 bytes from 192.0.2.9:500 on eth0", "| 01 02 03 04",
		"| *received 28 bytes from nobody on eth0", "| 01 02 03 04", `"x" #1: initiating Main Mode`, "| 01 02 03 04", "| 05",
		"| *received 2 bytes from 192.0.2.9:500 on eth0", "| 01 02 03 04  05 06 07 08", "| 01 02 03 04",
	} {
		p.Parse([]byte(line), &e)
		if e.Packet() != nil {
			t.Errorf("%q ends a message", line)
		}
	}
}

// Key material that pluto writes with a label on its first line is not shown.
func TestPlutoDebugSecrets(t *testing.T) {
	for _, line := range []string{
		"| Skeyid:  de ad be ef  fe ed fa ce  11 22 33 44  55 66 77 88", "|   de ad be ef  fe ed fa ce", "| computed key 0xdeadbeeffeedface11223344",
		`| PSK: "deadbeef-in-words"`, "| DH secret: de ad be ef",
	} {
		var e Event
		plutoParser().Parse([]byte(line), &e)
		shown := string(e.Redacted(nil))
		for _, s := range []string{"be ef", "deadbeef", "fa ce"} {
			if strings.Contains(shown, s) {
				t.Errorf("%q is shown as %q", line, shown)
			}
		}
	}
}
