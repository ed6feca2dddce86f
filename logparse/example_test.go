package logparse_test

import (
	"fmt"
	"strings"

	"github.com/ikediag/ikediag/logparse"
)

// A log pasted from a viewer: what happened, in which negotiation, with whom.
func ExampleParser_Events() {
	const paste = `
05[NET] received packet: from 198.51.100.7[500] to 192.0.2.1[500] (92 bytes)
05[ENC] invalid ID_V1 payload length, decryption failed?
05[IKE] message parsing failed
05[IKE] ID_PROT request with message ID 0 processing failed
`
	var p logparse.Parser
	for e, err := range p.Events(strings.NewReader(paste)) {
		if err != nil {
			fmt.Println(err)
			return
		}
		switch e.Kind {
		case logparse.DecryptionFailed:
			payload, _ := e.Payload()
			fmt.Printf("line %d: what %v sent makes no sense: %v payload\n", e.Number, e.Session.Remote, payload)
		case logparse.ProcessingFailed:
			exchange, _ := e.Exchange()
			fmt.Printf("line %d: %v mode given up\n", e.Number, exchange)
		}
	}
	fmt.Println(p.Stats().Unknown, "lines unknown")
	// Output:
	// line 3: what 198.51.100.7:500 sent makes no sense: ID payload
	// line 5: main mode given up
	// 0 lines unknown
}

// Whose log is it?
func ExampleDetect() {
	name, dialect, _ := logparse.Detect([]byte(`Nov 21 04:01:25 gw isakmpd[71]: transport_send_messages: giving up on exchange`))
	fmt.Println(name, dialect != nil)
	// Output: isakmpd true
}
