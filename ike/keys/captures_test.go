package keys_test

import (
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/ike/keys"
	"github.com/ikediag/ikediag/isakmp"
)

const (
	rub  = "RUB-NDS+ikev1-psk-main-mode-dict-attacker"
	pixa = "pixagraphic+netsec_ikev1"
)

// reference reads the payload lists of a reference decode by frame.
func reference(t testing.TB, file string) map[int]string {
	t.Helper()
	rows := strings.Split(string(read(t, file)), "\n")
	column := -1
	for i, name := range strings.Split(rows[0], "\t") {
		if name == "isakmp.typepayload" {
			column = i
		}
	}
	list := map[int]string{}
	for _, row := range rows[1:] {
		if cells := strings.Split(row, "\t"); len(cells) > column {
			n, _ := strconv.Atoi(cells[0])
			list[n] = cells[column]
		}
	}
	return list
}

// TestKeyTables: with the encryption keys in a table, every message of the
// public captures decrypts to the reference's payload list.
func TestKeyTables(t *testing.T) {
	for _, test := range []struct {
		folder, file, table string
		cookie, key         string
		skip                string // frames that the reference gets wrong
	}{
		{folder: "wireshark+wireshark", file: "ikev1-bug-12610.pcapng", table: "ikev1_decryption_table"},
		{folder: "wireshark+wireshark", file: "ikev1-bug-12620.pcapng", table: "ikev1_decryption_table"},
		{folder: "wireshark+wireshark", file: "ikev1-certs.pcap", table: "ikev1_decryption_table", skip: ",8,"},
		{folder: rub, file: "ikev1-psk-main-mode-complete.pcapng", cookie: "018ef04f7cf72e4f", key: "4f8e6565f454ccc77de9c313fc206fe9"},
		{folder: rub, file: "ikev1-psk-main-mode-complete-2.pcapng", cookie: "d3b142b4071f1b52", key: "bbefe49010395182f92e24b7c8e5bd1e"},
		{folder: rub, file: "ikev1-psk-main-mode-incomplete.pcapng", cookie: "51650d7b543319c2", key: "526fc158b5fb5ba325c7ef3ce08d5b78", skip: ",6,7,8,"},
	} {
		t.Run(test.file, func(t *testing.T) {
			dir := recordings.Path(t, "captures")
			var r keys.Ring
			if test.table != "" {
				if n, err := r.AddTable(read(t, filepath.Join(dir, test.folder, test.table))); n != 3 || err != nil {
					t.Fatal(n, err)
				}
			} else if err := r.AddKey(cookie(t, test.cookie), secret(t, test.key)); err != nil {
				t.Fatal(err)
			}
			want := reference(t, filepath.Join(dir, "expected", test.folder+"__"+test.file+".decrypted.tsv"))
			opened := 0
			for _, m := range follow(t, filepath.Join(dir, test.folder, test.file), r.Opener(keys.Limits{})) {
				if !m.step.Encrypted {
					continue
				}
				if strings.Contains(test.skip, ","+strconv.Itoa(m.frame)+",") {
					// Retransmissions, and a side that has another key.
					if m.step.First() && m.result.Outcome != keys.WrongKey {
						t.Errorf("frame %d: %v, %v", m.frame, m.result.Outcome, m.result.Err)
					}
					continue
				}
				if m.step.Plain == nil {
					t.Errorf("frame %d: %v, %v", m.frame, m.result.Outcome, m.result.Err)
					continue
				}
				opened++
				if got := payloads(m.step.Plain); got != want[m.frame] {
					t.Errorf("frame %d: %s, want %s", m.frame, got, want[m.frame])
				}
				if m.result.Outcome != keys.Opened || m.result.Origin != keys.OriginTable || m.result.Hash != keys.CheckNone {
					t.Errorf("frame %d: %+v", m.frame, m.result)
				}
			}
			if opened == 0 {
				t.Error("nothing opened")
			}
		})
	}
}

