package config

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
)

func TestStrongSwanConn(t *testing.T) {
	c := parse(t, StrongSwan, `# comment
version 2.0
config setup
	uniqueids = never   # comment
	charondebug="ike 2, cfg 2"

ca vpn
	cacert=ca.pem
	auto=add

conn %default
	keyexchange=ikev1
	ikelifetime=60m
	keylife=20m
	rekeymargin=3m

conn one
	also=base
	also=late
	left=192.0.2.1
	right=%gw.example.com
	rightid="C=CH, O=x # y, CN=peer"
	leftid=@#abcd
	esp=aes128-sha1-modp1024
	auto=start
	keyingtries=%forever
	dpdaction=

conn base
	authby=xauthpsk
	xauth=server
	leftsubnet=10.0.0.0/8,10.1.0.0/16
	leftprotoport=udp/l2tp
	aggressive=yes
	dpdaction=restart
	compress=yes

conn late
	aggressive=no
	typo=1

conn bypass
	left=%defaultroute
	right=192.0.2.9
	type=passthrough
	authby=never
	auto=route
`)
	if len(c.Problems) != 0 {
		t.Errorf("%v", c.Problems)
	}
	if len(c.Connections) != 2 {
		t.Fatalf("%d connections", len(c.Connections))
	}
	x := &c.Connections[0]
	k := &x.Children[0]
	for _, v := range []struct {
		what string
		ok   bool
	}{
		{"version", x.Version.V == IKEv1 && x.Version.Origin == Inherited && x.Version.At.Line == 12},
		{"the section named last wins", !x.Aggressive.V && x.Aggressive.At.Line == 39},
		{"xauth", x.XAuth.V == XAuthServer && x.Remote.Auth2.V == AuthXAuth && x.Local.Auth.V == AuthPSK && x.Local.Auth.Key == "authby"},
		{"addresses", x.Remote.Addresses.V[0].Kind == AddressName && x.Remote.Addresses.V[0].AllowAny},
		{"quoted id", strings.Contains(x.Remote.ID.V.Value, "x # y")},
		{"key id", x.Local.ID.V.Type == 11},
		{"unique", x.Unique.V == "never" && x.Unique.At.Line == 4},
		{"start", x.Start.V == StartNow && !x.Passive() && x.Loaded()},
		{"tries", x.Tries.V == 0},
		{"an empty value is none", x.DPD.Action.V == "none" && x.DPD.Action.Origin == Default && x.DPD.Delay.V == 0},
		{"lifetimes", x.Lifetime.Total.V == 3600 && x.Lifetime.Reauth.V == 3600-180 && k.Lifetime.Life.V == 1200 && k.Lifetime.Rekey.V == 1020},
		{"esp without !", k.Proposals.V.Defaults && len(k.Proposals.V.List) == 2 && k.Proposals.V.List[1].Default},
		{"ike", x.Proposals.Origin == Default && x.Proposals.V.Defaults},
		{"subnets", len(k.Local.V) == 2 && k.Local.V[1].Protocol == 17 && k.Local.V[1].PortFrom == 1701 && k.FirstOnly},
		{"dynamic", k.Remote.V[0].Dynamic && k.Remote.Origin == Default},
		{"compress", k.IPComp.V},
		{"typo", len(x.Unknown) == 1 && x.Unknown[0].Key == "typo" && !x.Unknown[0].Word},
		{"bypass", c.Connections[1].Children[0].Action.V == Pass && !c.Connections[1].SidesGuessed && c.Connections[1].Local.Auth.V == AuthNever},
	} {
		if !v.ok {
			t.Errorf("%s\n%s", v.what, dump(c))
		}
	}
}

