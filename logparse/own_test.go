package logparse_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/logparse"
)

// keyd is a daemon that nobody else has.
func keyd() *logparse.Dialect {
	return &logparse.Dialect{
		Name:     "keyd",
		Programs: []string{"keyd"},
		Spelling: ike.DialectStrongSwan,
		Templates: [][]logparse.Template{{
			{Kind: logparse.Initiating, Pattern: "calling {remote:addr}{mode=main}"},
			{Kind: logparse.RetransmitSent, Pattern: "{remote:addr} is silent, try {count:num}"},
			{Kind: logparse.RetransmitsExhausted, Pattern: "gave up"},
			{Kind: logparse.ProposalsConfigured, Pattern: "offering {configured:rest}"},
		}},
	}
}

// A daemon of one's own: its messages, and what they mean.
func ExampleDialect() {
	const log = `
Mar  4 09:15:00 edge keyd[7]: calling 203.0.113.9:500
Mar  4 09:15:04 edge keyd[7]: 203.0.113.9:500 is silent, try 1
Mar  4 09:15:08 edge sshd[9]: session opened
Mar  4 09:15:12 edge keyd[7]: gave up
`
	keyd := &logparse.Dialect{
		Name:     "keyd",
		Programs: []string{"keyd"},
		Templates: [][]logparse.Template{{
			{Kind: logparse.Initiating, Pattern: "calling {remote:addr}{mode=main}"},
			{Kind: logparse.RetransmitSent, Pattern: "{remote:addr} is silent, try {count:num}"},
			{Kind: logparse.RetransmitsExhausted, Pattern: "gave up"},
		}},
	}
	p := logparse.Parser{Dialects: logparse.Dialects(keyd)}
	for e, err := range p.Events(strings.NewReader(log)) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(e.Number, e.Kind, e.Session.Remote)
	}
	// Output:
	// 2 initiating 203.0.113.9:500
	// 3 retransmit-sent 203.0.113.9:500
	// 4 foreign invalid AddrPort
	// 5 retransmits-exhausted 203.0.113.9:500
}

// What is still wrong with a dialect: two of its patterns.
func ExampleDialect_Check() {
	d := &logparse.Dialect{
		Name: "keyd",
		Templates: [][]logparse.Template{{
			{Kind: logparse.Initiating, Pattern: "calling {remote:addr}"},
			{Kind: logparse.RetransmitsExhausted, Pattern: "gave up after {count:number}"},
			{Kind: logparse.PeerNotResponding, Pattern: "nobody there"},
		}},
	}
	fmt.Println(d.Check(strings.NewReader("calling 203.0.113.9\ngave up after 3\n")))
	// Output:
	// pattern gave up after {count:number}: has an unknown value count:number
	// pattern gave up after {count:number}: is reached by no line of the log
	// pattern nobody there: is reached by no line of the log
	// line 2: no template knows it: gave up after 3
}

// A daemon of one's own is told from the others in each carrier, and by its
// messages alone.
func TestOwnDialect(t *testing.T) {
	for name, log := range map[string]string{
		"syslog":  "Mar  4 09:15:00 edge keyd[7]: calling 203.0.113.9:500\nMar  4 09:15:04 edge keyd[7]: gave up\n",
		"no pid":  "Mar  4 09:15:00 edge keyd: calling 203.0.113.9:500\nMar  4 09:15:04 edge keyd: gave up\n",
		"RFC5424": "<30>1 2026-03-04T09:15:00Z edge keyd 7 - - calling 203.0.113.9:500\n<30>1 2026-03-04T09:15:04Z edge keyd 7 - - gave up\n",
		"journal": `{"SYSLOG_IDENTIFIER":"keyd","MESSAGE":"calling 203.0.113.9:500","_PID":"7"}` + "\n" + `{"SYSLOG_IDENTIFIER":"keyd","MESSAGE":"gave up","_PID":"7"}` + "\n",
		"export":  "__CURSOR=a\nSYSLOG_IDENTIFIER=keyd\nMESSAGE=calling 203.0.113.9:500\n\n__CURSOR=b\nSYSLOG_IDENTIFIER=keyd\nMESSAGE=gave up\n\n",
		"pretty":  "{\n\t\"SYSLOG_IDENTIFIER\" : \"keyd\",\n\t\"MESSAGE\" : \"calling 203.0.113.9:500\"\n}\n{\n\t\"SYSLOG_IDENTIFIER\" : \"keyd\",\n\t\"MESSAGE\" : \"gave up\"\n}\n",
		"plain":   "calling 203.0.113.9:500\ngave up\n",
		"mixed":   "Mar  4 09:14:59 gw charon: 05[NET] received packet: from 198.51.100.7[500] to 192.0.2.1[500] (92 bytes)\nMar  4 09:15:00 edge keyd[7]: calling 203.0.113.9:500\nMar  4 09:15:04 edge keyd[7]: gave up\n",
	} {
		d := keyd()
		if got, dialect, score := logparse.Detect([]byte(log), d); name != "mixed" && name != "export" && (dialect != d || score < 50) {
			t.Errorf("%s: taken for %q with %d", name, got, score)
		}
		p := logparse.Parser{Dialects: logparse.Dialects(d)}
		var kinds []logparse.Kind
		var handle uint64
		for e, err := range p.Events(strings.NewReader(log)) {
			if err != nil {
				t.Fatal(err)
			}
			if e.Dialect != d {
				continue
			}
			if e.Basis() != logparse.Recalled {
				t.Errorf("%s: better than recalled", name)
			}
			if handle == 0 {
				handle = e.Session.Handle
			}
			if handle == 0 || e.Session.Handle != handle {
				t.Errorf("%s: line %d is about another negotiation", name, e.Number)
			}
			kinds = append(kinds, e.Kind)
		}
		if len(kinds) != 2 || kinds[0] != logparse.Initiating || kinds[1] != logparse.RetransmitsExhausted {
			t.Errorf("%s: %v", name, kinds)
		}
	}
}

