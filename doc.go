// Package ikediag is the root of a library that finds out why an IKEv1/IPsec
// tunnel is down or misbehaves. It joins whatever there is - daemons' logs from
// one end or both, packet captures, the two configurations, the kernels' SA
// tables - and says which tunnel it is, how far it got, the root cause, how
// sure that is, which end has to change what, the log line or packet that
// proves it, and what was ruled out.
//
// # Where to look
//
// This package holds no code.
//
//   - [github.com/ikediag/ikediag/diag/ingest] takes files and live streams of
//     any kind and drives the engine. Most programs need it and diag/report.
//   - [github.com/ikediag/ikediag/diag/report] renders a report as text,
//     Markdown, HTML, JSON and SARIF, and knows how to collect what is missing.
//   - [github.com/ikediag/ikediag/diag] is the model, the engine and all that a
//     rule of one's own is written with. Its documentation explains the words.
//   - [github.com/ikediag/ikediag/diag/rules] holds the rules, one file each,
//     written on diag's exported API alone.
//   - [github.com/ikediag/ikediag/diag/diagtest] tests rules with text fixtures.
//   - [github.com/ikediag/ikediag/diag/observe] turns what the readers below
//     say into observations, for those who drive the engine themselves.
//
// The readers know nothing of diagnosis and are of use without it:
//
//   - [github.com/ikediag/ikediag/isakmp] decodes and encodes the wire format
//     of RFC 2408, 2407 and 2409; isakmp/gopacketlayer is the layer for
//     gopacket.
//   - [github.com/ikediag/ikediag/ike] is the vocabulary: algorithms,
//     proposals and why two do not match, identities, selectors, lifetimes,
//     secrets.
//   - [github.com/ikediag/ikediag/ike/exchange] tells from datagrams who sent
//     what, what comes next and who is silent.
//   - [github.com/ikediag/ikediag/ike/keys] has the key schedule, decrypts, and
//     proves a pre-shared key.
//   - [github.com/ikediag/ikediag/ike/config] reads configurations, every value
//     with its file and line, compares two and finds faults in one.
//   - [github.com/ikediag/ikediag/ike/probe] asks a gateway that the caller
//     names what it answers.
//   - [github.com/ikediag/ikediag/ike/state] reads what kernels and daemons
//     print of their SAs, policies and counters.
//   - [github.com/ikediag/ikediag/esp] reads ESP, AH and their encapsulation in
//     UDP: replay windows, flows, overhead and MTU.
//   - [github.com/ikediag/ikediag/logparse] turns log lines into typed events,
//     and takes dialects of one's own.
//   - [github.com/ikediag/ikediag/diag/capture] reads pcap, pcapng and tcpdump's
//     text; diag/capture/gopacketsource adapts live sources.
//
// Programs are in the examples folder: diagnose is the one to run first;
// compare-configs tells what two configurations disagree about, decode shows
// messages, tail-monitor and live-capture watch logs and an interface, own-rule
// adds a rule and own-dialect a daemon's log, probe asks a gateway;
// prometheus-exporter, nms-webhook and fleet are modules of their own.
//
// Beside the packages lie, generated from their data: diag/CODES.md, which
// explains every code; diag/COLLECT.md, what to collect for which symptom, and
// how on which product; diag/SUPPORT.md, which formats are read, what that rests
// on and how much of them is understood.
//
// # Files of one's own
//
// A script calls ingest.Files; a monitor makes a diag.Engine, gives each live
// source an ingest.Feed and asks Advance at every tick what has changed. What
// a file is, is found from its content, in any order. Files of one folder are
// taken as one gateway's unless what they say names two. A secrets file belongs
// to the configuration in its folder, rotated segments are one log, gzip is
// read as it is. One bad input never costs the report.
//
// # What holds everywhere
//
// Confirmed means proven: each rule's documentation lists what looks alike, and
// the engine lowers the verdict unless each of these is ruled out by evidence,
// or by the absence of what a source would have shown. What anyone on the path
// could have forged does not confirm, nor what is read by recollection alone. A
// healthy tunnel is quiet: no cause of severity error where traffic passes, and
// weak algorithms are advice. What is missing is said.
//
// Imports go downward only. Besides the standard library ike/keys and esp need
// golang.org/x/crypto, ike/probe golang.org/x/net, and the two adapters alone
// gopacket. There are no init functions, no registry, no logger and no metrics;
// nothing is printed. Time comes in as a value: only ike/probe, which sends,
// tells times by this host's clock. Input from outside costs linear time and
// bounded memory, and does not panic. No key or password is in any output, error
// or panic.
//
// # Stability
//
// Versions follow semantic versioning. At v0 a minor version may change the Go
// API; diag/testdata/api.txt lists what is exported, and nothing in it changes or
// goes away without a line in CHANGELOG.md, under Changed or Removed.
//
// What is kept whatever the version:
//
//   - a finding's code is never renamed and never reused;
//   - to the JSON of ikediag.report/v1 and ikediag.change/v1 fields and values
//     may be added; none is changed or dropped. A consumer accepts values that
//     it does not know;
//   - the wire form of observations and the snapshots of an engine are read by
//     every later version, and where one cannot, refused with diag.ErrWire,
//     never misread.
//
// diag/report/testdata holds such documents of each minor version, and a test
// reads them with the present one.
//
// # Deprecation
//
// What is to go is marked "Deprecated:" in its documentation, with what takes
// its place, and listed in CHANGELOG.md under Deprecated. Until v1 it stays for
// one more minor version at least, from v1 on until the next major version. A
// Go release is supported as long as the Go team supports it and the
// dependencies do; that the minimum rises is a minor version.
package ikediag
