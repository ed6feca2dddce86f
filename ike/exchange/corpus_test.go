package exchange

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/isakmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// render describes a Step in a line.
func render(d *Datagram, s *Step) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%3d %s", d.Frame, s.Class)
	flag := func(on bool, name string) {
		if on {
			b.WriteString(" " + name)
		}
	}
	switch s.Class {
	case ESP, ESPInUDP, AH:
		fmt.Fprintf(&b, " spi %08x seq %d len %d", s.SPI, s.Sequence, s.Length)
	case Unreachable:
		r := &s.Report
		fmt.Fprintf(&b, " %s %d/%d from %s about %s>%s protocol %d", r.Reason, r.Type, r.Code, r.Router, r.Source, r.Destination, r.Protocol)
		flag(r.Quoted, "quoted")
	case Message, MessageV2:
		fmt.Fprintf(&b, " %s #%d from %s (%s) %s-%s", s.Exchange, s.Number, s.From, s.Roles, s.Initiator, s.Responder)
		if s.MessageID != 0 {
			fmt.Fprintf(&b, " id %08x by %s", s.MessageID, s.Starter)
		}
		fmt.Fprintf(&b, " len %d", s.Length)
		flag(s.New, "new")
		flag(s.Late, "late")
		flag(s.Encrypted, "encrypted")
		flag(s.Port4500, "4500")
		flag(s.Float, "float")
		flag(s.Copy, "copy")
		flag(s.Cut, "cut")
		if f := s.Fragment; f.Number > 0 {
			fmt.Fprintf(&b, " fragment %d.%d last %v of %d", f.ID, f.Number, f.Last, s.Fragments)
		}
		if s.Retransmission > 0 || s.Again > 0 {
			fmt.Fprintf(&b, " retransmission %d again %d", s.Retransmission, s.Again)
		}
		for _, n := range s.Notifies {
			fmt.Fprintf(&b, " notify %s/%d", n.Type, n.Length)
		}
		if len(s.Offers) > 0 {
			fmt.Fprintf(&b, " offers %v life %v chosen %v", s.Offers, s.Lifetimes, s.Chosen)
		}
		for _, id := range s.IDs {
			fmt.Fprintf(&b, " id %s %q", id.Type, id.Data)
		}
		if len(s.NATD) > 0 {
			fmt.Fprintf(&b, " natd %d: initiator %s, responder %s", len(s.NATD), s.NAT[0], s.NAT[1])
		}
		flag(len(s.Vendors) > 0, fmt.Sprintf("vendors %d", len(s.Vendors)))
		if s.Err != nil {
			fmt.Fprintf(&b, " error %v", s.Err)
		}
	}
	return b.String()
}

func renderAttempt(a *Attempt) string {
	return fmt.Sprintf("attempt %s %s-%s %s %s reached %v complete %v quick %d/%d messages %v repeats %d/%d floated %v silent %s",
		a.Cookies[0], a.Initiator, a.Responder, a.Roles, a.Mode, a.Reached, a.Complete, a.QuickDone, a.QuickModes, a.Messages,
		a.Last[0].Repeats, a.Last[1].Repeats, a.Floated, a.Silent)
}

// TestGolden: recordings of the fault lab, whose steps were reviewed one by
// one.
func TestGolden(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join("testdata", "*.pcap"))
	if len(files) == 0 {
		t.Fatal("no recordings in testdata")
	}
	for _, f := range files {
		name := strings.TrimSuffix(f, ".pcap")
		t.Run(filepath.Base(name), func(t *testing.T) {
			var tr Tracker
			var s Step
			var out strings.Builder
			for _, d := range readPcap(t, f) {
				if tr.Observe(&d, &s) {
					out.WriteString(render(&d, &s) + "\n")
				}
			}
			for a := range tr.Attempts() {
				out.WriteString(renderAttempt(a) + "\n")
			}
			golden := name + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if out.String() != string(want) {
				t.Errorf("got\n%swant\n%s", out.String(), want)
			}
		})
	}
}

// observed is what a test keeps of a Step.
type observed struct {
	frame, number, retransmission, again int
	class                                Class
	exchange                             isakmp.ExchangeType
	from                                 Side
	roles                                RoleBasis
	attempt                              uint64
	copied                               bool
	id                                   uint32
	fragment                             bool
}

func observe(tr *Tracker, ds []Datagram) (out []observed) {
	var s Step
	for i := range ds {
		tr.Observe(&ds[i], &s)
		out = append(out, observed{ds[i].Frame, s.Number, s.Retransmission, s.Again, s.Class, s.Exchange, s.From, s.Roles, s.Attempt, s.Copy, s.MessageID, s.Fragment.Number > 0})
	}
	return out
}

func pcaps(t *testing.T) []string {
	files, _ := filepath.Glob(filepath.Join(recordings.Path(t, "corpus"), "*", "*", "*.pcap"))
	if len(files) == 0 {
		t.Fatal("no recordings")
	}
	return files
}

