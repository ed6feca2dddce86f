package main

import (
	"fmt"
	"time"

	"github.com/google/gopacket/pcapgo"
	"golang.org/x/net/bpf"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/capture"
	"github.com/ikediag/ikediag/diag/capture/gopacketsource"
	"github.com/ikediag/ikediag/diag/observe"
	"github.com/ikediag/ikediag/diag/rules"
	"github.com/ikediag/ikediag/ike/exchange"
)

// watch diagnoses what an interface carries until that fails.
func watch(device string, every time.Duration) error {
	handle, err := pcapgo.NewEthernetHandle(device)
	if err != nil {
		return fmt.Errorf("%s: %w", device, err)
	}
	defer handle.Close()
	program, err := bpf.Assemble(filter())
	if err != nil {
		return err
	}
	if err := handle.SetBPF(program); err != nil {
		return fmt.Errorf("%s: filter: %w", device, err)
	}
	engine, err := diag.NewEngine(rules.Default(), diag.Options{})
	if err != nil {
		return err
	}
	id := engine.AddSource(diag.Source{Name: device, Kind: diag.KindCapture, Since: time.Now()})
	packets := observe.Packets{To: engine, Source: id}
	engine.UpdateSource(id, packets.Describe)

	go func() {
		for now := range time.Tick(every) {
			for c := range engine.Advance(now) {
				f := &c.Finding
				fmt.Printf("%s %s: %s, %s: %s\n", c.Op, f.Incident, f.Code, f.Verdict, diag.Clean(f.Summary, 400))
			}
		}
	}()

	source := gopacketsource.New(handle, capture.LinkEthernet, gopacketsource.Options{})
	var tracker exchange.Tracker
	var step exchange.Step
	var told time.Time
	for d := range source.All() {
		if tracker.Observe(d, &step) {
			packets.Step(d, &step)
		}
		if d.Time.Sub(told) >= time.Second {
			packets.Flush() // what ESP comes to
			told = d.Time
		}
	}
	return source.Err()
}
