package observe

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/config"
)

// Single values of a configuration, with their places.

func places(b *diag.Connection, c *config.Connection) {
	terms(b.At, c.Proposals.V)
	note(b.At, "LocalAddresses", c.Local.Addresses, addressList(c.Local.Addresses.V))
	note(b.At, "RemoteAddresses", c.Remote.Addresses, addressList(c.Remote.Addresses.V))
	note(b.At, "LocalID", c.Local.ID, c.Local.ID.V.String())
	note(b.At, "RemoteID", c.Remote.ID, c.Remote.ID.V.String())
	note(b.At, "LocalAuth", c.Local.Auth, c.Local.Auth.V.String())
	note(b.At, "RemoteAuth", c.Remote.Auth, c.Remote.Auth.V.String())
	if b.LocalWithholds || b.RemoteWithholds {
		note(b.At, "LocalWithholds", c.Local.SendCert, c.Local.SendCert.V.String())
		note(b.At, "RemoteWithholds", c.Remote.SendCert, c.Remote.SendCert.V.String())
	}
	note(b.At, "Mode", c.Aggressive, yesNo(c.Aggressive.V))
	note(b.At, "Version", c.Version, versionText(c.Dialect, c.Version.V))
	note(b.At, "Proposals", c.Proposals, c.Proposals.V.Text)
	note(b.At, "Lifetime", c.Lifetime.Total, seconds(c.Lifetime.Total.V))
	note(b.At, "XAuthRole", c.XAuth, "xauth")
	note(b.At, "NATTraversalOff", c.Encap, c.Encap.V.String())
	note(b.At, "FragmentationOff", c.Fragmentation, c.Fragmentation.V.String())
}

// terms notes the places of the parts of proposals, where each has its own:
// as Proposals.0.encryption.
func terms(at map[string]diag.Place, p config.Proposals) {
	for i, t := range p.Terms[:min(len(p.Terms), maxTerms)] {
		for attr, v := range t {
			note(at, fmt.Sprintf("Proposals.%d.%v", i, attr), v, v.V)
		}
	}
}

// maxTerms bounds the proposals whose parts are noted.
const maxTerms = 16

// blanks says of places that setting and value are parted by a blank.
func blanks(at map[string]diag.Place) {
	for k, p := range at {
		p.Blank = true
		at[k] = p
	}
}

// note notes a value with its place, in the file's own words where it gives
// them.
func note[T any](at map[string]diag.Place, field string, v config.Value[T], text string) {
	if v.Text != "" {
		text = v.Text
	}
	at[field] = diag.Place{File: v.At.File, Line: v.At.Line, Setting: v.Key, Default: !v.Stated(), Value: diag.Clean(text, 160)}
}

