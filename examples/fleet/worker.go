package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"github.com/ikediag/ikediag/diag"
)

// A worker does its share of both stages. Which partitions are its own follows
// from who lives (rendezvous hashing), without anybody who assigns them. That
// two workers may think for a moment that one partition is theirs is allowed
// for: see session.
type worker struct {
	name   string
	js     jetstream.JetStream
	limits limits
	engine diag.Options
	stats  stats

	stop     chan struct{}
	stopOnce sync.Once
	sessions map[string]*session
	group    sync.WaitGroup

	trouble    func(error)      // is told why a session ended, where it is not nil
	beforeSave func(key string) // for tests
}

// stats count what a worker did.
type stats struct {
	pieces, observations, checkpoints, changes atomic.Int64
	refused                                    atomic.Int64 // messages that are of no use
	repeated                                   atomic.Int64 // batches that were there already
	outrun                                     atomic.Int64 // sessions that another worker took over
}

func (s *stats) String() string {
	return fmt.Sprintf("%d pieces, %d observations, %d checkpoints, %d changes, %d refused, %d repeated, %d outrun",
		s.pieces.Load(), s.observations.Load(), s.checkpoints.Load(), s.changes.Load(), s.refused.Load(), s.repeated.Load(), s.outrun.Load())
}

func newWorker(name string, js jetstream.JetStream, l limits, o diag.Options) *worker {
	return &worker{name: name, js: js, limits: l, engine: o, stop: make(chan struct{}), sessions: map[string]*session{}}
}

// Stop has Run finish what it has in hand, and return.
func (w *worker) Stop() { w.stopOnce.Do(func() { close(w.stop) }) }

// Run works until Stop is called. Where ctx ends it drops everything as it is,
// as a crash does.
func (w *worker) Run(ctx context.Context) error {
	alive, err := w.js.KeyValue(ctx, workers)
	if err != nil {
		return err
	}
	// Nothing that takes long keeps it from saying that it lives.
	living, dead := context.WithCancel(ctx)
	w.group.Go(func() {
		for every(living, w.limits.alive/6) {
			_, _ = alive.PutString(living, w.name, "")
		}
	})
	defer w.group.Wait()
	defer dead()
	if _, err := alive.PutString(ctx, w.name, ""); err != nil {
		return err
	}
	tick := time.NewTimer(w.limits.pause) // those that come together know each other then
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-w.stop:
			dead()
			_ = alive.Delete(ctx, w.name)
			for _, s := range w.sessions {
				s.end()
			}
			return nil
		case <-tick.C:
			// Where the server is away the sessions notice, too.
			_ = w.share(ctx, alive)
			tick.Reset(w.limits.alive / 6)
		}
	}
}

