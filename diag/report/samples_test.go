package report_test

import (
	"net/netip"
	"strings"
	"time"

	"github.com/ikediag/ikediag/diag"
)

// The samples are reports as the engine makes them, written by hand so that
// this package can be tested without it.

var (
	filiale  = netip.MustParseAddr("198.51.100.66")
	zentrale = netip.MustParseAddr("203.0.113.188")
	noon     = time.Date(2024, 11, 21, 12, 0, 0, 0, time.UTC)
)

// at is a moment as a syslog line gives it.
func at(seconds int) diag.Time {
	return diag.Time{Value: noon.Add(time.Duration(seconds) * time.Second), Precision: time.Second, Assumed: "year"}
}

// frame is a moment as a capture gives it.
func frame(micro int) diag.Time {
	return diag.Time{Value: noon.Add(time.Duration(micro) * time.Microsecond), Precision: time.Microsecond}
}

func addrPort(a netip.Addr, port uint16) netip.AddrPort { return netip.AddrPortFrom(a, port) }

func line(source diag.SourceID, gateway string, n int, t diag.Time, text string) diag.Evidence {
	return diag.Evidence{Source: source, Gateway: gateway, Kind: diag.EvidenceLog, Where: diag.Where{Line: n}, Time: t, Text: text, Basis: diag.Logged}
}

func packet(source diag.SourceID, gateway string, n int, t diag.Time, text string) diag.Evidence {
	return diag.Evidence{Source: source, Gateway: gateway, Kind: diag.EvidencePacket, Where: diag.Where{Frame: n}, Time: t, Text: text, Basis: diag.Unauthenticated}
}

func setting(source diag.SourceID, gateway string, n int, text string) diag.Evidence {
	return diag.Evidence{Source: source, Gateway: gateway, Kind: diag.EvidenceConfig, Where: diag.Where{Line: n}, Text: text, Basis: diag.Logged}
}

func source(id, name string, kind diag.SourceKind, dialect, gateway string, units, recognized int) diag.SourceReport {
	return diag.SourceReport{ID: id, GatewayID: gateway, Source: diag.Source{Name: name, Kind: kind, Dialect: dialect, Units: units, Recognized: recognized}}
}

func base(outcome diag.Outcome, stage string) *diag.Report {
	r := &diag.Report{
		Gateways: []diag.GatewayReport{
			{ID: "g1", Name: "198.51.100.66", Addresses: []netip.Addr{filiale}, Identities: []string{"filiale.example.com"}},
			{ID: "g2", Name: "203.0.113.188", Addresses: []netip.Addr{zentrale}, Identities: []string{"zentrale.example.com"}},
		},
		Tunnels: []diag.TunnelReport{{
			ID: "t-5f0c3a9be2d14478",
			Ends: [2]diag.EndReport{
				{GatewayID: "g1", Addresses: []netip.Addr{filiale}, Identity: "filiale.example.com", Connection: "site2site", Role: diag.Initiator},
				{GatewayID: "g2", Addresses: []netip.Addr{zentrale}, Identity: "zentrale.example.com", Connection: "site2site", Role: diag.Responder},
			},
			Outcome: outcome, Stage: stage, Attempts: 1,
		}},
	}
	return r
}

