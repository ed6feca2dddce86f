package state

import (
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// ikeState translates strongSwan's names of an IKE SA's states.
func ikeState(s string) IKEState {
	switch s {
	case "CREATED":
		return IKECreated
	case "CONNECTING":
		return IKEConnecting
	case "ESTABLISHED":
		return IKEEstablished
	case "REKEYING":
		return IKERekeying
	case "REKEYED":
		return IKERekeyed
	case "DELETING", "DESTROYING":
		return IKEDeleting
	case "PASSIVE":
		return IKEPassive
	}
	return IKEUnknown
}

// childState translates strongSwan's names of a child's states.
func childState(s string) ChildState {
	switch s {
	case "CREATED":
		return ChildCreated
	case "ROUTED":
		return ChildRouted
	case "INSTALLING":
		return ChildInstalling
	case "INSTALLED":
		return ChildInstalled
	case "UPDATING":
		return ChildUpdating
	case "REKEYING":
		return ChildRekeying
	case "REKEYED":
		return ChildRekeyed
	case "RETRYING":
		return ChildRetrying
	case "DELETING", "DESTROYING":
		return ChildDeleting
	case "DELETED":
		return ChildDeleted
	}
	return ChildUnknown
}

// childMode reads a mode, which may name the encapsulation in UDP as well.
func childMode(c *Child, s string) {
	s = strings.TrimSuffix(s, "_PROXY")
	s, udp := strings.CutSuffix(s, "-in-UDP")
	c.UDP = c.UDP || udp
	c.Mode, _ = ike.ParseMode(s)
}

// algorithmList recognises a line that is nothing but algorithms.
func algorithmList(s string) bool {
	return !strings.ContainsAny(s, " \t:,'") && strings.Contains(s, "/") && strings.Contains(s, "_")
}

// nonNull takes out of a list of algorithms what was not there to be printed.
func nonNull(s string) string {
	if !strings.Contains(s, null) {
		return s
	}
	var out []string
	for part := range strings.SplitSeq(s, "/") {
		if part != null {
			out = append(out, part)
		}
	}
	return strings.Join(out, "/")
}
