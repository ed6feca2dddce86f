package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/ikediag/ikediag/diag"
)

// bus starts a real server with JetStream, and returns its address.
func bus(t testing.TB) string {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoLog: true, NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server does not start")
	}
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	return s.ClientURL()
}

func connect(t testing.TB, url string) jetstream.JetStream {
	t.Helper()
	nc, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

// testLimits are small, so that everything happens often: segments that are
// full, batches of several parts, workers that are thought dead.
func testLimits() limits {
	l := defaultLimits
	l.partitions, l.piece, l.batch, l.segment = 8, 32<<10, 64<<10, 160<<10
	l.evidence, l.queue, l.alive, l.pause, l.storage = 1<<30, 1<<30, 3*time.Second, 100*time.Millisecond, jetstream.MemoryStorage
	return l
}

// A crew is a fleet at work.
type crew struct {
	t       testing.TB
	url     string
	js      jetstream.JetStream
	limits  limits
	options diag.Options
	members []*member
}

type member struct {
	*worker
	nc   *nats.Conn
	kill context.CancelFunc
	done chan struct{}
}

func newCrew(t testing.TB, l limits, inventory []diag.Gateway) *crew {
	t.Helper()
	c := &crew{t: t, url: bus(t), limits: l, options: diag.Options{Gateways: inventory, DigestKey: []byte("test")}}
	c.js = connect(t, c.url)
	if err := setUp(context.Background(), c.js, l); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, m := range c.members {
			m.crash()
		}
	})
	return c
}

// hire starts a worker on a connection of its own.
func (c *crew) hire(prepare ...func(*worker)) *member {
	c.t.Helper()
	js := connect(c.t, c.url)
	ctx, cancel := context.WithCancel(context.Background())
	m := &member{worker: newWorker(fmt.Sprintf("w%d", len(c.members)), js, c.limits, c.options), nc: js.Conn(), kill: cancel, done: make(chan struct{})}
	for _, f := range prepare {
		f(m.worker)
	}
	c.members = append(c.members, m)
	go func() {
		defer close(m.done)
		_ = m.Run(ctx)
	}()
	return m
}

// crash drops the connection and everything that the worker has in hand.
func (m *member) crash() {
	m.nc.Close()
	m.kill()
	<-m.done
}

// ship publishes evidence as log shippers do, each gateway's in its order.
func (c *crew) ship(logs map[string][]byte) {
	c.t.Helper()
	for left := true; left; {
		left = false
		for _, gateway := range slices.Sorted(maps.Keys(logs)) {
			log := logs[gateway]
			if len(log) == 0 {
				continue
			}
			n := min(len(log), c.limits.piece)
			n = bytes.LastIndexByte(log[:n], '\n') + 1
			if _, err := c.js.PublishAsync("evidence."+gateway+".charon", log[:n]); err != nil {
				c.t.Fatal(err)
			}
			logs[gateway], left = log[n:], true
		}
	}
	select {
	case <-c.js.PublishAsyncComplete():
	case <-time.After(time.Minute):
		c.t.Fatal("the evidence is not stored")
	}
}

// settle waits until the workers have done all there is to do.
func (c *crew) settle(most time.Duration) {
	c.t.Helper()
	ctx := context.Background()
	for deadline := time.Now().Add(most); ; time.Sleep(50 * time.Millisecond) {
		if c.backlog(ctx) == 0 {
			return
		}
		if time.Now().After(deadline) {
			for _, m := range c.members {
				c.t.Logf("%s: %s", m.name, &m.stats)
			}
			c.t.Fatalf("%d messages are left", c.backlog(ctx))
		}
	}
}

