package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A checkpoint is what stage two stores of a key, beside the engine's snapshot.
type checkpoint struct {
	// Done tells how far each gateway's evidence is in the engine: what comes
	// again changes nothing.
	Done map[string]place `json:"done"`
	// Sources are the names of the engine's sources, by number.
	Sources []string `json:"sources"`
	// Number counts the changes; Outbox has those that may not be published.
	Number uint64   `json:"number"`
	Outbox []change `json:"outbox,omitempty"`
	// Clock is the judge's.
	Clock time.Time `json:"clock"`
}

// A change is an object of schema ikediag.change/v1.
type change struct {
	Number      uint64          `json:"number"`
	Fingerprint string          `json:"fingerprint"`
	Data        json.RawMessage `json:"data"`
}

// save writes the checkpoint and the engine's snapshot, compressed. The first
// octet says whether there is an outbox.
func (x *pair) save(w *gzip.Writer) ([]byte, error) {
	plain, err := json.Marshal(&x.checkpoint)
	if err != nil {
		return nil, err
	}
	if plain, err = x.engine.AppendSnapshot(append(plain, '\n')); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteByte(byte(min(len(x.Outbox), 1)))
	w.Reset(&b)
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}

// pending reports whether a checkpoint has changes that may not be published.
func pending(data []byte) bool { return len(data) > 0 && data[0] != 0 }

func (x *pair) restore(data []byte) error {
	r, err := gzip.NewReader(bytes.NewReader(data[min(len(data), 1):]))
	if err != nil {
		return err
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	head, snapshot, _ := bytes.Cut(plain, []byte("\n"))
	if err := json.Unmarshal(head, &x.checkpoint); err != nil {
		return err
	}
	return x.engine.Restore(snapshot)
}

// The headers of a change.
const (
	headerNumber      = "Fleet-Number"
	headerFingerprint = "Fleet-Fingerprint"
)

// publish publishes what the checkpoint says was found, each change once: it is
// stored only behind the one that this worker knows to be the last of the key.
// Where another got there first, what stands there tells how far it came. The
// message ID, which is made of key and number, has the server drop what a
// broken connection makes us send twice.
func (j *judge) publish(ctx context.Context, x *pair) error {
	subject := "changes." + x.key
	for i := 0; i < len(x.Outbox); {
		c := &x.Outbox[i]
		m := &nats.Msg{Subject: subject, Data: c.Data, Header: nats.Header{
			headerNumber:      {strconv.FormatUint(c.Number, 10)},
			headerFingerprint: {c.Fingerprint},
		}}
		ack, err := j.w.js.PublishMsg(ctx, m, jetstream.WithExpectLastSequencePerSubject(x.last), jetstream.WithMsgID(fmt.Sprintf("%s#%d", x.key, c.Number)))
		if err == nil {
			x.last = ack.Sequence
			if !ack.Duplicate {
				j.w.stats.changes.Add(1)
			}
			i++
			continue
		}
		if !outrun(err) {
			return err
		}
		said, err := j.lastChange(ctx, subject)
		if err != nil {
			return err
		}
		if x.last == said.sequence {
			return errOutrun // somebody else publishes right now
		}
		x.last = said.sequence
		for i < len(x.Outbox) && x.Outbox[i].Number <= said.number {
			i++
		}
	}
	return nil
}

type lastChange struct{ sequence, number uint64 }

func (j *judge) lastChange(ctx context.Context, subject string) (l lastChange, err error) {
	s, err := j.w.js.Stream(ctx, changes)
	if err != nil {
		return l, err
	}
	m, err := s.GetLastMsgForSubject(ctx, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return l, nil
	}
	if err != nil {
		return l, err
	}
	l.sequence = m.Sequence
	l.number, err = strconv.ParseUint(m.Header.Get(headerNumber), 10, 64)
	return l, err
}
