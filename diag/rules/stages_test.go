package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/rules"
)

// diagnose runs the rules on a log.
func diagnose(t *testing.T, name, text string) *diag.Report {
	t.Helper()
	c := &diagtest.Case{Basis: "synthetic", Files: []diagtest.File{{Name: "gw/" + name, Data: []byte(text)}}}
	r, err := c.Report(rules.Default())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What was seen last tells the stage, from either end.
func TestStageTable(t *testing.T) {
	for _, test := range []struct {
		name    string
		log     *talk
		stage   string
		outcome diag.Outcome
	}{
		{"the first message, without an answer", initiator().main(1).silence(0, 180, 500), "main-mode-1", diag.OutcomePhase1Failed},
		{"refused at the first message", initiator().main(1).told("NO_PROP", "NO_PROPOSAL_CHOSEN"), "main-mode-1", diag.OutcomePhase1Failed},
		{"refused at the third", initiator().main(3).told("INVAL_KE", "INVALID_KEY_INFORMATION"), "main-mode-3", diag.OutcomePhase1Failed},
		{"the fifth, without an answer", initiator().main(5).silence(0, 92, 500), "main-mode-5", diag.OutcomePhase1Failed},
		{"the fifth, on the other port", initiator().main(4).sends("ID_PROT request 0 [ ID HASH ]", 92, 4500).silence(0, 92, 4500), "main-mode-5", diag.OutcomePhase1Failed},
		{"refused at the fifth", initiator().main(5).refused("AUTH_FAILED", "AUTHENTICATION_FAILED"), "main-mode-5", diag.OutcomePhase1Failed},
		{"the responder answered the first", responder().main(2), "main-mode-2", diag.OutcomePhase1Failed},
		{"the responder answered the third", responder().main(4), "main-mode-4", diag.OutcomePhase1Failed},
		{"phase 1 is up", initiator().main(6), "phase1-established", diag.OutcomeNegotiating},
		{"the quick mode is refused", initiator().main(6).quick().refused("NO_PROP", "NO_PROPOSAL_CHOSEN"), "quick-mode-1", diag.OutcomePhase2Failed},
		{"the quick mode gets no answer", initiator().main(6).quick().silence(4000, 188, 500), "quick-mode-1", diag.OutcomePhase2Failed},
	} {
		r := diagnose(t, "charon.log", test.log.b.String())
		if len(r.Tunnels) != 1 || r.Tunnels[0].Stage != test.stage || r.Tunnels[0].Outcome != test.outcome {
			t.Errorf("%s: not %s, %s\n%s", test.name, test.outcome, test.stage, diagtest.Summary(r))
		}
	}
}

// libreswan names the stage that it gave up at by the end of its message.
func TestStageByWords(t *testing.T) {
	for _, test := range []struct {
		before, state, says, stage string
		not                        diag.Code
	}{
		{"", "MAIN_I1", "No response (or no acceptable response) to our first IKEv1 message", "main-mode-1", diag.IKEP1PSKMismatch},
		{"sent Main Mode I2|sent Main Mode I3", "MAIN_I3", "Possible authentication failure: no acceptable response to our first encrypted message", "main-mode-5", diag.NetUDP500Blocked},
	} {
		var b strings.Builder
		b.WriteString("Nov 21 03:28:40.644332: Starting Pluto (Libreswan Version 4.10 IKEv2 IKEv1) pid:77\n" +
			"Nov 21 03:28:47.000000: \"net\" #1: initiating IKEv1 Main Mode connection\n" +
			"Nov 21 03:28:47.001000: \"net\" #1: sent Main Mode request\n")
		for _, l := range strings.Split(test.before, "|") {
			if l != "" {
				fmt.Fprintf(&b, "Nov 21 03:28:47.010000: \"net\" #1: %s\n", l)
			}
		}
		fmt.Fprintf(&b, "Nov 21 03:29:47.541000: \"net\" #1: STATE_%s: 60 second timeout exceeded after 7 retransmits.  %s\n", test.state, test.says)
		r := diagnose(t, "pluto.log", b.String())
		if len(r.Tunnels) != 1 || r.Tunnels[0].Stage != test.stage {
			t.Errorf("%s: not %s\n%s", test.state, test.stage, diagtest.Summary(r))
		}
		if slices.ContainsFunc(r.Findings, func(f diag.Finding) bool { return f.Code == test.not }) {
			t.Errorf("%s: %s\n%s", test.state, test.not, diagtest.Summary(r))
		}
	}
}

// Timers prove things: an outage whenever a lifetime is over is that lifetime's,
// one of any other period is not.
func TestTimers(t *testing.T) {
	outages := func(age int) string {
		l := initiator().main(6)
		for n := 1; n <= 3; n++ {
			mid := 100 + n
			l.sends(fmt.Sprintf("QUICK_MODE request %d [ HASH SA No ID ID ]", mid), 188, 500).gets(fmt.Sprintf("QUICK_MODE response %d [ HASH SA No ID ID ]", mid), 188, 500)
			l.say("IKE", "CHILD_SA net{%d} established with SPIs c%07x_i d%07x_o and TS 10.1.0.0/24 === 10.2.0.0/24", n, n, n)
			l.wait(age).say("IKE", "closing expired CHILD_SA net{%d} with SPIs c%07x_i d%07x_o and TS 10.1.0.0/24 === 10.2.0.0/24", n, n, n).wait(200 + 37*n)
		}
		return l.b.String()
	}
	conf := func(life int) string {
		return fmt.Sprintf("connections {\n  net {\n    version = 1\n    local_addrs = %s\n    remote_addrs = %s\n    children {\n      net {\n        local_ts = 10.1.0.0/24\n        remote_ts = 10.2.0.0/24\n        life_time = %ds\n      }\n    }\n  }\n}\n", west, east, life)
	}
	for _, test := range []struct {
		name      string
		age, life int
		want      bool
	}{
		{"at the lifetime", 1800, 1800, true},
		{"a little before it", 1795, 1800, true},
		{"once only", 0, 1800, false},
	} {
		text := outages(test.age)
		if test.age == 0 {
			text = strings.SplitAfter(outages(1800), "closing expired CHILD_SA net{1}")[0] + " with SPIs c0000001_i d0000001_o and TS 10.1.0.0/24 === 10.2.0.0/24\n"
		}
		c := &diagtest.Case{Basis: "synthetic", Files: []diagtest.File{{Name: "gw/charon.log", Data: []byte(text)}, {Name: "gw/swanctl.conf", Data: []byte(conf(test.life))}}}
		r, err := c.Report(rules.Default())
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.ContainsFunc(r.Findings, func(f diag.Finding) bool { return f.Code == diag.LifeExpiresPredictably }); got != test.want {
			t.Errorf("%s: LIFE-EXPIRES-PREDICTABLY is %v\n%s", test.name, got, diagtest.Summary(r))
		}
	}
}
