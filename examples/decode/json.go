package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
)

// jsonPrinter writes an object for each frame, one a line.
type jsonPrinter struct{}

type jsonFrame struct {
	File  string      `json:"file"`
	Frame int         `json:"frame"`
	Time  string      `json:"time,omitempty"`
	IP    []jsonEnds  `json:"ip"`
	Parts []jsonLayer `json:"layers"`
}

type jsonEnds struct {
	Source      string `json:"source"`
	Destination string `json:"destination"`
}

type jsonLayer struct {
	// Kind is isakmp, keepalive, esp, ah, udp, or words where a text has no
	// bytes.
	Kind            string       `json:"kind"`
	SourcePort      *uint16      `json:"source_port,omitempty"`
	DestinationPort *uint16      `json:"destination_port,omitempty"`
	SPI             string       `json:"spi,omitempty"`
	Sequence        *int64       `json:"sequence,omitempty"`
	Message         *jsonMessage `json:"message,omitempty"`
	Words           string       `json:"words,omitempty"`
}

type jsonMessage struct {
	InitiatorCookie string        `json:"initiator_cookie"`
	ResponderCookie string        `json:"responder_cookie"`
	Version         string        `json:"version"`
	Exchange        string        `json:"exchange"`
	ExchangeType    uint8         `json:"exchange_type"`
	Flags           []string      `json:"flags"`
	MessageID       string        `json:"message_id"`
	Length          uint32        `json:"length"`
	Payloads        []jsonPayload `json:"payloads"`
	Problems        []string      `json:"problems"`
}

type jsonPayload struct {
	Type   uint8    `json:"type"`
	Name   string   `json:"name"`
	Length int      `json:"length"`
	Text   []string `json:"text"`
}

func (jsonPrinter) begin(*bufio.Writer) error { return nil }

func (jsonPrinter) frame(w *bufio.Writer, file string, f *frame) error {
	out := jsonFrame{File: file, Frame: f.number, IP: []jsonEnds{}, Parts: []jsonLayer{}}
	if !f.time.IsZero() && !f.dateless {
		out.Time = f.time.Format(time.RFC3339Nano)
	}
	for _, e := range f.ends {
		out.IP = append(out.IP, jsonEnds{e.source.String(), e.destination.String()})
	}
	for i := range f.layers {
		out.Parts = append(out.Parts, newJSONLayer(&f.layers[i]))
	}
	return json.NewEncoder(w).Encode(out)
}

func newJSONLayer(l *layer) jsonLayer {
	out := jsonLayer{Kind: "udp"}
	if l.protocol == exchange.ProtocolUDP {
		out.SourcePort, out.DestinationPort = &l.source, &l.dest
	}
	switch {
	case l.keepalive:
		out.Kind = "keepalive"
	case l.words != "":
		out.Kind, out.Words = "words", strconv.QuoteToASCII(l.words)
	case l.sa != nil:
		out.Kind = "esp"
		if l.protocol == exchange.ProtocolAH {
			out.Kind = "ah"
		}
		if l.sa.spi >= 0 {
			out.SPI = fmt.Sprintf("0x%08x", l.sa.spi)
		}
		if l.sa.sequence >= 0 {
			out.Sequence = &l.sa.sequence
		}
	case l.message != nil:
		out.Kind = "isakmp"
		out.Message = newJSONMessage(l)
	}
	return out
}

func newJSONMessage(l *layer) *jsonMessage {
	m := l.message
	out := &jsonMessage{
		InitiatorCookie: m.InitiatorCookie.String(), ResponderCookie: m.ResponderCookie.String(),
		Version: m.Version.String(), Exchange: m.Exchange.String(), ExchangeType: uint8(m.Exchange),
		Flags: flagNames(&m.Header), MessageID: fmt.Sprintf("%08x", m.MessageID), Length: m.Length,
		Payloads: []jsonPayload{}, Problems: []string{},
	}
	for i, p := range m.Payloads {
		out.Payloads = append(out.Payloads, jsonPayload{uint8(p.Type), p.Type.String(), len(p.Body), describe(m, i)})
	}
	for i := range m.Problems {
		out.Problems = append(out.Problems, m.Problems[i].String())
	}
	return out
}
