package observe

import (
	"strings"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/config"
)

// What implementations are known to do. Nobody behind this package asks which
// one it is.

// The implementations, as logs and vendor IDs name them.
const (
	strongSwan = "strongSwan"
	libreswan  = "libreswan"
	ciscoIOS   = "Cisco IOS"
)

// product names the implementation that a format belongs to.
func product(d config.Dialect) string {
	switch d {
	case config.Swanctl, config.StrongSwan, config.StrongSwanOpt:
		return strongSwan
	case config.Libreswan:
		return libreswan
	case config.CiscoIOS:
		return ciscoIOS
	}
	return ""
}

// behaviour returns the traits of the implementation that a format belongs to.
func behaviour(d config.Dialect) diag.Behaviour {
	switch product(d) {
	case strongSwan:
		return diag.Behaviour{
			OwnModeOnly: true, // as recordings of both daemons show
			Selectors:   diag.SelectorsNarrowed,
			Narrowed:    diag.NarrowedTaken,
		}
	case libreswan:
		return diag.Behaviour{
			OwnModeOnly:          true,
			ChecksUsage:          true,
			FollowsEncapsulation: true,
			Selectors:            diag.SelectorsExact,
			Narrowed:             diag.NarrowedRefused,
			PFS:                  diag.PFSAnyGroup,
		}
	case ciscoIOS:
		return diag.Behaviour{
			KeyByAddress: true,
			Selectors:    diag.SelectorsWithin, // by its access list
			PFS:          diag.PFSFree,         // without set pfs
		}
	}
	return diag.Behaviour{}
}

// software returns the body for what a party runs, with its traits.
func software(of diag.Party, product, version string) diag.Software {
	s := diag.Software{Of: of, Product: product, Version: version}
	// Since 5.2.2 it says that a configuration was found, none of which allows
	// what the peer wants; before, as if there were none.
	s.TellsMethodApart = product == strongSwan && s.AtLeast(5, 2, 2)
	// In its own casing or, as in vendor IDs of old, another.
	s.HidesUnreadable = strings.EqualFold(product, libreswan)
	return s
}
