package ingest_test

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/report"
)

// end is what one end wants, in the words of no dialect.
type end struct {
	addr, peer, id, peerID, net, peerNet string
	key                                  string
	bits, hash, group                    int // phase 1
	aggressive                           bool
	espBits, espHash, pfs                int // phase 2
	transport                            bool
	life, espLife                        int // seconds
	otherHash, otherGroup                int // than those of both ends
}

// The hashes.
const (
	md5    = 0
	sha1   = 1
	sha256 = 2
)

var sha = map[int]string{md5: "md5", sha1: "sha", sha256: "sha256"}

// lacks are dialects that do not have what the others are tried with, and what
// they are tried with instead; it returns another hash and group.
var lacks = map[string]func(e *end) (hash, group int){"asa": lacksASA}

// written writes an end's configuration in each of the dialects, as the files
// of one gateway. Dialects with a file of tests to themselves are in that.
var written = map[string]func(e end) map[string]string{
	"junos": writeJunos,
	"vyos":  writeVyOS, "edgeos": writeEdgeOS,
	"screenos": writeScreenOS,
	"swanctl": func(e end) map[string]string {
		return map[string]string{"swanctl.conf": fmt.Sprintf(`connections {
  site {
    version = 1
    aggressive = %s
    local_addrs = %s
    remote_addrs = %s
    proposals = aes%d-%s-%s
    rekey_time = %ds
    over_time = 0
    local {
      auth = psk
      id = %s
    }
    remote {
      auth = psk
      id = %s
    }
    children {
      site {
        local_ts = %s
        remote_ts = %s
        esp_proposals = aes%d-%s%s
        mode = %s
        life_time = %ds
      }
    }
  }
}
secrets {
  ike-site {
    id-1 = %s
    secret = "%s"
  }
}
`, pick(e.aggressive, "yes", "no"), e.addr, e.peer, e.bits, swanHash(e.hash), modp[e.group], e.life, e.id, e.peerID, e.net, e.peerNet,
			e.espBits, swanHash(e.espHash), pick(e.pfs != 0, "-"+modp[e.pfs], ""), pick(e.transport, "transport", "tunnel"), e.espLife, e.peerID, e.key)}
	},
	"strongswan": func(e end) map[string]string {
		return map[string]string{"ipsec.conf": fmt.Sprintf(`conn site
	keyexchange=ikev1
	aggressive=%s
	authby=secret
	left=%s
	leftid=%s
	leftsubnet=%s
	right=%s
	rightid=%s
	rightsubnet=%s
	ike=aes%d-%s-%s!
	esp=aes%d-%s%s!
	type=%s
	ikelifetime=%ds
	lifetime=%ds
	auto=route
`, pick(e.aggressive, "yes", "no"), e.addr, e.id, e.net, e.peer, e.peerID, e.peerNet, e.bits, swanHash(e.hash), modp[e.group],
			e.espBits, swanHash(e.espHash), pick(e.pfs != 0, "-"+modp[e.pfs], ""), pick(e.transport, "transport", "tunnel"), e.life, e.espLife),
			"ipsec.secrets": fmt.Sprintf("%s %s : PSK \"%s\"\n", e.id, e.peerID, e.key)}
	},
	"libreswan": func(e end) map[string]string {
		return map[string]string{"ipsec.conf": fmt.Sprintf(`config setup
	uniqueids=yes

conn site
	ikev2=no
	authby=secret
	aggressive=%s
	left=%s
	leftid=%s
	leftsubnet=%s
	right=%s
	rightid=%s
	rightsubnet=%s
	ike=aes%d-%s;%s
	phase2=esp
	phase2alg=aes%d-%s%s
	pfs=%s
	type=%s
	ikelifetime=%ds
	salifetime=%ds
	auto=ondemand
`, pick(e.aggressive, "yes", "no"), e.addr, libreID(e.id), e.net, e.peer, libreID(e.peerID), e.peerNet, e.bits, libreHash(e.hash), modp[e.group],
			e.espBits, libreHash(e.espHash), pick(e.pfs != 0, ";"+modp[e.pfs], ""), pick(e.pfs != 0, "yes", "no"), pick(e.transport, "transport", "tunnel"), e.life, e.espLife),
			"ipsec.secrets": fmt.Sprintf("%s %s : PSK \"%s\"\n", libreID(e.id), libreID(e.peerID), e.key)}
	},
	"racoon":   racoonPair,
	"pfsense":  pfSensePair,
	"opnsense": opnSensePair,
	"aws":      awsPair,
	"asa":      writtenASA,
	"ios": func(e end) map[string]string {
		return map[string]string{"running-config": fmt.Sprintf(`version 15.4
hostname edge
crypto isakmp policy 10
 encr aes %d
 hash %s
 authentication pre-share
 group %d
 lifetime %d
crypto isakmp key %s address %s
%scrypto ipsec transform-set TS esp-aes %d esp-%s-hmac
 mode %s
crypto map VPN 10 ipsec-isakmp
 set peer %s
 set transform-set TS
%s set security-association lifetime seconds %d
 match address 101
interface GigabitEthernet0/0
 ip address %s 255.255.255.0
 crypto map VPN
access-list 101 permit ip %s %s
end
`, e.bits, sha[e.hash], e.group, e.life, e.key, e.peer,
			pick(e.aggressive, fmt.Sprintf("crypto isakmp peer address %s\n set aggressive-mode password %s\n set aggressive-mode client-endpoint ipv4-address %s\n", e.peer, e.key, e.addr), ""),
			e.espBits, sha[e.espHash], pick(e.transport, "transport", "tunnel"), e.peer,
			pick(e.pfs != 0, fmt.Sprintf(" set pfs group%d\n", e.pfs), ""), e.espLife, e.addr, wildcard(e.net), wildcard(e.peerNet))}
	},
	"fortigate": fortigate,
	"mikrotik":  mikrotik,
	"paloalto":  paloAlto,
}

