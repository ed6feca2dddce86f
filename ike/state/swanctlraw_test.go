package state

import (
	"errors"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/ike"
)

// TestSwanctlForms: the forms for people, on one line and on many say the
// same.
func TestSwanctlForms(t *testing.T) {
	const raw = `list-sa event {net {uniqueid=3 version=1 state=ESTABLISHED local-host=2001:db8::1 local-port=4500 local-id=C=DE, O=a} b, CN=x remote-host=192.0.2.9 remote-port=4501 remote-id=carol remote-xauth-id=car ol initiator-spi=4ed43d3f6ef826aa responder-spi=21e8f5df0e61754c nat-remote=yes nat-any=yes encr-alg=AES_CBC encr-keysize=256 integ-alg=HMAC_SHA2_256_128 prf-alg=PRF_HMAC_SHA2_256 dh-group=MODP_2048 established=17 rekey-time=-3 remote-vips=[10.3.0.1 fd00::1] tasks-queued=[QUICK_MODE] child-sas {net-4 {name=net uniqueid=4 reqid=2 state=INSTALLED mode=TRANSPORT protocol=AH encap=yes spi-in=c425bce3 spi-out=cea70bb5 integ-alg=HMAC_SHA1_96 esn=1 bytes-in=18446744073709551615 packets-in=5 bytes-out=0 packets-out=0 life-time=30 local-ts=[10.1.0.0/16] remote-ts=[10.2.0.0/16 10.3.0.0/16[tcp/80]]}}}}
list-sas reply {}
`
	whole := strings.Replace(raw, "a} b", "a b", 1)
	st := parse(t, whole)
	if len(st.SAs) != 1 || len(st.SAs[0].Children) != 1 || len(st.Unknown) != 0 {
		t.Fatalf("%+v", st)
	}
	sa, c := st.SAs[0], st.SAs[0].Children[0]
	for i, w := range []struct{ got, want any }{
		{sa.Name, "net"}, {sa.ID, uint64(3)}, {sa.State, IKEEstablished}, {sa.Role, RoleResponder}, {sa.Local.Text, "C=DE, O=a b, CN=x"}, {sa.Local.Address.String(), "[2001:db8::1]:4500"},
		{sa.Remote.XAuth, "car ol"}, {len(sa.Remote.Virtual), 2}, {sa.NAT, NAT{Known: true, Remote: true}}, {sa.Rekey.D.Seconds(), -3.0}, {sa.Queued[0], "QUICK_MODE"},
		{sa.Algorithms, "AES_CBC-256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048"}, {len(sa.Proposal.Unknown), 0},
		{c.Name, "net"}, {c.ID, uint64(4)}, {c.ReqID, uint32(2)}, {c.State, ChildInstalled}, {c.Mode, ike.ModeTransport}, {c.Protocol, ike.ProtocolAH}, {c.UDP, true}, {c.In.SPI, uint32(0xc425bce3)},
		{c.In.Bytes, uint64(1<<64 - 1)}, {c.Out.Counted, true}, {c.In.Idle.Known, false}, {c.Proposal.ESN[0], true}, {len(c.Remote), 2},
	} {
		if w.got != w.want {
			t.Errorf("%d: got %v, want %v", i, w.got, w.want)
		}
	}
	// A brace in an identity breaks the message off, and is told.
	st, err := Parse("f", strings.NewReader(raw))
	if !errors.Is(err, ErrSyntax) || st.Format != SwanctlRaw {
		t.Errorf("%v %v", err, st.Format)
	}
}

func TestSwanctlPrettyHostile(t *testing.T) {
	st, err := Parse("f", strings.NewReader("list-sa event {\n  a {\n    state = ESTABLISHED\n    odd\n    x = [\n      y\nlist-sa event {\n  b {\n    state = CONNECTING\n  }\n}\n"))
	if !errors.Is(err, ErrSyntax) || len(st.SAs) != 2 || len(st.Unknown) != 1 || st.SAs[1].Name != "b" {
		t.Errorf("%v %+v", err, st)
	}
	deep := "list-sa event {" + strings.Repeat("a {", 20000) + "\n"
	if _, err := Parse("f", strings.NewReader(deep)); !errors.Is(err, ErrSyntax) {
		t.Errorf("deep: %v", err)
	}
	wide := "list-sa event {\n" + strings.Repeat("s {\n}\n", maxViciItems+10)
	if st, err := Parse("f", strings.NewReader(wide)); !errors.Is(err, ErrSyntax) || len(st.Unknown) == 0 {
		t.Errorf("wide: %v", err)
	}
}

func TestSwanctlConns(t *testing.T) {
	st := parse(t, `a: IKEv1: b: IKEv1/2, no reauthentication, rekeying every 14400s, dpd delay 30s
  local:  %any
  remote: 192.0.2.2 192.0.2.3
  local public key authentication:
    id: C=DE, CN=x: y
    certs: C=DE, CN=x
  remote XAuth authentication:
    xauth_id: carol
    something: new
  local: TUNNEL, no rekeying
    local:  dynamic
    remote: 10.2.0.0/16 10.3.0.0/16
    interface: eth0
  lan: PASS, no rekeying
    local:  10.1.0.0/16
    remote: 10.1.0.0/16
	odd
b: IKEv1, reauthentication every 1s
`)
	if len(st.Connections) != 2 || len(st.Unknown) != 2 {
		t.Fatalf("%+v", st)
	}
	c := st.Connections[0]
	for i, w := range []struct{ got, want any }{
		{c.Name, "a: IKEv1: b"}, {c.Versions, "IKEv1/2"}, {c.DPD.D.Seconds(), 30.0}, {c.Local, "%any"}, {c.Remote, "192.0.2.2 192.0.2.3"},
		{c.LocalAuth[0].Method, "public key"}, {c.LocalAuth[0].Text, "C=DE, CN=x: y"}, {c.LocalAuth[0].Certificates[0], "C=DE, CN=x"}, {c.RemoteAuth[0].Method, "XAuth"}, {c.RemoteAuth[0].Identity.Any, true},
		{len(c.Children), 2}, {c.Children[0].Name, "local"}, {c.Children[0].LocalText, "dynamic"}, {c.Children[1].Name, "lan"},
	} {
		if w.got != w.want {
			t.Errorf("%d: got %v, want %v", i, w.got, w.want)
		}
	}
}
