package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/isakmp"
)

// columns are the names that tshark gives to its fields.
var columns = [...]string{
	"frame.number", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "udp.srcport", "udp.dstport",
	"isakmp.ispi", "isakmp.rspi", "isakmp.version", "isakmp.exchangetype", "isakmp.flags", "isakmp.messageid", "isakmp.length",
	"isakmp.typepayload", "isakmp.notify.msgtype", "isakmp.vid_bytes", "isakmp.trans.id",
	"isakmp.ike.attr.encryption_algorithm", "isakmp.ike.attr.hash_algorithm", "isakmp.ike.attr.authentication_method",
	"isakmp.ike.attr.group_description", "isakmp.ike.attr.key_length", "isakmp.ike.attr.life_duration",
	"isakmp.id.type", "isakmp.ike.nat_hash", "udpencap.nat_keepalive", "esp.spi", "esp.sequence", "ah.spi", "ah.sequence",
}

// tsvPrinter writes a line of columns for each frame; values that occur several
// times in a frame are joined by commas.
type tsvPrinter struct{}

func (tsvPrinter) begin(w *bufio.Writer) error {
	_, err := fmt.Fprintln(w, strings.Join(columns[:], "\t"))
	return err
}

func (tsvPrinter) frame(w *bufio.Writer, _ string, f *frame) error {
	if !f.known || f.refused {
		return nil
	}
	v := tsvRow(f)
	for i, c := range columns {
		if i > 0 {
			_ = w.WriteByte('\t') // a fault stays with w
		}
		_, _ = w.WriteString(strings.Join(v[c], ","))
	}
	return w.WriteByte('\n')
}

// row holds the values of each column.
type row map[string][]string

func (r row) add(column, value string) { r[column] = append(r[column], value) }

func tsvRow(f *frame) row {
	r := row{}
	r.add("frame.number", strconv.Itoa(f.number))
	for _, e := range f.ends {
		version := "ipv6"
		if e.source.Is4() {
			version = "ip"
		}
		r.add(version+".src", e.source.String())
		r.add(version+".dst", e.destination.String())
	}
	for _, l := range f.layers {
		if l.protocol == exchange.ProtocolUDP {
			r.add("udp.srcport", strconv.Itoa(int(l.source)))
			r.add("udp.dstport", strconv.Itoa(int(l.dest)))
		}
		if l.keepalive {
			r.add("udpencap.nat_keepalive", "1")
		}
		if l.message != nil && l.hasHeader() && r.header(l.message, len(l.bytes)) {
			r.message(l.message)
		}
		if l.sa != nil {
			name := "esp"
			if l.protocol == exchange.ProtocolAH {
				name = "ah"
			}
			if l.sa.spi >= 0 {
				r.add(name+".spi", fmt.Sprintf("0x%08x", l.sa.spi))
			}
			if l.sa.sequence >= 0 {
				r.add(name+".sequence", strconv.FormatInt(l.sa.sequence, 10))
			}
		}
	}
	return r
}

// header writes the fields of a whole header and reports whether the payloads
// are to be written. The reference shows an exchange type of the versions that it
// knows only; it shows no length and no payloads where the length goes more than
// four bytes beyond what was captured, and the length alone where that does not
// even fit into 31 bits.
func (r row) header(m *isakmp.Message, captured int) bool {
	r.add("isakmp.ispi", m.InitiatorCookie.String())
	r.add("isakmp.rspi", m.ResponderCookie.String())
	r.add("isakmp.version", fmt.Sprintf("0x%02x", uint8(m.Version)))
	if v := m.Version.Major(); v == 1 || v == 2 {
		r.add("isakmp.exchangetype", strconv.Itoa(int(m.Exchange)))
	}
	r.add("isakmp.flags", fmt.Sprintf("0x%02x", uint8(m.Flags)))
	r.add("isakmp.messageid", fmt.Sprintf("0x%08x", m.MessageID))
	whole := uint64(m.Length) <= uint64(captured)+4
	if whole || m.Length-isakmp.HeaderLen > 1<<31-1 {
		r.add("isakmp.length", strconv.FormatUint(uint64(m.Length), 10))
	}
	return whole
}

// message writes what the payloads hold.
func (r row) message(m *isakmp.Message) {
	sas := m.SAs
	for i, p := range m.Payloads {
		r.add("isakmp.typepayload", strconv.Itoa(int(p.Type)))
		if p.Missing > 0 && p.Type != isakmp.PayloadSA && p.Type != isakmp.PayloadV2SA {
			continue // the reference shows no field of it that is not whole
		}
		switch p.Type {
		case isakmp.PayloadSA, isakmp.PayloadV2SA:
			if len(sas) > 0 && sas[0].Payload == i {
				r.proposals(&sas[0])
				sas = sas[1:]
			}
		case isakmp.PayloadID, isakmp.PayloadV2IDi, isakmp.PayloadV2IDr:
			if len(p.Body) > 0 {
				r.add("isakmp.id.type", strconv.Itoa(int(p.Body[0])))
			}
		case isakmp.PayloadNotify:
			var n isakmp.Notify
			if _ = n.Decode(p.Body); len(p.Body) >= 8 {
				r.add("isakmp.notify.msgtype", strconv.Itoa(int(n.Type)))
			}
		case isakmp.PayloadV2Notify:
			var n isakmp.Notify
			if _ = n.DecodeV2(p.Body); len(p.Body) >= 4 {
				r.add("isakmp.notify.msgtype", strconv.Itoa(int(n.Type)))
			}
		case isakmp.PayloadVendorID, isakmp.PayloadV2VendorID:
			r.add("isakmp.vid_bytes", hex.EncodeToString(p.Body))
		case isakmp.PayloadNATD, isakmp.PayloadNATDDraft:
			r.add("isakmp.ike.nat_hash", hex.EncodeToString(p.Body))
		}
	}
}

// proposals writes an SA payload: proposals and transforms count as payloads.
func (r row) proposals(s *isakmp.SA) {
	for _, p := range s.Proposals {
		r.add("isakmp.typepayload", "2")
		for _, t := range p.Transforms {
			r.add("isakmp.typepayload", "3")
			if s.V2 {
				continue
			}
			r.add("isakmp.trans.id", strconv.Itoa(int(t.ID)))
			if p.Protocol == isakmp.ProtocolISAKMP {
				for _, a := range t.Attributes {
					r.attribute(a)
				}
			}
		}
	}
}

// attribute writes an attribute of phase 1.
func (r row) attribute(a isakmp.Attribute) {
	names := map[isakmp.OakleyAttribute]string{
		isakmp.OakleyEncryption: "encryption_algorithm", isakmp.OakleyHash: "hash_algorithm",
		isakmp.OakleyAuth: "authentication_method", isakmp.OakleyGroup: "group_description",
		isakmp.OakleyKeyLength: "key_length", isakmp.OakleyLifeDuration: "life_duration",
	}
	name, ok := names[isakmp.OakleyAttribute(a.Class)]
	if !ok {
		return
	}
	if v, ok := a.Uint(); ok {
		r.add("isakmp.ike.attr."+name, strconv.FormatUint(v, 10))
	}
}