func TestIPsecConfProblems(t *testing.T) {
	for _, x := range []struct {
		text string
		line int
		want error
	}{
		{"conn a\n\tleft=1.2.3.4\n\talso=b\n\tauto=add\n", 3, ErrReference},
		{"conn a\n\talso=a\n\tauto=add\n", 2, ErrCycle},
		{"conn a\n\tleftid=\"never ends\n\tauto=add\n", 2, ErrUnterminated},
		{"conn a\nleft=1.2.3.4\nauto=add\n", 2, ErrSyntax},
		{"conn a\n\tauto=add\n1.2.3.4 : PSK \"x\"\n", 3, ErrSyntax},
		{"conn a\n\tauto=maybe\n\tkeyexchange=ikev3\n", 2, ErrValue},
		{"left=1.2.3.4\nconn a\n\tauto=add\n", 1, ErrSyntax},
	} {
		for _, d := range []Dialect{StrongSwan, Libreswan} {
			c := parse(t, d, x.text)
			if len(c.Problems) == 0 {
				t.Errorf("%s %q: no problem", d, x.text)
				continue
			}
			found := false
			for _, p := range c.Problems {
				found = found || errors.Is(p, x.want) && p.Line == x.line
			}
			if !found || len(c.Connections) != 1 {
				t.Errorf("%s %q: %v, %d connections", d, x.text, c.Problems, len(c.Connections))
			}
		}
	}
}

func TestAlsoOrder(t *testing.T) {
	// D includes C and B, which both include A: D, then B, C, A.
	const text = "conn D\n\talso=C\n\talso=B\n\tauto=add\nconn C\n\talso=A\n\tkeyingtries=3\n\tdpddelay=3\nconn B\n\talso=A\n\tkeyingtries=2\nconn A\n\tkeyingtries=1\n\tdpddelay=1\n\tdpdaction=clear\n"
	c := parse(t, StrongSwan, text)
	if x := c.Connections[0]; x.Name != "D" || x.Tries.V != 2 || x.DPD.Delay.V != 3 {
		t.Errorf("strongSwan: %d %d", x.Tries.V, x.DPD.Delay.V)
	}
	c = parse(t, Libreswan, text)
	if x := c.Connections[0]; x.Tries.V != 3 || x.DPD.Delay.V != 3 {
		t.Errorf("libreswan: %d %d", x.Tries.V, x.DPD.Delay.V)
	}
}

func TestLibreswanConn(t *testing.T) {
	c := parse(t, Libreswan, `config setup
	virtual-private=%v4:10.0.0.0/8
conn %default
	ikev2=never
	authby=secret|rsasig
conn nets
	left=%any
	right=192.0.2.1
	leftsubnets={10.1.0.0/16 10.2.0.0/16}
	rightsubnet=10.9.0.0/24
	rightid=@#6b6579
	ike=aes256-sha2;dh14,3des-sha1
	esp=aes_gcm256-null
	rightxauthserver=yes
	leftxauthclient=yes
	sha2-truncbug=yes
	encapsulation=yes
	salifetime=1h
	rekey=no
	auto=keep
conn ahc
	left=%defaultroute
	right=gw.example.com
	ah=sha1
	pfs=no
	ikev2=permit
	fragmentation=force
	auto=ondemand
`)
	if len(c.Problems) != 0 || len(c.Connections) != 2 {
		t.Fatalf("%v, %d connections", c.Problems, len(c.Connections))
	}
	n, a := &c.Connections[0], &c.Connections[1]
	for _, v := range []struct {
		what string
		ok   bool
	}{
		{"version", n.Version.V == IKEv1 && n.Version.Origin == Inherited && a.Version.V == VersionAny && a.InitiateVersion == IKEv1},
		{"auth", n.Local.Auth.V == AuthPSK && n.Remote.Auth.V == AuthPSK},
		{"sides", n.Local.Addresses.V[0].Text == "192.0.2.1" && !n.SidesGuessed && n.Local.ID.Key == "rightid"},
		{"xauth", n.XAuth.V == XAuthServer && n.Remote.Auth2.V == AuthXAuth},
		{"children", len(n.Children) == 2 && n.Children[1].Name == "nets/2x1" && n.Children[1].Remote.V[0].Text == "10.2.0.0/16" && n.Children[1].Local.V[0].Text == "10.9.0.0/24"},
		{"pfs by phase 1", len(n.Children[0].Proposals.V.List[0].Groups) > 0 && n.Children[0].PFS.Origin == Default},
		{"truncbug", n.Children[0].SHA256Bits96.V},
		{"encap", n.Encap.V == EncapForce && a.Encap.V == EncapAuto},
		{"no rekey", n.Lifetime.Rekey.V == 0 && n.Lifetime.Total.V == 28800 && n.Children[0].Lifetime.Life.V == 3600 && n.Children[0].Lifetime.Rekey.V == 0},
		{"start", n.Start.V == StartKeep && a.Start.V == StartTrap},
		{"ah", a.Children[0].Proposals.V.List[0].Protocol == 2 && len(a.Children[0].Proposals.V.List[0].Groups) == 0 && !a.Children[0].PFS.V},
		{"local", !a.SidesGuessed && a.Remote.Addresses.V[0].Kind == AddressName},
		{"fragmentation", a.Fragmentation.V == FragmentForce},
	} {
		if !v.ok {
			t.Errorf("%s\n%s", v.what, dump(c))
		}
	}
}

