package work

import (
	"bytes"
	"encoding/binary"
	"errors"
	"runtime"
	"runtime/coverage"
)

// cost is what a piece of work took.
type cost struct {
	work  uint64 // blocks of statements that ran
	bytes uint64 // octets allocated
}

var errCounters = errors.New("the form of the coverage counters is not the one that is known")

// measure runs f and returns what it cost.
func measure(f func()) (c cost, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := coverage.ClearCounters(); err != nil {
		return c, err
	}
	f()
	var counters bytes.Buffer
	if err := coverage.WriteCounters(&counters); err != nil {
		return c, err
	}
	size := counters.Cap()
	runtime.ReadMemStats(&after)
	c.bytes = after.TotalAlloc - before.TotalAlloc - min(after.TotalAlloc-before.TotalAlloc, 4*uint64(size))
	c.work, err = sum(counters.Bytes())
	return c, err
}

// sum adds up the counters of a counter data file: a header of 32 octets; one
// of 16 for the segment, with the number of functions and the sizes of two
// tables; the tables, to a multiple of 4; then of each function that ran the
// number of its counters, its package, itself and the counters.
func sum(b []byte) (total uint64, err error) {
	const header, segment = 32, 16
	le := binary.LittleEndian
	if len(b) < header+segment || !bytes.HasPrefix(b, []byte("\x00cwm")) || b[25] != 0 {
		return 0, errCounters
	}
	next, flavour := le.Uint32, b[24]
	functions := le.Uint64(b[header:])
	skip := uint64(header+segment) + uint64(le.Uint32(b[header+8:])) + uint64(le.Uint32(b[header+12:]))
	if skip > uint64(len(b)) {
		return 0, errCounters
	}
	b = b[skip:]
	value := func() (v uint64) {
		n := 4
		if flavour == 1 && len(b) >= 4 {
			v = uint64(next(b))
		} else if flavour == 2 {
			v, n = binary.Uvarint(b)
		} else {
			n = 0
		}
		if n <= 0 {
			err, b = errCounters, nil
			return 0
		}
		b = b[n:]
		return v
	}
	for ; functions > 0 && err == nil; functions-- {
		n := value()
		value()
		value()
		for ; n > 0 && err == nil; n-- {
			total += value()
		}
	}
	return total, err
}