var modp = map[int]string{1: "modp768", 2: "modp1024", 5: "modp1536", 14: "modp2048", 15: "modp3072"}

func pick(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

func swanHash(n int) string { return [...]string{"md5", "sha1", "sha256"}[n] }

func libreHash(n int) string { return [...]string{"md5", "sha1", "sha2_256"}[n] }

func libreID(id string) string { return pick(strings.Contains(id, "example"), "@"+id, id) }

// wildcard writes a network of 24 bits as an access list does.
func wildcard(net string) string {
	return strings.TrimSuffix(net, "/24") + " 0.0.0.255"
}

// unlike are the faults: how the end at fault differs, and the code that says
// so.
var unlike = []struct {
	name string
	turn func(e *end)
	code diag.Code
}{
	{"key", func(e *end) { e.key = "anotherSecretOfThem" }, diag.IKEP1PSKMismatch},
	{"ike-cipher", func(e *end) { e.bits = 128 }, diag.IKEP1ProposalMismatch},
	{"ike-hash", func(e *end) { e.hash = e.otherHash }, diag.IKEP1ProposalMismatch},
	{"ike-group", func(e *end) { e.group = e.otherGroup }, diag.IKEP1ProposalMismatch},
	{"mode", func(e *end) { e.aggressive = true }, diag.IKEExchangeModeMismatch},
	{"id", func(e *end) { e.id = "branch.example.org" }, diag.IKEP1IDInitiatorMismatch},
	{"esp-cipher", func(e *end) { e.espBits = 128 }, diag.IKEP2ProposalMismatch},
	{"esp-hash", func(e *end) { e.espHash = e.otherHash }, diag.IKEP2ProposalMismatch},
	{"pfs-none", func(e *end) { e.pfs = 0 }, diag.IKEP2PFSMismatch},
	{"pfs-group", func(e *end) { e.pfs = 15 }, diag.IKEP2PFSMismatch},
	{"subnet", func(e *end) { e.net = "10.99.0.0/24" }, diag.IKEP2TSMismatch},
	{"peer-subnet", func(e *end) { e.peerNet = "10.98.0.0/24" }, diag.IKEP2TSMismatch},
	{"transport", func(e *end) { e.transport = true }, diag.IKEP2ModeMismatch},
	{"life", func(e *end) { e.life = 3600 }, diag.IKEP1LifetimeMismatch},
	{"esp-life", func(e *end) { e.espLife = 1200 }, diag.IKEP2LifetimeMismatch},
}

// harmless are the faults that are none between two implementations, by the
// patterns of what the test calls them.
var harmless = []string{
	"mode of ios, against *", // a peer's key for aggressive mode does not keep main mode out
	// Both answer both modes.
	"mode of asa, against ios", "mode of asa, against asa",
	"mode of screenos, against ios", "mode of screenos, against asa",
	"mode of junos, against ios", "mode of junos, against asa", // and what Junos answers main mode with is not known
	"mode of paloalto, against ios", "mode of paloalto, against asa", // which takes either; whether it takes main mode then is not documented
	// It is its address, whatever this test calls it.
	"id of ios, against *", "id of asa, against *",
	// They look keys up by address, and check no identity but a certificate's.
	"id of *, against ios", "id of *, against asa",
	"id of *, against fortigate", // in main mode it asks for none where a key is shared
	// Networks behind the gateways get tunnel mode all the same; of ASA that is
	// recalled.
	"transport of ios, against *", "transport of asa, against *",
	"transport of junos, against *", // it has no mode but tunnel mode
	// AWS's options have neither a mode nor tunnel or transport, nor what it
	// expects its peer to be called; it has to have a group for PFS.
	"mode of aws, against *", "transport of aws, against *", "id of aws, against *", "id of *, against aws",
	"*-hash of aws, against asa", // the one has no MD5, and the other of the rest nothing but SHA-1
	// libreswan takes tunnel or transport mode as the peer has it, and any
	// group where it has one of its own.
	"transport of libreswan, against libreswan", "pfs-group of libreswan, against libreswan",
}

func isHarmless(name string) bool {
	return slices.ContainsFunc(harmless, func(pattern string) bool { ok, _ := path.Match(pattern, name); return ok })
}

func inputsOf(e end, dialect string) (in []ingest.Input) {
	for name, text := range written[dialect](e) {
		in = append(in, memory(e.addr+"/"+name, e.addr, []byte(text)))
	}
	return in
}

// Two configurations in any two dialects tell on one screen what differs, and
// which line to change to what, in that file's syntax; two that agree are
// quiet.
func TestPairsOfDialects(t *testing.T) {
	t.Parallel()
	dialects := slices.Sorted(maps.Keys(written))
	known := []string{"ios", "libreswan", "strongswan", "swanctl"}
	for _, a := range dialects {
		for _, b := range dialects {
			x := end{addr: "192.0.2.1", peer: "198.51.100.9", id: "192.0.2.1", peerID: "198.51.100.9", net: "10.1.0.0/24", peerNet: "10.2.0.0/24",
				key: "oneSecretOfBoth23", bits: 256, hash: sha256, group: 14, espBits: 256, espHash: sha256, pfs: 14, life: 28800, espLife: 3600, otherHash: sha1, otherGroup: 15}
			for _, d := range []string{a, b} {
				if f := lacks[d]; f != nil {
					x.otherHash, x.otherGroup = f(&x)
				}
			}
			y := x
			y.addr, y.peer, y.id, y.peerID, y.net, y.peerNet = x.peer, x.addr, x.peerID, x.id, x.peerNet, x.net
			r := diagnose(t, append(inputsOf(x, a), inputsOf(y, b)...))
			quiet(t, a+" and "+b, r)
			if (testing.Short() || raceEnabled) && !slices.Contains(known, a) && !slices.Contains(known, b) {
				continue // then the faults of each dialect are tried against these alone
			}
			for _, u := range unlike {
				z := x
				u.turn(&z)
				name := fmt.Sprintf("%s of %s, against %s", u.name, a, b)
				r := diagnose(t, append(inputsOf(z, a), inputsOf(y, b)...))
				if isHarmless(name) {
					quiet(t, name, r)
				} else {
					checkPair(t, name, r, u.code)
				}
			}
		}
	}
}

func quiet(t *testing.T, name string, r *diag.Report) {
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Kind == diag.Cause {
			t.Errorf("%s: nothing is wrong, yet: %s %s", name, f.Code, f.Summary)
		}
	}
}

// nearly are the codes that say the same: of which end an identity is depends
// on who begins, and two access lists have a code of their own.
var nearly = map[diag.Code]diag.Code{diag.IKEP1IDInitiatorMismatch: diag.IKEP1IDResponderMismatch, diag.IKEP2TSMismatch: diag.IKEP2ACLNotMirrored}

func checkPair(t *testing.T, name string, r *diag.Report, code diag.Code) {
	var out bytes.Buffer
	if err := report.Write(&out, r, report.Options{}); err != nil {
		t.Fatal(err)
	}
	n, f := rank(r, []string{string(code), string(nearly[code])})
	switch {
	case f == nil:
		t.Errorf("%s: no %s:\n%s", name, code, out.String())
		return
	case n > 0:
		t.Errorf("%s: %s has rank %d", name, code, n)
	}
	at := 0
	for _, m := range f.Remedies {
		if m.Source != diag.NoSource && m.Line > 0 && m.Setting != "" && m.Value != "" {
			at++
		}
	}
	if at == 0 {
		t.Errorf("%s: no remedy says which line to change to what: %+v", name, f.Remedies)
	}
	if n := strings.Count(out.String(), "\n"); n > 60 {
		t.Errorf("%s: %d lines", name, n)
	}
}