// every waits, and reports whether to go on.
func every(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// share begins a session for each partition that is this worker's, and ends
// those that are another's by now.
func (w *worker) share(ctx context.Context, alive jetstream.KeyValue) error {
	list, err := alive.ListKeys(ctx)
	if err != nil {
		return err
	}
	var living []string
	for name := range list.Keys() {
		living = append(living, name)
	}
	for p := range w.limits.partitions {
		for _, stage := range []string{"parse", "judge"} {
			id := stage + "-" + strconv.Itoa(p)
			s, mine := w.sessions[id], owner(id, living) == w.name
			if s != nil && s.over() {
				s = nil
				delete(w.sessions, id)
			}
			switch {
			case mine && s == nil:
				w.begin(ctx, stage, id, p)
			case !mine && s != nil:
				s.end()
			}
		}
	}
	return nil
}

// owner finds the worker that a partition belongs to: where one dies only its
// own partitions move.
func owner(id string, living []string) (best string) {
	var most uint64
	for _, name := range living {
		h := fnv.New64a()
		h.Write([]byte(id + " " + name))
		x := h.Sum64()
		x ^= x >> 32
		x *= 0xd6e8feb86659fd93
		if x ^= x >> 32; best == "" || x > most {
			best, most = name, x
		}
	}
	return best
}

// A session is one worker's time with one partition. It begins with the
// checkpoints as they are, and with a consumer of its own, in place of the one
// of whoever had the partition before: that one gets no more messages then.
// What it did not acknowledge comes again, in the old order.
type session struct {
	stopped chan struct{}
	done    chan struct{}
	drop    context.CancelFunc
	grace   time.Duration // what is in hand is dropped after it
}

func (s *session) end() {
	select {
	case <-s.stopped:
	default:
		close(s.stopped)
		time.AfterFunc(s.grace, s.drop)
	}
}

func (s *session) over() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// A stage handles messages in order. When handle returns without an error the
// checkpoints cover them, and all that comes of them is published.
type stage interface {
	handle(ctx context.Context, all []jetstream.Msg) error
	consumer() (stream string, c jetstream.ConsumerConfig)
}

func (w *worker) begin(ctx context.Context, kind, id string, p int) {
	ctx, drop := context.WithCancel(ctx)
	s := &session{stopped: make(chan struct{}), done: make(chan struct{}), drop: drop, grace: w.limits.alive}
	w.sessions[id] = s
	w.group.Go(func() {
		defer drop()
		defer close(s.done)
		err := w.serve(ctx, s, kind, id, p)
		if errors.Is(err, errOutrun) {
			w.stats.outrun.Add(1)
		}
		if err != nil && ctx.Err() == nil && w.trouble != nil {
			w.trouble(fmt.Errorf("%s: %w", id, err))
		}
		// Whatever it was: the next session begins from the checkpoints.
	})
}

func (w *worker) serve(ctx context.Context, s *session, kind, id string, p int) error {
	kv, err := w.js.KeyValue(ctx, checkpoints)
	if err != nil {
		return err
	}
	var st stage
	if kind == "parse" {
		st, err = newParser(ctx, w, kv, p)
	} else {
		st, err = newJudge(ctx, w, kv, p)
	}
	if err != nil {
		return err
	}
	stream, config := st.consumer()
	config.Name = id + "-" + nuid.Next()
	config.AckPolicy = jetstream.AckExplicitPolicy
	config.InactiveThreshold = time.Hour
	if err := w.replaceConsumers(ctx, stream, id+"-"); err != nil {
		return err
	}
	consumer, err := w.js.CreateConsumer(ctx, stream, config)
	if err != nil {
		return err
	}
	defer func() { _ = w.js.DeleteConsumer(ctx, stream, config.Name) }()
	for next := uint64(1); ; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.stopped:
			return nil
		default:
		}
		got, err := consumer.Fetch(config.MaxAckPending, jetstream.FetchMaxWait(w.limits.pause))
		if err != nil {
			return err
		}
		var all []jetstream.Msg
		for m := range got.Messages() {
			// Each comes once and none is left out, or the session is over.
			meta, err := m.Metadata()
			if err != nil || meta.Sequence.Consumer != next || meta.NumDelivered != 1 {
				return errOrder
			}
			next++
			all = append(all, m)
		}
		if err := got.Error(); err != nil {
			return err
		}
		if err := st.handle(ctx, all); err != nil {
			return err
		}
		for i, m := range all {
			ack := m.Ack
			if i == len(all)-1 { // when this one is known to be there, so are the others
				ack = func() error { return m.DoubleAck(ctx) }
			}
			if err := ack(); err != nil && !errors.Is(err, jetstream.ErrMsgAlreadyAckd) {
				return err
			}
		}
	}
}

// The reasons that a session ends for, besides those of the connection.
var (
	errOutrun = errors.New("another worker has the partition")
	errOrder  = errors.New("a message was lost on the way, or comes again")
)

// replaceConsumers deletes the consumers of those who had the partition.
func (w *worker) replaceConsumers(ctx context.Context, stream, prefix string) error {
	s, err := w.js.Stream(ctx, stream)
	if err != nil {
		return err
	}
	names := s.ConsumerNames(ctx)
	for name := range names.Name() {
		if strings.HasPrefix(name, prefix) {
			if err := s.DeleteConsumer(ctx, name); err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
				return err
			}
		}
	}
	return names.Err()
}

// knows reports whether a gateway is in the inventory: names that anybody makes
// up cost nothing.
func (w *worker) knows(gateway string) bool {
	return slices.ContainsFunc(w.engine.Gateways, func(g diag.Gateway) bool { return g.ID == gateway })
}

// refuse terminates a message that is of no use, now and later.
func (w *worker) refuse(m jetstream.Msg, why error) {
	w.stats.refused.Add(1)
	_ = m.TermWithReason(diag.Clean(why.Error(), 100))
}

// save writes a checkpoint in place of the one that it goes on from, and of no
// other: a worker that was thought dead has an old one in hand, and fails.
func (w *worker) save(ctx context.Context, kv jetstream.KeyValue, key string, data []byte, revision uint64) (uint64, error) {
	if w.beforeSave != nil {
		w.beforeSave(key)
	}
	var err error
	if revision == 0 {
		revision, err = kv.Create(ctx, key, data)
	} else {
		revision, err = kv.Update(ctx, key, data, revision)
	}
	if errors.Is(err, jetstream.ErrKeyExists) || outrun(err) {
		return 0, errOutrun
	}
	if err == nil {
		w.stats.checkpoints.Add(1)
	}
	return revision, err
}
