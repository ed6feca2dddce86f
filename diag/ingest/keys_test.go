package ingest_test

import (
	"context"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/observe"
	"github.com/ikediag/ikediag/ike"
)

// given reads a file below ../shared, or skips where that is not here.
func given(t testing.TB, group string, path ...string) ingest.Input {
	t.Helper()
	file := recordings.Path(t, path...)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return memory(group+"/"+filepath.Base(file), group, b)
}

// secrets makes a file of secrets that holds one pre-shared key.
func secrets(group, key string) ingest.Input {
	return memory(group+"/ipsec.secrets", group, []byte(": PSK \""+key+"\"\n"))
}

// read reads inputs in both orders, which must not matter, and reports. No rule
// fails.
func read(t *testing.T, in ...ingest.Input) *diag.Report {
	t.Helper()
	var first string
	var r *diag.Report
	for range 2 {
		var err error
		r, err = ingest.Inputs(context.Background(), ingest.Options{Engine: diag.Options{DigestKey: []byte("test")}}, slices.Values(in))
		if err != nil {
			t.Error(err)
		}
		if text := encode(t, r); first == "" {
			first = text
		} else if text != first {
			t.Error("the order of the inputs changes the report")
		}
		slices.Reverse(in)
	}
	unbroken(t, r)
	return r
}

// unbroken checks that no rule failed.
func unbroken(t testing.TB, r *diag.Report) {
	t.Helper()
	for _, s := range diagtest.FailedRules(r) {
		t.Error(s)
	}
}

func selectors(r *diag.Report) (all []string) {
	for _, tunnel := range r.Tunnels {
		for _, c := range tunnel.Children {
			all = append(all, strings.Join(c.Selectors, " === "))
		}
	}
	return all
}

func found(r *diag.Report, code diag.Code) bool {
	return slices.ContainsFunc(r.Findings, func(f diag.Finding) bool { return f.Code == code })
}

// A key table opens the captures that it is for: what was negotiated in phase 2
// shows, and the retransmission inside an encrypted exchange disturbs nothing.
func TestKeyTables(t *testing.T) {
	for _, test := range []struct{ file, selectors string }{
		{"ikev1-bug-12610.pcapng", "0.0.0.0/0 === 10.1.1.1/32"},
		{"ikev1-certs.pcap", "1.1.1.1/32 === 192.168.12.118/32"},
	} {
		t.Run(test.file, func(t *testing.T) {
			capture := given(t, "a", "captures", "wireshark+wireshark", test.file)
			table := given(t, "b", "captures", "wireshark+wireshark", "ikev1_decryption_table")
			r := read(t, capture, table)
			if r.Sources[1].Kind != diag.KindSecrets || r.Sources[1].Dialect != observe.KeyTable || r.Sources[1].Recognized != 3 {
				t.Errorf("the table: %+v", r.Sources[1])
			}
			if got := selectors(r); !slices.Equal(got, []string{test.selectors}) {
				t.Errorf("selectors %q", got)
			}
			if c, ok := r.Cause(); ok {
				t.Errorf("%s\n%s", c.Code, diagtest.Summary(r))
			}
			if got := selectors(read(t, capture)); len(got) != 0 {
				t.Errorf("without keys, selectors %q", got)
			}
		})
	}
}

// witness keeps what a capture says.
type witness struct {
	opened, closed int
	basis          map[diag.Basis]int
	offers         []ike.Proposal // of phase 2, as chosen
	traffic        int
	identities     []string
}

func (w *witness) Observe(o *diag.Observation) {
	switch b := o.Body.(type) {
	case *diag.Message:
		if !b.Encrypted || b.Retransmission > 0 {
			return
		}
		if !b.Opened {
			w.closed++
			return
		}
		w.opened++
		w.basis[o.Basis]++
	case *diag.Offer:
		if b.Phase2 && b.Role == diag.Chosen {
			w.offers = append(w.offers, ike.CloneProposals(b.Proposals)...)
		}
	case *diag.Traffic:
		w.traffic++
	case *diag.Identity:
		w.identities = append(w.identities, b.ID.String())
	}
}

