package logparse

import "bytes"

// charon ties the lines of strongSwan's daemon to sessions.
//
// A worker thread does one job at a time: all its lines from "received
// packet", "initiating ..." or another line that begins a job to the next
// such line are about one SA. A prefix <name|id> or a text with name[id] says
// which SA it is; else the addresses of the job's datagram do, with what the
// message is (its message ID, its role, its place in main mode) deciding
// between several SAs of one pair. Where a line has none of these, it belongs
// to the one session that there is; where there are several, its thread gets
// a session of its own that knows no addresses.
type charon struct {
	sessions
	p       *Parser
	origins map[uint64]*origin
	last    *origin
	nextID  uint32
}

// origin is one daemon process whose lines are in the stream.
type origin struct {
	key     uint64
	id      uint32
	used    int // the line where another one was turned to
	threads []thread
	// nameless is the session of lines that say nothing of whose they are.
	nameless       int32
	namelessHandle uint64
	known          int // sessions begun with an address, a number or a name
	echo           echo
	habit          habit
	byNumber       []int32 // the last session of each number's rest
	lastThread     int32
}

// thread is a worker thread, or all of a log that does not name threads.
type thread struct {
	cur       int32
	handle    uint64 // of cur, to see whether its slot was reused
	job       bool   // cur, or its absence, is about the job that runs
	fresh     bool   // a datagram came and nothing of it was read yet
	tentative bool
	began     bool // this job already began a session
	resend    int  // a retransmission is announced
	resendMID uint32
	mid       uint32 // of a message whose datagram is to come
	out       bool   // the manager said which SA the job works on
	dup       duplicates
	side      Role // of the list of selectors that is running
	dump      dump
	pair      pairText
}

// pairText is a job's pair of addresses as written.
type pairText struct {
	hash uint64
	n, m uint8 // lengths of the local and of the remote text in buf
	buf  [128]byte
}

func (p *pairText) set(origin uint32, local, remote []byte) {
	p.n = uint8(copy(p.buf[:64], local))
	p.m = uint8(copy(p.buf[64:], remote))
	h := hash(uint64(origin)+1, local)
	if p.hash = hash(h, remote); p.hash == 0 {
		p.hash = 1
	}
}

func (p *pairText) local() []byte  { return p.buf[:p.n] }
func (p *pairText) remote() []byte { return p.buf[64 : 64+int(p.m)] }

const (
	maxOrigins = 256
	maxThreads = 1024
)

// origin returns the daemon whose line it is: most likely that of the last line.
func (c *charon) origin(e *Event) *origin {
	if o := c.last; o != nil && o.key == e.Prefix.source {
		return o
	}
	return c.otherOrigin(e)
}

func (c *charon) otherOrigin(e *Event) *origin {
	h := e.Prefix.source
	if h == 0 {
		h = sourceOf(&e.Prefix)
	}
	if c.last != nil {
		c.last.used = e.Number // until now
	}
	o := c.origins[h]
	if o == nil {
		if c.origins == nil {
			c.origins = map[uint64]*origin{}
			c.sessions.init(c.p.MaxSessions, &c.p.room)
		}
		if len(c.origins) >= maxOrigins {
			for _, q := range c.origins {
				if o == nil || q.used < o.used {
					o = q
				}
			}
			delete(c.origins, o.key)
			c.evicted++
			clear(o.threads)
			*o = origin{threads: o.threads[:0], byNumber: o.byNumber[:0]}
		} else {
			o = new(origin)
		}
		c.nextID++
		o.key, o.id = h, c.nextID
		c.origins[h] = o
	}
	c.last = o
	return o
}

func (o *origin) thread(n int32) *thread {
	i := int(n) + 1 // 0 is the thread that has no number
	if i < 0 || i > maxThreads {
		i = 0
	}
	if i >= len(o.threads) {
		o.threads = append(o.threads, make([]thread, i+1-len(o.threads))...)
	}
	return &o.threads[i]
}

func (c *charon) serve(p *Parser) { c.p = p }

