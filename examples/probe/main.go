// Probe asks a VPN gateway what it answers: whether its ports do, what it
// accepts, whether it speaks IKEv2, whether there is a NAT, how large a packet
// gets there.
//
//	go run ./examples/probe [-ask QUESTION,...] [-transforms SUITE,...] [-from ADDRESS:PORT] [-id IDENTITY] [-json] GATEWAY
//	go run ./examples/probe -ask all -json 192.0.2.1 >probe.json && go run ./examples/diagnose probe.json gw.log
//
// Probe only gateways that you are responsible for, or whose owner has agreed.
//
// It asks no more than -ask names: port-500 alone unless told otherwise. No
// identity is sent without -id, which makes the question about transforms one
// of aggressive mode. From port 500 it asks as a gateway does: that takes
// privileges, and no daemon that has the port. -json prints the stored form,
// schema ikediag.probe/v1, which examples/diagnose reads with other evidence.
// The exit status is 0 where the gateway answered anything, 1 where it did not,
// and 2 where it could not be asked.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"strings"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/probe"
	"github.com/ikediag/ikediag/isakmp"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	status, err := run(ctx, os.Stdout, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "probe:", diag.Clean(err.Error(), 400))
	}
	os.Exit(status)
}

var errUsage = errors.New("the gateway's address or name is missing: only one that you are responsible for")

func run(ctx context.Context, out io.Writer, args []string) (status int, err error) {
	flags := flag.NewFlagSet("probe", flag.ContinueOnError)
	ask := flags.String("ask", "port-500", "questions, or all: port-500, port-4500, accepts, version-2, nat, fragments, mtu")
	transforms := flags.String("transforms", "", "suites to offer, such as aes256-sha256-modp2048,aes128-sha1-modp1024-rsa; common ones if empty")
	from := flags.String("from", "", "address, :port or both to ask from")
	id := flags.String("id", "", "identity to send in aggressive mode: an address, a host name or user@host")
	asJSON := flags.Bool("json", false, "print the stored form")
	if err := flags.Parse(args); err != nil {
		return 2, nil // it was printed
	}
	if flags.NArg() != 1 {
		return 2, errUsage
	}
	plan, err := planOf(*ask, *transforms, *from, *id)
	if err != nil {
		return 2, err
	}
	if plan.Gateway, err = resolve(ctx, flags.Arg(0)); err != nil {
		return 2, err
	}
	r, err := probe.Ask(ctx, plan)
	if len(r.Answers) == 0 && err != nil {
		return 2, err
	}
	if *asJSON {
		b, err := json.MarshalIndent(r, "", " ")
		if err != nil {
			return 2, err
		}
		fmt.Fprintf(out, "%s\n", b)
	} else {
		show(out, r, plan.Most())
	}
	if err != nil {
		return 2, err
	}
	for i := range r.Answers {
		if r.Answers[i].Outcome.Spoke() {
			return 0, nil
		}
	}
	return 1, nil
}

func planOf(ask, transforms, from, id string) (p probe.Plan, err error) {
	for word := range strings.SplitSeq(ask, ",") {
		if word == "all" {
			p.Questions = []probe.Question{probe.Port500, probe.Port4500, probe.Accepts, probe.Version2, probe.NAT, probe.Fragments, probe.MTU}
			break
		}
		q, ok := probe.ParseQuestion(word)
		if !ok {
			return p, fmt.Errorf("no question %q", word)
		}
		p.Questions = append(p.Questions, q)
	}
	for word := range strings.SplitSeq(transforms, ",") {
		if t, ok := probe.ParseTransform(word); ok {
			p.Transforms = append(p.Transforms, t)
		} else if word != "" {
			return p, fmt.Errorf("no transform %q", word)
		}
	}
	if from != "" {
		if port, ok := strings.CutPrefix(from, ":"); ok {
			from = "0.0.0.0:" + port
		} else if a, err := netip.ParseAddr(from); err == nil {
			from = netip.AddrPortFrom(a, 0).String()
		}
		if p.Local, err = netip.ParseAddrPort(from); err != nil {
			return p, err
		}
		if p.Local.Addr().IsUnspecified() {
			p.Local = netip.AddrPortFrom(netip.Addr{}, p.Local.Port())
		}
	}
	if id != "" {
		p.Identity = identity(id)
	}
	return p, nil
}

// identity reads what RFC 2407, section 4.6.2 has a type for.
func identity(s string) *isakmp.ID {
	if a, err := netip.ParseAddr(s); err == nil {
		if a.Is4() {
			return &isakmp.ID{Type: isakmp.IDIPv4, Data: a.AsSlice()}
		}
		return &isakmp.ID{Type: isakmp.IDIPv6, Data: a.AsSlice()}
	}
	if strings.Contains(s, "@") {
		return &isakmp.ID{Type: isakmp.IDUserFQDN, Data: []byte(s)}
	}
	return &isakmp.ID{Type: isakmp.IDFQDN, Data: []byte(s)}
}

func resolve(ctx context.Context, name string) (netip.Addr, error) {
	if a, err := netip.ParseAddr(name); err == nil {
		return a, nil
	}
	all, err := net.DefaultResolver.LookupNetIP(ctx, "ip", name)
	if err != nil {
		return netip.Addr{}, err
	}
	return all[0], nil
}
