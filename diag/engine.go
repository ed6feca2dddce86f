package diag

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"
)

// The errors of NewEngine, which wraps one of them with the rule's code. Test for
// them with errors.Is.
var (
	ErrNoRules       = errors.New("no rules")
	ErrRuleCode      = errors.New("code is not of the form IKE-P1-PSK-MISMATCH")
	ErrRuleCheck     = errors.New("rule has no Check")
	ErrRuleDoc       = errors.New("rule is not documented: it needs a title, and each look-alike's exclusion a reason")
	ErrRuleDuplicate = errors.New("two rules have one code")
)

// Options configures an engine. The zero Options are the defaults.
type Options struct {
	// Gateways is the inventory: hosts that the caller knows. Observations of
	// others are welcome too.
	Gateways []Gateway
	// Silences leave findings out of changes and of the report's verdict.
	Silences []Silence
	// Severities override what rules say, by code.
	Severities map[Code]Severity
	// MaxTunnels bounds the established negotiations that are remembered,
	// MaxHalfOpen those that are not established: the two never evict each
	// other. Defaults: 65536 and 8192.
	MaxTunnels, MaxHalfOpen int
	// Patience is how long a negotiation may be silent before it counts as
	// stalled. Default: 30 s, for which responders keep half-open SAs.
	Patience time.Duration
	// DigestKey keys the digests of pre-shared keys, which are compared
	// instead of the keys. Default: random, which suits one process; those
	// who send observations between processes, or restore snapshots, need one
	// key for all of them.
	DigestKey []byte
}

// Engine is the one place with state: it takes observations in, joins them,
// runs rules on what changed and says what it found. It is safe for
// concurrent use.
type Engine struct {
	mu        sync.Mutex
	rules     []*Rule
	of        map[Code]*Rule // the rules by their codes
	options   Options
	sources   []sourceState
	hosts     []string
	hostIndex map[string]uint32
	strands   map[strandKey]*strand
	near      near
	speaks    uint32 // the host of the last observation
	half, up  lru
	packer    packer
	made      made // until it is told the time
	sink      Sink // of the rules that run, one after another

	rejoin    bool
	gateways  []*gateway
	probes    []*strand // what probes found, of whatever gateway
	tunnels   []*tunnel
	incidents map[string]*incident
	evicted   []*strand
	groups    map[string]*sourceGroup // of the sources, once a rule asks

	now   time.Time // of the last Advance
	heard uint32    // the same, as strands have it
	ended bool      // no more evidence will come
}

type sourceState struct {
	Source
	familiar familiar
}

// NewEngine returns an engine that runs the rules. It refuses an empty list,
// two rules with one code, and a rule without documentation.
func NewEngine(rules []*Rule, o Options) (*Engine, error) {
	if len(rules) == 0 {
		return nil, fmt.Errorf("diag: %w", ErrNoRules)
	}
	codes := map[Code]*Rule{}
	for _, r := range rules {
		if err := r.validate(); err != nil {
			return nil, err
		}
		if codes[r.Code] != nil {
			return nil, fmt.Errorf("diag: rule %s: %w", r.Code, ErrRuleDuplicate)
		}
		codes[r.Code] = r
	}
	o.MaxTunnels = cmp.Or(o.MaxTunnels, 1<<16)
	o.MaxHalfOpen = cmp.Or(o.MaxHalfOpen, 1<<13)
	o.Patience = cmp.Or(o.Patience, 30*time.Second)
	if o.DigestKey == nil {
		o.DigestKey = make([]byte, 32)
		rand.Read(o.DigestKey) // never fails
	}
	e := &Engine{
		rules:     slices.Clone(rules),
		of:        codes,
		options:   o,
		hosts:     []string{""},
		hostIndex: map[string]uint32{"": 0},
		strands:   map[strandKey]*strand{},
		incidents: map[string]*incident{},
		made:      made{most: madeForAll},
	}
	e.half.reset()
	e.up.reset()
	return e, nil
}

// DigestKey returns the key under which digests of secrets are made.
func (e *Engine) DigestKey() []byte { return e.options.DigestKey }

// AddSource announces a source and returns its ID for observations. Sources are
// never forgotten, and nothing bounds them: each takes a kibibyte of the engine
// beside its Name and what Source else refers to, so that what comes and goes, as
// the files of a rotated log, is better one source.
func (e *Engine) AddSource(s Source) SourceID {
	e.mu.Lock()
	defer e.mu.Unlock()
	f := familiar{content: s.Content}
	s.Content = nil // which is nobody else's
	e.sources = append(e.sources, sourceState{s, f})
	e.rejoin = true
	return SourceID(len(e.sources) - 1)
}

// UpdateSource changes what is known of a source: its dialect once detected,
// its counts, its coverage, its error.
func (e *Engine) UpdateSource(id SourceID, update func(*Source)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if uint64(id) < uint64(len(e.sources)) {
		s := &e.sources[id].Source
		update(s)
		e.listened(s)
		e.rejoin = true
	}
}

