package observe

import (
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/config"
)

// Every format that is read belongs to an implementation of which something is
// known.
func TestBehaviour(t *testing.T) {
	for _, d := range []config.Dialect{
		config.Swanctl, config.StrongSwan, config.Libreswan, config.CiscoIOS, config.StrongSwanOpt, config.CiscoASA, config.JuniperSRX,
		config.ScreenOS, config.FortiGate, config.Racoon, config.Setkey, config.VyOS, config.PfSense, config.OPNsense, config.MikroTik,
		config.PaloAlto, config.AWS,
	} {
		known := behaviour(d) != diag.Behaviour{}
		if d.Read() && (!known || product(d) == "") || known && product(d) == "" {
			t.Errorf("%s: product %q, behaviour %+v", d, product(d), behaviour(d))
		}
	}
	a, b := behaviour(config.Swanctl), behaviour(config.StrongSwan)
	if a.KeepsNamedID || !b.KeepsNamedID {
		t.Error("what loads ipsec.conf checks the identity, what loads swanctl.conf does not")
	}
	if b.KeepsNamedID = false; a != b {
		t.Error("two formats of one implementation differ in what the daemon does")
	}
}

func TestSoftware(t *testing.T) {
	for _, x := range []struct {
		product, version string
		apart, hides     bool
	}{
		{"strongSwan", "5.9.8", true, false},
		{"strongSwan", "5.2.2", true, false},
		{"strongSwan", "5.2.1", false, false},
		{"strongSwan", "", false, false},
		{"libreswan", "4.10", false, true},
		{"Libreswan", "", false, true},
		{"Openswan", "5.9.8", false, false},
		{"", "6.0", false, false},
	} {
		s := software(diag.Self, x.product, x.version)
		if s.Of != diag.Self || s.Product != x.product || s.Version != x.version || s.TellsMethodApart != x.apart || s.HidesUnreadable != x.hides {
			t.Errorf("%s %s: %+v", x.product, x.version, s)
		}
	}
}
