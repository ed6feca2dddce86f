package rules

import "github.com/ikediag/ikediag/diag"

// NoRule is a code of the catalogue that no rule gives yet.
type NoRule struct {
	Code diag.Code
	// Needs says which evidence a rule for it would rest on.
	Needs string
}

// Unruled lists the codes without a rule. A code is either here or has one.
func Unruled() []NoRule {
	return []NoRule{
		{diag.IKEMsgMalformed, "a recording of a message that is malformed before there are keys, with the log of the daemon that refuses it: with keys, a wrong pre-shared key looks the same"},
		{diag.LifePeerAddrChanged, "a recording of a peer whose address changes while the tunnel is up, with both logs and what its name resolved to before and after"},
		{diag.LifeVendorRekeyBug, "a recording of a release that is known to fail at renegotiation, with the release in its log: that outages recur at a lifetime is LIFE-EXPIRES-PREDICTABLY"},
		{diag.LifeHAFailoverNoSync, "the logs of both members of a cluster over a change of roles, with the SAs of each before and after, and the words in which each says that it took over"},
		{diag.ESPOffloadFault, "the kernel's list of SAs with and without offload, the interface's own counters of offload errors, and a capture on the wire beside one on the host"},
		{diag.NetAsymmetricPath, "captures of one gateway on both of its uplinks, with its routes: one uplink alone shows half of the traffic of any tunnel"},
		{diag.NetNATSingleClient, "captures on both sides of a NAT with two clients behind it, of which the first works until the second begins, with the SPIs of both"},
	}
}