// backlog counts what is not done.
func (c *crew) backlog(ctx context.Context) (n uint64) {
	c.t.Helper()
	s, err := c.js.Stream(ctx, evidence)
	if err != nil {
		c.t.Fatal(err)
	}
	kv, err := c.js.KeyValue(ctx, checkpoints)
	if err != nil {
		c.t.Fatal(err)
	}
	for p := range c.limits.partitions {
		at := parsed{}
		if e, err := kv.Get(ctx, fmt.Sprintf("parse.%d", p)); err == nil {
			if err := json.Unmarshal(e.Value(), &at); err != nil {
				c.t.Fatal(err)
			}
		}
		m, err := s.GetMsg(ctx, at.Sequence+1, jetstream.WithGetMsgSubject(fmt.Sprintf("evidence.%d.>", p)))
		if err == nil && m.Sequence > at.Sequence {
			n++
		}
	}
	all, err := c.js.Stream(ctx, observations) // after what fills it
	if err != nil {
		c.t.Fatal(err)
	}
	return n + all.CachedInfo().State.Msgs
}

// told is what a ticket system knows after all changes: by key and incident
// what is open.
type told struct {
	open    map[string]string // fingerprint: key, code
	changes int
}

// changes reads all that was published, and that nothing was twice.
func (c *crew) changes() (x told) {
	c.t.Helper()
	ctx := context.Background()
	s, err := c.js.Stream(ctx, changes)
	if err != nil {
		c.t.Fatal(err)
	}
	x.open = map[string]string{}
	number := map[string]uint64{}
	incidents := map[string]string{} // incident: what is open
	all, err := s.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{})
	if err != nil {
		c.t.Fatal(err)
	}
	for range s.CachedInfo().State.Msgs {
		m, err := all.Next()
		if err != nil {
			c.t.Fatal(err)
		}
		x.changes++
		key := strings.TrimPrefix(m.Subject(), "changes.")
		got, err := strconv.ParseUint(m.Headers().Get(headerNumber), 10, 64)
		if err != nil || got != number[key]+1 {
			c.t.Fatalf("%s: change %d follows %d", key, got, number[key])
		}
		number[key] = got
		var v struct {
			Op      string
			Finding struct{ Code, Incident, Fingerprint string }
		}
		if err := json.Unmarshal(m.Data(), &v); err != nil {
			c.t.Fatal(err)
		}
		id := key + " " + v.Finding.Incident
		switch _, was := incidents[id]; {
		case v.Op == "opened" && was:
			c.t.Errorf("%s: opened twice: %s", id, v.Finding.Code)
		case v.Op != "opened" && !was:
			c.t.Errorf("%s: %s without being opened: %s", id, v.Op, v.Finding.Code)
		}
		if v.Op == "opened" || v.Op == "changed" {
			incidents[id] = key + " " + v.Finding.Code
		} else {
			delete(incidents, id)
		}
	}
	for id, what := range incidents {
		x.open[id] = what
	}
	return x
}

// until waits for something.
func (c *crew) until(f func() bool) {
	c.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !f(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			c.t.Fatal("it does not happen")
		}
	}
}

// done counts the keys that have a checkpoint.
func (c *crew) done() int {
	c.t.Helper()
	s, err := c.js.Stream(context.Background(), "KV_"+checkpoints)
	if err != nil {
		c.t.Fatal(err)
	}
	return int(s.CachedInfo().State.NumSubjects)
}

// verify compares what was published with what is wrong.
func (c *crew) verify(w *world) {
	c.t.Helper()
	var x told
	var got []string
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		// What a crash kept from being published is, as soon as nothing waits.
		if x = c.changes(); len(x.open) >= len(w.want) {
			break
		}
	}
	got = slices.Sorted(maps.Values(x.open))
	if !slices.Equal(got, w.want) {
		count := map[string]int{}
		for _, g := range got {
			count[g]++
		}
		for _, g := range w.want {
			count[g]--
		}
		shown := 0
		for _, g := range slices.Sorted(maps.Keys(count)) {
			if d := count[g]; d != 0 && shown < 20 {
				c.t.Errorf("%+d %s", d, g)
				shown++
			}
		}
	}
	c.t.Logf("%d changes, %d findings are open", x.changes, len(got))
}
