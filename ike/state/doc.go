// Package state reads what daemons and kernels say of their SAs, policies and
// counters: the actual state beside the intended one, which package
// ike/config reads.
//
// One format is one file of this package. Detect tells formats apart by their
// content. Parse reads those that are read today and refuses the others by
// name, with an error that wraps ErrFormat.
//
// A State holds what the text says and nothing that it does not: a span that
// was not printed is not Known, and an empty dump is a State without SAs,
// which is what a daemon with none prints. Every record has the number of the
// line that it starts on.
//
// Parse needs no more than the text:
//
//	st, err := state.Parse("west/xfrm-state.txt", f)
//	if err != nil {
//		… // a *state.ParseError: errors.Is(err, state.ErrFormat) and so on
//	}
//	… st.SAs, st.Kernel, st.Policies, st.Counters …
//
// The State is there with an error, too, and holds what could be read. It
// shares nothing with the input, and may be read by several goroutines at once.
//
// Text comes from outside: names and identities are as the daemon printed
// them. Keys, which kernels print, are ike.Secrets and show in no output.
package state
