package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/report"
	"github.com/ikediag/ikediag/diag/rules"
)

// A judge is stage two of a partition: it has an engine for each key, which
// joins what the two gateways of the pair said and runs the rules.
//
// What is found does not depend on how many partitions there are, since keys
// share no engine; a checkpoint costs only what changed.
type judge struct {
	w     *worker
	kv    jetstream.KeyValue
	p     int
	pairs map[string]*pair
	// clock is the time that evidence has come to. It goes on by itself while
	// nothing waits, so that silence becomes a finding then, and not because
	// the fleet is behind.
	clock time.Time
	dry   time.Time // since when nothing waits; zero: something does
	zip   *gzip.Writer
}

// A pair is the state of a key.
type pair struct {
	checkpoint
	key      string
	engine   *diag.Engine
	stored   []byte // the checkpoint, until somebody asks for the engine
	revision uint64 // of the checkpoint that it goes on from
	last     uint64 // of its subject in CHANGES
}

func newJudge(ctx context.Context, w *worker, kv jetstream.KeyValue, p int) (*judge, error) {
	j := &judge{w: w, kv: kv, p: p, pairs: map[string]*pair{}}
	j.zip, _ = gzip.NewWriterLevel(nil, gzip.BestSpeed)
	watch, err := kv.Watch(ctx, fmt.Sprintf("judge.%d.*", p))
	if err != nil {
		return nil, err
	}
	defer func() { _ = watch.Stop() }()
	for e := range watch.Updates() {
		if e == nil {
			break // that was all there is
		}
		if e.Operation() != jetstream.KeyValuePut {
			continue
		}
		key := e.Key()[strings.LastIndexByte(e.Key(), '.')+1:]
		if slices.ContainsFunc(gateways(key), func(g string) bool { return !w.knows(g) }) {
			continue // of a gateway that was taken out of the inventory
		}
		j.pairs[key] = &pair{key: key, stored: e.Value(), revision: e.Revision()}
		if pending(e.Value()) { // whoever stored it may have come no further
			if _, err := j.wake(ctx, key); err != nil {
				return nil, err
			}
		}
	}
	return j, ctx.Err()
}

func (j *judge) consumer() (string, jetstream.ConsumerConfig) {
	return observations, jetstream.ConsumerConfig{FilterSubject: fmt.Sprintf("observations.%d.*", j.p), MaxAckPending: j.w.limits.batches}
}

// wake returns the state of a key, from its checkpoint where there is one.
func (j *judge) wake(ctx context.Context, key string) (*pair, error) {
	x := j.pairs[key]
	if x == nil {
		x = &pair{key: key, checkpoint: checkpoint{Done: map[string]place{}}}
	}
	if x.engine != nil {
		return x, nil
	}
	var err error
	if x.engine, err = j.newEngine(key); err != nil {
		return nil, err
	}
	j.pairs[key] = x
	if x.stored == nil {
		return x, nil
	}
	if err := x.restore(x.stored); err != nil {
		return nil, fmt.Errorf("checkpoint %s: %w", key, err)
	}
	x.stored = nil
	if x.Clock.After(j.clock) {
		j.clock = x.Clock
	}
	return x, j.publish(ctx, x)
}

// newEngine makes the engine of a key, which knows its gateways.
func (j *judge) newEngine(key string) (*diag.Engine, error) {
	o := j.w.engine
	o.MaxTunnels, o.MaxHalfOpen = 256, 256
	o.Gateways = nil
	for _, g := range j.w.engine.Gateways {
		if slices.Contains(gateways(key), g.ID) {
			o.Gateways = append(o.Gateways, g)
		}
	}
	if len(o.Gateways) != len(gateways(key)) {
		return nil, errName
	}
	return diag.NewEngine(rules.Default(), o)
}

const (
	// silence is how long nothing waits before what nobody asked for is
	// restored: before that no silence counts (Options.Patience).
	silence = 20 * time.Second
	// wakeAtOnce is how many are restored before it is looked again whether
	// something waits.
	wakeAtOnce = 64
)

