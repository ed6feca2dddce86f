package main

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/observe"
)

// A reader reads what one gateway sends. It is the ingest.Target of its feeds:
// a Partitioner tells it where each observation belongs, and it fills batches.
type reader struct {
	gateway string
	number  int // of the segment
	limits  limits
	digest  []byte
	places  diag.Partitioner
	sources []diag.Source
	feeds   map[string]*ingest.Feed
	done    []read // since the segment began
	size    int    // octets of that

	at   exhibit
	out  map[string][]*batch // by key
	said int
}

// A read is a message of evidence that was read.
type read struct {
	sequence uint64
	size     int
}

// maxSources bounds the logs of a gateway.
const maxSources = 64

// An exhibit is a message of evidence.
type exhibit struct {
	sequence uint64
	when     time.Time
	whole    bool
	data     []byte
}

func newReader(gateway string, number int, l limits, o diag.Options) *reader {
	r := &reader{gateway: gateway, number: number, limits: l, digest: o.DigestKey, feeds: map[string]*ingest.Feed{}, out: map[string][]*batch{}}
	r.places = diag.Partitioner{Gateway: gateway, Inventory: o.Gateways, To: r.put}
	return r
}

// read reads a piece of a log, or a whole file.
func (r *reader) read(ctx context.Context, source string, e exhibit) error {
	r.at, r.said = e, 0
	r.size += len(e.data)
	r.done = append(r.done, read{e.sequence, len(e.data)})
	name := r.gateway + "/" + source
	if r.number > 0 {
		name += "#" + strconv.Itoa(r.number)
	}
	if e.whole {
		in := ingest.Input{Name: name, Gateway: r.gateway, Written: e.when, Content: e.data}
		err := ingest.Read(ctx, r, ingest.Options{Reference: e.when}, slices.Values([]ingest.Input{in}))
		r.places.Flush()
		return err
	}
	f := r.feeds[source]
	if f == nil {
		if observe.Detect(e.data[:min(len(e.data), 4<<10)]).Kind != diag.KindLog {
			return errKind
		}
		if len(r.feeds) >= maxSources {
			return errSources
		}
		f = ingest.NewFeed(r, diag.Source{Name: name, Gateway: r.gateway, Reference: e.when}, ingest.Options{})
		r.feeds[source] = f
	}
	_, err := f.Write(e.data)
	r.places.Flush()
	return err
}

// The methods of an ingest.Target.

func (r *reader) AddSource(s diag.Source) diag.SourceID {
	r.sources = append(r.sources, s)
	return diag.SourceID(len(r.sources) - 1)
}

func (r *reader) UpdateSource(id diag.SourceID, update func(*diag.Source)) { update(&r.sources[id]) }
func (r *reader) DigestKey() []byte                                        { return r.digest }
func (r *reader) Observe(o *diag.Observation)                              { r.places.Observe(o) }

// put adds an observation to what goes to a key.
func (r *reader) put(key string, _ bool, o *diag.Observation) {
	parts := r.out[key]
	if n := len(parts); n == 0 || len(parts[n-1].lines) >= r.limits.batch {
		parts = append(parts, &batch{Schema: schema, Gateway: r.gateway, At: place{r.at.sequence, n}, Sources: map[diag.SourceID]diag.Source{}})
		r.out[key] = parts
	}
	b := parts[len(parts)-1]
	line, err := o.AppendBinary(b.lines)
	if err != nil {
		return // a time that JSON cannot say: nothing is known of the rest either
	}
	b.lines = append(line, '\n')
	_ = o.Renumber(func(id diag.SourceID) (diag.SourceID, bool) { b.Sources[id] = r.sources[id]; return id, true })
	r.said++
}

// middle returns from where the next segment is read: its first half is what
// this one had last, read again for what it leads up to, and not sent again.
func (r *reader) middle() uint64 {
	left := r.size
	for _, d := range r.done {
		if left -= d.size; left <= r.limits.segment/2 {
			return d.sequence + 1
		}
	}
	return r.at.sequence + 1
}

// drop forgets what came of the evidence: it was sent before.
func (r *reader) drop() { r.out = map[string][]*batch{} }

// send publishes what came of the evidence, and waits until that is stored. A
// queue that is full is waited for.
func (r *reader) send(ctx context.Context, w *worker) error {
	defer r.drop()
	for part := 0; ; part++ {
		var pending []*nats.Msg
		more := false
		for key, parts := range r.out {
			if part < len(parts) {
				more = true
				data, err := parts[part].marshal()
				if err != nil {
					return err
				}
				if int64(len(data)) > w.js.Conn().MaxPayload() {
					w.stats.refused.Add(1)
					continue
				}
				pending = append(pending, &nats.Msg{Subject: "observations." + onBus(key), Data: data})
			}
		}
		if !more {
			return nil
		}
		if err := publish(ctx, w.js, pending); err != nil {
			return err
		}
	}
}

// publish stores messages in any order.
func publish(ctx context.Context, js jetstream.JetStream, pending []*nats.Msg) error {
	for wait := 10 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		var acks []jetstream.PubAckFuture
		for _, m := range pending {
			a, err := js.PublishMsgAsync(m)
			if err != nil {
				return err
			}
			acks = append(acks, a)
		}
		var again []*nats.Msg
		for i, a := range acks {
			select {
			case <-a.Ok():
			case <-a.Err():
				again = append(again, pending[i])
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if len(again) == 0 {
			return nil
		}
		pending = again
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}