// The corpus' recordings with keys: the log of either end opens every message
// of either end's capture, and every HASH verifies.
func TestKeysInLogs(t *testing.T) {
	for _, name := range []string{"ok-main-keys", "ok-aggressive-keys"} {
		for _, log := range []string{"initiator.log", "responder.log"} {
			for _, pcap := range []string{"initiator.pcap", "responder.pcap"} {
				t.Run(name+"/"+log+"/"+pcap, func(t *testing.T) {
					k := &observe.Keys{}
					l := observe.Log{To: &witness{}, Keys: k}
					r, err := given(t, "", "corpus", "strongswan", name, log).Open()
					if err != nil {
						t.Fatal(err)
					}
					if err := l.Read(r); err != nil || k.Len() == 0 {
						t.Fatalf("%d keys, %v", k.Len(), err)
					}
					w := &witness{basis: map[diag.Basis]int{}}
					p := observe.Packets{To: w, Keys: k}
					if r, err = given(t, "", "corpus", "strongswan", name, pcap).Open(); err != nil {
						t.Fatal(err)
					}
					if err := p.Read(r); err != nil {
						t.Fatal(err)
					}
					if w.opened < 4 || w.closed != 0 || w.basis[diag.Authenticated] != w.opened {
						t.Errorf("%d opened, %d not, bases %v", w.opened, w.closed, w.basis)
					}
					if len(w.offers) == 0 || w.traffic < 2 || len(w.identities) < 2 {
						t.Errorf("%d offers, %d selector pairs, identities %q", len(w.offers), w.traffic, w.identities)
					}
				})
			}
		}
	}
}

// The same through the door that users take: the report of a capture beside a
// log with keys shows what was negotiated, and no cause.
func TestKeysOfTheOtherEnd(t *testing.T) {
	for _, name := range []string{"ok-main-keys", "ok-aggressive-keys"} {
		r := read(t, given(t, "a", "corpus", "strongswan", name, "initiator.pcap"), given(t, "b", "corpus", "strongswan", name, "responder.log"))
		if c, ok := r.Cause(); ok || len(selectors(r)) != 1 || found(r, diag.EvidEncrypted) {
			t.Errorf("%s: %s %q\n%s", name, c.Code, selectors(r), diagtest.Summary(r))
		}
	}
}

// A real main mode with two pre-shared keys: without keys the mismatch is
// likely at best; with both keys and the Diffie-Hellman secret of a log it is
// proven, and with the wrong ones it is not.
func TestWrongKeyProven(t *testing.T) {
	const rub = "RUB-NDS+ikev1-psk-main-mode-dict-attacker"
	capture := given(t, "a", "captures", rub, "ikev1-psk-main-mode-incomplete.pcapng")
	log := given(t, "b", "captures", rub, "ikev1-psk-main-mode-incomplete-responder-view-journalctl-greped.log")
	one, other := secrets("c", "XMd3azP95q"), secrets("d", "Wollowitz")
	stranger := secrets("e", "neither of both")
	for _, test := range []struct {
		name   string
		in     []ingest.Input
		proven bool
	}{
		{"capture", []ingest.Input{capture}, false},
		{"capture and keys", []ingest.Input{capture, one, other}, false},
		{"capture and log", []ingest.Input{capture, log}, false},
		{"one key", []ingest.Input{capture, log, one}, false},
		{"another key", []ingest.Input{capture, log, stranger}, false},
		{"both keys", []ingest.Input{capture, log, one, other}, true},
		{"both keys and another", []ingest.Input{stranger, log, other, capture, one}, true},
	} {
		r := read(t, test.in...)
		c, ok := r.Cause()
		if !ok || c.Code != diag.IKEP1PSKMismatch || (c.Verdict == diag.Confirmed) != test.proven {
			t.Errorf("%s: %s %s\n%s", test.name, c.Code, c.Verdict, diagtest.Summary(r))
		}
	}
}

