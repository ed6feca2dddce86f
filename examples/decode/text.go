package main

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike/exchange"
)

// textPrinter writes a paragraph for each frame.
type textPrinter struct{}

func (textPrinter) begin(*bufio.Writer) error { return nil }

func (textPrinter) frame(w *bufio.Writer, file string, f *frame) error {
	when := ""
	switch {
	case f.time.IsZero():
	case f.dateless:
		when = " " + f.time.Format("15:04:05.000000")
	default:
		when = " " + f.time.Format("2006-01-02T15:04:05.000000Z")
	}
	_, err := fmt.Fprintf(w, "%s frame %d%s %s\n", strconv.QuoteToGraphic(file), f.number, when, path(f.ends))
	for _, l := range f.layers {
		for _, line := range l.describe() {
			_, err = fmt.Fprintf(w, "    %s\n", line) // a fault stays with w
		}
	}
	return err
}

// path renders the ends of each IP header, the outermost first.
func path(all []ends) string {
	var parts []string
	for _, e := range all {
		parts = append(parts, e.source.String()+" > "+e.destination.String())
	}
	return strings.Join(parts, " / ")
}

// describe renders a layer: a line, and one more for each of a message's parts.
func (l *layer) describe() []string {
	ports := ""
	if l.protocol == exchange.ProtocolUDP {
		ports = fmt.Sprintf("UDP %d > %d: ", l.source, l.dest)
	}
	switch {
	case l.keepalive:
		return []string{ports + "NAT keepalive"}
	case l.sa != nil && l.protocol == exchange.ProtocolAH:
		return []string{"AH " + l.sa.String()}
	case l.sa != nil:
		return []string{ports + "ESP " + l.sa.String()}
	case l.words != "":
		return []string{"the recorder's words: " + strconv.QuoteToASCII(l.words)}
	case l.message == nil:
		return nil
	}
	m := l.message
	first := fmt.Sprintf("%sIKE %s %s %s:%s", ports, m.Version, m.Exchange, m.InitiatorCookie, m.ResponderCookie)
	if l.protocol == 0 {
		first = "whole with this piece: " + first
	}
	if m.MessageID != 0 {
		first += fmt.Sprintf(" message %08x", m.MessageID)
	}
	if names := flagNames(&m.Header); len(names) > 0 {
		first += " " + strings.Join(names, " ")
	}
	lines := []string{fmt.Sprintf("%s, %d bytes", first, m.Length)}
	for i := range m.Payloads {
		for _, line := range describe(m, i) {
			lines = append(lines, "  "+line)
		}
	}
	for i := range m.Problems {
		lines = append(lines, "  problem: "+m.Problems[i].String())
	}
	return lines
}

// String renders what was there of SPI and sequence number.
func (s *sa) String() string {
	switch {
	case s.spi < 0:
		return "cut"
	case s.sequence < 0:
		return fmt.Sprintf("SPI 0x%08x", s.spi)
	}
	return fmt.Sprintf("SPI 0x%08x sequence %d", s.spi, s.sequence)
}
