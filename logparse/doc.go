// Package logparse turns the lines of IKE daemons' logs into typed events
// that no longer know which daemon wrote them.
//
//	var p logparse.Parser
//	for e, err := range p.Events(file) {
//		if err != nil { ... }
//		switch e.Kind {
//		case logparse.DecryptionFailed: // e.Session says of which negotiation
//		}
//	}
//
// # From line to event
//
// A line is taken apart in three steps. The carrier (syslog, journal, a file
// with times, JSON, comma-separated values, a container's log, what grep, a mail
// or a viewer's table puts before it) gives the Prefix.
// The dialect's templates, compiled into one trie, give the Kind and the
// places of the fields; this step knows nothing but the one line. The
// dialect's assembler, which is bounded, ties the line to a Session: the one
// negotiation it is about, as far as this log can tell.
//
// Fields are not parsed until they are asked for. An Event, its Session and all
// slices in them alias the line and the Parser's tables: they are valid until
// the next call of Parse. Copy what is to be kept. A Parser is for one stream
// and one goroutine; Dialects may be shared.
//
// Text that a peer may have written (identities, selectors, vendor strings)
// never takes part in the choice of a template: literals match outside of it
// only, and where it could be mistaken for the line's own words it extends as
// far as the rest of the pattern allows.
//
// # Lines that nobody knows
//
// They are events of Kind Unknown. Stats counts them and lists samples, since
// a silent miss is a bug.
//
// # Secrets
//
// Daemons write keys and passwords into logs at high log levels. Such lines
// are of Kind SecretDump or HexDump, and Event.Redacted gives every line
// without them, without control characters and of bounded length. It is the
// only form of a line that may reach an output.
//
// # A dialect of one's own
//
// A program that has a daemon's log which nobody here reads describes it as a
// Dialect and gives it to a Parser, or to ingest's Options:
//
//		var keyd = &logparse.Dialect{
//			Name:     "keyd",
//			Programs: []string{"keyd"},
//			Templates: [][]logparse.Template{{
//				{Kind: logparse.Initiating, Pattern: "#{sa:num} calling {remote:addr}"},
//				{Kind: logparse.RetransmitsExhausted, Pattern: "#{sa:num} gave up"},
//			}},
//		}
//
//	 1. Take one log of each thing that goes wrong. Give each message that says
//	    something of a negotiation the Kind whose documentation fits, and of its
//	    values those that the Kind carries. Messages that say nothing are Plain.
//	 2. Name the negotiation in the pattern where the line does: by sa, icookie,
//	    remote or connection.
//	 3. Have a test call Dialect.Check with the logs until it finds nothing. If
//	    they are recorded from the daemon, say Basis: Recorded; if not, what rests
//	    on the dialect is never confirmed.
//
// What a time stamp, syslog, the journal or a container puts before a message
// is taken off by itself; a prefix of the daemon's own goes into the patterns,
// or is taken off by Dialect.Prefix.
//
// # Adding a dialect to this package
//
//  1. Write name.go with a Dialect value: its name, its Basis, a Detect
//     function that scores a line, and the list of its templates. A line's
//     meaning is chosen from the Kinds; a new Kind is appended to its group in
//     kind.go, with its fields after the colon, and `go generate` run. A
//     wording that no sample shows goes into the Recalled lists.
//  2. Write name_session.go with its assembler where what ties the lines of a
//     dialect of one's own together is not enough, or where several lines are
//     one record: what the others say it adds to the last one's fields.
//  3. Add the Dialect to the list in dialect.go.
//  4. Put lines into testdata/name: TestFixtures fails as long as there is no
//     fixture, a template that none reaches, or a template that another one
//     shadows.
//  5. Run go generate: the table of diag/SUPPORT.md says what each rests
//     on, as its fixtures tell.
//
// A daemon that names its peer in most lines needs no assembler of its own:
// byPeer ties them together, and a function reads what the template leaves.
package logparse
