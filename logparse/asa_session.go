package logparse

import (
	"bytes"
	"net/netip"
	"strconv"
)

// asa ties the lines of Cisco's ASA to sessions. Most name the peer, which has
// one negotiation at a time: a new one begins where the device says so, or
// with the first message of one.
//
// It shares the tables of sessions and daemons with charon.
type asa struct {
	charon
	jobs  map[uint32]*asaJob // by origin
	last  *asaJob
	peers map[iosPeer]childOf
	out   record
}

// asaJob is what a device's log is at.
type asaJob struct {
	origin  uint32
	cur     childOf
	ours    bool // the quick mode is one that this end began
	mid     uint32
	differ  uint8 // in what proposals of phase 1 differ from policies
	differ2 uint8 // and those of phase 2
	block   iosBlock
	list    [96]byte
}

// The marks of a session, in slot.stage.
const (
	asaSA     uint8 = 1 << iota // its SA payload was sent
	asaPeerSA                   // the peer's was received
	asaChild                    // its child is up
	asaNoMap                    // there is no crypto map for what was asked
)

func (c *asa) line(p *Parser, e *Event) {
	c.p = p
	e.Session = Session{}
	if e.Kind == Repeated {
		return
	}
	o := c.charon.origin(e)
	j := c.job(o)
	c.out.reset()
	e.record = &c.out
	if i := c.find(o, j, e); i != 0 {
		n := &c.slots[i]
		j.cur = childOf{i, n.s.Handle}
		c.learn(o, j, i, n, e)
		c.touch(i, n, e.Number)
		e.Session = n.s
	}
	if c.out.n == 0 {
		e.record = nil
	}
}

func (c *asa) job(o *origin) *asaJob {
	if c.last != nil && c.last.origin == o.id {
		return c.last
	}
	j := c.jobs[o.id]
	if j == nil {
		if c.jobs == nil || len(c.jobs) >= maxOrigins {
			c.jobs = map[uint32]*asaJob{}
		}
		j = &asaJob{origin: o.id}
		c.jobs[o.id] = j
	}
	c.last = j
	return j
}

func (c *asa) alive(k childOf) int32 {
	if k.slot != 0 && int(k.slot) < len(c.slots) && c.slots[k.slot].s.Handle == k.handle {
		return k.slot
	}
	return 0
}

// find returns the session that a line is about, 0 if it is about none.
func (c *asa) find(o *origin, j *asaJob, e *Event) int32 {
	if e.Kind.HostWide() && e.Kind >= DaemonStarted || e.Kind == PacketIgnored || e.Kind == ReplayDropped || e.Kind == Blank {
		return 0
	}
	var peer netip.Addr
	if r, ok := parseAddrPort(e.Prefix.Remote); ok {
		peer = r.Addr()
	} else if r, ok := e.Address(Remote); ok {
		peer = r.Addr()
	}
	if !peer.IsValid() {
		if i := c.alive(j.cur); i != 0 || e.Kind <= Blank {
			return i
		}
		return c.fresh(o, e, peer)
	}
	i := c.alive(c.peers[iosPeer{o.id, peer}])
	switch e.Kind {
	case UnknownPeerSA, UnprotectedDropped, KernelExpire, Plain, Unknown:
		return i
	}
	if i == 0 || c.begins(&c.slots[i], e) {
		return c.fresh(o, e, peer)
	}
	return i
}

// begins reports whether a line is the first one of a new negotiation.
func (c *asa) begins(n *slot, e *Event) bool {
	switch e.Kind {
	case Initiating:
		return true
	case MessageParsed, MessageGenerated:
		list := e.Bytes(FieldPayloads)
		if mid, _ := parseHex(e.Bytes(FieldMessageID)); mid != 0 || !bytes.HasPrefix(list, []byte("HDR + SA")) {
			return false
		}
		bit := asaSA
		if e.Kind == MessageParsed {
			bit = asaPeerSA
		}
		return n.closed || n.s.Established || n.stage&bit != 0
	}
	return false
}

func (c *asa) fresh(o *origin, e *Event, peer netip.Addr) int32 {
	t := o.thread(-1)
	n := c.begin(o, t, e)
	if peer.IsValid() {
		c.setPair(t.cur, netip.AddrPort{}, netip.AddrPortFrom(peer, 0), 0)
		if c.peers == nil || len(c.peers) >= maxChildren {
			c.peers = map[iosPeer]childOf{}
		}
		c.peers[iosPeer{o.id, peer}] = childOf{t.cur, n.s.Handle}
	}
	return t.cur
}

