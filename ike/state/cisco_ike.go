package state

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// What Cisco's show crypto isakmp sa and show crypto ikev1 sa print. IOS has a
// table, in which dst is who answered and src who began:
//
//	dst             src             state          conn-id status
//	192.0.2.1       198.51.100.2    QM_IDLE           1001 ACTIVE
//
// ASA has a record of several lines, or in detail a table with a line of
// headings for each:
//
//	1   IKE Peer: 198.51.100.2
//	    Type    : L2L             Role    : initiator
//	    Rekey   : no              State   : MM_ACTIVE
//
//	IKE Peer      Type  Dir   Rky  State      Encrypt Hash  Auth    Lifetime
//	1 198.51.100.2 User  Resp  No   AM_ACTIVE  3des    SHA   preshrd 86400
func readCiscoIKE(p *parser) {
	var sa *SA // the ASA's record that is being read
	detail := false
	for p.next() {
		line := strings.TrimSpace(p.line)
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		switch _, peer, isPeer := strings.Cut(line, "IKE Peer: "); {
		case isPeer:
			sa = p.ciscoSA()
			if a, ok := address(strings.TrimSpace(peer)); ok && sa != nil {
				sa.Remote.Address = netip.AddrPortFrom(a, 0)
			} else if sa != nil {
				sa.Name = strings.TrimSpace(peer)
			}
		case strings.HasPrefix(line, "IKE Peer "):
			detail = true
		case detail && len(f) >= 6 && isNumber(f[0]):
			p.ciscoDetail(f)
		case strings.Contains(line, "Role    : "), strings.Contains(line, "State   : "):
			if sa != nil {
				sa.asa(line)
			}
		case len(f) >= 4 && iosState(f[2]):
			p.ciscoRow(f)
		case ciscoHeading(line):
		default:
			p.unknown()
		}
	}
}

func isNumber(s string) bool {
	_, err := strconv.ParseUint(s, 10, 64)
	return err == nil
}

// iosState reports whether a word is the name of a state of IOS's.
func iosState(s string) bool {
	for _, prefix := range []string{"QM_", "MM_", "AG_", "CONF_"} {
		if strings.HasPrefix(s, prefix) {
			return true
		}
	}
	return false
}

// ciscoHeading reports whether a line is one around the SAs.
func ciscoHeading(line string) bool {
	for _, h := range []string{"IPv4 Crypto ", "IPv6 Crypto ", "dst ", "IKEv1 SAs:", "IKEv2 SAs:", "Active SA:", "Rekey SA:", "Total IKE", "There are no", "Encrypt ", "Auth ", "Lifetime "} {
		if strings.HasPrefix(line, h) {
			return true
		}
	}
	return false
}

func (p *parser) ciscoSA() *SA {
	if !p.room() {
		return nil
	}
	sa := SA{Line: p.n, Version: 1}
	sa.Local.Identity, sa.Remote.Identity = ike.Identity{Any: true}, ike.Identity{Any: true}
	p.st.SAs = append(p.st.SAs, sa)
	return &p.st.SAs[len(p.st.SAs)-1]
}

// ciscoRow reads a line of the IOS's table.
func (p *parser) ciscoRow(f []string) {
	sa := p.ciscoSA()
	if sa == nil {
		return
	}
	to, ok := address(f[0])
	from, ok2 := address(f[1])
	if ok && ok2 {
		sa.Between = [2]netip.Addr{from, to}
	}
	sa.cisco(f[2])
	sa.ID, _ = strconv.ParseUint(f[3], 10, 32)
	if strings.Contains(strings.Join(f[3:], " "), "(deleted)") {
		sa.State = IKEDeleting
	}
}

// ciscoDetail reads a line of the ASA's table.
func (p *parser) ciscoDetail(f []string) {
	sa := p.ciscoSA()
	if sa == nil {
		return
	}
	if a, ok := address(f[1]); ok {
		sa.Remote.Address = netip.AddrPortFrom(a, 0)
	}
	sa.ID, _ = strconv.ParseUint(f[0], 10, 32)
	sa.role(f[3])
	sa.cisco(f[5])
}

// asa reads a line of the ASA's record.
func (sa *SA) asa(line string) {
	if _, role, ok := strings.Cut(line, "Role    : "); ok {
		sa.role(role)
	}
	if _, state, ok := strings.Cut(line, "State   : "); ok {
		sa.cisco(strings.TrimSpace(state))
	}
}

func (sa *SA) role(s string) {
	switch low := strings.ToLower(strings.TrimSpace(s)); {
	case strings.HasPrefix(low, "init"):
		sa.Role = RoleInitiator
	case strings.HasPrefix(low, "resp"):
		sa.Role = RoleResponder
	}
}

// cisco translates the name of a state. Those of IOS that are not QM_IDLE and
// those of ASA that are not active are of a phase 1 under way; behind the
// prefix stands the message that was sent, or that is waited for.
func (sa *SA) cisco(s string) {
	sa.StateText = s
	switch up := strings.ToUpper(s); {
	case up == "QM_IDLE", up == "MM_ACTIVE", up == "AM_ACTIVE":
		sa.State = IKEEstablished
	case strings.HasPrefix(up, "MM_REKEY"), strings.HasPrefix(up, "AM_REKEY"):
		sa.State = IKERekeying
	default:
		sa.State = IKEConnecting
		if n, ok := strings.CutPrefix(up, "MM_WAIT_MSG"); ok && len(n) == 1 && '2' <= n[0] && n[0] <= '6' {
			sa.Sent = n[0] - '1' // it waits for the answer to this one
		}
	}
}