// TestRetransmissionInside: the message after a retransmission within an
// encrypted exchange decrypts, which takes a vector that was not moved on.
func TestRetransmissionInside(t *testing.T) {
	dir := recordings.Path(t, "captures", "wireshark+wireshark")
	var r keys.Ring
	if _, err := r.AddTable(read(t, filepath.Join(dir, "ikev1_decryption_table"))); err != nil {
		t.Fatal(err)
	}
	again := 0
	for _, m := range follow(t, filepath.Join(dir, "ikev1-certs.pcap"), r.Opener(keys.Limits{})) {
		if m.step.Exchange != isakmp.ExchangeQuick {
			continue
		}
		if again += m.step.Retransmission; m.step.Retransmission == 0 && m.step.Plain == nil {
			t.Errorf("frame %d, message %d: %v", m.frame, m.step.Number, m.result.Err)
		}
	}
	if again != 1 {
		t.Errorf("%d retransmissions", again)
	}
}

// TestLogKeys: the corpus' logs have the keys; everything decrypts, and every
// HASH verifies.
func TestLogKeys(t *testing.T) {
	for _, name := range []string{"ok-main-keys", "ok-aggressive-keys"} {
		for _, end := range []string{"initiator", "responder"} {
			t.Run(name+"/"+end, func(t *testing.T) {
				dir := recordings.Path(t, "corpus", "strongswan", name)
				var r keys.Ring
				used := 0
				for _, d := range dumps(t, filepath.Join(dir, end+".log"), 7) {
					if r.AddDump(d) {
						used++
					}
				}
				if used < 7 {
					t.Fatalf("%d dumps of use", used)
				}
				allVerified(t, follow(t, filepath.Join(dir, end+".pcap"), r.Opener(keys.Limits{})))
			})
		}
	}
}

func allVerified(t *testing.T, messages []seen) {
	t.Helper()
	n := 0
	for _, m := range messages {
		if !m.step.Encrypted || !m.step.First() {
			continue
		}
		n++
		if m.result.Outcome != keys.Opened || m.result.Hash != keys.CheckVerified {
			t.Errorf("frame %d, %v %d: %v, HASH %v, %v", m.frame, m.step.Exchange, m.step.Number, m.result.Outcome, m.result.Hash, m.result.Err)
		}
	}
	if n < 3 {
		t.Errorf("%d encrypted messages", n)
	}
}

// TestLongLog: a log of several negotiations whose lines do not say to which
// one they belong.
func TestLongLog(t *testing.T) {
	dir := recordings.Path(t, "captures", rub)
	var r keys.Ring
	for _, d := range dumps(t, filepath.Join(dir, "ikev1-psk-main-mode-complete-initiator-view-journalctl.charon-lines.log"), 0) {
		r.AddDump(d)
	}
	if r.Len() < 5 {
		t.Errorf("%d sets", r.Len())
	}
	allVerified(t, follow(t, filepath.Join(dir, "ikev1-psk-main-mode-complete.pcapng"), r.Opener(keys.Limits{})))
}

// TestDerived: a pre-shared key and the Diffie-Hellman secret are enough.
func TestDerived(t *testing.T) {
	for _, name := range []string{"ok-main-keys", "ok-aggressive-keys"} {
		t.Run(name, func(t *testing.T) {
			dir := recordings.Path(t, "corpus", "strongswan", name)
			var r keys.Ring
			for _, d := range dumps(t, filepath.Join(dir, "initiator.log"), 0) {
				if d.Name == "shared Diffie Hellman secret" {
					if err := r.AddDH(isakmp.Cookie{}, d.Value); err != nil {
						t.Fatal(err)
					}
				}
			}
			for _, p := range []ike.Secret{ike.NewSecret([]byte("another")), psk(t, filepath.Join(dir, "responder.swanctl.conf"))} {
				if err := r.AddPSK(p); err != nil {
					t.Fatal(err)
				}
			}
			messages := follow(t, filepath.Join(dir, "responder.pcap"), r.Opener(keys.Limits{}))
			allVerified(t, messages)
			for _, m := range messages {
				if m.step.Encrypted && m.step.First() && m.result.Origin != keys.OriginDerived {
					t.Error(m.result)
				}
			}
		})
	}
}