// learn keeps what the line says of its session, and gives the line the
// meaning that it has there.
func (c *asa) learn(o *origin, j *asaJob, i int32, n *slot, e *Event) {
	if !bytes.Equal(e.Prefix.Connection, e.Prefix.Remote) { // that of a LAN-to-LAN tunnel is the peer's address
		n.setName(e.Prefix.Connection)
	}
	if l, ok := e.Address(Local); ok && l.Addr() != n.s.Local.Addr() {
		c.setPair(i, l, netip.AddrPort{}, 0)
	}
	switch e.Kind {
	case Initiating:
		n.s.Role = Initiator
		n.closed = false
	case MessageParsed, MessageGenerated, PacketSent:
		c.message(j, n, e)
	case SAEstablished:
		n.s.Established = true
	case ChildInitiating, ChildFailed:
		c.hexID(e)
	case ChildEstablished:
		c.childUp(j, n, e)
	case SessionChanged:
		n.s.Established = string(e.Bytes(FieldState)) == "UP"
	case PolicyAttribute:
		c.attribute(j, n, e)
	case ProposalNotFound:
		if j.differ == differsMethod {
			e.Kind = MethodMismatch
		}
		j.differ = 0
	case ChildProposalNotFound:
		if j.differ2 == differsGroup {
			e.Kind = GroupMismatch
		}
		j.differ2 = 0
	case ChildConfigNotFound:
		if n.stage&asaNoMap != 0 && !e.Has(FieldLocalTS) {
			e.Kind = SADeleting // what was said before, as the reason of the end
			n.closed = true
		}
		n.stage |= asaNoMap
	case SADeleting, SADeleted, HalfOpenDeleted:
		if !n.s.Established {
			e.Kind = HalfOpenDeleted
		}
		if n.closed {
			e.Kind = Plain
		}
		n.closed = true
	case RetransmitsExhausted, DPDTimeout, IKEConfigNotFound:
		n.closed = true
	case SelectorsItem:
		c.selector(j, e)
	case NATDetected:
		remote := asaIs(e.Bytes(FieldOld))
		switch local := asaIs(e.Bytes(FieldNew)); {
		case local:
			e.Side = Local
			c.out.text(FieldSide, "local")
		case remote:
			e.Side = Remote
			c.out.text(FieldSide, "remote")
		default:
			e.Kind = Plain
		}
	case DecryptionFailed:
		if n.s.Established {
			e.Kind = MalformedIgnored
		}
	}
}

// asaIs reads "IS" and "is NOT".
func asaIs(b []byte) bool {
	return !bytes.Contains(b, []byte("NOT")) && !bytes.Contains(b, []byte("not"))
}

// hexID writes a message ID, which stands there in hexadecimal, as the number
// that it is.
func (c *asa) hexID(e *Event) uint32 {
	v, ok := parseHex(e.Bytes(FieldMessageID))
	if !ok || v > 1<<32-1 {
		return 0
	}
	var buf [10]byte
	c.out.add(FieldMessageID, strconv.AppendUint(buf[:0], v, 10))
	return uint32(v)
}

// message follows a message, whose payloads tell which one it is.
func (c *asa) message(j *asaJob, n *slot, e *Event) {
	mid := c.hexID(e)
	if e.Kind == PacketSent {
		n.retransmits++
		e.Retransmission = n.retransmits
		return
	}
	n.retransmits = 0
	payloads, has := asaPayloads(j.list[:0], e.Bytes(FieldPayloads))
	sent := e.Kind == MessageGenerated
	exchange, request := "INFORMATIONAL_V1", sent
	switch {
	case has&(asaPayloadNotify|asaPayloadSA|asaPayloadID) == asaPayloadNotify, has&asaPayloadDelete != 0:
	case mid != 0 && has&asaPayloadAttr != 0:
		exchange = "TRANSACTION"
	case mid != 0:
		exchange = "QUICK_MODE"
		if has&asaPayloadSA != 0 && mid != j.mid {
			j.mid, j.ours = mid, sent
		}
		request = j.ours == sent
		n.addMID(mid)
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
		if exchange = "ID_PROT"; n.s.Aggressive {
			exchange = "AGGRESSIVE"
		}
	}
	c.out.text(FieldExchange, exchange)
	if request {
		c.out.text(FieldDirection, "request")
	} else {
		c.out.text(FieldDirection, "response")
	}
	c.out.add(FieldPayloads, payloads)
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

// asaPayloads appends the names in "HDR + SA (1) + NONE (0)" to dst as other
// daemons write them, and tells which are among them.
func asaPayloads(dst, list []byte) (names []byte, has uint8) {
	for i := 0; i < len(list) && len(dst) < 80; {
		from := i
		for i < len(list) && list[i] != ' ' {
			i++
		}
		name := list[from:i]
		for i < len(list) && list[i] != '+' { // the number
			i++
		}
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
	c.hexID(e)
	if !e.Has(FieldSPIIn) {
		if n.stage&asaChild != 0 {
			e.Kind = Plain
		}
		n.stage &^= asaChild
		return
	}
	n.stage |= asaChild
	c.out.add(FieldSPIIn, bytes.TrimSuffix(e.Bytes(FieldSPIIn), []byte(",")))
	if bytes.Contains(e.Text, []byte(" Responder,")) {
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
			rest = e.Bytes(FieldTS)[len(e.Bytes(FieldTS))-len(rest):]
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
