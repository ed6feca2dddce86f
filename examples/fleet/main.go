// Fleet is one worker of a fleet that diagnoses the tunnels of many gateways:
// evidence, checkpoints and findings go through NATS JetStream, and any number
// of workers share the work. README.md tells what runs where and what holds.
//
//	cd examples/fleet
//	go run . [-nats URL] -inventory gateways.json [-name NAME]
//
// A gateway's log shipper publishes pieces of its log, of whole lines, to
// evidence.GATEWAY.SOURCE, and whole files (a configuration, a state dump, a
// capture) there with the header Whole: yes. Changes come out at changes.KEY,
// as objects of schema ikediag.change/v1. The inventory lists the gateways:
//
//	[{"id":"fra","addresses":["192.0.2.1"],"identities":["fra.example.net"]}, ...]
//
// It is a module of its own, since it needs NATS's libraries.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"os/signal"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
)

func main() {
	url := flag.String("nats", nats.DefaultURL, "the NATS server")
	inventory := flag.String("inventory", "", "the gateways, a file of JSON")
	name := flag.String("name", fmt.Sprintf("worker-%d", os.Getpid()), "the worker's name, of its own in the fleet")
	flag.Parse()
	if err := run(*url, *inventory, *name); err != nil {
		fmt.Fprintln(os.Stderr, "fleet:", diag.Clean(err.Error(), 400))
		os.Exit(1)
	}
}

func run(url, inventory, name string) error {
	gateways, err := readInventory(inventory)
	if err != nil {
		return err
	}
	// All workers have one key for digests of secrets.
	key := os.Getenv("FLEET_DIGEST_KEY")
	if key == "" {
		return fmt.Errorf("the environment variable FLEET_DIGEST_KEY is empty; it has to be the same secret for all workers")
	}
	nc, err := nats.Connect(url, nats.Name(name))
	if err != nil {
		return err
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	ctx := context.Background()
	if err := setUp(ctx, js, defaultLimits); err != nil {
		return err
	}
	w := newWorker(name, js, defaultLimits, diag.Options{Gateways: gateways, DigestKey: []byte(key)})
	w.trouble = func(err error) { fmt.Fprintln(os.Stderr, "fleet:", diag.Clean(err.Error(), 400)) }
	interrupted, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	context.AfterFunc(interrupted, w.Stop)
	err = w.Run(ctx)
	fmt.Fprintln(os.Stderr, &w.stats)
	return err
}

func readInventory(file string) (out []diag.Gateway, err error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var list []struct {
		ID         string       `json:"id"`
		Addresses  []netip.Addr `json:"addresses"`
		Identities []string     `json:"identities"`
	}
	if err := json.Unmarshal(b, &list); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for _, g := range list {
		if !validName(g.ID) {
			return nil, fmt.Errorf("%s: a gateway's ID has letters, digits, - and _", file)
		}
		gateway := diag.Gateway{ID: g.ID, Addresses: g.Addresses}
		for _, i := range g.Identities {
			gateway.Identities = append(gateway.Identities, ike.ParseIdentity(i, ike.DialectAny))
		}
		out = append(out, gateway)
	}
	return out, nil
}
