package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// schema is the version of what goes from stage one to stage two.
const schema = "ikediag.fleet/v1"

// A batch is what one message of evidence tells of one key: a line of JSON, and
// then a line for each observation.
type batch struct {
	Schema  string `json:"schema"`
	Gateway string `json:"gateway"`
	// At is the place of the message of evidence in its stream, and which part
	// of what came of it this is: of one gateway both only grow.
	At place `json:"at"`
	// Sources are those that the observations name, as they are now.
	Sources map[diag.SourceID]diag.Source `json:"sources"`

	lines []byte
}

type place struct {
	Sequence uint64 `json:"sequence"`
	Part     int    `json:"part"`
}

func (p place) after(q place) bool {
	return p.Sequence > q.Sequence || p.Sequence == q.Sequence && p.Part > q.Part
}

func (b *batch) marshal() ([]byte, error) {
	head, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	return append(append(head, '\n'), b.lines...), nil
}

// The reasons that a message is refused for. It would be no better the next
// time: it is terminated and counted.
var (
	errSchema   = errors.New("a schema that this worker does not know")
	errBatch    = errors.New("a malformed batch")
	errStranger = errors.New("a gateway that has no part in this key")
	errSize     = errors.New("a message larger than it may be")
	errName     = errors.New("a gateway that the inventory lacks, or a source without a valid name")
	errSources  = errors.New("more sources than a gateway may have")
	errKind     = errors.New("a piece of something that is not a log, which has to come whole")
)

// useless reports whether an error is about a message and not about the bus.
func useless(err error) bool {
	return slices.ContainsFunc([]error{errSchema, errBatch, errStranger, errSize, errName, errSources, errKind}, func(e error) bool { return errors.Is(err, e) })
}

// readBatch reads the head of a batch for a key.
func readBatch(key string, data []byte) (b batch, err error) {
	head, lines, _ := bytes.Cut(data, []byte("\n"))
	if err := json.Unmarshal(head, &b); err != nil {
		return b, fmt.Errorf("%w: %w", errBatch, err)
	}
	switch {
	case b.Schema != schema:
		return b, errSchema
	case !slices.Contains(gateways(key), b.Gateway):
		return b, errStranger
	}
	b.lines = lines
	return b, nil
}

// observations reads the rest, whole: nothing of a batch of which something is
// wrong is used.
func (b *batch) observations() (all []diag.Observation, err error) {
	for line := range bytes.Lines(b.lines) {
		var o diag.Observation
		if err := o.UnmarshalBinary(line); err != nil {
			return nil, fmt.Errorf("%w: %w", errBatch, err)
		}
		err := o.Renumber(func(id diag.SourceID) (diag.SourceID, bool) {
			_, ok := b.Sources[id]
			return id, ok
		})
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errBatch, err)
		}
		all = append(all, o)
	}
	return all, nil
}