// versionText writes a version as its format does.
func versionText(d config.Dialect, v config.Version) string {
	switch {
	case d == config.Swanctl || d == config.OPNsenseModel:
		return fmt.Sprint(uint8(v))
	case d == config.Libreswan && v == config.IKEv1:
		return "no"
	case d == config.Libreswan:
		return "yes"
	case v == config.VersionAny:
		return "ike"
	}
	return strings.ToLower(v.String())
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func seconds(n uint32) string { return fmt.Sprintf("%ds", n) }

func child(d config.Dialect, c *config.Child) diag.ConnectionChild {
	out := diag.ConnectionChild{
		Name: c.Name, Mode: c.Mode.V, Proposals: c.Proposals.V.List, Lifetime: c.Lifetime.Life.V, LifeBytes: c.Lifetime.LifeBytes.V,
		Place: diag.Place{File: c.At.File, Line: c.At.Line, Setting: c.Name}, At: map[string]diag.Place{},
		FirstOnly: c.FirstOnly, Overfull: c.Overfull, Routed: c.Routed, Shunt: c.Action.V != config.Protect, Truncated: c.SHA256Bits96.V, Compressed: c.IPComp.V,
	}
	var local, remote string
	out.Local, local = selectorsOf(c.Local.V)
	out.Remote, remote = selectorsOf(c.Remote.V)
	note(out.At, "Local", c.Local, local)
	note(out.At, "Remote", c.Remote, remote)
	note(out.At, "Proposals", c.Proposals, c.Proposals.V.Text)
	note(out.At, "Mode", c.Mode, strings.ToLower(c.Mode.V.String()))
	note(out.At, "Lifetime", c.Lifetime.Life, seconds(c.Lifetime.Life.V))
	note(out.At, "Truncated", c.SHA256Bits96, yesNo(c.SHA256Bits96.V))
	note(out.At, "Compressed", c.IPComp, yesNo(c.IPComp.V))
	// Both ends in one statement, as an entry of an access list has them.
	out.AccessList = c.Local.Stated() && c.Local.At == c.Remote.At && c.Local.Key == c.Remote.Key
	if out.Translated = c.Translated.Origin != config.Unset; out.Translated {
		note(out.At, "Translated", c.Translated, c.Translated.V)
	}
	terms(out.At, c.Proposals.V)
	switch {
	case d.GroupApart():
		note(out.At, "PFS", c.PFS, "")
	case c.PFS.Stated() && !c.PFS.V:
		// PFS is switched off apart from the proposals.
		note(out.At, "PFS", c.PFS, "no")
	}
	if d.Separator() == " " {
		blanks(out.At)
	}
	return out
}

// selectorsOf returns the selectors, zero ones for those that were not
// understood, and how they read.
func selectorsOf(list []config.Selector) (out []ike.Selector, text string) {
	var words []string
	for _, s := range list {
		if s.Bad {
			s.Selector = ike.Selector{}
		}
		out = append(out, s.Selector)
		words = append(words, s.Text)
	}
	return out, strings.Join(words, ",")
}

func addressList(list []config.Address) string {
	var words []string
	for _, a := range list {
		words = append(words, a.Text)
	}
	return strings.Join(words, ",")
}

func addresses(list []config.Address) (out []netip.Addr, any bool, name string) {
	for _, a := range list {
		switch a.Kind {
		case config.AddressHost:
			out = append(out, a.First)
		case config.AddressName:
			name = a.Text
		default:
			any = true
		}
		any = any || a.AllowAny
	}
	return out, any || len(list) == 0, name
}

func addressText(list []config.Address) string {
	if len(list) == 0 {
		return "any"
	}
	s := list[0].Text
	if len(list) > 1 {
		s += ", …"
	}
	return s
}

// peers counts the loaded connections of a configuration by whom they may
// answer for.
type peers struct {
	all     map[netip.Addr]int
	same    map[samePeer]int
	any     int
	anySame map[string]int
}

type samePeer struct {
	peer   netip.Addr
	phase1 string
}

func census(c *config.Config) peers {
	n := peers{all: map[netip.Addr]int{}, same: map[samePeer]int{}, anySame: map[string]int{}}
	for i := range c.Connections {
		k := &c.Connections[i]
		if !k.Loaded() {
			continue
		}
		hosts, any, _ := addresses(k.Remote.Addresses.V)
		p1 := phase1(k)
		if any || len(hosts) == 0 {
			n.any++
			n.anySame[p1]++
		}
		for _, h := range hosts {
			n.all[h]++
			n.same[samePeer{h, p1}]++
		}
	}
	return n
}

// of counts the others that may answer for a connection's peer: those that
// negotiate phase 1 otherwise, and those that do it alike.
func (n peers) of(k *config.Connection) (rivals, siblings int) {
	hosts, any, _ := addresses(k.Remote.Addresses.V)
	p1 := phase1(k)
	total, alike, self := n.any, n.anySame[p1], 0
	if any || len(hosts) == 0 {
		hosts, self = nil, 1
	}
	for _, h := range hosts {
		total, alike, self = total+n.all[h], alike+n.same[samePeer{h, p1}], self+1
	}
	return max(0, total-alike), max(0, alike-self)
}

// phase1 sums up what a connection wants of phase 1.
func phase1(c *config.Connection) string {
	return fmt.Sprint(c.Version.V, c.Aggressive.V, c.Local.ID.V, c.Remote.ID.V, c.Local.Auth.V, c.Remote.Auth.V, c.XAuth.V, c.Proposals.V.Text)
}

// keyPlace is the place of a secret as its format writes it.
func keyPlace(m *config.SecretMatch) diag.Place {
	e, redacted := m.Entry, m.Secret.V.String()
	p := diag.Place{File: m.Secret.At.File, Line: m.Secret.At.Line, Setting: diag.Clean(m.Secret.Key, 60), Value: redacted}
	switch one := len(e.OwnerText) == 1; {
	case one && e.Name == config.CiscoKey:
		kind := "address"
		if !e.Peers.IsValid() {
			kind = "hostname"
		}
		p.Setting, p.Blank, p.Value = e.Name, true, fmt.Sprintf("%s %s %s", redacted, kind, diag.Clean(e.OwnerText[0], 60))
	case one && e.Name == config.CiscoKeyring:
		p.Setting, p.Blank, p.Value = "pre-shared-key", true, fmt.Sprintf("address %s key %s", diag.Clean(e.OwnerText[0], 60), redacted)
	case one && e.Name == config.RacoonKey: // a line begins with whom it is for
		p.Setting, p.Blank = diag.Clean(e.OwnerText[0], 60), true
	case e.Name == config.CiscoTunnelGroup: // below the group's attributes
		p.Blank = true
	case p.Setting == "": // a line of a secrets file begins with the kind
		p.Setting, p.Blank = diag.Clean(e.Name, 60), true
	}
	return p
}