// wrongPSK is a pre-shared key mismatch seen from both ends, with both
// configurations.
func wrongPSK() *diag.Report {
	r := base(diag.OutcomePhase1Failed, "main-mode-5")
	r.Verdict = diag.Broken
	r.Tunnels[0].Attempts = 2
	r.Sources = []diag.SourceReport{
		source("s1", "filiale/charon.log", diag.KindLog, "strongswan", "g1", 198, 196),
		source("s2", "filiale/swanctl.conf", diag.KindConfig, "swanctl.conf", "g1", 24, 24),
		source("s3", "filiale/wan.pcap", diag.KindCapture, "pcap", "g1", 22, 22),
		source("s4", "zentrale/charon.log", diag.KindLog, "strongswan", "g2", 171, 171),
		source("s5", "zentrale/swanctl.conf", diag.KindConfig, "swanctl.conf", "g2", 24, 23),
	}
	r.Sources[0].Coverage = diag.Coverage{From: noon.Add(-time.Minute), To: noon.Add(time.Minute), Shows: diag.Bodies(diag.BodyMessage, diag.BodyCheck), Levels: map[string]int{"IKE": 2, "ENC": 2}}
	r.Sources[2].Coverage = diag.Coverage{From: noon, To: noon.Add(20 * time.Second), SnapLen: 262144, CutEnd: true}
	const a, b = "198.51.100.66", "203.0.113.188"
	r.Findings = []diag.Finding{{
		Code: diag.IKEP1PSKMismatch, Kind: diag.Cause, Severity: diag.Critical, Verdict: diag.Confirmed, Phase: diag.Phase1,
		FixAt:   diag.EndEither,
		Summary: "the pre-shared keys of 198.51.100.66 and 203.0.113.188 differ",
		Detail: diag.KeyMismatch{Ends: [2]diag.KeyPlace{
			{Gateway: a, File: "filiale/swanctl.conf", Line: 27}, {Gateway: b, File: "zentrale/swanctl.conf", Line: 26},
		}},
		Evidence: []diag.Evidence{
			line(0, a, 160, at(1), "Nov 21 12:00:01 filiale charon[812]: 14[NET] received packet: from 203.0.113.188[500] to 198.51.100.66[500] (92 bytes)"),
			line(0, a, 161, at(1), "Nov 21 12:00:01 filiale charon[812]: 14[ENC] invalid HASH_V1 payload length, decryption failed?").As(diag.Hint),
			line(0, a, 164, at(1), "Nov 21 12:00:01 filiale charon[812]: 14[IKE] ignore malformed INFORMATIONAL request").As(diag.Hint),
			line(0, a, 190, at(14), "Nov 21 12:00:14 filiale charon[812]: 06[IKE] giving up after 3 retransmits"),
			line(0, a, 191, at(14), "Nov 21 12:00:14 filiale charon[812]: 06[IKE] establishing IKE_SA failed, peer not responding"),
			setting(1, a, 27, "secret of ike-1, for id-1 zentrale.example.com").As(diag.Proof),
			packet(2, a, 5, frame(1_204_113), "198.51.100.66:500 > 203.0.113.188:500 main mode message 5, encrypted, 124 octets").As(diag.Strong),
			packet(2, a, 6, frame(1_205_871), "203.0.113.188:500 > 198.51.100.66:500 informational, encrypted, 92 octets").As(diag.Hint),
			line(3, b, 97, at(1), "Nov 21 12:00:01 zentrale charon[9322]: 07[ENC] invalid ID_V1 payload length, decryption failed?").As(diag.Strong),
			line(3, b, 98, at(1), "Nov 21 12:00:01 zentrale charon[9322]: 07[ENC] could not decrypt payloads").As(diag.Strong),
			setting(4, b, 26, "secret of ike-1, for id-1 filiale.example.com").As(diag.Proof),
		},
		RuledOut: []diag.RuledOut{
			{Code: diag.IKEP1PSKEncoding, Reason: "the keys differ in what the eye sees, too", Evidence: setting(4, b, 26, "")},
			{Code: diag.NetUDP4500Blocked, Reason: "no NAT was detected, nothing moved to port 4500", Evidence: packet(2, a, 5, diag.Time{}, "")},
			{Code: diag.IKEMsgMalformed, Reason: "a proven cause explains the failure"},
		},
		Remedies: []diag.Remedy{
			{End: diag.EndInitiator, Action: "put the same pre-shared key at both ends, and load it", Setting: "secrets.ike-1.secret", Source: 1, Line: 27},
			{End: diag.EndResponder, Action: "put the same pre-shared key at both ends, and load it", Setting: "secrets.ike-1.secret", Source: 4, Line: 26},
		},
		References:  []diag.Reference{{Title: "RFC 2409, section 5.4", URL: "https://www.rfc-editor.org/rfc/rfc2409#section-5.4"}},
		ID:          "f-0123456789abcdef",
		Incident:    "i-fedcba9876543210",
		Fingerprint: "f1:0123456789abcdef",
		Tunnel:      "t-5f0c3a9be2d14478",
		Explains:    []string{"f-00000000000000aa"},
		FirstSeen:   at(1), LastSeen: at(14), Count: 2,
	}, {
		Code: diag.IKERetransmitExhausted, Kind: diag.Symptom, Severity: diag.Critical, Verdict: diag.Confirmed, Phase: diag.Phase1,
		Summary: "the initiator 198.51.100.66 repeated main mode message 5 three times and gave up",
		Detail:  &diag.Stall{Stage: "main-mode-5", Side: "initiator", Tries: 3},
		Evidence: []diag.Evidence{
			line(0, a, 190, at(14), "Nov 21 12:00:14 filiale charon[812]: 06[IKE] giving up after 3 retransmits").As(diag.Proof),
		},
		ID: "f-00000000000000aa", Incident: "i-fedcba9876543210", Fingerprint: "f1:00000000000000aa", Tunnel: "t-5f0c3a9be2d14478", Count: 1,
		FirstSeen: at(14), LastSeen: at(14),
	}, {
		Code: diag.SecIKEV1Deprecated, Kind: diag.Advice, Severity: diag.Warning, Verdict: diag.Confirmed, Phase: diag.PhaseAny,
		Summary: "the tunnel uses IKEv1, which RFC 9395 deprecates",
		ID:      "f-00000000000000bb", Incident: "f-00000000000000bb", Fingerprint: "f1:00000000000000bb", Tunnel: "t-5f0c3a9be2d14478", Count: 1,
	}}
	return r
}

