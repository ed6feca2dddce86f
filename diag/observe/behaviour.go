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
	racoon     = "racoon"
	aws        = "AWS"
	ciscoASA   = "Cisco ASA"
	fortiOS    = "FortiOS"
	routerOS   = "RouterOS"
	panOS      = "PAN-OS"
	junos      = "Junos"
	screenOS   = "ScreenOS"
)

// product names the implementation that a format belongs to.
func product(d config.Dialect) string {
	switch d {
	case config.Swanctl, config.StrongSwan, config.StrongSwanOpt, config.PfSense, config.OPNsense, config.OPNsenseModel, config.VyOS:
		return strongSwan
	case config.Libreswan:
		return libreswan
	case config.CiscoIOS:
		return ciscoIOS
	case config.Racoon, config.RacoonKeys, config.Setkey:
		return racoon
	case config.AWS:
		return aws
	case config.CiscoASA:
		return ciscoASA
	case config.FortiGate:
		return fortiOS
	case config.MikroTik:
		return routerOS
	case config.PaloAlto:
		return panOS
	case config.JuniperSRX:
		return junos
	case config.ScreenOS:
		return screenOS
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
			// What loads ipsec.conf compares them, what loads swanctl.conf
			// does not, as recordings of both show.
			KeepsNamedID: d == config.StrongSwan,
		}
	case libreswan:
		return diag.Behaviour{
			OwnModeOnly:          true,
			KeyBeforeAnswer:      true, // as recordings of it show
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
	case racoon:
		return diag.Behaviour{
			KeyByAddress: true,
			OwnModeOnly:  true, // those that exchange_mode lists
			Selectors:    diag.SelectorsWithin,
			Narrowed:     diag.NarrowedRefused,
		}
	case aws:
		return diag.Behaviour{OwnModeOnly: true} // main mode, as its guide says
	case ciscoASA:
		// What it does with selectors within its access list is told in two
		// ways, and so is not known here.
		return diag.Behaviour{
			KeyByAddress: true,         // by the tunnel group of that name
			PFS:          diag.PFSFree, // recalled: its reference has the words of that of IOS
		}
	case fortiOS:
		// It chooses the entry of phase 1 by the mode among other things
		// (Fortinet's knowledge base FD52381), and answers another with no
		// proposal chosen.
		return diag.Behaviour{OwnModeOnly: true}
	case routerOS:
		// Its manual wants the exchange mode the same at both ends, and the
		// racoon that it comes from refuses any other (check_etypeok).
		return diag.Behaviour{OwnModeOnly: true}
	case panOS:
		// Proxy IDs have to be identical, that of a tunnel without any being
		// for everything (its administrator's guide, and what its users find).
		return diag.Behaviour{Selectors: diag.SelectorsExact}
	case junos, screenOS:
		return diag.Behaviour{PFS: diag.PFSUnstated}
	}
	return diag.Behaviour{}
}

// checked adds what a connection's setting for a responder's leniency makes of
// the traits.
func checked(b diag.Behaviour, level config.ProposalCheck) diag.Behaviour {
	switch level {
	case config.CheckObey:
		b.PFS, b.KeyLengths = diag.PFSTaken, diag.KeyLengthsAny
	case config.CheckStrict:
		b.PFS, b.KeyLengths, b.Lifetimes = diag.PFSFree, diag.KeyLengthsLonger, diag.LifetimesNotLonger
	case config.CheckClaim: // of phase 1 it depends on the release
		b.PFS, b.KeyLengths = diag.PFSFree, diag.KeyLengthsLonger
	case config.CheckExact:
		b.Lifetimes = diag.LifetimesEqual
	}
	return b
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
