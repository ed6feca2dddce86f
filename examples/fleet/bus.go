package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// What is on the bus. The server sorts into partitions: it appends none of its
// own to what a shipper has to know.
//
//	EVIDENCE      evidence.P.GATEWAY.SOURCE   pieces of logs, whole files
//	OBSERVATIONS  observations.P.KEY          batches, from stage one to two
//	CHANGES       changes.KEY                 what is found
//	CHECKPOINTS   parse.P, judge.P.KEY        a key-value bucket
//	WORKERS       NAME                        who lives, a key-value bucket
//
// KEY is a pair of gateways, ber=fra, or one gateway.
const (
	evidence     = "EVIDENCE"
	observations = "OBSERVATIONS"
	changes      = "CHANGES"
	checkpoints  = "CHECKPOINTS"
	workers      = "WORKERS"
)

// limits bound what the fleet keeps and what a message may be.
type limits struct {
	partitions int           // of each stage
	piece      int           // octets of a message of evidence
	batch      int           // octets of a message between the stages
	segment    int           // octets of a gateway's evidence that may have to be read again
	evidence   int64         // octets of evidence: a segment of every gateway, and what waits
	queue      int64         // octets of observations that wait
	pieces     int           // of evidence that a partition has in hand at most
	batches    int           // of observations, likewise
	alive      time.Duration // a worker that is silent for so long is dead
	pause      time.Duration // how long a partition waits for messages
	history    time.Duration // changes are kept
	storage    jetstream.StorageType
}

var defaultLimits = limits{
	partitions: 32,
	piece:      256 << 10,
	batch:      512 << 10,
	segment:    4 << 20,
	evidence:   8 << 30,
	queue:      1 << 30,
	pieces:     4,
	batches:    256,
	alive:      5 * time.Second,
	pause:      250 * time.Millisecond,
	history:    30 * 24 * time.Hour,
}

// setUp makes the streams and buckets, or leaves them as they are. A full
// stream refuses more: that is what holds shippers, and stage one, back.
func setUp(ctx context.Context, js jetstream.JetStream, l limits) error {
	for _, c := range []jetstream.StreamConfig{
		{
			Name: evidence, Subjects: []string{"evidence.*.*"}, Retention: jetstream.LimitsPolicy,
			SubjectTransform: &jetstream.SubjectTransformConfig{Source: "evidence.*.*", Destination: fmt.Sprintf("evidence.{{partition(%d,1)}}.{{wildcard(1)}}.{{wildcard(2)}}", l.partitions)},
			MaxBytes:         l.evidence, Discard: jetstream.DiscardNew,
		},
		{
			Name: observations, Subjects: []string{"observations.*"}, Retention: jetstream.WorkQueuePolicy,
			SubjectTransform: &jetstream.SubjectTransformConfig{Source: "observations.*", Destination: fmt.Sprintf("observations.{{partition(%d,1)}}.{{wildcard(1)}}", l.partitions)},
			MaxBytes:         l.queue, Discard: jetstream.DiscardNew,
		},
		{Name: changes, Subjects: []string{"changes.*"}, Retention: jetstream.LimitsPolicy, MaxAge: l.history},
	} {
		c.Storage = l.storage
		if _, err := js.CreateStream(ctx, c); err != nil && !errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
			return fmt.Errorf("stream %s: %w", c.Name, err)
		}
	}
	for _, c := range []jetstream.KeyValueConfig{
		{Bucket: checkpoints, Storage: l.storage},
		{Bucket: workers, Storage: jetstream.MemoryStorage, TTL: l.alive},
	} {
		if _, err := js.CreateKeyValue(ctx, c); err != nil && !errors.Is(err, jetstream.ErrBucketExists) {
			return fmt.Errorf("bucket %s: %w", c.Bucket, err)
		}
	}
	return nil
}

// validName reports whether a name can be part of a subject and of a key.
func validName(s string) bool {
	return s != "" && len(s) <= 64 && strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	}) < 0
}

// onBus spells the key of a partition for subjects and buckets; gateways reads
// that back.
func onBus(key string) string { return strings.ReplaceAll(key, "|", "=") }

func gateways(key string) []string { return strings.Split(key, "=") }

// outrun reports whether a write was refused since another was there first.
func outrun(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && (api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}
