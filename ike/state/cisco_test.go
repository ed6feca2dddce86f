package state

import (
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/ike"
)

func TestCiscoIPsec(t *testing.T) {
	dir := recordings.Path(t, "configs", "state")
	st, err := Parse("asa", open(t, dir, "ntc-templates/cisco_asa_show_crypto_ipsec_sa.raw"))
	if err != nil || len(st.SAs) < 3 {
		t.Fatalf("%v, %d entries", err, len(st.SAs))
	}
	sa := &st.SAs[1]
	if sa.Name != "COLO-MAP" || sa.ID != 2 || sa.Local.Address.String() != "172.16.248.119:4500" || sa.Remote.Address.String() != "8.8.8.8:4500" || len(sa.Children) != 1 {
		t.Fatalf("%+v", sa)
	}
	c := &sa.Children[0]
	if c.In.SPI != 0x32F752FF || c.Out.SPI != 0x50023DDC || c.In.Packets != 23606461 || c.Out.Packets != 13915315 || !c.UDP || c.Mode != ike.ModeTunnel || c.State != ChildInstalled {
		t.Errorf("%+v", c)
	}
	if len(c.Local) != 1 || c.Local[0].String() != "172.16.122.32/28" || len(c.Proposal.Ciphers) != 1 || c.Expire.D.Seconds() != 25461 {
		t.Errorf("%v %v %v", c.Local, c.Proposal, c.Expire)
	}
	st, err = Parse("ios", open(t, dir, "ntc-templates/cisco_ios_show_crypto_ipsec_sa_detail.raw"))
	if err != nil || len(st.SAs) < 2 || len(st.SAs[1].Children) == 0 {
		t.Fatalf("%v, %d entries", err, len(st.SAs))
	}
	if c := st.SAs[1].Children[0]; c.In.Replayed != 1 || c.In.Window != 1024 || c.Mode != ike.ModeTransport || !c.UDP || c.Local[0].Protocol != 47 {
		t.Errorf("%+v", c)
	}
}

func TestCiscoIKE(t *testing.T) {
	dir := recordings.Path(t, "configs", "state")
	st, err := Parse("ios", open(t, dir, "genieparser/iosxe-show_crypto_isakmp_sa.txt"))
	if err != nil || len(st.SAs) != 6 || st.SAs[0].State != IKEEstablished || st.SAs[1].State != IKEDeleting || st.SAs[0].Between[1].String() != "100.0.10.2" {
		t.Errorf("%v %+v", err, st.SAs)
	}
	st, err = Parse("asa", open(t, dir, "ntc-templates/cisco_asa_show_crypto_ikev1_sa_detail.raw"))
	if err != nil || len(st.SAs) != 4 || st.SAs[3].Role != RoleResponder || st.SAs[3].State != IKEEstablished || !st.SAs[3].Remote.Address.IsValid() {
		t.Errorf("%v %+v", err, st.SAs)
	}
	record := "Total IKE SA: 1\n\n1   IKE Peer: 198.51.100.2\n    Type    : L2L             Role    : initiator\n    Rekey   : no              State   : MM_WAIT_MSG6\n"
	st, err = Parse("asa", strings.NewReader(record))
	if err != nil || len(st.SAs) != 1 || st.SAs[0].Role != RoleInitiator || st.SAs[0].State != IKEConnecting || len(st.Unknown) != 0 {
		t.Errorf("%v %+v %v", err, st.SAs, st.Unknown)
	}
}