// Observe takes an observation in. It copies what it keeps and runs no rule.
// An observation of a source that was not announced is ignored.
func (e *Engine) Observe(o *Observation) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if uint64(o.Source) >= uint64(len(e.sources)) {
		return
	}
	k := strandKey{source: o.Source, host: e.host(o.Keys.Host), handle: o.Keys.Handle}
	s := e.near.of(k)
	if s == nil {
		if s = e.strands[k]; s != nil {
			e.near.keep(s)
		}
	}
	if s == nil {
		s = &strand{key: k, names: &noNames}
		if e.now.IsZero() {
			s.ledger = &ledger{made: &e.made, content: e.sources[o.Source].familiar.content}
		}
		e.strands[k] = s
		e.near.keep(s)
		e.rejoin = true
		e.half.push(s)
		if e.half.n > e.options.MaxHalfOpen {
			e.evict(&e.half)
		}
	}
	was := s.up
	s.heard = e.heard
	src := &e.sources[o.Source]
	if s.observe(o, src.familiar.moment(&o.Time), 1, &src.familiar) {
		e.rejoin = true
	}
	if s.home != nil {
		s.home.dirty = true
	} else {
		e.rejoin = true // about a host: visible in all its tunnels
	}
	if s.up == was && (e.half.newest() == s || e.up.newest() == s) {
		return // it is where it belongs
	}
	from, to := &e.half, &e.half
	if was {
		from = &e.up
	}
	if s.up {
		to = &e.up
	}
	from.remove(s)
	to.push(s)
	if e.up.n > e.options.MaxTunnels {
		e.evict(&e.up)
	}
}

// host interns a host's name, which most often is that of the last observation.
func (e *Engine) host(b []byte) uint32 {
	if e.hosts[e.speaks] == string(b) {
		return e.speaks
	}
	e.speaks = e.hostOf(b)
	return e.speaks
}

// hostOf interns a host's name. The number of names is bounded by the number
// of half-open strands: a stream that makes names up gets no more.
func (e *Engine) hostOf(b []byte) uint32 {
	if i, ok := e.hostIndex[string(b)]; ok {
		return i
	}
	if len(e.hosts) > e.options.MaxHalfOpen {
		return 0
	}
	i := uint32(len(e.hosts))
	e.hosts = append(e.hosts, string(b))
	e.hostIndex[string(b)] = i
	return i
}

// kept reports whether a strand is never forgotten: what configurations and
// inventories say.
func (s *strand) kept() bool { return s.policy() != nil || s.key.handle == 0 }

// evict forgets the least recently observed strand of a pool, but not the only
// one, which is being observed. What configurations and inventories say is not
// forgotten: it leaves the pool, so that it is not looked at again.
func (e *Engine) evict(l *lru) {
	for l.n > 1 {
		s := l.oldest()
		l.remove(s)
		if s.kept() {
			continue
		}
		e.drop(s)
		if l == &e.up {
			e.dropFailed(s)
		}
		e.rejoin = true
		return
	}
}

// Advance runs the rules on tunnels that changed, turns silences that have
// lasted into findings, and yields what changed since the last time. The zero
// time says that the evidence is at its end: whatever was awaited will not
// come. The changes are computed before the first is yielded.
func (e *Engine) Advance(now time.Time) iter.Seq[Change] {
	e.mu.Lock()
	defer e.mu.Unlock()
	if now.IsZero() {
		e.ended = true
	} else if now.After(e.now) {
		if e.now.IsZero() {
			e.apart()
		}
		e.now, e.heard = now, seconds(now)
	}
	for i := range e.sources {
		e.listened(&e.sources[i].Source)
	}
	e.join()
	e.evaluate()
	changes := e.changes()
	e.rest()
	return slices.Values(changes)
}

// apart has each ledger make what it holds by itself from now on.
func (e *Engine) apart() {
	for _, s := range e.strands {
		if s.ledger != nil {
			s.ledger.made = nil
		}
	}
	e.made = made{most: madeForAll}
}

// Report returns the whole of what is known. Calling it changes nothing that
// a later Advance would say.
func (e *Engine) Report() *Report {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.join()
	e.evaluate()
	defer e.rest()
	return e.report()
}

// compareSource orders sources by content, not by arrival.
func (e *Engine) compareSource(a, b SourceID) int {
	if a == b {
		return 0
	}
	x, y := &e.sources[a].Source, &e.sources[b].Source
	if c := cmp.Or(cmp.Compare(x.Group, y.Group), cmp.Compare(x.Name, y.Name)); c != 0 {
		return c // as nearly always
	}
	return cmp.Or(
		cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Gateway, y.Gateway),
		cmp.Compare(x.Host, y.Host), cmp.Compare(x.Dialect, y.Dialect), cmp.Compare(x.Units, y.Units), cmp.Compare(x.Err, y.Err),
		x.Coverage.From.Compare(y.Coverage.From), cmp.Compare(a, b),
	)
}

// join computes gateways, tunnels and attempts anew where something changed
// that they depend on.
func (e *Engine) join() {
	if !e.rejoin {
		return
	}
	e.rejoin = false
	units := e.unitsOf()
	e.probes = nil
	units = slices.DeleteFunc(units, func(u *unit) bool {
		if u.source.Kind == KindProbe { // no gateway's view
			e.probes = append(e.probes, u.strands...)
		}
		return u.source.Kind == KindProbe
	})
	told := make(map[string]evaluated, len(e.gateways))
	for _, g := range e.gateways {
		told[g.id] = g.evaluated
	}
	e.gateways = e.gatewaysOf(units)
	for _, g := range e.gateways {
		g.evaluated = told[g.id]
		for _, u := range g.units {
			for _, s := range u.strands {
				s.gateway = g
				if s.key.handle == 0 {
					g.about = append(g.about, s)
				}
			}
		}
	}
	for i, g := range e.gateways {
		g.ordinal = fmt.Sprintf("g%d", i+1)
		g.legs = legsOf(g)
	}
	known := make(map[sum]evaluated, len(e.tunnels))
	for _, t := range e.tunnels {
		known[t.sum] = t.evaluated
	}
	e.tunnels = tunnelsOf(e.gateways)
	for _, t := range e.tunnels {
		t.view, t.evaluated, t.dirty = View{tunnel: t, engine: e}, known[t.sum], true
		t.attempts = attemptsOf(t)
	}
	e.forget()
}