// healthy is a tunnel that works.
func healthy() *diag.Report {
	r := base(diag.OutcomeEstablished, "established")
	r.Verdict = diag.Healthy
	r.Tunnels[0].Children = []diag.ChildReport{{Selectors: []string{"10.69.0.0/24", "10.219.0.0/24"}, Outcome: diag.OutcomeEstablished}}
	r.Sources = []diag.SourceReport{
		source("s1", "filiale/charon.log", diag.KindLog, "strongswan", "g1", 205, 205),
		source("s2", "zentrale/charon.log", diag.KindLog, "strongswan", "g2", 190, 190),
	}
	r.Findings = []diag.Finding{{
		Code: diag.SecIKEV1Deprecated, Kind: diag.Advice, Severity: diag.Warning, Verdict: diag.Confirmed, Phase: diag.PhaseAny,
		Summary: "the tunnel uses IKEv1, which RFC 9395 deprecates", ID: "f-b", Incident: "f-b", Fingerprint: "f1:b", Tunnel: "t-5f0c3a9be2d14478", Count: 1,
	}, {
		Code: diag.OKP2Established, Kind: diag.OK, Severity: diag.Info, Verdict: diag.Confirmed, Phase: diag.PhaseAny,
		Summary: "phase 2 came up: 10.69.0.0/24 === 10.219.0.0/24", Detail: diag.Established{SPIIn: "c1a2b3c4", SPIOut: "0badcafe"},
		Evidence: []diag.Evidence{line(0, "198.51.100.66", 180, at(2), "Nov 21 12:00:02 filiale charon[812]: 09[IKE] CHILD_SA site2site{1} established").As(diag.Proof)},
		ID:       "f-c", Incident: "f-c", Fingerprint: "f1:c", Tunnel: "t-5f0c3a9be2d14478", Count: 1, FirstSeen: at(2), LastSeen: at(2),
	}}
	return r
}

// undecided is a failure seen from one end only, with three explanations.
func undecided() *diag.Report {
	r := base(diag.OutcomePhase1Failed, "main-mode-5")
	r.Verdict = diag.Broken
	r.Gateways = r.Gateways[:1]
	r.Tunnels[0].Attempts = 3
	r.Tunnels[0].Ends[1] = diag.EndReport{Addresses: []netip.Addr{zentrale}, Role: diag.Responder}
	r.Sources = []diag.SourceReport{
		source("s1", "messages.1.gz", diag.KindLog, "strongswan", "g1", 4101, 3920),
		source("s2", "notes.doc", diag.KindUnknown, "", "", 0, 0),
	}
	r.Sources[1].Err = "neither a log nor anything else that is read"
	const a = "198.51.100.66"
	gaveUp := line(0, a, 1190, at(14), "Nov 21 12:00:14 filiale charon[812]: 06[IKE] giving up after 3 retransmits")
	sent := line(0, a, 1158, at(1), "Nov 21 12:00:01 filiale charon[812]: 05[ENC] generating ID_PROT request 0 [ ID HASH N(INITIAL_CONTACT) ]")
	resent := line(0, a, 1166, at(5), "Nov 21 12:00:05 filiale charon[812]: 07[IKE] sending retransmit 1 of request message ID 0, seq 3")
	log := diag.Missing{Kind: diag.KindLog, End: diag.EndResponder, Level: "ike 2, enc 2", Why: "a responder that cannot decrypt message 5 says so in its log",
		Decides: []diag.Code{diag.IKEP1PSKMismatch, diag.NetIKEFragDropped}}
	trace := diag.Missing{Kind: diag.KindCapture, End: diag.EndResponder, Why: "it shows whether message 5 arrives whole, and what is sent back",
		Decides: []diag.Code{diag.NetIKEFragDropped, diag.NetUDP500Oneway}}
	finding := func(code diag.Code, v diag.Verdict, phase diag.Phase, fix diag.End, summary string, es ...diag.Evidence) diag.Finding {
		return diag.Finding{Code: code, Kind: diag.Cause, Severity: diag.Critical, Verdict: v, Phase: phase, FixAt: fix, Summary: summary, Evidence: es,
			ID: "f-" + strings.ToLower(string(code)), Incident: "i-1", Fingerprint: "f1:" + strings.ToLower(string(code)), Tunnel: "t-5f0c3a9be2d14478",
			FirstSeen: at(1), LastSeen: at(14), Count: 3}
	}
	psk := finding(diag.IKEP1PSKMismatch, diag.Possible, diag.Phase1, diag.EndEither,
		"the pre-shared keys of 198.51.100.66 and 203.0.113.188 may differ: the responder says nothing to message 5", sent.As(diag.Hint), resent.As(diag.Hint), gaveUp.As(diag.Hint))
	psk.Missing = []diag.Missing{log}
	psk.Remedies = []diag.Remedy{{End: diag.EndBoth, Action: "compare the pre-shared keys of both ends", Source: diag.NoSource}}
	frag := finding(diag.NetIKEFragDropped, diag.Possible, diag.PhasePath, diag.EndPath,
		"message 5 may be lost on the way because it is fragmented", sent.As(diag.Hint), gaveUp.As(diag.Hint))
	frag.Missing = []diag.Missing{log, trace}
	oneway := finding(diag.NetUDP500Oneway, diag.Unverifiable, diag.PhasePath, diag.EndPath, "the responder's answer to message 5 may be lost on the way back", gaveUp.As(diag.Hint))
	oneway.Missing = []diag.Missing{trace}
	answered := line(0, a, 1153, at(0), "Nov 21 12:00:00 filiale charon[812]: 05[NET] received packet: from 203.0.113.188[500] to 198.51.100.66[500] (396 bytes)")
	answered.Against, answered.Weight = true, diag.Strong
	oneway.Evidence = append(oneway.Evidence, answered)
	r.Findings = []diag.Finding{psk, frag, oneway}
	return r
}

