package observe

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
)

// Of a session's newest children a deletion is told by its SPIs, however many
// facts the lines with which they came up tell.
func TestChildDeleted(t *testing.T) {
	var log strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&log, "05[IKE] <net|1> "+format+"\n", args...) }
	say("initiating Main Mode IKE_SA net[1] to 203.0.113.20")
	for n := 1; n <= keptPairs; n++ {
		fmt.Fprintf(&log, "05[ENC] <net|1> generating QUICK_MODE request %d [ HASH SA No ID ID ]\n", 1000*n)
		say("CHILD_SA net{%d} established with SPIs c%07x_i d%07x_o and TS 10.1.0.0/24 === 10.2.0.0/24", n, n, n)
	}
	for n := 1; n <= keptPairs; n++ {
		say("closing CHILD_SA net{%d} with SPIs c%07x_i (1 bytes) d%07x_o (1 bytes) and TS 10.1.0.0/24 === 10.2.0.0/24", n, n, n)
	}
	var got []uint64 // a line that tells of a deletion each
	last := 0
	l := Log{To: observer(func(o *diag.Observation) {
		if p, ok := o.Body.(*diag.Progress); ok && p.Step == diag.Phase2Deleted && o.Where.Line != last {
			got, last = append(got, o.Keys.Child), o.Where.Line
		}
	})}
	if err := l.Read(strings.NewReader(log.String())); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= keptPairs; n++ {
		if len(got) != keptPairs || got[n-1] != uint64(1000*n) {
			t.Fatalf("children %v are deleted, want 1000, 2000 and so on to %d", got, 1000*keptPairs)
		}
	}
}

// An ASA says that a quick mode failed, and names it by its message ID alone: after
// it has refused it in an exchange of its own.
func TestChildFailed(t *testing.T) {
	const log = `Nov 05 2025 10:00:00 fw1 : %ASA-7-713236: Group = 198.51.100.10, IP = 198.51.100.10, IKE_DECODE RECEIVED Message (msgid=2c44baec) with payloads : HDR + HASH (8) + SA (1) + NONCE (10) + ID (5) + ID (5) + NONE (0) total length : 188
Nov 05 2025 10:00:00 fw1 : %ASA-7-713236: Group = 198.51.100.10, IP = 198.51.100.10, IKE_DECODE SENDING Message (msgid=77aa0001) with payloads : HDR + HASH (8) + NOTIFY (11) + NONE (0) total length : 268
Nov 05 2025 10:00:00 fw1 : %ASA-3-713902: Group = 198.51.100.10, IP = 198.51.100.10, QM FSM error (P2 struct &0x00007fff33763a70, mess id 0x2c44baec)!
`
	failed := false
	l := Log{To: observer(func(o *diag.Observation) {
		if o.Where.Line != 2 && (o.Keys.Child != 0x2c44baec || o.Keys.MessageID != 0x2c44baec) {
			t.Errorf("%s is of child %x, message ID %x", o.Text, o.Keys.Child, o.Keys.MessageID)
		}
		failed = failed || o.Where.Line == 3
	})}
	if err := l.Read(strings.NewReader(log)); err != nil || !failed {
		t.Fatal(err, failed)
	}
}

type observer func(*diag.Observation)

func (f observer) Observe(o *diag.Observation) { f(o) }