// Aggressive mode's HASH_R shows by itself whether the responder used the key
// that is given: the initiator's configuration beside a capture of either end.
func TestAggressiveProof(t *testing.T) {
	for _, pcap := range []string{"initiator.pcap", "responder.pcap"} {
		bad := []string{"corpus", "strongswan", "p1-wrong-psk-aggressive"}
		r := read(t, given(t, "a", append(bad, pcap)...), given(t, "a", append(bad, "initiator.swanctl.conf")...))
		c, ok := r.Cause()
		if !ok || c.Code != diag.IKEP1PSKMismatch || c.Verdict != diag.Likely || len(c.Evidence) == 0 {
			t.Errorf("%s: %s %s\n%s", pcap, c.Code, c.Verdict, diagtest.Summary(r))
		}
		// The responder's key is authenticated; that the initiator has another
		// one is what its configuration says.
		r = read(t, given(t, "a", append(bad, pcap)...), given(t, "b", append(bad, "initiator.swanctl.conf")...), given(t, "c", append(bad, "responder.swanctl.conf")...))
		if c, ok = r.Cause(); !ok || c.Code != diag.IKEP1PSKMismatch || c.Verdict != diag.Confirmed {
			t.Errorf("%s, both: %s %s\n%s", pcap, c.Code, c.Verdict, diagtest.Summary(r))
		}
		good := []string{"corpus", "strongswan", "ok-aggressive-psk"}
		r = read(t, given(t, "a", append(good, pcap)...), given(t, "a", append(good, "initiator.swanctl.conf")...))
		if c, ok := r.Cause(); ok {
			t.Errorf("%s of a tunnel that works: %s", pcap, c.Code)
		}
	}
}

// A notify that its receiver does not take to heart is not the end.
func TestNotifyNotFatal(t *testing.T) {
	r := read(t, given(t, "a", "captures", "corelight+zeek-spicy-ipsec", "ipsec.cap"))
	if c, ok := r.Cause(); ok || r.Tunnels[0].Outcome != diag.OutcomeEstablished {
		t.Errorf("%s %s\n%s", c.Code, r.Tunnels[0].Outcome, diagtest.Summary(r))
	}
}

// Key tables are told from what merely looks like them, and no part of one
// appears anywhere.
func TestKeyTableFiles(t *testing.T) {
	const key = "735be0cb74dd6a2b4f2d4a0bd0d9a5b2c60b2a6db5a4cabc"
	table := "# comment\n\"fafaeb49382a763c\",\"" + key + "\"\n0011223344556677," + key + "\n"
	for _, test := range []struct {
		text string
		kind diag.SourceKind
	}{
		{table, diag.KindSecrets},
		{table + "# only\n", diag.KindSecrets},
		{strings.ReplaceAll(table, "\n", "\r\n"), diag.KindSecrets},
		{"fafaeb49382a763c,0011\n", diag.KindUnknown}, // too short for any cipher
		{"1,2\n3,4\n", diag.KindUnknown},
		{"# nothing but a comment\n", diag.KindUnknown},
	} {
		d := observe.Detect([]byte(test.text))
		if got := d.Kind; got != test.kind && (got == diag.KindSecrets || test.kind == diag.KindSecrets) {
			t.Errorf("%q is %v", test.text, d)
		}
	}
	raw, _ := hex.DecodeString(key)
	broken := table + "fafaeb49382a763c," + key + key + key + "\nfafaeb4938, " + key + "\n"
	for _, text := range []string{table, broken, table[:len(table)-9]} {
		search(t, "key table", outputs(t, []ingest.Input{memory("a/keys", "a", []byte(text)), memory("a/swanctl.conf", "a", []byte("connections {\n}\n"))}), [][]byte{raw, []byte(key)})
	}
}