// hostile is what an attacker would like to see rendered: terminal escapes, a
// bidirectional override and ten thousand octets in an identity, and more of
// that wherever text comes from outside.
func hostile() *diag.Report {
	const bad = "\x1b[2J\x1b]0;owned\x07\u202egnp.exe\u2066\x00\r\n\u0085\u200f\xff\xfe<script>alert(1)</script>"
	r := wrongPSK()
	f := &r.Findings[0]
	r.Tunnels[0].Ends[0].Identity = strings.Repeat("A", 10_000)
	r.Tunnels[0].Ends[1].Identity = bad
	r.Tunnels[0].Ends[1].Connection = bad + strings.Repeat("\x1b", 5000)
	r.Gateways[0].Identities = []string{bad, strings.Repeat("\u202e", 10_000)}
	r.Gateways[0].Name = bad
	r.Sources[0].Name, r.Sources[0].Host, r.Sources[0].Dialect, r.Sources[0].Err = bad+strings.Repeat("/x", 4000), bad, bad, bad
	r.Sources[0].Coverage.Levels = map[string]int{bad: 1}
	r.Tunnels[0].Stage = bad
	r.Tunnels[0].Children = []diag.ChildReport{{Selectors: []string{bad, bad}}}
	f.Summary = "identity " + bad
	f.Code = diag.Code(bad)
	f.Detail = diag.IdentityMismatch{Of: "initiator", Expected: bad, Got: strings.Repeat("\u202e", 10_000)}
	for i := range f.Evidence {
		f.Evidence[i].Text += bad
		f.Evidence[i].Time.Assumed = bad
	}
	f.RuledOut[0].Reason = bad
	f.Missing = []diag.Missing{{Kind: diag.KindLog, End: diag.EndResponder, Level: bad, Why: bad, Decides: []diag.Code{bad}}}
	f.Remedies[0].Action, f.Remedies[0].Setting, f.Remedies[0].Value = bad, bad, bad
	f.References[0] = diag.Reference{Title: bad, URL: "javascript:" + bad}
	f.ID, f.Incident, f.Fingerprint, f.Explains = bad, bad, bad, []string{bad}
	f.FirstSeen.Assumed = bad
	r.Findings[1].Incident = bad
	return r
}

