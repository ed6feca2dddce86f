package state

import (
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// What ip xfrm policy prints: a line with the selectors, then indented lines
// with the direction and with each template.

func readXfrmPolicy(p *parser) {
	var cur *Policy
	for p.next() {
		f := strings.Fields(p.line)
		if len(f) == 0 {
			continue
		}
		if !indented(p.line) {
			cur = nil
			if f[0] != "src" {
				p.unknown()
				continue
			}
			if p.room() {
				p.st.Policies = append(p.st.Policies, Policy{Line: p.n})
				cur = &p.st.Policies[len(p.st.Policies)-1]
				xfrmSelector(p, cur, f)
			}
			continue
		}
		if cur != nil && !xfrmPolicyLine(p, cur, f) {
			p.unknown()
		}
	}
}

func indented(s string) bool { return s != "" && (s[0] == ' ' || s[0] == '\t') }

// pairs calls do for each pair of words. It stops, and returns false, at one
// that do does not know.
func pairs(f []string, do func(key, value string) bool) bool {
	for i := 0; i+1 < len(f); i += 2 {
		if !do(f[i], f[i+1]) {
			return false
		}
	}
	return true
}

// xfrmSelector reads "src 10.8.0.0/24 dst 10.9.0.0/24 proto tcp sport 1 dport
// 2".
func xfrmSelector(p *parser, q *Policy, f []string) {
	var from, to [2]string // protocol and port of each end
	src, dst := "", ""
	pairs(f, func(k, v string) bool {
		switch k {
		case "src":
			src = v
		case "dst":
			dst = v
		case "proto":
			from[0], to[0] = v, v
		case "sport":
			from[1] = v
		case "dport":
			to[1] = v
		}
		return true
	})
	var err error
	if q.Source, err = ike.ParseSelector(src); err != nil {
		p.fail(p.n, ErrSyntax)
	}
	if q.Destination, err = ike.ParseSelector(dst); err != nil {
		p.fail(p.n, ErrSyntax)
	}
	narrow(&q.Source, from)
	narrow(&q.Destination, to)
}

// narrow puts an IP protocol and a port into a selector.
func narrow(s *ike.Selector, by [2]string) {
	if by[0] != "" {
		s.Protocol = ipProtocol(by[0])
	}
	if n, err := strconv.ParseUint(by[1], 10, 16); err == nil {
		s.PortFrom, s.PortTo = uint16(n), uint16(n)
	}
}

// ipProtocol reads an IP protocol's name or number, 0 for others.
func ipProtocol(s string) uint8 {
	switch s {
	case "icmp":
		return 1
	case "tcp":
		return 6
	case "udp":
		return 17
	case "gre":
		return 47
	case "ipv6-icmp":
		return 58
	case "sctp":
		return 132
	}
	n, _ := strconv.ParseUint(s, 10, 8)
	return uint8(n)
}

// xfrmPolicyLine reads an indented line of a policy.
func xfrmPolicyLine(p *parser, q *Policy, f []string) bool {
	switch f[0] {
	case "dir", "socket":
		return pairs(f, func(k, v string) bool {
			switch k {
			case "dir", "socket":
				q.Socket, q.Dir = k == "socket", direction(v)
			case "action":
				q.Block = v == "block"
			case "priority":
				q.Priority, _ = strconv.ParseUint(v, 10, 64)
			}
			return true
		})
	case "action":
		q.Block = len(f) > 1 && f[1] == "block"
		return true
	case "mark":
		q.Mark = mark32(f[1:])
		return true
	case "if_id":
		q.IfID = mark32(f[1:])
		return true
	case "tmpl":
		var t Template
		pairs(f[1:], func(k, v string) bool {
			switch k {
			case "src":
				t.Source, _ = address(v)
			case "dst":
				t.Destination, _ = address(v)
			}
			return true
		})
		q.Templates = append(q.Templates, t)
		return true
	case "proto":
		if len(q.Templates) > 0 {
			xfrmTemplate(&q.Templates[len(q.Templates)-1], f)
			return true
		}
	case "level":
		if n := len(q.Templates); n > 0 {
			q.Templates[n-1].Optional = len(f) > 1 && f[1] == "use"
			return true
		}
	case "lifetime", "limit:", "expire", "add", "crypto", "security", "uid", "offload", "flag", "allow-partial":
		return true
	}
	// Counters: "0(bytes), 0(packets)".
	return strings.Contains(f[0], "(bytes)")
}

// xfrmTemplate reads "proto esp spi 0xc7c654ba reqid 1 mode tunnel".
func xfrmTemplate(t *Template, f []string) {
	pairs(f, func(k, v string) bool {
		switch k {
		case "proto":
			t.Protocol = xfrmProtocol(v)
		case "spi":
			t.SPI = spiOf(v)
		case "reqid":
			t.ReqID = mark32([]string{v})
		case "mode":
			t.Mode, _ = ike.ParseMode(v)
		}
		return true
	})
	for i := range f {
		if f[i] == "level" && i+1 < len(f) {
			t.Optional = f[i+1] == "use"
		}
	}
}

func direction(s string) Direction {
	switch s {
	case "in":
		return DirIn
	case "out":
		return DirOut
	case "fwd":
		return DirForward
	}
	return DirUnknown
}

// xfrmProtocol reads ip's names of transforms, of which comp is IPCOMP.
func xfrmProtocol(s string) ike.Protocol {
	if s == "comp" {
		return ike.ProtocolIPComp
	}
	p, _ := ike.ParseProtocol(s)
	return p
}

// spiOf reads "0xc7c654ba", which a decimal number in parentheses may follow.
func spiOf(s string) uint32 {
	s, _, _ = strings.Cut(s, "(")
	n, _ := strconv.ParseUint(s, 0, 32)
	return uint32(n)
}

// mark32 reads a number that may be followed by a mask or, in parentheses, by
// itself.
func mark32(f []string) uint32 {
	if len(f) == 0 {
		return 0
	}
	s, _, _ := strings.Cut(f[0], "/")
	return spiOf(s)
}
