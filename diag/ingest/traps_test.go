package ingest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
)

// Lines that have cost somebody a wrong diagnosis, and what must not be made
// of them: the codes that may come first, any of them, none confirmed unless
// sure says so.
var traps = []struct {
	name  string
	log   string
	first []diag.Code // nil: no cause at all
	other []diag.Code // are named too
	sure  bool
}{
	{
		name: "a HASH that makes no sense is not always another key",
		log: `10[ENC] invalid HASH_V1 payload length, decryption failed?
10[ENC] could not decrypt payloads
10[IKE] message parsing failed
`,
		first: []diag.Code{diag.IKEP1PSKMismatch},
	},
	{
		name: "NSS calls expired what is not valid yet",
		log: `Mar  4 10:00:00 gw pluto[77]: "site" #1: responding to Main Mode
Mar  4 10:00:00 gw pluto[77]: "site" #1: NSS: ERROR: IPsec certificate CN=peer invalid: SEC_ERROR_EXPIRED_CERTIFICATE: Peer's Certificate has expired.
Mar  4 10:00:00 gw pluto[77]: "site" #1: X509: certificate rejected for this connection
`,
		first: []diag.Code{diag.CertExpired, diag.CertNotYetValid},
		other: []diag.Code{diag.CertNotYetValid, diag.CertExpired},
	},
	{
		name: "what INVALID_ID_INFORMATION says of a certificate",
		log: `002 "site" #1: initiating Main Mode
104 "site" #1: STATE_MAIN_I1: initiate
106 "site" #1: STATE_MAIN_I2: sent MI2, expecting MR2
002 "site" #1: I am sending my cert
108 "site" #1: STATE_MAIN_I3: sent MI3, expecting MR3
003 "site" #1: ignoring informational payload INVALID_ID_INFORMATION, msgid=00000000, length=12
`,
		first: []diag.Code{diag.CertExpired, diag.CertUntrustedCA, diag.CertRevoked, diag.IKEP1IDInitiatorMismatch},
		other: []diag.Code{diag.CertExpired, diag.CertUntrustedCA, diag.CertRevoked, diag.IKEP1IDInitiatorMismatch},
	},
	{
		name: "an authentication failure that is a timeout in message 5",
		log: `002 "site" #1: initiating Main Mode
104 "site" #1: STATE_MAIN_I1: initiate
106 "site" #1: STATE_MAIN_I2: sent MI2, expecting MR2
003 "site" #1: NAT-Traversal: Result using RFC 3947 (NAT-Traversal) sender port 500: I am behind NAT
108 "site" #1: STATE_MAIN_I3: sent MI3, expecting MR3
010 "site" #1: STATE_MAIN_I3: retransmission; will wait 20s for response
010 "site" #1: STATE_MAIN_I3: retransmission; will wait 40s for response
031 "site" #1: max number of retransmissions (2) reached STATE_MAIN_I3.  Possible authentication failure: no acceptable response to our first encrypted message
`,
		first: []diag.Code{diag.IKEP1PSKMismatch, diag.NetUDP4500Blocked},
		other: []diag.Code{diag.IKEP1PSKMismatch, diag.NetUDP4500Blocked},
	},
	{
		name: "an initiator's NO_PROPOSAL_CHOSEN",
		log: `05[IKE] initiating Main Mode IKE_SA site[1] to 203.0.113.20
05[ENC] generating ID_PROT request 0 [ SA V V V V ]
05[NET] sending packet: from 198.51.100.10[500] to 203.0.113.20[500] (180 bytes)
06[NET] received packet: from 203.0.113.20[500] to 198.51.100.10[500] (56 bytes)
06[ENC] parsed INFORMATIONAL_V1 request 7 [ N(NO_PROP) ]
06[IKE] received NO_PROPOSAL_CHOSEN error notify
`,
		first: []diag.Code{diag.IKEP1ProposalMismatch},
		other: []diag.Code{diag.IKEP1PeerUnknown},
	},
	{
		name: "the loudest lines of IOS are its cleaning up",
		log: `*Mar  4 10:00:00.000: ISAKMP:(1001):peer does not do paranoid keepalives.
*Mar  4 10:00:00.000: ISAKMP-ERROR: (1001):Failed to find peer index node to update peer_info_list
`,
	},
	{
		name: "the loudest lines of the ASA are its cleaning up",
		log: `%ASA-3-713902: Group = 198.51.100.10, IP = 198.51.100.10, Removing peer from peer table failed, no match!
%ASA-4-713903: Group = 198.51.100.10, IP = 198.51.100.10, Error: Unable to remove PeerTblEntry
`,
	},
	{
		name: "what IOS says of every good negotiation",
		log: `*Mar  4 10:00:00.000: ISAKMP:(0):Can not start Aggressive mode, trying Main mode.
*Mar  4 10:00:00.000: ISAKMP:(0): beginning Main Mode exchange
*Mar  4 10:00:00.000: ISAKMP:(0): sending packet to 203.0.113.20 my_port 500 peer_port 500 (I) MM_NO_STATE
*Mar  4 10:00:00.100: ISAKMP:(0): vendor ID seems Unity/DPD but major 69 mismatch
*Mar  4 10:00:00.300: ISAKMP:(1001):SA has been authenticated with 203.0.113.20
`,
	},
	{
		name: "racoon's error when it begins",
		log: `2026-03-04 10:00:00: INFO: @(#)ipsec-tools 0.8.2 (http://ipsec-tools.sourceforge.net)
2026-03-04 10:00:00: ERROR: such policy does not already exist: "10.1.7.0/24[0] 10.2.0.0/16[0] proto=any dir=out"
`,
	},
	{
		name:  "FortiOS says where, and not why",
		log:   `date=2026-03-04 time=10:00:00 logid="0101037124" type="event" subtype="vpn" level="error" logdesc="IPsec phase 1 error" msg="IPsec phase 1 error" action="negotiate" remip=198.51.100.10 locip=203.0.113.20 vpntunnel="hq" status="negotiate_error" reason="no SA proposal chosen"` + "\n",
		first: []diag.Code{diag.IKEP1ProposalMismatch},
		other: []diag.Code{diag.IKEP1PeerUnknown, diag.IKEP1AuthmethodMismatch},
	},
	{
		name: "a connection's name says nothing",
		log: `05[IKE] initiating Main Mode IKE_SA wrong-psk-expired-cert[1] to 203.0.113.20
06[IKE] IKE_SA wrong-psk-expired-cert[1] established between 198.51.100.10[no proposal found]...203.0.113.20[203.0.113.20]
06[IKE] CHILD_SA wrong-psk-expired-cert{1} established with SPIs c0000001_i c0000002_o and TS 10.1.0.0/16 === 10.2.0.0/16
`,
	},
}

