package isakmp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// shark are the fields that both decoders are asked for.
var shark = []string{"frame.number", "isakmp.ispi", "isakmp.rspi", "isakmp.version", "isakmp.exchangetype", "isakmp.flags", "isakmp.messageid", "isakmp.length",
	"isakmp.typepayload", "isakmp.prop.number", "isakmp.prop.transforms", "isakmp.trans.number", "isakmp.ike.attr.type", "isakmp.ipsec.attr.type", "isakmp.notify.msgtype"}

// Where tshark and this package read the same octets differently, and both find
// nothing wrong. Each returns whether it is the reason for a message.
var differ = []struct {
	why string
	is  func(m *Message, field, ours, theirs string) bool
}{
	{"tshark reads SA payloads of other situations or DOIs by its own guess: RFC 2408 leaves their form to the DOI", func(m *Message, field, _, _ string) bool {
		for i := range m.SAs {
			if slices.Index(shark, field) >= slices.Index(shark, "isakmp.typepayload") && (m.SAs[i].DOI != 1 || m.SAs[i].Situation != 1) {
				return true
			}
		}
		return false
	}},
	{"tshark takes the attributes of a transform for ISAKMP other than KEY_IKE for those of IPsec: RFC 2407, section 4.4.2, knows no other", func(m *Message, field, _, _ string) bool {
		return strings.Contains(field, "attr") && anyTransform(m, func(p *Proposal, t *Transform) bool { return p.Protocol == ProtocolISAKMP && t.ID != 1 })
	}},
	{"tshark lists a payload of type 15 or 16 twice: as that of RFC 6407, and as NAT-D or NAT-OA of a draft", func(m *Message, field, _, _ string) bool {
		return field == "isakmp.typepayload" && slices.ContainsFunc(m.Payloads, func(p Payload) bool { return p.Type == PayloadSAK || p.Type == PayloadSAT })
	}},
}

// anyTransform reports whether some transform is such a one.
func anyTransform(m *Message, is func(*Proposal, *Transform) bool) bool {
	for i := range m.SAs {
		for j := range m.SAs[i].Proposals {
			p := &m.SAs[i].Proposals[j]
			for k := range p.Transforms {
				if is(p, &p.Transforms[k]) {
					return true
				}
			}
		}
	}
	return false
}

// TestTshark gives messages that were changed at random to tshark too. Where
// neither calls one malformed both must read the same.
func TestTshark(t *testing.T) {
	if testing.Short() {
		t.Skip("runs another decoder")
	}
	n, without := 5000, t.Skip // who asks for a number of messages wants them compared
	if os.Getenv("TSHARK_MESSAGES") != "" {
		fmt.Sscan(os.Getenv("TSHARK_MESSAGES"), &n)
		without = t.Fatal
	}
	if _, err := exec.LookPath("tshark"); err != nil {
		without("no tshark")
	}
	msgs := mutants(n)
	file := filepath.Join(t.TempDir(), "x.pcap")
	if err := os.WriteFile(file, pcapOf(msgs), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second+time.Duration(n)*time.Millisecond)
	defer cancel()
	args := []string{"-n", "-r", file, "-d", "udp.port==500,isakmp", "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=,", "-E", "separator=|", "-e", "_ws.malformed", "-e", "_ws.expert.severity"}
	for _, f := range shark {
		args = append(args, "-e", f)
	}
	out, err := exec.CommandContext(ctx, "tshark", args...).Output()
	if ctx.Err() != nil {
		without("tshark takes too long")
	}
	if err != nil {
		t.Fatal(err)
	}
	both, known, line := 0, map[string]int{}, 0
	var m Message
	for s := bufio.NewScanner(bytes.NewReader(out)); s.Scan(); {
		theirs := strings.Split(s.Text(), "|")
		b := msgs[line]
		line++
		if len(theirs) != len(shark)+2 {
			t.Fatalf("%d fields: %s", len(theirs), s.Text())
		}
		const errors, warnings = "8388608", "6291456"
		if m.Decode(b, 0) != nil || len(m.Problems) > 0 || len(m.Rest) > 0 || theirs[0] != "" || strings.Contains(theirs[1], errors) || strings.Contains(theirs[1], warnings) {
			continue
		}
		both++
		for i, ours := range fieldsOf(&m, line, b) {
			field, theirs := shark[i], theirs[i+2]
			if ours == theirs {
				continue
			}
			why := ""
			for _, d := range differ {
				if d.is(&m, field, ours, theirs) {
					why = d.why
				}
			}
			if known[why]++; why == "" && known[why] <= 5 {
				t.Errorf("%s: ours %s, tshark's %s, of\n%x", field, ours, theirs, b)
			}
		}
	}
	if line != len(msgs) || both < n/10 {
		t.Errorf("%d messages of %d read, %d by both", line, len(msgs), both)
	}
	t.Logf("%d messages, of which both read %d; differences by reason: %v", line, both, known)
}

