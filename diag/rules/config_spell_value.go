package rules

import (
	"fmt"
	"strings"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// Single values in the syntax of the file that has to change.

// modeValues are the modes of encapsulation of the other ends, which all formats
// write alike.
func (k kidPair) modeValues() [2]string {
	return [2]string{modeText(k.k[1].Mode), modeText(k.k[0].Mode)}
}

// seconds writes a lifetime for an end's file.
func (p confPair) seconds(end int, n uint32) string {
	switch p.format(end) {
	case formatCiscoIOS:
		return fmt.Sprint(n)
	case formatSwanctl, formatStrongSwan, formatLibreswan:
		return fmt.Sprintf("%ds", n)
	}
	return ""
}

// versionValues are the versions of the other ends as each format writes them.
func (p confPair) versionValues() (out [2]string) {
	for end := range out {
		switch v := p.c[1-end].V.Version; p.format(end) {
		case formatSwanctl:
			out[end] = fmt.Sprint(v)
		case formatStrongSwan:
			out[end] = fmt.Sprintf("ikev%d", v)
		case formatLibreswan:
			out[end] = [3]string{"", "no", "yes"}[min(v, 2)]
		}
	}
	return out
}

// modeValues are the exchange modes of the other ends as each format writes
// them.
func (p confPair) modeValues() (out [2]string) {
	for end := range out {
		main := p.c[1-end].V.Mode != isakmp.ExchangeAggressive
		switch p.format(end) {
		case formatSwanctl, formatStrongSwan, formatLibreswan:
			out[end] = map[bool]string{true: "no", false: "yes"}[main]
		case formatCiscoIOS:
			out[end] = map[bool]string{true: "main", false: "aggressive"}[main]
		}
	}
	return out
}

// authValues are the methods of the other ends as each format writes them.
// mine is the field that each end compares.
func (p confPair) authValues(fields [2]string) (out [2]string) {
	for end := range out {
		m := p.c[1-end].V.RemoteAuth
		if fields[1-end] == "LocalAuth" {
			m = p.c[1-end].V.LocalAuth
		}
		psk := m.PSK()
		switch p.format(end) {
		case formatSwanctl, formatStrongSwan:
			out[end] = map[bool]string{true: "psk", false: "pubkey"}[psk]
		case formatLibreswan:
			out[end] = map[bool]string{true: "secret", false: "rsasig"}[psk]
		case formatCiscoIOS:
			out[end] = map[bool]string{true: "pre-share", false: "rsa-sig"}[psk]
		}
	}
	return out
}

// identityValue spells an identity for an end's file, empty where the setting
// has no word for its type.
func (p confPair) identityValue(end int, id ike.Identity, setting string) string {
	address := id.Type == isakmp.IDIPv4 || id.Type == isakmp.IDIPv6
	switch p.format(end) {
	case formatSwanctl, formatStrongSwan:
		switch {
		case address, id.Type == isakmp.IDFQDN, id.Type == isakmp.IDUserFQDN:
			return diag.Clean(id.Value, 160)
		case id.Type == isakmp.IDKeyID:
			return "keyid:" + diag.Clean(id.Value, 160)
		}
	case formatLibreswan:
		switch {
		case address, id.Type == isakmp.IDUserFQDN:
			return diag.Clean(id.Value, 160)
		case id.Type == isakmp.IDFQDN:
			return "@" + diag.Clean(id.Value, 160)
		}
	case formatCiscoIOS:
		words := map[isakmp.IDType]string{}
		switch setting {
		case "match identity":
			words = map[isakmp.IDType]string{isakmp.IDIPv4: "address %s 255.255.255.255", isakmp.IDFQDN: "host %s", isakmp.IDUserFQDN: "user %s"}
		case "self-identity":
			words = map[isakmp.IDType]string{isakmp.IDIPv4: "address", isakmp.IDFQDN: "fqdn %s", isakmp.IDUserFQDN: "user-fqdn %s"}
		case "crypto isakmp identity":
			words = map[isakmp.IDType]string{isakmp.IDIPv4: "address", isakmp.IDFQDN: "hostname"}
		}
		return strings.ReplaceAll(words[id.Type], "%s", diag.Clean(id.Value, 160))
	}
	return ""
}

// keyFor says what a connection's file gets where it has no key for its peer.
func keyFor(c *diag.Connection) (setting, value string) {
	if c.Format == formatCiscoIOS && len(c.RemoteAddresses) > 0 {
		return "crypto isakmp key", "[secret] address " + c.RemoteAddresses[0].String()
	}
	return "pre-shared key", ""
}
