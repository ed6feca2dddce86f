package logparse

import (
	"bytes"

	"github.com/ikediag/ikediag/ike"
)

// libreswan is the pluto daemon: FreeS/WAN, Openswan and Libreswan to 5.4. Its
// lines are recorded ones of Libreswan 4.10, and those of samples and of the
// daemon's own vocabulary since Openswan 2.6.
var libreswan = &Dialect{
	Name:     "libreswan",
	Dangling: true,
	Basis:    Recorded,
	Spelling: ike.DialectLibreswan,
	Replies:  true,
	Programs: []string{"pluto", "libreswan", "openswan", "freeswan"},
	Detect:   func(line []byte) int { return headed(line, scoreLibreswan) },
	score:    scoreLibreswan,
	marks:    [][]string{plutoAnchors.list},
	Templates: [][]Template{plutoPhase1, plutoSent, plutoProposals, plutoMessages, plutoAuth, plutoCert, plutoXAuth, plutoPhase2, plutoQuick,
		plutoLife, plutoDelete, plutoKernel, plutoHost, plutoConfig, plutoRejected, plutoAudits,
		plutoPlainConfig, plutoPlainKernel, plutoPlainCrypto, plutoPlainDaemon, plutoPlainIKE},
	Prefix:   plutoPrefix,
	begins:   plutoBegins,
	assemble: func() assembler { return new(pluto) },
}

// plutoAnchors are pieces of text that only pluto's lines have.
var plutoAnchors = phrases{list: []string{
	"Starting Pluto", "pluto_do_crypto", "STATE_MAIN_", "STATE_QUICK_", "STATE_AGGR_", "STATE_V2_", "STATE_XAUTH_",
	"STATE_MODE_CFG_", "added IKEv1 connection", "ikev1-policy", "Initializing NSS using ", "NSS crypto library initialized",
	"for pluto daemon", "no connection has been authorized", "initiating all conns with alias=", "FIPS HMAC integrity support",
	"Libreswan", "Openswan", "type=CRYPTO_IKE_SA ", "type=CRYPTO_IPSEC_SA ",
}}

// scoreLibreswan scores what only pluto writes.
func scoreLibreswan(rest []byte, pr Prefix, marked bool) int {
	if bytes.Equal(pr.Program, []byte("pluto")) {
		return 95
	}
	left := plutoPrefix(rest, &pr)
	if len(left) < len(rest) && pr.HasSAID {
		return 90
	}
	if marked && plutoAnchors.in(rest) {
		return 80
	}
	if len(left) < len(rest) && pr.Remote != nil {
		return 60
	}
	return 0
}