func TestSides(t *testing.T) {
	const text = "conn a\n\tleft=192.0.2.1\n\tright=198.51.100.1\n\tleftsubnet=10.0.0.0/24\n\tauto=add\n"
	for _, d := range []Dialect{StrongSwan, Libreswan} {
		c, _ := Parse("f", strings.NewReader(text), Options{Dialect: d, Local: []netip.Addr{netip.MustParseAddr("198.51.100.1")}})
		x := &c.Connections[0]
		if x.SidesGuessed || x.Local.Addresses.Key != "right" || x.Children[0].Remote.V[0].Text != "10.0.0.0/24" {
			t.Errorf("%s: %+v", d, x.Local)
		}
		c = parse(t, d, text)
		if x := &c.Connections[0]; !x.SidesGuessed || x.Local.Addresses.Key != "left" {
			t.Errorf("%s: %+v", d, x.Local)
		}
	}
}

// TestSendCert: when an end sends its certificate, in the words of each daemon.
func TestSendCert(t *testing.T) {
	for _, x := range []struct {
		dialect Dialect
		text    string
		want    SendCert
		stated  bool
	}{
		{StrongSwan, "conn a\n\tleft=192.0.2.1\n\tright=192.0.2.2\n", SendCertAsked, false},
		{StrongSwan, "conn a\n\tleft=192.0.2.1\n\tright=192.0.2.2\n\tleftsendcert=never\n", SendCertNever, true},
		{StrongSwan, "conn a\n\tleft=192.0.2.1\n\tright=192.0.2.2\n\tleftsendcert=ifasked\n", SendCertAsked, true},
		{Libreswan, "conn a\n\tleft=192.0.2.1\n\tright=192.0.2.2\n\tleftsendcert=no\n", SendCertNever, true},
		{Libreswan, "conn a\n\tleft=192.0.2.1\n\tright=192.0.2.2\n\tleftsendcert=always\n", SendCertAlways, true},
		{Swanctl, "connections {\n a {\n send_cert = never\n local {\n auth = pubkey\n }\n }\n}\n", SendCertNever, true},
		{Racoon, "remote 192.0.2.2 {\n exchange_mode main;\n send_cert off;\n proposal {\n authentication_method rsasig;\n dh_group 2;\n }\n}\n", SendCertNever, true},
		{Racoon, "remote 192.0.2.2 {\n exchange_mode main;\n send_cert on;\n proposal {\n authentication_method rsasig;\n dh_group 2;\n }\n}\n", SendCertAlways, true},
	} {
		c := parse(t, x.dialect, x.text)
		if len(c.Connections) != 1 || len(c.Problems) > 0 {
			t.Errorf("%q: %d connections, %v", x.text, len(c.Connections), c.Problems)
			continue
		}
		if v := c.Connections[0].Local.SendCert; v.V != x.want || v.Stated() != x.stated {
			t.Errorf("%q: %v, stated %v", x.text, v.V, v.Stated())
		}
	}
}
