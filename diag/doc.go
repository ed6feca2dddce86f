// Package diag tells why an IKEv1/IPsec tunnel fails. It is given facts by
// readers and rules by its caller; it knows no vendor, no file format and no
// rule of its own.
//
// # The model
//
//	log line   -> logparse.Event ------------+
//	datagram   -> isakmp -> ike/exchange ----+
//	config     -> config.Connection ---------+--> Observation -> join -> View -> rules -> resolver -> Report
//	state dump -> state.SA ------------------+
//
// An Observation is one typed fact with its place, its time, what it rests on
// (Basis) and the Keys that tie it to a negotiation. Packages under
// diag/observe make them; this is where vendors end. The Bodies are a closed
// set, plus Custom for a caller's own facts:
//
//   - a daemon or a packet says something: Message, Notify, Offer, Identity,
//     Traffic, Software, NAT
//   - a daemon finds something out: LookedUp, Check, Progress, GaveUp,
//     Obstacle, Certificate, Lifetime, Rekey, Teardown, Outage
//   - a given key, checked with a negotiation's messages: KeyProof
//   - an operator wants something: Connection
//   - somebody gave a certificate or a private key: Credential
//   - a kernel or daemon has something: SA, Policies, Routes, Counter
//   - a capture shows what passes: Flow, Unanswered, Denied, Flood
//   - something about the host or the path: Host, Unreachable, Undelivered
//   - a gateway answers a probe: Probed
//
// A Gateway is the host whose view a source is. Where the caller does not say,
// it is inferred: files of one folder are one gateway's unless what they say
// names two. Then each goes to the one that it tells of, by its addresses, its
// peers, the ends of its policies and the way of its SAs, and last by what it is
// called; what can be placed nowhere is named, and nothing is called healthy.
//
// A tunnel is a pair of gateways. It has attempts: one ISAKMP SA, or one try
// at one, as every vantage point saw it. An attempt has children: quick modes
// and SA pairs. The join finds out which observations are views of the same
// attempt by what the sources share: cookies, message IDs and SPIs first, then
// addresses, also behind NAT, identities and connection names, and last the
// order in which things happened. It is a function of what is known, never of
// the order in which it arrived, and where two candidates fit equally it takes
// none: a fault of one tunnel is never laid on another.
//
// A View is what a rule sees of a tunnel: facts folded into slots, each with
// its first and last occurrence, a count and its evidence. Ask it with Fact:
//
//	k := diag.Fact(attempt, diag.Responder, func(c *diag.Check) bool {
//		return c.What == diag.CheckDecrypt && !c.OK
//	})
//	if k.OK { … k.Count … k.Evidence … }
//
// Any is cheaper where nothing but the presence of a fact matters, and what
// several rules ask of an attempt is best a Question, which is looked into once.
//
// A Rule is a value with documentation and a Check function. It says what each
// piece of evidence is worth: Proof, Strong or Hint. The engine computes the
// Verdict, in one place:
//
//   - Confirmed: there is a Proof, it does not rest on packets that anybody
//     may forge or on a recalled format, and every look-alike that the rule
//     documents is ruled out.
//   - Likely: there is a Proof or Strong evidence, but not all of that.
//   - Possible: there is nothing but hints.
//   - Unverifiable: the evidence that would decide is hidden.
//
// Findings that explain one visible failure are hypotheses of one Incident.
// The resolver makes a symptom of what another finding explains, drops what a
// proven cause excludes, and ranks the rest.
//
// # The ladder
//
// A Report shows some attempts of a tunnel message by message (Ladder): what
// one end sent and the other got, what each found out and when, as all sources
// together tell it, with the places that show it; what passed on the SAs; and
// what the two ends are configured for and do not have alike. It is computed
// when a report is made: an engine keeps nothing for it.
//
// # Three laws
//
// Confirmed means proven. A healthy tunnel is quiet: what is merely possible, on
// the word of packets that anybody may have sent, is no error of a tunnel that
// is seen to work after them. Say what is missing: a finding lists what was ruled
// out, and what evidence would rule out the rest.
//
// # The engine
//
//	e, err := diag.NewEngine(rules.Default(), diag.Options{})
//	if err != nil {
//		return err // a rule of the caller's own is at fault: ErrRuleDoc and so on
//	}
//	id := e.AddSource(diag.Source{Name: "charon.log", Kind: diag.KindLog})
//	… // readers of diag/observe call e.Observe
//	for c := range e.Advance(now) {
//		… // c.Op, c.Finding, c.Tunnel
//	}
//	r := e.Report()
//
// Most programs leave the sources and their readers to diag/ingest.
//
// Observe copies what it keeps and runs no rule. Advance runs the rules on
// what changed, turns silence that has lasted into findings, and yields the
// changes: an incident opened, changed, recovered, withdrawn or evicted. What is
// wrong with a gateway as a whole is a Change without a tunnel. Report is the
// whole. A script is the same engine with one Advance at the end, given the zero
// time: no more evidence will come.
//
// Memory is bounded by Options.MaxTunnels and MaxHalfOpen: negotiations that
// are not established live in a pool of their own, so that a flood of them
// evicts no tunnel. Each negotiation keeps a bounded number of facts. Within
// these bounds a report does not depend on the order of arrival; beyond them
// the least recently heard of is forgotten first, and an incident that is lost
// that way ends with the change Evicted. An engine that Advance tells the time
// keeps the last 16 attempts of a tunnel from each vantage point, and their
// number; a script keeps all. Sources are not bounded: see AddSource.
//
// What nothing was heard of for five minutes is packed, and the findings of a
// tunnel that is well are left out until a Report asks for them: an SA that is
// up and silent takes 1.2 KiB where one end's log tells of it, and 2 KiB where
// both do. While it is spoken of it takes several times as much.
//
// AppendSnapshot and Restore carry the state across a restart. A Partitioner
// splits the work of a fleet: facts are made per gateway, joined per pair.
// Renumber brings them into the receiving engine's numbers.
//
// An Engine is safe for use by several goroutines: each call has it for itself,
// and waits for the others. A Report and the changes of an Advance are the
// caller's, and stay as they are whatever is observed later, while they are
// rendered too. Observe may be called while ranging over Advance. What must not
// be is a call of the engine from inside of one: by a rule, or by what
// UpdateSource is given; it would wait for itself for ever.
//
// After Advance with the zero time evidence may still come, and is taken in;
// but nothing is waited for any more. Restore replaces whatever the engine had;
// the SourceIDs are then the snapshot's, and an observation of a source that
// the engine does not have is ignored. A snapshot that cannot be read changes
// nothing.
//
// # Secrets
//
// No key enters this package: a Connection holds digests of its pre-shared
// key under a key of the engine's (Options.DigestKey), which tell whether two
// ends have the same and nothing else.
//
// # Stability
//
// Codes are never renamed or reused, and snapshots and the wire form of
// observations are read by every later version. For the rest see the
// documentation of the module's root.
package diag
