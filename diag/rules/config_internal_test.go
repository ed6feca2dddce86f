package rules

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
)

func selectorList(t *testing.T, text string) (out []ike.Selector) {
	t.Helper()
	for f := range strings.FieldsSeq(text) {
		s, err := ike.ParseSelector(f)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

func TestLie(t *testing.T) {
	for _, x := range []struct {
		asked, has string
		want       lying
	}{
		{"10.1.0.0/24", "10.1.0.0/24", equal},
		{"10.1.0.0/24 10.2.0.0/24", "10.2.0.0/24 10.1.0.0/24", equal},
		{"10.1.0.0/24", "10.1.0.0/16", narrower},
		{"10.1.0.0/24", "10.2.0.0/24 10.1.0.0/24", narrower},
		{"10.1.0.0/16", "10.1.0.0/24", wider},
		{"10.1.0.0/24", "10.2.0.0/24", apart},
		{"dynamic", "10.2.0.0/24", openEnd},
		{"", "10.2.0.0/24", openEnd},
		{"2001:db8::/32", "10.2.0.0/24", apart},
		{strings.Repeat("10.1.0.0/24 ", maxSelectors+1), "10.2.0.0/24", openEnd},
	} {
		if got := lie(selectorList(t, x.asked), selectorList(t, x.has)); got != x.want {
			t.Errorf("%.40s to %s: %d, want %d", x.asked, x.has, got, x.want)
		}
	}
}

func TestMatchID(t *testing.T) {
	id := func(s string) ike.Identity { return ike.ParseIdentity(s, ike.DialectStrongSwan) }
	for _, x := range []struct {
		have, want string
		match      idMatch
	}{
		{"west.example.org", "west.example.org", idFits},
		{"west.example.org", "%any", idFits},
		{"west.example.org", "*.example.org", idFits},
		{"west.example.org", "east.example.org", idOther},
		{"keyid:west.example.org", "west.example.org", idType},
		{"192.0.2.1", "west.example.org", idOther},
		{"%any", "west.example.org", idOpen},
		{"%fromcert", "west.example.org", idOpen},
	} {
		if got := matchID(id(x.have), id(x.want)); got != x.match {
			t.Errorf("%s for %s: %d, want %d", x.have, x.want, got, x.match)
		}
	}
}

func TestInner(t *testing.T) {
	for a, want := range map[string]bool{"10.0.0.1": true, "100.64.0.1": true, "100.127.255.255": true, "100.128.0.1": false, "192.0.2.1": false, "::ffff:10.0.0.1": true, "fd00::1": true, "2001:db8::1": false} {
		if got := inner(netip.MustParseAddr(a)); got != want {
			t.Errorf("%s: %v", a, got)
		}
	}
}

// A finding that a difference is added to shares nothing with what the rule
// keeps: it may use its evidence for another finding.
func TestApplyCopies(t *testing.T) {
	own := make([]diag.Evidence, 1, 8)
	own[0] = diag.Evidence{Text: "own", Weight: diag.Strong}
	for _, c := range []compared{
		{state: differ, finding: &diag.Finding{Evidence: []diag.Evidence{{Text: "a", Weight: diag.Proof}}}},
		agreement([]diag.Evidence{{Text: "a"}}),
	} {
		f := diag.Finding{Evidence: own}
		if !c.apply(&f) || len(f.Evidence) != 2 {
			t.Fatalf("%+v", f)
		}
		f.Evidence[0].Text = "changed"
		if own[0].Text != "own" || own[0].Weight != diag.Strong || own[:2][1].Text != "" {
			t.Errorf("the rule's evidence changed: %+v", own[:2])
		}
	}
	hint := diag.Finding{Evidence: []diag.Evidence{{Weight: diag.Hint}}}
	c := agreement(nil)
	if c.apply(&hint) {
		t.Error("a hint survives configurations that agree")
	}
}

// What a certificate's subject names: escaped commas, several values and quotes
// hide no identity and make none.
func TestNames(t *testing.T) {
	id := func(s string) ike.Identity { return ike.ParseIdentity(s, ike.DialectStrongSwan) }
	for _, x := range []struct {
		subject, id string
		want        bool
	}{
		{"C=DE, O=Lab, CN=gw.example.org", "gw.example.org", true},
		{"C=DE, O=Lab, CN=GW.Example.Org", "gw.example.org", true},
		{"/C=DE/O=Lab/CN=gw.example.org", "gw.example.org", true},
		{"C=DE, OU=vpn+CN=gw.example.org", "gw.example.org", true},
		{"C=DE, CN=gw.example.org+OU=vpn", "gw.example.org", true},
		{`C=DE, CN="gw.example.org"`, "gw.example.org", true},
		{"C=DE, O=Lab, CN=gw.example.org", "CN=gw.example.org,O=Lab,C=DE", true},
		{`O=Lab\, Inc., CN=gw`, `CN=gw, O="Lab, Inc."`, true},
		{`O=Lab\, CN=gw.example.org`, "gw.example.org", false},
		{`O="Lab, CN=gw.example.org"`, "gw.example.org", false},
		{"C=DE, O=Lab, CN=gw.example.com", "gw.example.org", false},
		{"C=DE, O=Lab, CN=gw", "C=DE, CN=gw", false},
		{"gw.example.org", "gw.example.org", true},
		{"C=DE, CN=%any", "%any", false},
		{"", "gw.example.org", false},
		{"CN=", "", false},
	} {
		if got := names(x.subject, id(x.id)); got != x.want {
			t.Errorf("%s names %s: %v", x.subject, x.id, got)
		}
	}
}