// TestAggressiveProof: who has which key follows from the clear messages.
func TestAggressiveProof(t *testing.T) {
	for _, test := range []struct {
		name      string
		initiator keys.Verdict // of the initiator's key, asked of the responder
		secondHas bool
	}{
		{"ok-aggressive-psk", keys.Equal, true},
		{"p1-wrong-psk-aggressive", keys.Different, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := recordings.Path(t, "corpus", "strongswan", test.name)
			var r keys.Ring
			o := r.Opener(keys.Limits{})
			done := map[[2]isakmp.Cookie]bool{}
			for _, m := range follow(t, filepath.Join(dir, "responder.pcap"), o) {
				if c := m.step.Cookies; m.step.Exchange == isakmp.ExchangeAggressive && m.step.Number == 2 {
					done[c] = true
				}
			}
			if len(done) == 0 {
				t.Fatal("no answers")
			}
			for c := range done {
				right := o.Prove(c[0], c[1], psk(t, filepath.Join(dir, "responder.swanctl.conf")))
				if p := right[keys.Responder]; p.Verdict != keys.Equal || p.Err != nil {
					t.Errorf("the responder's key: %v, %v", p.Verdict, p.Err)
				}
				p := o.Prove(c[0], c[1], psk(t, filepath.Join(dir, "initiator.swanctl.conf")))
				if p[keys.Responder].Verdict != test.initiator {
					t.Errorf("the initiator's key: %v, %v", p[keys.Responder].Verdict, p[keys.Responder].Err)
				}
				if p := p[keys.Initiator]; p.Verdict != keys.NotCheckable || !errors.Is(p.Err, keys.ErrIncomplete) {
					t.Errorf("the initiator, who sent no HASH in the clear: %v, %v", p.Verdict, p.Err)
				}
			}
		})
	}
}

// TestLibreswanProof: another implementation's HASH_R.
func TestLibreswanProof(t *testing.T) {
	dir := recordings.Path(t, "corpus", "libreswan-both", "ok-aggressive-psk")
	text := string(read(t, filepath.Join(dir, "initiator.ipsec.secrets")))
	right := ike.NewSecret([]byte(strings.Split(text, `"`)[1]))
	o := new(keys.Opener)
	n := 0
	for _, m := range follow(t, filepath.Join(dir, "initiator.pcap"), o) {
		if m.step.Exchange != isakmp.ExchangeAggressive || m.step.Number != 2 {
			continue
		}
		n++
		c := m.step.Cookies
		if p := o.Prove(c[0], c[1], right)[keys.Responder]; p.Verdict != keys.Equal || p.Err != nil {
			t.Errorf("%v, %v", p.Verdict, p.Err)
		}
		if p := o.Prove(c[0], c[1], ike.NewSecret([]byte("another")))[keys.Responder]; p.Verdict != keys.Different {
			t.Errorf("%v, %v", p.Verdict, p.Err)
		}
	}
	if n == 0 {
		t.Error("no answer")
	}
}

// TestPublicProofs: the keys of public captures are told from others.
func TestPublicProofs(t *testing.T) {
	for _, test := range []struct{ folder, file, cookie, psk string }{
		{pixa, "ikev1-psk-aggressive-mode-simple.pcapng", "211f7bb6a12be2c9", "Wollowitz"},
		{pixa, "ikev1-psk-aggressive-mode.pcapng", "998e6dd80690239f", "XMd3azP95q"},
		{"wireshark+wireshark", "ikev1-bug-12620.pcapng", "29f6006212625def", "123"},
	} {
		t.Run(test.file, func(t *testing.T) {
			var r keys.Ring
			o := r.Opener(keys.Limits{})
			for _, m := range follow(t, filepath.Join(recordings.Path(t, "captures"), test.folder, test.file), o) {
				if m.step.Exchange != isakmp.ExchangeAggressive || m.step.Number < 2 || m.step.Cookies[0] != cookie(t, test.cookie) {
					continue
				}
				for _, side := range []keys.Side{keys.Initiator, keys.Responder} {
					if side == keys.Initiator && (m.step.Number < 3 || m.step.Encrypted) {
						continue
					}
					p := o.Prove(m.step.Cookies[0], m.step.Cookies[1], ike.NewSecret([]byte(test.psk)))[side]
					if p.Verdict != keys.Equal || p.Err != nil {
						t.Errorf("%v: %v, %v", side, p.Verdict, p.Err)
					}
					p = o.Prove(m.step.Cookies[0], m.step.Cookies[1], ike.NewSecret([]byte(test.psk+"x")))[side]
					if p.Verdict != keys.Different {
						t.Errorf("%v with another key: %v, %v", side, p.Verdict, p.Err)
					}
				}
			}
		})
	}
}

