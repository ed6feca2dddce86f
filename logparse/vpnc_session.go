package logparse

import (
	"bytes"

	"github.com/ikediag/ikediag/isakmp"
)

// vpncLog ties vpnc's lines together: it makes one connection and ends.
type vpncLog struct {
	byPeer
	at perOrigin[vpncStep]
}

// vpncStep is how far a connection is.
type vpncStep struct {
	phase  vpncPhase
	sender Role // of the message that is dumped
	dump   bool // octets follow
	up     bool // it was said that phase 1 is
	up2    bool // and that phase 2 is
	// The SPIs of what comes in and of what goes out, as written.
	spi  [2][8]byte
	nSPI [2]uint8
}

// vpncPhase is what was said last of how far a connection is.
type vpncPhase uint8

const (
	vpncUnknown vpncPhase = iota
	vpncFirst             // it has begun, and nothing has come back
	vpncSecond            // the second message of aggressive mode came
	vpncThird             // the third was sent
	vpncPhase1            // phase 1 is done
	vpncQuick             // quick mode has begun
)

func newVpncLog() assembler {
	c := &vpncLog{}
	c.read = func(_ *byPeer, j *byPeerJob, e *Event) { c.step(j, e) }
	return c
}

func (c *vpncLog) line(e *Event) {
	if e.Prefix.PID == 0 {
		// On a terminal only its errors have its name.
		e.Prefix.source = sourceOf(&Prefix{Host: e.Prefix.Host})
	}
	c.byPeer.line(e)
	if c.last == nil {
		return
	}
	i := c.alive(c.jobs.of(c.last).cur)
	if i == 0 {
		return
	}
	n := &c.slots[i]
	n.s.Role, n.s.Aggressive = Initiator, true
	switch e.Kind {
	case SendFailed:
		e.Session = &n.s // it has no other peer
		n.closed = true
	case HashMismatch, XAuthSelfFailed, SADeleting, SADeleteReceived, ChildFailed, ModeConfigFailed:
		n.closed = true // it ends
	}
	if s := c.at.of(c.last); s.phase >= vpncPhase1 {
		n.s.Established = true
	}
}

// step follows a line before its session is known.
func (c *vpncLog) step(j *byPeerJob, e *Event) {
	s := c.at.of(c.last)
	if e.Kind == Unknown && s.dump && hexWord(e.Text) {
		e.Kind = HexDump
	}
	if s.dump = e.Kind == HexDump || e.Kind == SecretDump || e.Kind == DumpStart; s.dump {
		return
	}
	switch e.Kind {
	case HashMismatch, XAuthSelfFailed, ErrorNotifyReceived, ModeConfigFailed, RetransmitsExhausted, SendFailed, ChildEstablished:
		// At level 0 nothing else tells that the program was run again.
		if i := c.alive(j.cur); i != 0 && c.slots[i].closed {
			*s, j.cur = vpncStep{}, childOf{}
		}
	}
	switch e.Kind {
	case DaemonStarted:
		*s = vpncStep{phase: vpncFirst}
		j.cur = childOf{}
	case Initiating:
		*s = vpncStep{phase: vpncFirst}
	case NATDetected:
		e.Side = swanSide(e.Bytes(FieldSide))
	case MessageGenerated, MessageParsed:
		c.message(s, e)
	case SAEstablished:
		if s.up {
			e.Kind = Plain // it begins to read each message of XAUTH so
		}
		s.up = true
		s.phase = max(s.phase, vpncPhase1)
	case AddressInstalled, ModeConfigFailed:
		s.phase = max(s.phase, vpncPhase1)
	case ErrorNotifyReceived:
		c.notice(s, e)
	case EstablishFailed:
		switch s.phase { // whose proposal it is that it does not want
		case vpncSecond:
			e.Kind = ProposalNotFound
		case vpncQuick:
			e.Kind = ChildProposalNotFound
		}
	case ChildEstablished:
		s.phase, s.up2 = vpncQuick, true
		if s.nSPI[0] > 0 && s.nSPI[1] > 0 {
			c.out.add(FieldSPIIn, s.spi[0][:s.nSPI[0]])
			c.out.add(FieldSPIOut, s.spi[1][:s.nSPI[1]])
		}
	case RetransmitsExhausted:
		if s.up2 {
			e.Kind = SessionChanged // it could not make new keys, and ends
			c.out.text(FieldState, "DOWN")
		} else if name := s.phase.state(); name != "" {
			c.out.text(FieldState, name)
		}
	case CookiesSeen:
		c.cookie(e)
	case SendFailed:
		if name := s.phase.state(); name != "" {
			c.out.text(FieldState, name)
		}
		if c.alive(j.cur) == 0 {
			t := c.last.thread(-1)
			c.begin(c.last, t, e)
			j.cur = childOf{t.cur, c.slots[t.cur].s.Handle}
		}
	case Plain:
		c.plain(s, e)
	}
}

