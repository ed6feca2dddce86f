package ingest_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/observe"
)

// A feed takes sources of every kind in pieces.
func TestFeedKinds(t *testing.T) {
	e := newEngine(t)
	for _, end := range []string{"branch", "headquarters"} {
		for _, f := range []string{"charon.log", "wan.pcap", "swanctl.conf"} {
			feed := ingest.NewFeed(e, diag.Source{Name: end + "/" + f, Group: end}, ingest.Options{})
			b := sample(t, "wrong-psk/"+end+"/"+f)
			for i := 0; i < len(b); i += 333 {
				if _, err := feed.Write(b[i:min(i+333, len(b))]); err != nil {
					t.Fatal(err)
				}
			}
			if err := feed.Close(); err != nil {
				t.Errorf("%s/%s: %v", end, f, err)
			}
			if err := feed.Close(); err != nil {
				t.Errorf("closed twice: %v", err)
			}
			if _, err := feed.Write([]byte("x")); !errors.Is(err, ingest.ErrClosed) {
				t.Errorf("a write after the end: %v", err)
			}
		}
	}
	r := finish(e)
	if c, ok := r.Cause(); !ok || c.Code != diag.IKEP1PSKMismatch || c.Verdict != diag.Confirmed || len(r.Tunnels) != 1 {
		t.Errorf("got:\n%s", diagtest.Summary(r))
	}
	for _, s := range r.Sources {
		if s.Kind == diag.KindUnknown || s.Units == 0 || s.Err != "" {
			t.Errorf("source %s: %s, %d units, %q", s.Name, s.Kind, s.Units, s.Err)
		}
	}
}

func TestFeedRefuses(t *testing.T) {
	e := newEngine(t)
	feed := ingest.NewFeed(e, diag.Source{Name: "nonsense"}, ingest.Options{})
	if _, err := feed.Write([]byte("the quick brown fox\n")); err != nil {
		t.Fatal(err)
	}
	var ie *ingest.InputError
	if err := feed.Close(); !errors.Is(err, ingest.ErrUnknown) || !errors.As(err, &ie) || ie.Name != "nonsense" {
		t.Errorf("%v", err)
	}
	if r := finish(e); r.Sources[0].Err == "" {
		t.Error("the report does not say that a source was not understood")
	}
	empty := ingest.NewFeed(e, diag.Source{Name: "nothing"}, ingest.Options{})
	if err := empty.Close(); err != nil {
		t.Errorf("an empty source: %v", err)
	}
}

// A negotiation that falls silent is over when patience has run out, not
// before.
func TestFeedPatience(t *testing.T) {
	e := newEngine(t)
	at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	feed := ingest.NewFeed(e, diag.Source{Name: "gw.log", Reference: at, Zone: time.UTC}, ingest.Options{})
	lines := "Mar  1 08:00:00 gw charon[1]: 05[IKE] initiating Main Mode IKE_SA a[1] to 198.51.100.9\n" +
		"Mar  1 08:00:00 gw charon[1]: 05[ENC] generating ID_PROT request 0 [ SA V V ]\n" +
		"Mar  1 08:00:00 gw charon[1]: 05[NET] sending packet: from 192.0.2.1[500] to 198.51.100.9[500] (180 bytes)\n"
	if _, err := feed.Write([]byte(lines)); err != nil {
		t.Fatal(err)
	}
	outcome := func(after time.Duration) diag.Outcome {
		for range e.Advance(at.Add(after)) {
			// Only the state matters here.
		}
		return e.Report().Tunnels[0].Outcome
	}
	if got := outcome(5 * time.Second); got != diag.OutcomeNegotiating {
		t.Errorf("after 5 s: %s", got)
	}
	if got := outcome(time.Minute); got != diag.OutcomePhase1Failed {
		t.Errorf("after a minute: %s", got)
	}
}

// Feeds that share their keys: what a log's feed has taken in opens a capture
// that comes afterwards. Others know nothing of each other.
func TestFeedKeys(t *testing.T) {
	parts := []string{"corpus", "strongswan", "ok-main-keys"}
	inputs := []ingest.Input{given(t, "a", append(parts, "initiator.log")...), given(t, "b", append(parts, "responder.pcap")...)}
	for _, shared := range []*observe.Keys{nil, {}} {
		e := newEngine(t)
		for _, in := range inputs {
			f := ingest.NewFeed(e, diag.Source{Name: in.Name, Group: in.Group}, ingest.Options{Keys: shared})
			r, err := in.Open()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(f, r); err != nil {
				t.Fatal(err)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
		}
		b, err := e.AppendSnapshot(nil)
		if err != nil {
			t.Fatal(err)
		}
		if opened := bytes.Contains(b, []byte(", decrypted")); opened != (shared != nil) {
			t.Errorf("shared keys: %v, opened: %v", shared != nil, opened)
		}
	}
}

// A live capture's ESP reaches the engine while the capture goes on, and what
// is told later takes the place of what was told before.
func TestFeedFlows(t *testing.T) {
	var packets uint64
	look := &diag.Rule{
		Code: diag.ESPReplayDrops, Doc: diag.Doc{Meaning: "m", Remedy: "r"}, Needs: 1 << diag.BodyFlow,
		Check: func(v *diag.View, _ *diag.Sink) {
			packets = 0
			for a := range v.Attempts() {
				for _, f := range a.Flows() {
					packets += f.Flow.Packets
				}
			}
		},
	}
	e, err := diag.NewEngine([]*diag.Rule{look}, diag.Options{})
	if err != nil {
		t.Fatal(err)
	}
	feed := ingest.NewFeed(e, diag.Source{Name: "wan.pcap"}, ingest.Options{})
	// A file header for raw IPv4, then a packet of ESP a second.
	le := binary.LittleEndian
	b := le.AppendUint32(nil, 0xa1b2c3d4)
	b = append(b, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0)
	b = le.AppendUint32(b, 228)
	for i := range uint32(60) {
		ip := []byte{0x45, 0, 0, 64, 0, 0, 0x40, 0, 64, 50, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2}
		ip = binary.BigEndian.AppendUint32(ip, 0xc0ffee01)
		ip = binary.BigEndian.AppendUint32(ip, i+1)
		ip = append(ip, make([]byte, 36)...)
		for _, n := range []uint32{1700000000 + i, 0, 64, 64} {
			b = le.AppendUint32(b, n)
		}
		if _, err := feed.Write(append(b, ip...)); err != nil {
			t.Fatal(err)
		}
		b = b[:0]
	}
	// The capture is read in the background.
	for range 200 {
		if e.Report(); packets > 10 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if packets < 11 || packets > 60 {
		t.Errorf("%d packets are known before the end", packets)
	}
	if err := feed.Close(); err != nil {
		t.Fatal(err)
	}
	if e.Report(); packets != 60 {
		t.Errorf("%d packets are known at the end, not 60", packets)
	}
}

// tcpdump's text that goes on is read as it comes, too.
func TestFeedLiveText(t *testing.T) {
	e := newEngine(t)
	feed := ingest.NewFeed(e, diag.Source{Name: "wan.txt"}, ingest.Options{})
	for i := range 60 {
		line := fmt.Sprintf("2026-02-03 10:00:%02d.000000 IP 192.0.2.1 > 198.51.100.2: ESP(spi=0xc0ffee01,seq=0x%x), length 132\n", i, i+1)
		if _, err := feed.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	known := 0
	for range 200 {
		if known = len(e.Report().Tunnels); known > 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if known != 1 {
		t.Errorf("%d tunnels are known before the end", known)
	}
	if err := feed.Close(); err != nil {
		t.Fatal(err)
	}
}