// TestMainProof: a real main mode with two pre-shared keys. The Diffie-Hellman
// secret stands in the responder's log.
func TestMainProof(t *testing.T) {
	dir := recordings.Path(t, "captures", rub)
	log := filepath.Join(dir, "ikev1-psk-main-mode-incomplete-responder-view-journalctl-greped.log")
	var dh ike.Secret
	for _, d := range dumps(t, log, 0) {
		if strings.HasPrefix(d.Name, "shared Diffie") {
			dh = d.Value
		}
	}
	if dh.Len() != 128 {
		t.Fatalf("%d octets of Diffie-Hellman secret", dh.Len())
	}
	initiators, responders := ike.NewSecret([]byte("XMd3azP95q")), ike.NewSecret([]byte("Wollowitz"))
	path := filepath.Join(dir, "ikev1-psk-main-mode-incomplete.pcapng")
	ic := cookie(t, "51650d7b543319c2")

	var r keys.Ring
	o := r.Opener(keys.Limits{})
	var c [2]isakmp.Cookie
	for _, m := range follow(t, path, o) {
		c = m.step.Cookies
	}
	if p := o.Prove(c[0], c[1], initiators)[keys.Initiator]; p.Verdict != keys.NotCheckable {
		t.Errorf("without a Diffie-Hellman secret: %v", p.Verdict)
	}
	if err := r.AddDH(ic, dh); err != nil {
		t.Fatal(err)
	}
	if p := o.Prove(c[0], c[1], initiators)[keys.Initiator]; p.Verdict != keys.Equal || p.Err != nil {
		t.Errorf("the initiator's key: %v, %v", p.Verdict, p.Err)
	}
	if p := o.Prove(c[0], c[1], responders)[keys.Initiator]; p.Verdict != keys.Different {
		t.Errorf("the responder's key: %v, %v", p.Verdict, p.Err)
	}
	// The responder's side shows in its complaint.
	if p := o.Prove(c[0], c[1], responders)[keys.Responder]; p.Verdict != keys.Equal || p.Err != nil {
		t.Errorf("the responder's key, asked of the responder: %v, %v", p.Verdict, p.Err)
	}
	if p := o.Prove(c[0], c[1], initiators)[keys.Responder]; p.Verdict != keys.Different {
		t.Errorf("the initiator's key, asked of the responder: %v, %v", p.Verdict, p.Err)
	}

	// With both keys each side's messages open, with one only its own.
	for _, test := range []struct {
		psks []ike.Secret
		want [2]keys.Outcome
	}{
		{[]ike.Secret{initiators}, [2]keys.Outcome{keys.Opened, keys.WrongKey}},
		{[]ike.Secret{responders}, [2]keys.Outcome{keys.WrongKey, keys.Opened}},
		{[]ike.Secret{initiators, responders}, [2]keys.Outcome{keys.Opened, keys.Opened}},
	} {
		var r keys.Ring
		if err := r.AddDH(ic, dh); err != nil {
			t.Fatal(err)
		}
		for _, p := range test.psks {
			if err := r.AddPSK(p); err != nil {
				t.Fatal(err)
			}
		}
		for _, m := range follow(t, path, r.Opener(keys.Limits{})) {
			if !m.step.Encrypted || !m.step.First() {
				continue
			}
			side := keys.Responder
			if m.step.From == exchange.Initiator {
				side = keys.Initiator
			}
			if m.result.Outcome != test.want[side] {
				t.Errorf("%d keys, frame %d of the %v: %v, %v", len(test.psks), m.frame, side, m.result.Outcome, m.result.Err)
			}
		}
	}
}
