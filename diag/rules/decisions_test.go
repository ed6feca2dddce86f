package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/rules"
)

const west, east = "198.51.100.10", "203.0.113.20"

// talk writes a charon log of one end of a main-mode negotiation.
type talk struct {
	b         strings.Builder
	own, peer string
	second    int
}

func initiator() *talk {
	t := &talk{own: west, peer: east}
	t.say("DMN", "Starting IKE charon daemon (strongSwan 5.9.8, Linux 6.1.0, x86_64)")
	return t
}

func responder() *talk {
	t := &talk{own: east, peer: west}
	t.say("DMN", "Starting IKE charon daemon (strongSwan 5.9.8, Linux 6.1.0, x86_64)")
	return t
}

func (t *talk) say(group, format string, args ...any) *talk {
	fmt.Fprintf(&t.b, "2026-03-04T%02d:%02d:%02d 05[%s] %s\n", 10+t.second/3600, t.second/60%60, t.second%60, group, fmt.Sprintf(format, args...))
	return t
}

func (t *talk) wait(seconds int) *talk { t.second += seconds; return t }

// port is the port that both ends use from here on.
func (t *talk) sends(what string, size, port int) *talk {
	t.say("ENC", "generating %s", what)
	return t.say("NET", "sending packet: from %s[%d] to %s[%d] (%d bytes)", t.own, port, t.peer, port, size)
}

func (t *talk) gets(what string, size, port int) *talk {
	t.say("NET", "received packet: from %s[%d] to %s[%d] (%d bytes)", t.peer, port, t.own, port, size)
	return t.say("ENC", "parsed %s", what)
}

// main goes through main mode up to a message.
func (t *talk) main(messages int) *talk {
	if t.own == west {
		t.say("IKE", "initiating Main Mode IKE_SA net[1] to %s", east)
	}
	for n := 1; n <= messages; n++ {
		what := []string{"SA V V V V", "SA V V V", "KE No NAT-D NAT-D", "KE No NAT-D NAT-D", "ID HASH", "ID HASH"}[n-1]
		size := []int{180, 160, 396, 396, 92, 92}[n-1]
		way := map[bool]string{true: "request", false: "response"}[n%2 == 1]
		what = fmt.Sprintf("ID_PROT %s 0 [ %s ]", way, what)
		if (n%2 == 1) == (t.own == west) {
			t.sends(what, size, 500)
		} else {
			t.gets(what, size, 500)
			if n == 1 {
				t.say("IKE", "%s is initiating a Main Mode IKE_SA", west)
			}
		}
	}
	if messages == 6 {
		t.say("IKE", "IKE_SA net[1] established between %s[%s]...%s[%s]", t.own, t.own, t.peer, t.peer)
	}
	return t
}

// told is an error that came in the clear, refused one that came encrypted.
func (t *talk) told(short, long string) *talk {
	return t.gets("INFORMATIONAL_V1 request 77 [ N("+short+") ]", 40, 500).say("IKE", "received %s error notify", long)
}

func (t *talk) refused(short, long string) *talk {
	return t.gets("INFORMATIONAL_V1 request 77 [ HASH N("+short+") ]", 92, 500).say("IKE", "received %s error notify", long)
}

func (t *talk) quick() *talk {
	return t.sends("QUICK_MODE request 4000 [ HASH SA No ID ID ]", 188, 500)
}

// silence repeats the last message until the daemon gives up.
func (t *talk) silence(mid, size, port int) *talk {
	for n := 1; n <= 5; n++ {
		t.wait(4*n).say("IKE", "sending retransmit %d of request message ID %d, seq 3", n, mid)
		t.say("NET", "sending packet: from %s[%d] to %s[%d] (%d bytes)", t.own, port, t.peer, port, size)
	}
	return t.wait(40).say("IKE", "giving up after 5 retransmits").say("IKE", "establishing IKE_SA failed, peer not responding")
}

// causes diagnoses logs, one of each folder, and lists the active causes in
// rank order with their verdicts.
func causes(t *testing.T, logs map[string]string) (codes []diag.Code, verdicts []string) {
	t.Helper()
	c := &diagtest.Case{Basis: "synthetic"}
	for folder, text := range logs {
		c.Files = append(c.Files, diagtest.File{Name: folder + "/charon.log", Data: []byte(text)})
	}
	r, err := c.Report(rules.Default())
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Kind == diag.Cause && f.Status == diag.Active && f.Severity > diag.Info {
			codes, verdicts = append(codes, f.Code), append(verdicts, f.Verdict.String())
		}
	}
	if t.Failed() {
		t.Log(diagtest.Summary(r))
	}
	return codes, verdicts
}