// A dialect whose patterns do not all compile was never tried: it confirms
// nothing, whatever it says of itself.
func TestOwnFaulty(t *testing.T) {
	d := keyd()
	d.Basis = logparse.Recorded
	d.Templates = append(d.Templates, []logparse.Template{
		{Kind: logparse.Plain, Pattern: "{broken"},
		{Kind: logparse.Plain, Pattern: "gave up"},
		{Kind: logparse.DPDUnsupported, Pattern: "no {vendor:rest}"},
	})
	var faults *logparse.PatternError
	err := d.Check(nil)
	if !errors.As(err, &faults) || len(strings.Split(err.Error(), "\n")) != 3 {
		t.Error(err)
	}
	p := logparse.Parser{Dialects: []*logparse.Dialect{d}}
	var e logparse.Event
	if !p.Parse([]byte("calling 203.0.113.9"), &e) || e.Basis() != logparse.Recalled {
		t.Error("a faulty dialect confirms", e.Kind)
	}
	if err := keyd().Check(strings.NewReader("what is this?\n")); !errors.Is(err, logparse.ErrUnknownLine) {
		t.Error(err)
	}
}

// Proposals come in the spelling of configurations, too.
func TestOwnProposals(t *testing.T) {
	p := logparse.Parser{Dialects: []*logparse.Dialect{keyd()}}
	var e logparse.Event
	for text, want := range map[string]string{
		"aes256-sha256-modp2048":       "IKE:AES_CBC_256/HMAC_SHA2_256_128/MODP_2048",
		"IKE:AES_CBC_128/HMAC_SHA1_96": "IKE:AES_CBC_128/HMAC_SHA1_96",
		"ESP:aes128-sha1":              "ESP:AES_CBC_128/HMAC_SHA1_96",
		"":                             "",
	} {
		p.Parse([]byte("offering "+text), &e)
		if got, _ := e.ProposalsText(logparse.Configured); string(got) != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// What a peer may have written, long and strange, costs no more than its length.
func TestOwnHostile(t *testing.T) {
	p := logparse.Parser{Dialects: []*logparse.Dialect{keyd()}}
	var e logparse.Event
	for _, s := range []string{strings.Repeat("aes256-", 1<<16), strings.Repeat(",", 1<<16), "ESP:\x00\xff\x1b[2J", strings.Repeat("ESP:", 1<<14), "!", "-"} {
		p.Parse([]byte("offering "+s), &e)
		if text, _ := e.ProposalsText(logparse.Configured); len(text) > 4096 {
			t.Errorf("%d octets of proposals", len(text))
		}
	}
}

func TestOwnAllocs(t *testing.T) {
	p := logparse.Parser{Dialects: logparse.Dialects(keyd())}
	var e logparse.Event
	line := []byte("Mar  4 09:15:04 edge keyd[7]: 203.0.113.9:500 is silent, try 1")
	p.Parse([]byte("Mar  4 09:15:00 edge keyd[7]: calling 203.0.113.9:500"), &e)
	if n := testing.AllocsPerRun(100, func() { p.Parse(line, &e) }); n > 0 {
		t.Errorf("%v allocations for a line", n)
	}
}
