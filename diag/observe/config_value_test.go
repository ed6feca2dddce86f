package observe

import (
	"net/netip"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/config"
)

// A key's place reads as its format writes it, and shows no key.
func TestKeyPlace(t *testing.T) {
	const key = "the-very-key"
	entry := func(e config.SecretEntry, setting string) *config.SecretMatch {
		e.Secret = config.Value[ike.Secret]{V: ike.NewSecret([]byte(key)), Key: setting, At: config.Pos{File: "f", Line: 7}}
		return &config.SecretMatch{Entry: &e, Secret: e.Secret}
	}
	ring := []string{"192.0.2.1"}
	for _, x := range []struct {
		m    *config.SecretMatch
		want diag.Place
	}{
		{entry(config.SecretEntry{Name: "ike-1"}, "secret"), diag.Place{Setting: "secret", Value: "[secret]"}},
		{entry(config.SecretEntry{Name: "PSK"}, ""), diag.Place{Setting: "PSK", Blank: true, Value: "[secret]"}},
		{entry(config.SecretEntry{Name: config.CiscoKey, OwnerText: ring, Peers: netip.MustParsePrefix("192.0.2.1/32")}, "key"),
			diag.Place{Setting: "crypto isakmp key", Blank: true, Value: "[secret] address 192.0.2.1"}},
		{entry(config.SecretEntry{Name: config.CiscoKey, OwnerText: []string{"gw"}}, "key"), diag.Place{Setting: "crypto isakmp key", Blank: true, Value: "[secret] hostname gw"}},
		{entry(config.SecretEntry{Name: config.CiscoKeyring, OwnerText: ring}, "key"), diag.Place{Setting: "pre-shared-key", Blank: true, Value: "address 192.0.2.1 key [secret]"}},
	} {
		x.want.File, x.want.Line = "f", 7
		if got := keyPlace(x.m); got != x.want {
			t.Errorf("%+v, want %+v", got, x.want)
		}
	}
}