func (j *judge) handle(ctx context.Context, all []jetstream.Msg) error {
	touched := map[*pair]bool{}
	for _, m := range all {
		x, err := j.observe(ctx, m)
		switch {
		case useless(err):
			j.w.refuse(m, err)
		case err != nil:
			return err
		case x != nil:
			touched[x] = true
		}
	}
	now := j.now(len(all) > 0)
	for x := range touched {
		if err := j.advance(ctx, x, now, true); err != nil {
			return err
		}
	}
	if len(all) > 0 {
		return nil
	}
	asleep := 0
	for key, x := range j.pairs { // silence
		if x.engine == nil && (time.Since(j.dry) < silence || asleep == wakeAtOnce) {
			continue
		}
		if x.engine == nil {
			asleep++
			if _, err := j.wake(ctx, key); err != nil {
				return err
			}
		}
		if err := j.advance(ctx, x, now, false); err != nil {
			return err
		}
	}
	return nil
}

// observe takes a batch in. It returns nil for one that was taken in before.
func (j *judge) observe(ctx context.Context, m jetstream.Msg) (*pair, error) {
	key := m.Subject()[strings.LastIndexByte(m.Subject(), '.')+1:]
	b, err := readBatch(key, m.Data())
	if err != nil {
		return nil, err
	}
	x, err := j.wake(ctx, key)
	if err != nil {
		return nil, err
	}
	if !b.At.after(x.Done[b.Gateway]) {
		j.w.stats.repeated.Add(1)
		return nil, nil
	}
	all, err := b.observations()
	if err != nil {
		return nil, err
	}
	x.Done[b.Gateway] = b.At
	ids := map[diag.SourceID]diag.SourceID{}
	for number, s := range b.Sources {
		s.Gateway = b.Gateway
		ids[number] = x.source(s)
	}
	wall := time.Now()
	for i := range all {
		_ = all[i].Renumber(func(id diag.SourceID) (diag.SourceID, bool) { return ids[id], true })
		x.engine.Observe(&all[i])
		if t := all[i].Time.Value; t.After(j.clock) && !t.After(wall) {
			j.clock = t
		}
	}
	return x, nil
}

// source gives a source of a batch its number in the engine.
func (x *pair) source(s diag.Source) diag.SourceID {
	i := slices.Index(x.Sources, s.Name)
	if i < 0 {
		x.Sources = append(x.Sources, s.Name)
		return x.engine.AddSource(s)
	}
	x.engine.UpdateSource(diag.SourceID(i), func(known *diag.Source) { *known = s })
	return diag.SourceID(i)
}

// now tells the time for the engines.
func (j *judge) now(busy bool) time.Time {
	switch {
	case busy:
		j.dry = time.Time{}
	case j.dry.IsZero():
		j.dry = time.Now()
	case !j.clock.IsZero():
		return j.clock.Add(time.Since(j.dry))
	}
	return j.clock
}

// advance finds out what changed of a pair. What it says is stored together
// with the engine that said it, and published then: a crash between leaves the
// next worker with the rest to publish, and with an engine that will not say
// it again.
func (j *judge) advance(ctx context.Context, x *pair, now time.Time, touched bool) error {
	if now.IsZero() {
		return nil // no evidence has a clock: the zero time would say that it ended
	}
	x.Outbox = nil
	for c := range x.engine.Advance(now) {
		var b bytes.Buffer
		if err := report.WriteChange(&b, &c, report.Options{}); err != nil {
			return err
		}
		x.Number++
		x.Outbox = append(x.Outbox, change{x.Number, c.Finding.Fingerprint, bytes.TrimSpace(b.Bytes())})
	}
	if !touched && len(x.Outbox) == 0 {
		return nil
	}
	x.Clock = j.clock
	data, err := x.save(j.zip)
	if err != nil {
		return err
	}
	if x.revision, err = j.w.save(ctx, j.kv, fmt.Sprintf("judge.%d.%s", j.p, x.key), data, x.revision); err != nil {
		return err
	}
	return j.publish(ctx, x)
}