// several is a fleet: three broken tunnels in two ways, one weak, many well,
// and a gateway that cannot bind its port.
func several() *diag.Report {
	r := wrongPSK()
	psk := r.Findings[0]
	r.Findings = nil
	host := diag.Finding{Code: diag.CFGInterfacePort, Kind: diag.Cause, Severity: diag.Critical, Verdict: diag.Confirmed, Phase: diag.PhasePath, Scope: diag.ScopeGateway,
		Gateway: "203.0.113.188", FixAt: diag.EndUnknown, Summary: "the daemon of 203.0.113.188 could not bind UDP port 4500: another process holds it",
		Evidence: []diag.Evidence{line(3, "203.0.113.188", 12, at(-60), "Nov 21 11:59:00 zentrale charon[9322]: 00[NET] unable to bind socket: Address already in use").As(diag.Proof)},
		ID:       "f-host", Incident: "f-host", Fingerprint: "f1:host", Count: 1, FirstSeen: at(-60), LastSeen: at(-60)}
	r.Findings = append(r.Findings, host, psk)
	for i := range 40 {
		t := r.Tunnels[0]
		t.ID = "t-" + string(rune('a'+i%26)) + string(rune('a'+i/26))
		peer := netip.AddrFrom4([4]byte{192, 0, 2, byte(i + 1)})
		t.Ends[0] = diag.EndReport{GatewayID: "g1", Addresses: []netip.Addr{peer}, Connection: "branch", Role: diag.Initiator}
		t.Outcome, t.Stage, t.Attempts = diag.OutcomeEstablished, "established", 1
		t.Children = []diag.ChildReport{{Selectors: []string{"10.0.0.0/24", "10.1.0.0/24"}, Outcome: diag.OutcomeEstablished}}
		switch i {
		case 7:
			t.Outcome, t.Stage = diag.OutcomePhase2Failed, "quick-mode-1"
			f := psk
			f.Code, f.Phase, f.Tunnel, f.ID, f.Incident, f.Explains = diag.IKEP2TSMismatch, diag.Phase2, t.ID, "f-ts", "i-ts", nil
			f.Verdict, f.FixAt = diag.Likely, diag.EndResponder
			f.Summary = "the responder 203.0.113.188 has no child for the selectors that 192.0.2.8 asks for"
			f.Detail = diag.SelectorMismatch{RequestedLocal: []string{"10.219.0.0/24"}, RequestedRemote: []string{"10.69.0.0/24"}, ConfiguredLocal: []string{"10.219.0.0/16"}, ConfiguredRemote: []string{"10.69.0.0/24"}}
			f.Evidence = []diag.Evidence{line(3, "203.0.113.188", 140, at(3), "Nov 21 12:00:03 zentrale charon[9322]: 11[IKE] no matching CHILD_SA config found for 10.219.0.0/24 === 10.69.0.0/24").As(diag.Strong)}
			f.RuledOut = nil
			f.Missing = []diag.Missing{{Kind: diag.KindConfig, End: diag.EndResponder, Decides: []diag.Code{diag.IKEP2ACLNotMirrored}, Why: "it shows which selectors are configured"}}
			f.Remedies = []diag.Remedy{{End: diag.EndResponder, Action: "configure a child with local 10.219.0.0/24 and remote 10.69.0.0/24", Source: diag.NoSource}}
			r.Findings = append(r.Findings, f)
		case 8:
			t.Outcome, t.Stage = diag.OutcomeNegotiating, "main-mode-3"
		case 9:
			f := diag.Finding{Code: diag.IKEP1LifetimeMismatch, Kind: diag.Cause, Severity: diag.Warning, Verdict: diag.Confirmed, Phase: diag.Phase1, FixAt: diag.EndEither,
				Summary: "the ends of 192.0.2.10 <-> 203.0.113.188 keep the ISAKMP SA for 3600 and for 28800 seconds", Tunnel: t.ID, ID: "f-life", Incident: "i-life", Fingerprint: "f1:life", Count: 1,
				Evidence: []diag.Evidence{setting(1, "198.51.100.66", 11, "rekey_time = 3600").As(diag.Proof)}}
			r.Findings = append(r.Findings, f)
		}
		r.Tunnels = append(r.Tunnels, t)
		if i%2 == 0 {
			r.Findings = append(r.Findings, diag.Finding{Code: diag.SecWeakDH, Kind: diag.Advice, Severity: diag.Warning, Verdict: diag.Confirmed, Tunnel: t.ID, ID: "f-dh" + t.ID,
				Phase: diag.PhaseAny, Incident: "f-dh" + t.ID, Fingerprint: "f1:dh" + t.ID, Summary: "Diffie-Hellman group 2 of " + peer.String() + " is weak", Count: 1})
		}
	}
	r.Silenced = []diag.Finding{{Code: diag.SecWeakHash, Kind: diag.Advice, Severity: diag.Warning, Verdict: diag.Confirmed, Phase: diag.PhaseAny, Tunnel: "t-aa", Summary: "SHA-1 is weak",
		ID: "f-sha", Incident: "f-sha", Fingerprint: "f1:sha", Count: 1}}
	return r
}
