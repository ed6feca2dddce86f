// Package ikediag is the root of a library that finds out why an IKEv1/IPsec
// tunnel is down or misbehaves. It joins whatever there is - daemons' logs from
// one end or both, packet captures, the two configurations, the kernels' SA
// tables - and says which tunnel it is, how far it got, the root cause, how
// sure that is, which end has to change what, the log line or packet that
// proves it, and what was ruled out.
//
// This package holds no code. Where to look:
//
//   - [github.com/ikediag/ikediag/diag/ingest] takes files and live streams of
//     any kind and drives the engine. Most programs need it and diag/report.
//   - [github.com/ikediag/ikediag/diag] is the model, the engine and all that a
//     rule of one's own is written with. Its documentation explains the words.
//   - [github.com/ikediag/ikediag/diag/rules] holds the rules, one file each,
//     written on diag's exported API alone.
//   - [github.com/ikediag/ikediag/diag/report] renders a report as text, JSON
//     and other formats.
//   - [github.com/ikediag/ikediag/diag/diagtest] tests rules with text fixtures.
//   - [github.com/ikediag/ikediag/diag/observe] turns what the readers below
//     say into observations, for those who drive the engine themselves.
//
// The readers know nothing of diagnosis and are of use without it:
//
//   - [github.com/ikediag/ikediag/isakmp] decodes and encodes the wire format
//     of RFC 2407, 2408 and 2409.
//   - [github.com/ikediag/ikediag/ike] is the vocabulary: algorithms,
//     proposals, identities, selectors, lifetimes, secrets.
//   - [github.com/ikediag/ikediag/ike/exchange] tells from datagrams who sent
//     what, what comes next and who is silent.
//   - [github.com/ikediag/ikediag/ike/config] reads configurations, every value
//     with its file and line.
//   - [github.com/ikediag/ikediag/ike/state] reads what kernels and daemons
//     print of their SAs.
//   - [github.com/ikediag/ikediag/logparse] turns log lines into typed events.
//   - [github.com/ikediag/ikediag/diag/capture] reads pcap, pcapng and tcpdump's
//     text.
//
// Programs are in the examples folder; examples/diagnose is the one to run
// first.
package ikediag
