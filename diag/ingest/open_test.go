package ingest_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/ikediag/ikediag/diag/ingest"
)

// What is in memory says what it says when it is read, and stays as it is.
func TestContent(t *testing.T) {
	var read, lying []ingest.Input
	var was [][]byte
	for i, l := range newFleet(10, 2).logs(5000) {
		name := fmt.Sprintf("gw%d.log", i)
		read = append(read, memory(name, name, bytes.Clone(l)))
		lying = append(lying, ingest.Input{Name: name, Group: name, Content: l, Once: true})
		was = append(was, bytes.Clone(l))
	}
	want, r := encode(t, diagnose(t, read)), diagnose(t, lying)
	for i, in := range lying {
		if !bytes.Equal(in.Content, was[i]) {
			t.Errorf("%s was changed", in.Name)
		}
		clear(in.Content) // the report is not part of it
	}
	if got := encode(t, r); got != want {
		t.Errorf("%d octets of a report, want %d", len(got), len(want))
	}
}
