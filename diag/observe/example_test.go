package observe_test

import (
	"fmt"
	"strings"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/observe"
)

// printer takes observations in place of an engine.
type printer struct{}

func (printer) Observe(o *diag.Observation) {
	fmt.Printf("line %d, %s: %s\n", o.Where.Line, o.Body.Kind(), o.Text)
}

// What a log comes to: typed facts with their places. An engine takes them in
// place of this printer.
func ExampleLog() {
	const log = `05[IKE] 203.0.113.9 is initiating a Main Mode IKE_SA
05[CFG] received proposals: IKE:AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024
05[CFG] configured proposals: IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048
05[IKE] no proposal found
`
	l := observe.Log{To: printer{}}
	if err := l.Read(strings.NewReader(log)); err != nil {
		fmt.Println(err)
	}
	// Output:
	// line 1, progress: 05[IKE] 203.0.113.9 is initiating a Main Mode IKE_SA
	// line 2, offer: 05[CFG] received proposals: IKE:AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024
	// line 3, offer: 05[CFG] configured proposals: IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048
	// line 4, check: 05[IKE] no proposal found
}

// What is this file?
func ExampleDetect() {
	for _, head := range []string{
		"conn branch\n\tleft=198.51.100.1\n\tikev2=no\n",
		"src 192.0.2.1 dst 198.51.100.1\n\tproto esp spi 0xc1a2b3c4 reqid 1 mode tunnel\n",
		"05[IKE] 203.0.113.9 is initiating a Main Mode IKE_SA\n",
		"lorem ipsum\n",
	} {
		d := observe.Detect([]byte(head))
		fmt.Println(d.Kind, d.Dialect, d.Read)
	}
	// Output:
	// config libreswan-ipsec.conf true
	// state ip xfrm state true
	// log strongswan true
	// unknown  false
}
