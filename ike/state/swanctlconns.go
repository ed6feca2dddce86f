package state

import (
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// What swanctl --list-conns prints of the connections that charon has loaded:
//
//	vpn: IKEv1, reauthentication every 14400s, dpd delay 30s
//	  local:  192.0.2.1
//	  remote: 192.0.2.2
//	  local pre-shared key authentication:
//	    id: a
//	  remote pre-shared key authentication:
//	    id: b
//	  net: TUNNEL, rekeying every 3600s, dpd action is clear
//	    local:  10.1.0.0/16
//	    remote: 10.2.0.0/16
//
// What it does not print, as the proposals, is no statement about them.

// isSwanctlConn recognises the line that a connection begins with.
func isSwanctlConn(line []byte) bool {
	_, ok := swanctlConn(string(line))
	return ok
}

// swanctlConn reads the line that a connection begins with. The name may hold
// anything; what follows it does not hold ": IKEv".
func swanctlConn(line string) (c Connection, ok bool) {
	name, rest, found := cutLast(line, ": IKEv")
	if !found || name == "" || name[0] == ' ' {
		return c, false
	}
	f := strings.Split("IKEv"+rest, ", ")
	if len(f) < 2 || !strings.Contains(f[1], "reauthentication") && !strings.Contains(f[1], "rekeying") {
		return c, false
	}
	c = Connection{Name: name, Versions: f[0]}
	for _, part := range f[1:] {
		if d, ok := strings.CutPrefix(part, "dpd delay "); ok {
			c.DPD = seconds(d)
		}
	}
	return c, true
}

func readSwanctlConns(p *parser) {
	p.st.Daemon.Product, p.st.Listed = "strongSwan", 1
	for p.next() {
		c, ok := swanctlConn(p.line)
		if !ok {
			p.unknown()
			continue
		}
		c.Line = p.n
		keep := p.room()
		swanctlConnBody(p, &c)
		if keep {
			p.st.Connections = append(p.st.Connections, c)
		}
	}
}

// swanctlConnBody reads the lines of a connection after its first: what has
// two blanks is its own, what has four belongs to what stood before.
func swanctlConnBody(p *parser, c *Connection) {
	var round *AuthRound
	var child *ConnectionChild
	for p.next() {
		text, own := strings.CutPrefix(p.line, "  ")
		if !own {
			p.back()
			return
		}
		detail, deeper := strings.CutPrefix(text, "  ")
		kid, isKid := swanctlConnChild(text)
		switch local, auth, isRound := swanctlRound(text); {
		case deeper && child != nil && swanctlConnSelectors(child, detail):
		case deeper && round != nil && swanctlRoundDetail(round, detail):
		case deeper:
			p.unknown()
		case isKid && p.room():
			kid.Line = p.n
			c.Children = append(c.Children, kid)
			round, child = nil, &c.Children[len(c.Children)-1]
		case isKid:
			round, child = nil, nil
		case strings.HasPrefix(text, "local: "): // no child: a mode would follow
			c.Local = strings.TrimSpace(text[len("local: "):])
		case strings.HasPrefix(text, "remote: "):
			c.Remote = strings.TrimSpace(text[len("remote: "):])
		case isRound && !p.room():
			round, child = nil, nil
		case isRound:
			to := &c.RemoteAuth
			if local {
				to = &c.LocalAuth
			}
			*to = append(*to, AuthRound{Line: p.n, Method: auth, Identity: ike.Identity{Any: true}})
			round, child = &(*to)[len(*to)-1], nil
		default:
			p.unknown()
		}
	}
}

// swanctlRound reads "local pre-shared key authentication:".
func swanctlRound(text string) (local bool, method string, ok bool) {
	side, method, found := strings.Cut(text, " ")
	method, ok = strings.CutSuffix(method, " authentication:")
	return side == "local", method, found && ok && (side == "local" || side == "remote")
}

// swanctlRoundDetail reads a line of a round of authentication.
func swanctlRoundDetail(r *AuthRound, text string) bool {
	key, value, ok := cut2(text, ": ")
	switch {
	case !ok:
		return false
	case key == "id":
		r.Text, r.Identity = value, identity(value)
	case key == "certs":
		r.Certificates = append(r.Certificates, value)
	case key == "xauth_id", key == "eap_id", key == "eap-type", key == "xauth", key == "cacerts", key == "groups", key == "aaa_id":
	default:
		return false
	}
	return true
}

// swanctlConnChild reads "net: TUNNEL, rekeying every 3600s".
func swanctlConnChild(text string) (c ConnectionChild, ok bool) {
	name, rest, found := cutLast(text, ": ")
	if !found {
		return c, false
	}
	mode, options, _ := strings.Cut(rest, ", ")
	c = ConnectionChild{Name: name, Options: options}
	if mode == "PASS" || mode == "DROP" {
		return c, true
	}
	c.Mode, ok = ike.ParseMode(strings.TrimSuffix(mode, "_PROXY"))
	return c, ok
}

// swanctlConnSelectors reads a line of a child, whose selectors it keeps.
func swanctlConnSelectors(c *ConnectionChild, text string) bool {
	if s, ok := strings.CutPrefix(text, "local: "); ok {
		c.LocalText = strings.TrimSpace(s)
		c.Local = selectors(s)
		return true
	}
	if s, ok := strings.CutPrefix(text, "remote: "); ok {
		c.RemoteText = strings.TrimSpace(s)
		c.Remote = selectors(s)
		return true
	}
	return strings.HasPrefix(text, "interface: ") || strings.HasPrefix(text, "priority: ")
}