// TestCorpusHealthy: both ends of every healthy recording show a whole phase 1
// and at least one whole quick mode.
func TestCorpusHealthy(t *testing.T) {
	for _, f := range pcaps(t) {
		scenario := filepath.Base(filepath.Dir(f))
		if !strings.HasPrefix(scenario, "ok-") {
			continue
		}
		var tr Tracker
		esp := map[string]bool{}
		var s Step
		for _, d := range readPcap(t, f) {
			tr.Observe(&d, &s)
			if s.Class == Broken {
				t.Errorf("%s frame %d: broken", f, d.Frame)
			}
			if s.Class == ESP || s.Class == ESPInUDP || s.Class == AH {
				esp[d.Source.Addr().String()] = true
			}
		}
		done := false
		for a := range tr.Attempts() {
			done = done || a.Complete && a.QuickDone > 0
		}
		if !done {
			t.Errorf("%s: no complete attempt", f)
		}
		if len(esp) != 2 && scenario != "ok-xauth-modecfg" {
			t.Errorf("%s: ESP or AH from %d hosts", f, len(esp))
		}
	}
}

// TestLateStart: whatever the recording misses of the beginning, a number is
// the true one or 0, and a side is the true one or unknown.
func TestLateStart(t *testing.T) {
	for _, f := range pcaps(t) {
		ds := readPcap(t, f)
		var tr Tracker
		whole := observe(&tr, ds)
		for skip := 1; skip < min(len(ds), 25); skip++ {
			var late Tracker
			for i, o := range observe(&late, ds[skip:]) {
				w := whole[i+skip]
				if o.number != 0 && o.number != w.number || o.from != SideUnknown && o.from != w.from {
					if o.roles == RoleInferred && retransmits(whole) {
						continue // documented: a retransmission came first
					}
					t.Errorf("%s from frame %d: frame %d is #%d from %s, not #%d from %s", f, ds[skip].Frame, o.frame, o.number, o.from, w.number, w.from)
				}
			}
		}
	}
}

func retransmits(list []observed) bool {
	for _, o := range list {
		if o.retransmission > 0 || o.again > 0 {
			return true
		}
	}
	return false
}

// TestLoss: a message that is missing changes no other's number or side. Only
// where the first of a quick mode or transaction is missing the second passes
// for the first, as nothing in it tells.
func TestLoss(t *testing.T) {
	for _, f := range pcaps(t) {
		ds := readPcap(t, f)
		var tr Tracker
		whole := observe(&tr, ds)
		for drop := range min(len(ds), 30) {
			var lossy Tracker
			rest := append(append([]Datagram(nil), ds[:drop]...), ds[drop+1:]...)
			for i, o := range observe(&lossy, rest) {
				w := whole[i]
				if i >= drop {
					w = whole[i+1]
				}
				first := whole[drop]
				if first.number == 1 && first.exchange > isakmp.ExchangeInformational && o.exchange == first.exchange && o.id == first.id && (o.number == w.number-1 && o.number == 1 || o.exchange == isakmp.ExchangeTransaction) {
					continue
				}
				if o.number != 0 && o.number != w.number || o.from != SideUnknown && o.from != w.from {
					t.Errorf("%s without frame %d: frame %d is #%d from %s, not #%d from %s", f, ds[drop].Frame, o.frame, o.number, o.from, w.number, w.from)
				}
			}
		}
	}
}

// TestRepeated: a recording that holds every datagram twice says the same of
// the first of each, and calls the second a copy or a retransmission.
func TestRepeated(t *testing.T) {
	for _, f := range pcaps(t) {
		ds := readPcap(t, f)
		var tr Tracker
		whole := observe(&tr, ds)
		for _, gap := range []time.Duration{time.Millisecond, 700 * time.Millisecond} {
			var twice Tracker
			var all []Datagram
			for i, d := range ds {
				d.Time = d.Time.Add(time.Duration(i) * time.Minute)
				e := d
				e.Time = e.Time.Add(gap)
				all = append(all, d, e)
			}
			got := observe(&twice, all)
			for i, w := range whole {
				a, b := got[2*i], got[2*i+1]
				if w.fragment {
					continue // see TestFragments
				}
				if a.number != w.number || a.from != w.from || b.number != a.number || b.attempt != a.attempt {
					t.Errorf("%s frame %d: %+v and %+v, alone %+v", f, w.frame, a, b, w)
				}
				if w.class != Message && w.class != MessageV2 {
					continue
				}
				if copied := gap < 20*time.Millisecond; b.copied != copied || !copied && b.retransmission != a.retransmission+1 {
					t.Errorf("%s frame %d: second is copy %v, retransmission %d after %d", f, w.frame, b.copied, b.retransmission, a.retransmission)
				}
			}
		}
	}
}
