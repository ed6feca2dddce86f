package logparse

import (
	"bytes"

	"github.com/ikediag/ikediag/isakmp"
)

// message follows a message, whose payloads tell which one it is.
func (c *asa) message(j *asaJob, n *slot, e *Event) {
	mid := c.hexID(e.written(FieldMessageID))
	n.retransmits = 0
	payloads, has := c.lists.payloads(e.Bytes(FieldPayloads))
	sent := e.Kind == MessageGenerated
	exchange, request := isakmp.ExchangeInformational, sent
	switch {
	case has&(asaPayloadNotify|asaPayloadSA|asaPayloadID) == asaPayloadNotify, has&asaPayloadDelete != 0:
	case mid != 0 && has&asaPayloadAttr != 0:
		exchange = isakmp.ExchangeTransaction
	case mid != 0:
		exchange = isakmp.ExchangeQuick
		if has&asaPayloadSA != 0 && mid != j.mid {
			j.mid, j.ours = mid, sent
		}
		request = j.ours == sent
	default:
		if has&asaPayloadSA != 0 {
			if n.s.Role == RoleNone {
				if n.s.Role = Responder; sent {
					n.s.Role = Initiator
				}
			}
			n.s.Aggressive = has&asaPayloadKE != 0
			if n.stage |= asaPeerSA; sent {
				n.stage = n.stage&^asaPeerSA | asaSA
			}
		}
		request = sent == (n.s.Role == Initiator)
		if exchange = isakmp.ExchangeMain; n.s.Aggressive {
			exchange = isakmp.ExchangeAggressive
		}
	}
	c.out.message(exchange, request, payloads)
}

// The payloads that tell messages apart.
const (
	asaPayloadSA uint8 = 1 << iota
	asaPayloadKE
	asaPayloadID
	asaPayloadNotify
	asaPayloadDelete
	asaPayloadAttr
)

// asaLists remembers lists of payloads by length: a device sends few different
// ones.
type asaLists [32]struct {
	text, names []byte
	has         uint8
}

// payloads is asaPayloads for a list that most likely was seen before.
func (l *asaLists) payloads(list []byte) (names []byte, has uint8) {
	m := &l[len(list)%len(l)]
	if string(m.text) != string(list) {
		m.text = append(m.text[:0], bounded(list)...)
		m.names, m.has = asaPayloads(m.names[:0], list)
	}
	return m.names, m.has
}

// asaPayloads appends the names in "HDR + SA (1) + NONE (0)" to dst as other
// daemons write them, and tells which are among them.
func asaPayloads(dst, list []byte) (names []byte, has uint8) {
	for i := 0; i < len(list) && len(dst) < 80; {
		end := reachOctet(list, i, ' ')
		name := list[i:end]
		i = reachOctet(list, end, '+') // behind the number
		for i < len(list) && (list[i] == '+' || list[i] == ' ') {
			i++
		}
		short := ""
		switch string(name) {
		case "HDR", "NONE", "":
			continue
		case "SA":
			has |= asaPayloadSA
		case "KE":
			has |= asaPayloadKE
		case "ID":
			has |= asaPayloadID
		case "VENDOR":
			short = "V"
		case "NOTIFY":
			has, short = has|asaPayloadNotify, "N"
		case "DELETE":
			has, short = has|asaPayloadDelete, "D"
		case "NONCE":
			short = "No"
		case "ATTR":
			has, short = has|asaPayloadAttr, "CP"
		}
		if len(dst) > 0 {
			dst = append(dst, ' ')
		}
		if short != "" {
			dst = append(dst, short...)
		} else {
			dst = append(dst, name...)
		}
	}
	return dst, has
}

// childUp follows the two lines that say that phase 2 is done: the first one
// has the SPIs.
func (c *asa) childUp(j *asaJob, n *slot, e *Event) {
	n.s.Established = true
	c.hexID(e.Bytes(FieldMessageID))
	if !e.Has(FieldSPIIn) {
		if n.stage&asaChild != 0 {
			e.Kind = Plain
		}
		n.stage &^= asaChild
		return
	}
	n.stage |= asaChild
	c.out.add(FieldSPIIn, bytes.TrimSuffix(e.Bytes(FieldSPIIn), []byte(",")))
	if indexFrom(e.Text, 0, " Responder,") >= 0 {
		n.s.Role = orRole(n.s.Role, Responder)
	}
	if b := &j.block; b.nLocal > 0 && b.nRemote > 0 {
		c.out.add(FieldLocalTS, b.localTS[:b.nLocal])
		c.out.add(FieldRemoteTS, b.remoteTS[:b.nRemote])
		b.nLocal, b.nRemote = 0, 0
	}
}

// attribute follows an attribute in which a proposal differs from a policy.
func (c *asa) attribute(j *asaJob, n *slot, e *Event) {
	class := e.Bytes(FieldTransform)
	bit := uint8(1)
	switch string(class) {
	case "Auth Method":
		bit = differsMethod
	case "Group Description":
		bit = differsGroup
	}
	if string(e.Bytes(FieldName)) == "2" {
		j.differ2 |= bit
	} else {
		j.differ |= bit
	}
}

// selector follows the lines that name what a quick mode is for, side by
// side: "Address 10.1.0.0, Mask 255.255.0.0, Protocol 0, Port 0".
func (c *asa) selector(j *asaJob, e *Event) {
	var part [4][]byte
	rest := e.Bytes(FieldTS)
	for k := range part {
		var one []byte
		one, rest, _ = bytes.Cut(rest, []byte(","))
		one = trimBlanks(one)
		i := bytes.IndexByte(one, ' ')
		if i < 0 {
			break
		}
		part[k] = one[i+1:]
		if k == 0 && !bytes.Contains(rest, []byte("Mask ")) {
			part[1], part[2], part[3] = []byte("255.255.255.255"), []byte("0"), []byte("0")
			break
		}
	}
	local := string(e.Bytes(FieldSide)) == "local"
	e.Kind = Plain
	if part[3] == nil {
		return
	}
	ts := j.list[:0]
	for k, p := range part {
		if k > 0 {
			ts = append(ts, '/')
		}
		ts = append(ts, p[:min(len(p), 20)]...)
	}
	b := &j.block
	if !local {
		b.nLocal = 0 // the remote one comes first
	}
	if b.selector(local, ts) {
		e.Kind = SelectorsLookup
		c.out.add(FieldLocalTS, b.localTS[:b.nLocal])
		c.out.add(FieldRemoteTS, b.remoteTS[:b.nRemote])
	}
}
