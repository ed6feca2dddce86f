package report

import (
	"slices"
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// ask says which evidence is missing and, where that is known, by which commands
// to get it.
func (v *resolver) ask(s *section, m *diag.Missing) *request {
	r := &request{}
	var level safe
	if m.Level != diag.LevelDetail {
		level = shown(m.Level)
	}
	for _, g := range v.guides(s, m.End) {
		a := asking{product: safe(g.Product), link: collectURL + "#" + safe(g.Anchor())}
		for _, step := range g.Steps(m.Kind) {
			if len(a.commands) == maxCommands || strings.Contains(step.Command, "\n") {
				break // the page has them all
			}
			if step.Command != "" {
				a.commands = append(a.commands, named(step.Command, s.peerOf(m.End)))
			}
		}
		if m.Kind == diag.KindLog && g.Level != "" {
			a.level = safe(g.Level)
		}
		if len(a.commands) > 0 || a.level != "" || m.Kind == diag.KindConfig {
			r.steps = append(r.steps, a)
		}
	}
	whose := s.whose(m.End)
	switch m.Kind {
	case diag.KindLog:
		r.how = whose + " log of one attempt"
		switch {
		case level != "":
			r.how += ", at level " + level
		case m.Level != "" && len(r.steps) == 0:
			r.how += ", in detail"
		}
	case diag.KindCapture:
		r.how = "a packet capture made " + s.at(m.End) + " during one attempt"
		if len(r.steps) == 0 {
			command := safe("tcpdump -ni any -s 0 -w ike.pcap 'port 500 or port 4500 or proto 50 or proto 51'")
			if peer := s.peerOf(m.End); peer != "" {
				command = "tcpdump -ni any -s 0 -w ike.pcap host " + peer
			}
			r.how += ":"
			r.steps = []asking{{commands: []safe{command}}}
		}
	case diag.KindConfig:
		r.how = whose + " configuration, as the daemon reads it"
	case diag.KindSecrets:
		r.how = whose + " file of secrets; no report ever shows a key"
	case diag.KindState:
		r.how = whose + " table of SAs and policies, the daemon's and the kernel's, while the fault lasts"
		if level != "" {
			r.how += ": " + level
		}
	case diag.KindCertificate:
		r.how = whose + " certificate and those of its issuers, without private keys"
	case diag.KindProbe:
		r.how = "a probe: what the gateway answers when it is asked from outside"
	default:
		r.how = whose + " evidence"
		if level != "" {
			r.how += ", " + level
		}
	}
	return r
}

// maxCommands bounds the commands of a product that a report shows.
const maxCommands = 4

// collectURL is where it is explained how evidence is collected.
const collectURL = "https://github.com/ikediag/ikediag/blob/main/diag/COLLECT.md"

// named puts the peer's address, where it is known, into a command.
func named(command string, peer safe) safe {
	if peer != "" {
		command = strings.ReplaceAll(command, "PEER", string(peer))
	}
	return safe(command)
}

// guides returns those of the ends that are asked, each once.
func (v *resolver) guides(s *section, e diag.End) (gs []*Guide) {
	ask := func(gateway string) {
		if g := v.guide(gateway); g != nil && !slices.Contains(gs, g) {
			gs = append(gs, g)
		}
	}
	switch i := s.role(e); {
	case s.tunnel == nil && s.gateway != nil:
		ask(s.gateway.ID)
	case s.tunnel == nil:
	case i >= 0:
		ask(s.tunnel.Ends[i].GatewayID)
	case e == diag.EndBoth, e == diag.EndEither:
		ask(s.tunnel.Ends[0].GatewayID)
		ask(s.tunnel.Ends[1].GatewayID)
	}
	return gs
}

func (s *section) whose(e diag.End) safe {
	switch e {
	case diag.EndInitiator, diag.EndResponder:
		t := "the " + word(e.String())
		if a := s.addressOf(s.role(e)); a != "" {
			t += " " + a
		}
		return t + "'s"
	case diag.EndBoth:
		return "both ends'"
	case diag.EndEither:
		return "either end's"
	}
	return "the gateway's"
}

func (s *section) at(e diag.End) safe {
	switch e {
	case diag.EndInitiator, diag.EndResponder:
		t := "at the " + word(e.String())
		if a := s.addressOf(s.role(e)); a != "" {
			t += " " + a
		}
		return t
	case diag.EndBoth:
		return "at both ends"
	case diag.EndEither:
		return "at either end"
	case diag.EndPath:
		return "between the ends"
	}
	return "at the gateway"
}

// addressOf returns the address of an end, empty where it is not known.
func (s *section) addressOf(end int) safe {
	if end < 0 || s.tunnel == nil || len(s.tunnel.Ends[end].Addresses) == 0 {
		return ""
	}
	return address(s.tunnel.Ends[end].Addresses[0])
}

// peerOf returns the address that an end talks to.
func (s *section) peerOf(e diag.End) safe {
	if i := s.role(e); i >= 0 {
		return s.addressOf(1 - i)
	}
	return ""
}

// whoText says who has to act.
func (s *section) whoText(e diag.End) safe {
	switch e {
	case diag.EndInitiator, diag.EndResponder:
		if a := s.addressOf(s.role(e)); a != "" {
			return word(e.String()) + " " + a
		}
		return word(e.String())
	case diag.EndBoth:
		return "both ends"
	case diag.EndEither:
		return "either end"
	case diag.EndPath:
		return "on the path between the ends"
	}
	return ""
}
