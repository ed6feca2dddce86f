package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/ike/probe"
	"github.com/ikediag/ikediag/isakmp"
)

// show prints an answer for each question.
func show(out io.Writer, r *probe.Result, most int) {
	fmt.Fprintf(out, "%s, asked from %s with %d datagrams of %d at most; %d came back\n", r.Gateway, r.Local, r.Sent, most, r.Received)
	told := map[probe.Question]bool{}
	for i := range r.Answers {
		a := &r.Answers[i]
		switch {
		case told[a.Question]:
			continue
		case a.Question == probe.Accepts && a.Outcome != probe.Skipped:
			accepts(out, r)
		case a.Question == probe.MTU && a.Outcome != probe.Skipped && a.Outcome != probe.Unsupported:
			mtu(out, r)
		default:
			fmt.Fprintf(out, "%-10s %s\n", a.Question, words(a))
		}
		told[a.Question] = true
	}
	for _, v := range r.Vendors() {
		fmt.Fprintf(out, "%-10s %s\n", "vendor ID", diag.Clean(v.String(), 120))
	}
}

func words(a *probe.Answer) string {
	var b strings.Builder
	b.WriteString(a.Outcome.String())
	if a.Outcome == probe.Refused {
		fmt.Fprintf(&b, ": %v, in version %v", a.Notify, a.Version)
	}
	if a.Chosen != nil && a.Question != probe.NAT {
		fmt.Fprintf(&b, ": chose %v", a.Chosen)
	}
	if a.Question == probe.NAT && a.Outcome == probe.Answered {
		fmt.Fprintf(&b, ": who asks: %v; the gateway: %v", seen(a.Asker), seen(a.Asked))
	}
	if a.Strange > 0 {
		fmt.Fprintf(&b, "; %d datagrams were no answer", a.Strange)
	}
	for _, f := range a.Failures[:min(len(a.Failures), 1)] {
		by := "the system"
		switch {
		case f.Own:
			by = "this host"
		case f.Router.IsValid():
			by = f.Router.String()
		}
		fmt.Fprintf(&b, "; %s says %v", by, f.Reason)
		if f.MTU > 0 {
			fmt.Fprintf(&b, ", MTU %d", f.MTU)
		}
	}
	return b.String()
}

func seen(k exchange.NATKind) string {
	switch k {
	case exchange.NATUnknown:
		return "not told"
	case exchange.NATNone:
		return "no NAT"
	}
	return "NAT: " + k.String()
}

func accepts(out io.Writer, r *probe.Result) {
	taken, refused := r.Accepted()
	for _, t := range taken {
		fmt.Fprintf(out, "%-10s %v\n", "accepts", t)
	}
	for _, t := range refused {
		fmt.Fprintf(out, "%-10s %v\n", "refuses", t)
	}
	if a, _ := r.Of(probe.Accepts); !a.Outcome.Spoke() || a.Outcome == probe.Refused && a.Notify != isakmp.NotifyNoProposalChosen {
		fmt.Fprintf(out, "%-10s of %d more nothing is known: %s\n", "accepts", len(a.Offered), words(a))
	}
}

func mtu(out io.Writer, r *probe.Result) {
	arrives, lost := r.MTU()
	switch a, _ := r.Of(probe.MTU); {
	case arrives == 0:
		fmt.Fprintf(out, "%-10s nothing of %d octets or more arrives uncut: %s\n", "mtu", lost, words(a))
	case lost == 0:
		fmt.Fprintf(out, "%-10s %d octets arrive uncut\n", "mtu", arrives)
	default:
		fmt.Fprintf(out, "%-10s %d octets arrive uncut, %d do not\n", "mtu", arrives, lost)
	}
}
