package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/ikediag/ikediag/diag"
)

// A worker that stood still for longer than it may, so that others took its
// partitions over, wakes up with an old checkpoint in hand: it is not stored,
// and nothing of what it would say is published.
func TestWakesUp(t *testing.T) {
	w := newWorld(60)
	c := newCrew(t, testLimits(), w.inventory)
	wake := make(chan struct{})
	sleeper := c.hire(func(w *worker) {
		w.limits.alive = time.Hour // it will not say again that it lives
		w.beforeSave = func(string) { <-wake }
	})
	c.ship(w.logs)
	c.until(func() bool { return sleeper.stats.pieces.Load() > 0 })
	c.hire()
	c.settle(time.Minute)
	if n := sleeper.stats.checkpoints.Load(); n != 0 {
		t.Fatalf("%d checkpoints in sleep", n)
	}
	before := c.revisions()
	close(wake)
	c.until(func() bool { return sleeper.stats.outrun.Load() > 0 })
	sleeper.crash()
	if after := c.revisions(); !maps.Equal(before, after) {
		t.Errorf("checkpoints %v became %v", before, after)
	}
	c.verify(w)
}

// revisions lists the checkpoints.
func (c *crew) revisions() map[string]uint64 {
	c.t.Helper()
	ctx := context.Background()
	kv, err := c.js.KeyValue(ctx, checkpoints)
	if err != nil {
		c.t.Fatal(err)
	}
	keys, err := kv.Keys(ctx)
	if err != nil && !errors.Is(err, jetstream.ErrNoKeysFound) {
		c.t.Fatal(err)
	}
	out := map[string]uint64{}
	for _, k := range keys {
		e, err := kv.Get(ctx, k)
		if err != nil {
			c.t.Fatal(err)
		}
		out[k] = e.Revision()
	}
	return out
}

// What is of no use is refused, counted and gone, and all else goes on.
func TestPoison(t *testing.T) {
	w := newWorld(20)
	c := newCrew(t, testLimits(), w.inventory)
	bad := 0
	poison := func(subject string, data string, header ...string) {
		t.Helper()
		m := &nats.Msg{Subject: subject, Data: []byte(data), Header: nats.Header{}}
		for _, h := range header {
			m.Header.Set(h, "yes")
		}
		if _, err := c.js.PublishMsg(context.Background(), m); err != nil {
			t.Fatal(err)
		}
		bad++
	}
	a, b := w.inventory[0].ID, w.inventory[1].ID
	key := "observations." + a + "=" + b
	head := `{"schema":"ikediag.fleet/v1","gateway":"` + a + `","at":{"sequence":1},"sources":{"0":{}}}` + "\n"
	poison("evidence."+a+".large", strings.Repeat("x\n", c.limits.piece))
	poison("evidence.nobody.charon", "a line\n")
	poison("evidence."+a+".charon%1", "a line\n")
	poison("evidence."+a+".pieces-of-a-capture", "\xd4\xc3\xb2\xa1\x02\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\x00\x00\x01\x00\x00\x00")
	poison("evidence."+a+".what", "\x00\x01\x02\x03 no such thing", "Whole")
	poison(key, "")
	poison(key, "{")
	poison(key, `{"schema":"ikediag.fleet/v2","gateway":"`+a+`"}`+"\n")
	poison(key, `{"schema":"ikediag.fleet/v1","gateway":"`+w.inventory[2].ID+`"}`+"\n")
	poison(key, head+"no observation\n")
	poison(key, head+`{"kind":99,"body":{}}`+"\n")
	poison(key, head+`{"source":7,"kind":1,"body":{}}`+"\n")
	poison(key, head+`{"kind":`+fmt.Sprint(int(diag.BodyConnection))+`,"body":{"PSK":{"At":{"Elsewhere":true,"Source":4000000000}}}}`+"\n")
	poison("observations."+a+"=nobody", head)
	c.ship(w.logs)
	m := c.hire()
	c.settle(time.Minute)
	c.until(func() bool { return m.stats.refused.Load() >= int64(bad) })
	if n := m.stats.refused.Load(); n != int64(bad) {
		t.Errorf("%d refused, want %d", n, bad)
	}
	c.verify(w)
}

// A worker that is told to stop finishes what it has in hand: the next one has
// nothing to do again.
func TestStop(t *testing.T) {
	w := newWorld(200)
	c := newCrew(t, testLimits(), w.inventory)
	c.ship(w.logs)
	first := c.hire()
	c.until(func() bool { return c.done() > 50 })
	first.Stop()
	<-first.done
	second := c.hire()
	c.settle(time.Minute)
	c.verify(w)
	if n := second.stats.repeated.Load(); n != 0 {
		t.Errorf("%d batches were made twice", n)
	}
	if a, b := first.stats.observations.Load(), second.stats.observations.Load(); a == 0 {
		t.Errorf("%d and %d observations", a, b)
	}
}

// A full queue holds stage one back, and is worked off.
func TestBackPressure(t *testing.T) {
	w := newWorld(100)
	l := testLimits()
	l.queue = 64 << 10
	c := newCrew(t, l, w.inventory)
	c.hire()
	for gateway, log := range w.logs {
		for len(log) > 0 {
			n := min(len(log), 4<<10)
			n = strings.LastIndexByte(string(log[:n]), '\n') + 1
			_, err := c.js.Publish(context.Background(), "evidence."+gateway+".charon", log[:n])
			if err != nil { // a shipper tries again
				time.Sleep(20 * time.Millisecond)
				continue
			}
			log = log[n:]
		}
	}
	c.settle(time.Minute)
	c.verify(w)
}

// Real evidence of all kinds: the two ends of examples/diagnose's wrong key.
func TestWholeFiles(t *testing.T) {
	inventory := []diag.Gateway{
		{ID: "branch", Addresses: addresses("198.51.100.62", "203.0.113.254")}, // behind a NAT
		{ID: "headquarters", Addresses: addresses("203.0.113.138")},
	}
	c := newCrew(t, testLimits(), inventory)
	for _, g := range inventory {
		dir := "../diagnose/testdata/wrong-psk/" + g.ID + "/"
		for _, file := range []string{"swanctl.conf", "wan.pcap", "charon.log"} {
			b, err := os.ReadFile(dir + file)
			if err != nil {
				t.Fatal(err)
			}
			m := &nats.Msg{Subject: "evidence." + g.ID + "." + strings.ReplaceAll(file, ".", "-"), Data: b, Header: nats.Header{}}
			if file != "charon.log" {
				m.Header.Set("Whole", "yes")
			}
			if _, err := c.js.PublishMsg(context.Background(), m); err != nil {
				t.Fatal(err)
			}
		}
	}
	m := c.hire()
	c.settle(time.Minute)
	if n := m.stats.refused.Load(); n != 0 {
		t.Errorf("%d refused", n)
	}
	x := c.changes()
	if len(x.open) != 1 {
		t.Errorf("open: %v", x.open)
	}
	for _, what := range x.open {
		if what != "branch=headquarters IKE-P1-PSK-MISMATCH" {
			t.Error(what)
		}
	}
}
