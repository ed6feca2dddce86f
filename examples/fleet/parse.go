package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// A parser is stage one of a partition: it reads the evidence of its gateways
// and sends on what that says.
//
// What a reader knows in the middle of a log cannot be stored. It follows from
// what was read since the gateway's segment began, though, and from nothing
// else: whoever takes a gateway over reads the segment again, and drops what
// was sent before. So the checkpoint is only two numbers a gateway, and with
// crashes the same is sent as without.
type parser struct {
	w        *worker
	kv       jetstream.KeyValue
	stream   jetstream.Stream
	key      string
	subject  string
	at       parsed
	revision uint64
	readers  map[string]*reader
}

// parsed is a parser's checkpoint.
type parsed struct {
	Sequence uint64              `json:"sequence"` // all up to this message is done
	Segments map[string]*segment `json:"segments"` // by gateway
}

type segment struct {
	From   uint64 `json:"from"`
	Number int    `json:"number"`
}

func newParser(ctx context.Context, w *worker, kv jetstream.KeyValue, p int) (*parser, error) {
	stream, err := w.js.Stream(ctx, evidence)
	if err != nil {
		return nil, err
	}
	ps := &parser{
		w: w, kv: kv, stream: stream, key: fmt.Sprintf("parse.%d", p), subject: fmt.Sprintf("evidence.%d.", p),
		at: parsed{Segments: map[string]*segment{}}, readers: map[string]*reader{},
	}
	e, err := kv.Get(ctx, ps.key)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return ps, nil
	}
	if err != nil {
		return nil, err
	}
	ps.revision = e.Revision()
	return ps, json.Unmarshal(e.Value(), &ps.at)
}

func (ps *parser) consumer() (string, jetstream.ConsumerConfig) {
	return evidence, jetstream.ConsumerConfig{
		FilterSubject: ps.subject + ">", DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: ps.at.Sequence + 1,
		MaxAckPending: ps.w.limits.pieces,
	}
}

func (ps *parser) handle(ctx context.Context, all []jetstream.Msg) error {
	if len(all) == 0 {
		return nil
	}
	var full []string
	for _, m := range all {
		meta, err := m.Metadata()
		if err != nil {
			return err
		}
		e := exhibit{meta.Sequence.Stream, meta.Timestamp, m.Headers().Get("Whole") != "", m.Data()}
		gateway, source, _ := strings.Cut(strings.TrimPrefix(m.Subject(), ps.subject), ".")
		switch {
		case len(e.data) > ps.w.limits.piece:
			ps.w.refuse(m, errSize)
		case !ps.w.knows(gateway) || !validName(source):
			ps.w.refuse(m, errName)
		default:
			r, err := ps.reader(ctx, gateway, e.sequence)
			if err != nil {
				return err
			}
			if err := r.read(ctx, source, e); err != nil {
				ps.w.refuse(m, err)
			}
			// What came of it is stored before the gateway's next: nothing can
			// be left out between.
			if err := r.send(ctx, ps.w); err != nil {
				return err
			}
			ps.w.stats.pieces.Add(1)
			ps.w.stats.observations.Add(int64(r.said))
			if r.size >= ps.w.limits.segment {
				ps.at.Segments[gateway] = &segment{From: r.middle(), Number: ps.at.Segments[gateway].Number + 1}
				delete(ps.readers, gateway)
				full = append(full, gateway)
			}
		}
		ps.at.Sequence = e.sequence
	}
	b, err := json.Marshal(&ps.at)
	if err != nil {
		return err
	}
	if ps.revision, err = ps.w.save(ctx, ps.kv, ps.key, b, ps.revision); err != nil {
		return err
	}
	for _, gateway := range full { // nobody will read that again
		if err := ps.stream.Purge(ctx, jetstream.WithPurgeSubject(ps.subject+gateway+".*"), jetstream.WithPurgeSequence(ps.at.Segments[gateway].From)); err != nil {
			return err
		}
	}
	return nil
}

// reader returns what reads a gateway's evidence, as far as it was when the
// message at hand comes.
func (ps *parser) reader(ctx context.Context, gateway string, next uint64) (*reader, error) {
	if r := ps.readers[gateway]; r != nil {
		return r, nil
	}
	s := ps.at.Segments[gateway]
	if s == nil {
		s = &segment{From: next}
		ps.at.Segments[gateway] = s
	}
	r := newReader(gateway, s.Number, ps.w.limits, ps.w.engine)
	subject := ps.subject + gateway + ".*"
	for n := s.From; n < next; {
		m, err := ps.stream.GetMsg(ctx, n, jetstream.WithGetMsgSubject(subject))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			break
		}
		if err != nil {
			return nil, err
		}
		if m.Sequence >= next {
			break
		}
		n = m.Sequence + 1
		source := m.Subject[strings.LastIndexByte(m.Subject, '.')+1:]
		if len(m.Data) <= ps.w.limits.piece && validName(source) {
			_ = r.read(ctx, source, exhibit{m.Sequence, m.Time, m.Header.Get("Whole") != "", m.Data}) // as it was the first time
			r.drop()
		}
	}
	ps.readers[gateway] = r
	return r, nil
}
