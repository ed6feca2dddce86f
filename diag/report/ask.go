package report

import "github.com/ikediag/ikediag/diag"

// ask says which evidence is missing and, where that does not depend on the
// product, by which command to get it. What is particular to a product stands
// in the level that the rule gives.
func (s *section) ask(m *diag.Missing) (what, command safe) {
	whose := s.whose(m.End)
	level := shown(m.Level)
	switch m.Kind {
	case diag.KindLog:
		t := whose + " log of one attempt"
		if level != "" {
			t += ", at level " + level
		}
		return t, ""
	case diag.KindCapture:
		what = "a packet capture made " + s.at(m.End) + " during one attempt:"
		if peer := s.peerOf(m.End); peer != "" {
			return what, "tcpdump -ni any -s 0 -w ike.pcap host " + peer
		}
		return what, "tcpdump -ni any -s 0 -w ike.pcap 'port 500 or port 4500 or proto 50 or proto 51'"
	case diag.KindConfig:
		return whose + " configuration, as the daemon reads it", ""
	case diag.KindSecrets:
		return whose + " file of secrets; no report ever shows a key", ""
	case diag.KindState:
		t := whose + " table of SAs and policies, the daemon's and the kernel's, while the fault lasts"
		if level != "" {
			t += ": " + level
		}
		return t, ""
	case diag.KindCertificate:
		return whose + " certificate and those of its issuers, without private keys", ""
	case diag.KindProbe:
		return "a probe: what the gateway answers when it is asked from outside", ""
	}
	t := whose + " evidence"
	if level != "" {
		t += ", " + level
	}
	return t, ""
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