func TestTraps(t *testing.T) {
	for _, trap := range traps {
		r := read(t, memory("a/gateway.log", "a", []byte(trap.log)))
		causes := map[diag.Code]bool{}
		for i := range r.Findings {
			f := &r.Findings[i]
			if f.Kind != diag.Cause {
				continue
			}
			causes[f.Code] = true
			if f.Verdict == diag.Confirmed && !trap.sure {
				t.Errorf("%s: %s is confirmed", trap.name, f.Code)
			}
		}
		c, ok := r.Cause()
		if ok != (trap.first != nil) || ok && !contains(trap.first, c.Code) {
			t.Errorf("%s: %q comes first\n%s", trap.name, c.Code, diagtest.Summary(r))
		}
		for _, code := range trap.other {
			if !causes[code] {
				t.Errorf("%s: %s is not named\n%s", trap.name, code, diagtest.Summary(r))
			}
		}
	}
}

func contains(list []diag.Code, c diag.Code) bool {
	for _, x := range list {
		if x == c {
			return true
		}
	}
	return false
}

// Those who look for gateways on the Internet are not the fault of the tunnel
// that works.
func TestTrapScanner(t *testing.T) {
	var b strings.Builder
	for _, l := range healthyIKE {
		b.WriteString(l + "\n")
	}
	for i := range 5 {
		fmt.Fprintf(&b, "0%[1]d[NET] received packet: from 192.0.2.%[2]d[500] to 198.51.100.10[500] (192 bytes)\n"+
			"0%[1]d[ENC] parsed ID_PROT request 0 [ SA V V ]\n0%[1]d[IKE] no IKE config found for 198.51.100.10...192.0.2.%[2]d, sending NO_PROPOSAL_CHOSEN\n", i+1, 200+i)
	}
	r := read(t, memory("a/gateway.log", "a", []byte(b.String())))
	works := ""
	for i := range r.Tunnels {
		if r.Tunnels[i].Outcome == diag.OutcomeEstablished {
			works = r.Tunnels[i].ID
		}
	}
	if works == "" {
		t.Fatalf("no tunnel works\n%s", diagtest.Summary(r))
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Kind == diag.Cause && (f.Tunnel == works || f.Tunnel == "") {
			t.Errorf("%s is laid on the tunnel that works", f.Code)
		}
	}
}

var healthyIKE = []string{
	"05[IKE] initiating Main Mode IKE_SA site[1] to 203.0.113.20",
	"05[NET] sending packet: from 198.51.100.10[500] to 203.0.113.20[500] (180 bytes)",
	"06[IKE] IKE_SA site[1] established between 198.51.100.10[198.51.100.10]...203.0.113.20[203.0.113.20]",
	"06[IKE] CHILD_SA site{1} established with SPIs c0000001_i c0000002_o and TS 10.1.0.0/16 === 10.2.0.0/16",
}

// An hour of retries is one finding, which counts them.
func TestTrapRetries(t *testing.T) {
	var b strings.Builder
	for i := range 200 {
		fmt.Fprintf(&b, "Mar  4 10:%02d:%02d gw charon: 05[NET] received packet: from 203.0.113.20[500] to 198.51.100.10[500] (192 bytes)\n"+
			"Mar  4 10:%02[1]d:%02[2]d gw charon: 05[ENC] parsed ID_PROT request 0 [ SA V V ]\n"+
			"Mar  4 10:%02[1]d:%02[2]d gw charon: 05[IKE] 203.0.113.20 is initiating a Main Mode IKE_SA\n"+
			"Mar  4 10:%02[1]d:%02[2]d gw charon: 05[CFG] received proposals: IKE:AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024\n"+
			"Mar  4 10:%02[1]d:%02[2]d gw charon: 05[CFG] configured proposals: IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048\n"+
			"Mar  4 10:%02[1]d:%02[2]d gw charon: 05[IKE] no proposal found\n", i/60, i%60)
	}
	r := read(t, memory("a/gateway.log", "a", []byte(b.String())))
	n := 0
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Code == diag.IKEP1ProposalMismatch {
			n++
			if f.Count < 100 || !f.LastSeen.Value.After(f.FirstSeen.Value) {
				t.Errorf("seen %d times, from %v to %v", f.Count, f.FirstSeen.Value, f.LastSeen.Value)
			}
		}
	}
	if n != 1 {
		t.Errorf("%d findings\n%s", n, diagtest.Summary(r))
	}
}