// line is called with every event of the dialect and fills e.Session.
func (c *charon) line(e *Event) {
	if e.Kind == Repeated {
		// It stands right behind the message, but seldom names the daemon.
		e.Session = &noSession
		if o := c.last; o != nil {
			c.settle(o.thread(o.lastThread), e)
		}
		return
	}
	o := c.origin(e)
	t := o.thread(e.Prefix.Thread)
	if t.cur != 0 && c.slots[t.cur].s.Handle != t.handle {
		t.cur, t.handle = 0, 0
	}
	if o.echo.check(e) {
		// The other logger's copy: what it is about is known.
		e.Duplicate = true
		t = o.thread(o.lastThread)
		c.settle(t, e)
		return
	}
	o.lastThread = e.Prefix.Thread
	again, named, dup := t.dup.check(e, &o.habit)
	e.Duplicate = dup
	side := t.side
	t.side = RoleNone
	switch e.Kind {
	case HexDump, DumpStart, SecretDump:
		t.side = side
		c.dumpLine(t, e)
		c.settle(t, e)
		return
	case SelectorsItem:
		t.side, e.Side = side, side
		if side == RoleNone && !e.Has(FieldReceivedTS) && !e.Has(FieldMatchedTS) {
			e.Kind = Plain // an address without a heading says nothing
		}
	case SelectorsProposing:
		t.side = swanSide(e.Bytes(FieldSide))
		e.Side = t.side
	case NATDetected, EndpointChanged, TransportProxy:
		e.Side = swanSide(e.Bytes(FieldSide))
	case DaemonStarted:
		if !again {
			c.restart(o)
			t = o.thread(e.Prefix.Thread)
		}
	}
	t.dump.end()
	// A line that only repeats the thread's last one changes nothing, unless
	// it now names the SA.
	if !again || named {
		if e.Prefix.HasSAID {
			c.bySAID(o, t, e)
		} else {
			c.assign(o, t, e)
		}
	}
	c.settle(t, e)
	if t.out && e.Kind == SACreated || e.Kind == SADeleted && e.Has(FieldSA) {
		if b := e.Text; b[0] == 'c' && b[5] == 'i' { // "checkin": the job is over
			t.newJob()
		}
	}
}

func swanSide(b []byte) Role {
	switch string(b) {
	case "us", "local", "my":
		return Local
	case "other", "remote":
		return Remote
	}
	return RoleNone
}

// restart forgets what a daemon's former life knew: its numbers begin anew.
func (c *charon) restart(o *origin) {
	c.nextID++
	for i := range o.threads {
		o.threads[i] = thread{dup: o.threads[i].dup}
	}
	*o = origin{key: o.key, id: c.nextID, used: o.used, threads: o.threads, echo: o.echo, habit: o.habit, lastThread: o.lastThread, byNumber: o.byNumber[:0]}
}

// settle shows the thread's session in the event.
func (c *charon) settle(t *thread, e *Event) {
	if e.Kind.HostWide() && (!t.job || e.Kind >= DaemonStarted) {
		e.Session = &noSession
		return
	}
	if t.cur == 0 {
		t.ends(e)
		return
	}
	n := &c.slots[t.cur]
	if n.s.Handle != t.handle {
		e.Session = &noSession
		return
	}
	c.touch(t.cur, n, e.Number)
	e.of(&n.s)
	n.s.Tentative = t.tentative && e.Kind == PacketReceived
}

// ends shows the addresses of a job without a session.
func (t *thread) ends(e *Event) {
	e.Session = &noSession
	if t.job && t.pair.hash != 0 {
		local, _ := parseAddrPort(t.pair.local())
		remote, _ := parseAddrPort(t.pair.remote())
		e.between(local, remote)
		e.Session.Tentative = e.Kind == PacketReceived
	}
}

func (c *charon) use(t *thread, i int32) {
	t.cur = i
	t.handle = c.slots[i].s.Handle
	t.job = true
	t.tentative = false
}

// begin makes a new session for the line e.
func (c *charon) begin(o *origin, t *thread, e *Event) *slot {
	h := hash(hash(o.key|1, e.Line), e.Prefix.Host) ^ uint64(e.Number)*0x9e3779b97f4a7c15
	if h == 0 {
		h = 1
	}
	c.passed(e.Prefix.Time, e.Number)
	i := c.add(o.id, h, e.Number)
	c.use(t, i)
	t.began = true
	return &c.slots[i]
}

// newJob forgets the thread's session: what follows is about another one.
func (t *thread) newJob() {
	t.cur, t.handle = 0, 0
	t.job, t.fresh, t.tentative, t.began = false, false, false, false
	t.pair.hash = 0
	t.resend, t.mid, t.out = 0, 0, false
}

// start is newJob unless the manager has just said which SA the job is about.
func (t *thread) start() {
	if !t.out {
		t.newJob()
	}
	t.job = true
}

// learnPair moves the job's addresses into its session. Where the prefix
// names every SA, nobody looks for one by its addresses.
func (c *charon) learnPair(t *thread, named bool) {
	if t.cur == 0 || t.pair.hash == 0 {
		return
	}
	n := &c.slots[t.cur]
	if n.pair == t.pair.hash && (named || c.byPair[t.pair.hash] == t.cur) {
		return
	}
	l, _ := parseAddrPort(t.pair.local())
	r, _ := parseAddrPort(t.pair.remote())
	c.setPair(t.cur, l, r, t.pair.hash)
	n.pair = t.pair.hash
}

func firstWord(b []byte) []byte {
	if i := bytes.IndexByte(b, ' '); i >= 0 {
		return b[:i]
	}
	return b
}
