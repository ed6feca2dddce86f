package logparse

import (
	"bytes"

	"github.com/ikediag/ikediag/ike"
)

// racoon is the daemon of KAME and ipsec-tools, 0.2 to 0.9, and of macOS,
// whose own words are known from memory only and stand in lists of their own.
var racoon = &Dialect{
	Name:      "racoon",
	Dangling:  true,
	Basis:     PublicSample,
	Spelling:  ike.DialectRacoon,
	Programs:  []string{"racoon", "racoonctl"},
	Detect:    func(line []byte) int { return headed(line, scoreRacoon) },
	score:     scoreRacoon,
	marks:     [][]string{racoonAnchors.list},
	Templates: racoonTemplates,
	Recalled:  [][]Template{racoonRecalled, racoonMac},
	Prefix:    racoonPrefix,
	begins:    racoonBegins,
	assemble:  func() assembler { return new(racoonLog) },
}

// mikrotik is RouterOS, whose IKEv1 daemon descends from racoon. No genuine
// log was at hand: its topics and its own words are recalled.
var mikrotik = &Dialect{
	Name:      "mikrotik",
	Dangling:  true,
	Basis:     Recalled,
	Spelling:  ike.DialectRacoon,
	Detect:    detectMikroTik,
	marks:     [][]string{mikrotikTopics},
	Templates: racoonTemplates,
	Recalled:  [][]Template{racoonRecalled, mikrotikRecalled},
	Prefix:    mikrotikPrefix,
	assemble:  func() assembler { return new(racoonLog) },
}

// alibaba is the VPN gateway of Alibaba Cloud, which descends from racoon 0.2
// and puts the negotiation's ends behind each message.
var alibaba = &Dialect{
	Name:      "alibaba",
	Dangling:  true,
	Basis:     PublicSample,
	Spelling:  ike.DialectRacoon,
	Detect:    detectAlibaba,
	marks:     [][]string{{alibabaMark}},
	Templates: racoonTemplates,
	Recalled:  [][]Template{racoonRecalled},
	Prefix:    alibabaPrefix,
	assemble:  func() assembler { return new(racoonLog) },
}

// racoonTemplates are what all of them have in common.
var racoonTemplates = [][]Template{racoonPhase1, racoonAuth, racoonPhase2, racoonLife, racoonHost, racoonDebug, racoonPlain, racoonPlainMore, racoonPlainRest, racoonPlainDebug}

// racoonAnchors are pieces of text that only racoon's lines have.
var racoonAnchors = phrases{list: []string{
	"ISAKMP-SA established ", "respond new phase ", "initiate new phase ", "IPsec-SA established: ", "phase1 negotiation failed",
	"phase2 negotiation failed", "failed to get sainfo", "@(#)ipsec-tools", "isakmp.c:", "isakmp_inf.c:", "isakmp_quick.c:",
	"Identity Protection mode", "pfkey UPDATE failed", "failed to pre-process p", "couldn't find the pskey",
}}

func scoreRacoon(rest []byte, pr Prefix, marked bool) int {
	if string(pr.Program) == "racoon" {
		return 95
	}
	left := racoonPrefix(rest, &pr)
	if marked && racoonAnchors.in(left) {
		if len(left) < len(rest) {
			return 95
		}
		return 70
	}
	if len(left) < len(rest) && len(pr.Remote) > 0 {
		return 60 // [192.0.2.1] ERROR:
	}
	if len(left) < len(rest) {
		return 25 // many programs write ": INFO: "
	}
	return 0
}

// mikrotikTopics are the topic that all lines have, among others.
var mikrotikTopics = []string{"ipsec,", ",ipsec"}

func detectMikroTik(line []byte) int {
	if !hasOne(line, mikrotikTopics) {
		return 0
	}
	var pr Prefix
	rest, foreign := parseHeader(line, &pr)
	if foreign {
		return 0
	}
	rest = trimLeft(rest)
	if len(mikrotikPrefix(rest, &pr)) < len(rest) {
		return 96
	}
	return 0
}

// alibabaMark begins the kind of a message.
const alibabaMark = "[PROTO_"

func detectAlibaba(line []byte) int {
	if !bytes.Contains(line, []byte(alibabaMark)) || ikemgr(line) {
		return 0
	}
	var pr Prefix
	rest, foreign := parseHeader(line, &pr)
	if foreign {
		return 0
	}
	rest = trimLeft(rest)
	if len(alibabaPrefix(rest, &pr)) < len(rest) {
		return 96
	}
	return 0
}