// message follows a message of vpnc's own, or one of its peer's that it has read.
func (c *vpncLog) message(s *vpncStep, e *Event) {
	x, _ := e.Exchange()
	switch x {
	case isakmp.ExchangeAggressive:
		s.phase = vpncFirst + vpncPhase(e.MessageNumber()) - 1
	case isakmp.ExchangeTransaction:
		s.phase = max(s.phase, vpncPhase1)
	case isakmp.ExchangeQuick:
		s.phase = vpncQuick
	}
	switch v := e.Bytes(FieldSelected); {
	case v != nil:
		c.selected(x, v)
	case x == isakmp.ExchangeInformational:
		c.out.text(FieldState, vpncFirst.state()) // what it answers
	}
}

// state is pluto's name for what vpnc waits for in a phase, as far as that is
// known: see Event.Unanswered.
func (f vpncPhase) state() string {
	switch f {
	case vpncFirst:
		return "STATE_AGGR_I1"
	case vpncThird:
		return "STATE_AGGR_I2"
	case vpncQuick:
		return "STATE_QUICK_I1"
	}
	return ""
}

// notice tells who sent a notification. The ones that it is said to have
// received were encrypted, as all that it reads behind phase 1.
func (c *vpncLog) notice(s *vpncStep, e *Event) {
	switch {
	case !bytes.HasPrefix(e.Text, []byte("n.type: ")):
		s.phase = max(s.phase, vpncPhase1)
	case s.sender == Local:
		e.Kind = NotifySent
	}
	if t, ok := e.Notify(); !ok || t >= isakmp.NotifyConnected {
		e.Kind = NotifyReceived
		if s.sender == Local {
			e.Kind = Plain
		}
	}
}

// cookie shows the cookies of a dumped message in one piece.
func (c *vpncLog) cookie(e *Event) {
	f := FieldResponderCookie
	if e.Text[0] == 'i' {
		f = FieldInitiatorCookie
	}
	b := e.Text[len("i_cookie: "):]
	if len(b) != 17 {
		return
	}
	var whole [16]byte
	copy(whole[:8], b[:8])
	copy(whole[8:], b[9:])
	c.out.add(f, whole[:])
}

// plain keeps what the lines behind it need.
func (c *vpncLog) plain(s *vpncStep, e *Event) {
	v := e.Bytes(FieldValue)
	switch {
	case len(v) == 0:
	case bytes.HasPrefix(e.Text, []byte("sending: =")):
		s.sender = Local
	case bytes.HasPrefix(e.Text, []byte("receiving: <")):
		s.sender = Remote
	case bytes.HasPrefix(e.Text, []byte("remote -> local spi: ")):
		s.keepSPI(0, v)
	case bytes.HasPrefix(e.Text, []byte("local -> remote spi: ")):
		s.keepSPI(1, v)
	}
}

func (s *vpncStep) keepSPI(i int, v []byte) {
	v = bytes.TrimPrefix(v, []byte("0x"))
	if len(v) > 8 {
		return
	}
	s.nSPI[i] = uint8(copy(s.spi[i][:], v))
}

// selected shows a proposal, psk+xauth-aes256-sha1 or aes256-sha1, in the
// spelling that all dialects' events have.
func (c *vpncLog) selected(x isakmp.ExchangeType, v []byte) {
	i := bytes.LastIndexByte(v, '-')
	if i < 0 {
		return
	}
	cipher, hash := v[:i], v[i+1:]
	protocol := "ESP:"
	if x == isakmp.ExchangeAggressive {
		protocol = "IKE:"
		cipher = cipher[bytes.LastIndexByte(cipher, '-')+1:]
	}
	var buf [48]byte
	out := append(append(buf[:0], protocol...), vpncAlgorithm(cipher)...)
	out = append(append(out, '/'), vpncAlgorithm(hash)...)
	c.out.add(FieldSelected, out)
}

func vpncAlgorithm(name []byte) string {
	switch string(name) {
	case "null":
		return "NULL"
	case "des":
		return "DES_CBC"
	case "3des":
		return "3DES_CBC"
	case "aes128":
		return "AES_CBC_128"
	case "aes192":
		return "AES_CBC_192"
	case "aes256":
		return "AES_CBC_256"
	case "md5":
		return "HMAC_MD5_96"
	case "sha1":
		return "HMAC_SHA1_96"
	}
	return ""
}