// fieldsOf are our values of shark, as tshark writes them.
func fieldsOf(m *Message, frame int, b []byte) []string {
	var types, props, counts, trans, ike, ipsec, notifies []string
	add := func(to *[]string, format string, v any) { *to = append(*to, fmt.Sprintf(format, v)) }
	sa := 0
	for i := range m.Payloads {
		p := &m.Payloads[i]
		add(&types, "%d", p.Type)
		switch p.Type {
		case PayloadSA:
			if sa >= len(m.SAs) {
				continue
			}
			for j := range m.SAs[sa].Proposals {
				prop := &m.SAs[sa].Proposals[j]
				add(&types, "%d", PayloadProposal)
				add(&props, "%d", prop.Number)
				add(&counts, "%d", len(prop.Transforms))
				for k := range prop.Transforms {
					tr := &prop.Transforms[k]
					add(&types, "%d", PayloadTransform)
					add(&trans, "%d", tr.Number)
					for _, a := range tr.Attributes {
						if prop.Protocol == ProtocolISAKMP {
							add(&ike, "%d", a.Class)
						} else {
							add(&ipsec, "%d", a.Class)
						}
					}
				}
			}
			sa++
		case PayloadNotify:
			var n Notify
			if n.Decode(p.Body) == nil {
				add(&notifies, "%d", n.Type)
			}
		}
	}
	list := func(s []string) string { return strings.Join(s, ",") }
	h := &m.Header
	return []string{fmt.Sprint(frame), hex.EncodeToString(h.InitiatorCookie[:]), hex.EncodeToString(h.ResponderCookie[:]), fmt.Sprintf("0x%02x", b[17]), fmt.Sprint(uint8(h.Exchange)),
		fmt.Sprintf("0x%02x", uint8(h.Flags)), fmt.Sprintf("0x%08x", h.MessageID), fmt.Sprint(h.Length), list(types), list(props), list(counts), list(trans), list(ike), list(ipsec), list(notifies)}
}

// mutants are messages with octets changed, taken out and put in, always the
// same ones.
func mutants(n int) (all [][]byte) {
	rng := rand.New(rand.NewPCG(13, 1998))
	var from [][]byte
	var m Message
	for _, b := range seeds() {
		if len(b) >= 28 && m.Decode(b, 0) == nil {
			from = append(from, b)
		}
	}
	for len(all) < n {
		b := bytes.Clone(from[rng.IntN(len(from))])
		for range rng.IntN(4) {
			at := rng.IntN(len(b))
			switch {
			case rng.IntN(3) > 0:
				b[at] = byte(rng.IntN(256)) >> rng.IntN(8)
			case at >= 28 && rng.IntN(2) == 0:
				b = append(b[:at], b[min(at+1+rng.IntN(8), len(b)):]...)
			default:
				b = append(b, b[at:min(at+rng.IntN(40), len(b))]...)
			}
		}
		b[17] = 0x10 // IKEv2 has a grammar of its own
		b[19] &^= byte(FlagEncryption)
		binary.BigEndian.PutUint32(b[24:], uint32(len(b)))
		all = append(all, b)
	}
	return all
}

// pcapOf is a capture of messages on UDP port 500.
func pcapOf(msgs [][]byte) []byte {
	le, be := binary.LittleEndian, binary.BigEndian
	out := le.AppendUint32(le.AppendUint32(nil, 0xa1b2c3d4), 2|4<<16)
	out = le.AppendUint32(le.AppendUint32(append(out, make([]byte, 8)...), 65535), 228)
	for i, b := range msgs {
		size := uint32(28 + len(b))
		out = le.AppendUint32(le.AppendUint32(out, uint32(1_700_000_000+i)), 0)
		out = le.AppendUint32(le.AppendUint32(out, size), size)
		out = be.AppendUint16(append(out, 0x45, 0), uint16(size))
		// Each from another address: nothing is put together from several.
		out = append(out, 0, 0, 0, 0, 64, 17, 0, 0, 10, byte(i>>16), byte(i>>8), byte(i), 192, 0, 2, 1)
		out = be.AppendUint16(append(out, 1, 244, 1, 244), uint16(8+len(b)))
		out = append(append(out, 0, 0), b...)
	}
	return out
}