// One notify covers many causes, and one cause yields many notifies. What tells
// them apart is decided in this order: where in the negotiation it came, who
// sent it, and what else there is.
func TestLookAlikesDecided(t *testing.T) {
	for _, test := range []struct {
		name  string
		log   *talk
		first diag.Code   // of the causes; empty: any of among
		among []diag.Code // all of them are candidates
		not   []diag.Code
	}{
		{"14 in the clear, no other evidence", initiator().main(1).told("NO_PROP", "NO_PROPOSAL_CHOSEN"), "",
			[]diag.Code{diag.IKEP1ProposalMismatch, diag.IKEP1PeerUnknown}, []diag.Code{diag.IKEP2ProposalMismatch, diag.IKEP1PSKMismatch}},
		{"14 encrypted, in phase 2", initiator().main(6).quick().refused("NO_PROP", "NO_PROPOSAL_CHOSEN"), diag.IKEP2ProposalMismatch,
			[]diag.Code{diag.IKEP2PFSMismatch}, []diag.Code{diag.IKEP1ProposalMismatch, diag.IKEP1PeerUnknown, diag.IKEP2TSMismatch}},
		{"14, the responder has no connection", responder().main(1).say("IKE", "no IKE config found for %s...%s, sending NO_PROPOSAL_CHOSEN", east, west), diag.IKEP1PeerUnknown,
			nil, []diag.Code{diag.IKEP1ProposalMismatch}},
		{"14, the responder lists proposals", responder().main(1).say("CFG", "received proposals: IKE:3DES_CBC/HMAC_MD5_96/PRF_HMAC_MD5/MODP_1024").
			say("CFG", "configured proposals: IKE:AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048").say("IKE", "no proposal found"), diag.IKEP1ProposalMismatch,
			nil, []diag.Code{diag.IKEP1PeerUnknown}},
		{"18 before phase 1 is up", initiator().main(5).refused("INVAL_ID", "INVALID_ID_INFORMATION"), diag.IKEP1IDInitiatorMismatch,
			nil, []diag.Code{diag.IKEP2TSMismatch, diag.IKEP1PSKMismatch}},
		{"18 to a quick mode", initiator().main(6).quick().refused("INVAL_ID", "INVALID_ID_INFORMATION"), diag.IKEP2TSMismatch,
			nil, []diag.Code{diag.IKEP1IDInitiatorMismatch, diag.IKEP2PFSMismatch}},
		{"24 in main mode is no wrong key", initiator().main(5).refused("AUTH_FAILED", "AUTHENTICATION_FAILED"), "",
			[]diag.Code{diag.IKEP1IDInitiatorMismatch}, []diag.Code{diag.IKEP1PSKMismatch, diag.IKEP2TSMismatch}},
		{"what cannot be decrypted, with a key", responder().main(4).gets("", 92, 500).say("ENC", "invalid ID_V1 payload length, decryption failed?").
			say("ENC", "could not decrypt payloads").say("IKE", "message parsing failed"), diag.IKEP1PSKMismatch, nil, []diag.Code{diag.IKEP1IDInitiatorMismatch, diag.IKEHashInvalid}},
		{"17 to the third message", initiator().main(3).told("INVAL_KE", "INVALID_KEY_INFORMATION"), "",
			[]diag.Code{diag.IKEP1PSKMissing, diag.IKEP1DHUnsupported}, []diag.Code{diag.IKEP1PSKMismatch}},
		{"a wrong HASH after phase 1", responder().main(6).say("NET", "received packet: from %s[500] to %s[500] (188 bytes)", west, east).
			say("ENC", "received HASH payload does not match").say("IKE", "integrity check failed"), diag.IKEHashInvalid, nil, []diag.Code{diag.IKEP1PSKMismatch}},
		{"silence after a large fifth message", initiator().main(4).say("IKE", "sending end entity cert \"CN=west\"").
			sends("ID_PROT request 0 [ ID CERT SIG ]", 3200, 500).silence(0, 3200, 500), diag.NetIKEFragDropped, nil, []diag.Code{diag.NetUDP4500Blocked}},
		{"silence after the float to 4500", initiator().main(4).say("IKE", "local host is behind NAT, sending keep alives").
			sends("ID_PROT request 0 [ ID HASH ]", 92, 4500).silence(0, 92, 4500), diag.NetUDP4500Blocked, nil, []diag.Code{diag.NetIKEFragDropped}},
		{"silence after a small fifth message", initiator().main(5).silence(0, 92, 500), diag.IKEP1PSKMismatch, nil, []diag.Code{diag.NetIKEFragDropped, diag.NetUDP500Blocked}},
		{"silence after the first message", initiator().main(1).silence(0, 180, 500), "",
			[]diag.Code{diag.NetUDP500Blocked, diag.NetPeerNotListening}, []diag.Code{diag.IKEP1PSKMismatch, diag.NetUDP4500Blocked}},
		{"established at the responder, and deleted at once", responder().main(6).gets("INFORMATIONAL_V1 request 5 [ HASH D ]", 92, 500).
			say("IKE", "received DELETE for IKE_SA net[1]").say("IKE", "deleting IKE_SA net[1] between %s[%s]...%s[%s]", east, east, west, west), diag.IKEP1IDResponderMismatch,
			nil, []diag.Code{diag.IKEP1PSKMismatch, diag.IKEP2TSMismatch}},
		{"phase 1 up, and no quick mode", initiator().main(6).wait(600).say("CFG", "vici client 3 connected").say("IKE", "initiating Main Mode IKE_SA other[2] to 192.0.2.99"), diag.IKEP2NotTriggered, nil, []diag.Code{diag.IKEP2TSMismatch, diag.IKEP2ProposalMismatch}},
		{"phase 1 up, and silence to the quick mode", initiator().main(6).quick().silence(4000, 188, 500), "",
			[]diag.Code{diag.IKEP2ProposalMismatch, diag.IKEP2TSMismatch}, []diag.Code{diag.IKEP2NotTriggered, diag.IKEP1PSKMismatch, diag.NetUDP500Blocked}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, verdicts := causes(t, map[string]string{"gw": test.log.b.String()})
			if test.first != "" && (len(got) == 0 || got[0] != test.first) {
				t.Errorf("the first is not %s: %v %v", test.first, got, verdicts)
			}
			for _, c := range test.among {
				if !slices.Contains(got, c) {
					t.Errorf("%s is no candidate: %v %v", c, got, verdicts)
				}
			}
			for _, c := range test.not {
				if slices.Contains(got, c) {
					t.Errorf("%s is a candidate: %v %v", c, got, verdicts)
				}
			}
			if slices.Contains(verdicts, "confirmed") && len(test.among) > 0 {
				t.Errorf("sure of one of several that look alike: %v %v", got, verdicts)
			}
		})
	}
}
