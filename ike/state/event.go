package state

import "time"

// KernelEvent is something that happened to the SAs and policies of a kernel.
type KernelEvent struct {
	// Line is where the dump has it.
	Line int
	// Time is in the host's local time, zero where it was not printed.
	Time time.Time
	Kind EventKind
	// SA or Policy is what it happened to; neither for a flush.
	SA     *KernelSA
	Policy *Policy
	// Hard says of an expiry that the SA is gone; else it is to be replaced.
	Hard bool
	// Text is what else was printed, as "timer expired".
	Text string
}

// EventKind is the kind of a KernelEvent.
type EventKind uint8

// The kinds of events.
const (
	EventAdded EventKind = iota
	EventUpdated
	EventDeleted
	EventExpired
	// EventAsync: sequence numbers or times of an SA moved on.
	EventAsync
	// EventAcquire: traffic wants an SA that is not there.
	EventAcquire
	// EventMapping: the peer's packets come from another address or port.
	EventMapping
	// EventFlushed: all SAs or all policies were taken away.
	EventFlushed
	// EventReport: a packet did not fit what Mobile IPv6 expects.
	EventReport
)

var eventNames = [...]string{"added", "updated", "deleted", "expired", "async", "acquire", "mapping", "flushed", "report"}

// String returns the constant's name in lower case, as in acquire.
func (k EventKind) String() string { return enumName(eventNames[:], uint8(k), "EventKind") }
