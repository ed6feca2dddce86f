package state

import (
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// What strongSwan's ipsec status and ipsec statusall print: sections, whose
// lines begin with a name, right-aligned, and a colon. In "name[1]:" the
// number is that of an IKE SA, in "name{1}:" that of a child.

// isStroke recognises the first line of ipsec statusall and the one line that
// ipsec status always has.
func isStroke(line []byte) bool {
	s := string(line)
	return strings.HasPrefix(s, "Status of IKE charon daemon") ||
		strings.HasPrefix(s, "Security Associations (") && strings.HasSuffix(s, "connecting):")
}

// section is the part of the output that a line stands in.
type section uint8

const (
	noSection section = iota
	daemonSection
	poolSection
	addressSection
	connectionSection
	shuntSection
	routedSection
	saSection
)

func sectionOf(line string) (section, bool) {
	switch {
	case strings.HasPrefix(line, "Status of IKE charon daemon"):
		return daemonSection, true
	case strings.HasPrefix(line, "Virtual IP pools"):
		return poolSection, true
	case line == "Listening IP addresses:":
		return addressSection, true
	case line == "Connections:":
		return connectionSection, true
	case line == "Shunted Connections:":
		return shuntSection, true
	case line == "Routed Connections:":
		return routedSection, true
	case strings.HasPrefix(line, "Security Associations ("):
		return saSection, true
	}
	return noSection, false
}

func readStroke(p *parser) {
	in, listed := noSection, 0
	for p.next() {
		if blank(p.line) {
			continue
		}
		if s, ok := sectionOf(p.line); ok {
			in = s
			switch s {
			case daemonSection:
				strokeDaemon(&p.st.Daemon, p.line)
			case connectionSection:
				listed = p.n
			case saSection:
				p.st.Listed = listed // it is complete
				strokeCounts(p.st, p.line)
			}
			continue
		}
		switch in {
		case daemonSection:
			strokeUptime(p)
		case poolSection, shuntSection:
			// Address pools and policies past IPsec: nothing to tell of a
			// tunnel.
		case addressSection:
			if a, ok := address(strings.TrimSpace(p.line)); ok {
				p.st.Addresses = append(p.st.Addresses, a)
			} else {
				p.unknown()
			}
		case connectionSection:
			strokeConnection(p)
		case routedSection:
			strokeRouted(p)
		case saSection:
			strokeSA(p)
		default:
			p.unknown()
		}
	}
}

// strokeDaemon reads "Status of IKE charon daemon (strongSwan 5.9.8, Linux
// 6.1.176, x86_64):". A daemon that uses weak algorithms on purpose calls
// itself weakSwan.
func strokeDaemon(d *Daemon, line string) {
	text := between(line, "(", "):")
	name, system, _ := cut2(text, ",")
	product, version, _ := cut2(name, " ")
	if product == "weakSwan" {
		product = "strongSwan"
	}
	d.Product, d.Version, d.System = product, version, system
}

func strokeUptime(p *parser) {
	text, ok := strings.CutPrefix(p.line, "  uptime: ")
	if !ok {
		return // memory, threads, plugins
	}
	up, since, _ := cut2(text, ", since ")
	p.st.Daemon.Uptime, p.st.Daemon.Since = spelled(up), since
}

// strokeCounts reads "Security Associations (1 up, 0 connecting):".
func strokeCounts(st *State, line string) {
	up, connecting, _ := cut2(between(line, "(", ")"), ",")
	st.Up, st.Connecting = count(up), count(connecting)
}

// count reads the number before a word, -1 where there is none.
func count(s string) int {
	number, _, _ := strings.Cut(s, " ")
	n, ok := number32(number)
	if !ok {
		return -1
	}
	return int(n)
}

// strokeConnection reads a line of the section Connections.
func strokeConnection(p *parser) {
	name, text, ok := strings.Cut(strings.TrimLeft(p.line, " "), ":  ")
	if !ok {
		p.unknown()
		return
	}
	// Deeper lines have one or two further spaces before their word.
	word, rest, _ := cut2(strings.TrimLeft(text, " "), " ")
	var last *Connection
	if n := len(p.st.Connections); n > 0 {
		last = &p.st.Connections[n-1]
	}
	switch {
	case !strings.HasPrefix(text, " "):
		strokeNewConnection(p, name, text)
	case last == nil:
		p.unknown()
	case word == "local:":
		last.LocalAuth = append(last.LocalAuth, strokeAuth(p.n, rest))
	case word == "remote:":
		last.RemoteAuth = append(last.RemoteAuth, strokeAuth(p.n, rest))
	case word == "child:":
		last.Children = append(last.Children, strokeChildConfig(p.n, name, rest))
	case word == "cert:":
		round := lastRound(last)
		if round != nil {
			round.Certificates = append(round.Certificates, strings.Trim(rest, `"`))
		}
	case word == "ca:", word == "im-ca:", word == "crl:", word == "ocsp:", word == "group:":
		// Constraints on the peer's certificate: package ike/config has them.
	default:
		p.unknown()
	}
}

// lastRound is the round of authentication that was read last.
func lastRound(c *Connection) *AuthRound {
	var last *AuthRound
	for _, rounds := range [][]AuthRound{c.LocalAuth, c.RemoteAuth} {
		if n := len(rounds); n > 0 && (last == nil || rounds[n-1].Line > last.Line) {
			last = &rounds[n-1]
		}
	}
	return last
}

// strokeNewConnection reads "192.0.2.1...%any  IKEv1 Aggressive,
// dpddelay=30s".
func strokeNewConnection(p *parser, name, text string) {
	hosts, how, ok := strings.Cut(text, "  ")
	local, remote, both := strings.Cut(hosts, "...")
	if !ok || !both {
		p.unknown()
		return
	}
	if !p.room() {
		return
	}
	how, options, _ := cut2(how, ",")
	c := Connection{Line: p.n, Name: unnamed(name), Local: local, Remote: remote}
	c.Versions, c.Aggressive = strings.CutSuffix(how, " Aggressive")
	if d, ok := strings.CutPrefix(options, "dpddelay="); ok {
		c.DPD = seconds(d)
	}
	p.st.Connections = append(p.st.Connections, c)
}

// strokeAuth reads "[id] uses pre-shared key authentication".
func strokeAuth(line int, s string) AuthRound {
	r := AuthRound{Line: line}
	id, method, ok := strings.Cut(s, " uses ")
	if !ok {
		method = strings.TrimPrefix(s, "uses ")
	} else if id = strings.TrimSpace(id); len(id) >= 2 && id[0] == '[' && id[len(id)-1] == ']' {
		r.Text = id[1 : len(id)-1]
		r.Identity = identity(r.Text)
	}
	r.Method, _, _ = strings.Cut(method, " authentication")
	return r
}

// strokeChildConfig reads "10.1.0.0/16 === dynamic TUNNEL, dpdaction=clear".
func strokeChildConfig(line int, name, s string) ConnectionChild {
	c := ConnectionChild{Line: line, Name: name}
	s, c.Options, _ = cut2(s, ",")
	local, rest, _ := cut2(s, " === ")
	remote := rest
	if i := strings.LastIndexByte(rest, ' '); i >= 0 {
		remote = rest[:i]
		c.Mode, _ = ike.ParseMode(strings.TrimSuffix(rest[i+1:], "_PROXY"))
	}
	c.LocalText, c.RemoteText = local, remote
	c.Local, c.Remote = selectors(local), selectors(remote)
	return c
}
