// Package ingest puts files and streams of any kind into the engine: it
// detects what each is by its content, groups what belongs together, orders
// the reading and drives the readers. Meaning in it would be a bug.
//
// A script:
//
//	report, err := ingest.Files(ctx, ingest.Options{}, "west/charon.log", "east/charon.log")
//
// The report is never nil. The error joins one *InputError for each input
// that could not be read or understood; the others are in the report all the
// same. Such an error wraps ErrUnknown, ErrUnread, or what opening or reading
// gave.
//
// Files of one folder are taken as one gateway's unless what they say names
// two. A secrets file belongs to the configurations of its folder, and rotated
// segments of one log (gw.log, gw.log.1, gw.log.2.gz) are one source.
//
// A session at a terminal, or a support bundle, that holds the outputs of
// several commands is a source of each of their kinds, under the same name and
// with the lines of the file; an Input that can be opened only Once is taken
// for what most of it is.
//
// What a configuration or a secrets file includes is read with it, patterns
// and further includes too, each file as a source of its own and once, if it
// was given as well. Nothing outside the folder of the file that was given is
// opened, not by an absolute path, .. or a link either: that, and what is not
// there, is listed in Source.NotRead. An include that leads back to its own
// file, what is nested too deeply or too much, and an included file that is no
// text are errors of the source in which they stand. Where something was not
// read, nothing follows from what a configuration lacks.
//
// A configuration may have 32768 connections (config.Limits); what stands
// behind is not read, which is an error, and those before stay.
//
// A log of a daemon that nobody here knows is read by a dialect of the caller's
// own: Options.Dialects, and package logparse on how to write one.
//
// Keys to encrypted messages may be in any input: in debug logs, in a key table
// as Wireshark has it, in the secrets of a configuration. They are collected
// before captures are read, which is the last to happen.
//
// What ike/probe stored is of kind probe: evidence of the gateway that was
// asked, wherever the file lies, in each of its tunnels.
//
// A monitor gives each live source a Feed and calls the engine's Advance:
//
//	feed := ingest.NewFeed(engine, diag.Source{Name: "charon.log", Gateway: "hq"}, ingest.Options{Keys: keys})
//	feed.Write(piece)                    // whenever there is one
//	for c := range engine.Advance(now) { // at every tick
//		… // c.Op, c.Finding
//	}
//	err := feed.Close()
//
// Each Feed is for one goroutine at a time; several may feed one engine, and
// share an observe.Keys, at once. Options are read and not changed.
package ingest
