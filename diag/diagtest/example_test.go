package diagtest_test

import (
	"fmt"

	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/rules"
)

// A fixture outside of a test, such as in a tool that checks them. Tests call
// Run.
func ExampleParse() {
	c, err := diagtest.Parse([]byte(`A firewall says in words that the keys differ.
basis: synthetic
first: IKE-P1-PSK-MISMATCH likely
-- edge/fw.log --
Nov 05 2025 10:00:00: %ASA-4-713903: Group = 198.51.100.10, IP = 198.51.100.10, ERROR, had problems decrypting packet, probably due to mismatched pre-shared key.  Aborting // want IKE-P1-PSK-MISMATCH
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := c.Report(rules.Default())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, problem := range c.Check(r) {
		fmt.Println(problem)
	}
	fmt.Println(len(c.Files), "file, verdict", r.Verdict)
	// Output: 1 file, verdict broken
}
