package config

import (
	"cmp"
	"net/netip"
	"strings"
)

// What AWS tells of its Site-to-Site VPN connections: the answer of
// describe-vpn-connections as JSON, and the configuration for the customer's
// gateway as XML, by itself or within that answer. Each of the two tunnels of a
// connection is a Connection as AWS's end has it, since that is the end whose
// configuration it is: the customer's has to be its mirror.
//
// The options of a tunnel list what AWS takes; the XML has one suite of these,
// for the customer to set. Where only the XML is given, more than that suite
// may be taken. Defaults are those of the user guide.

// awsTunnel is one tunnel in either form; any of the two may be nil.
type awsTunnel struct {
	conn    *element // of the answer
	options *element
	xml     *element
	id      string // of the connection
	at      Pos
}

func (s *source) aws(name string, b []byte) {
	s.c.SecretsRead = true
	if text := strings.TrimLeft(string(b[:min(len(b), 64)]), " \t\r\n"); strings.HasPrefix(text, "<") {
		root := s.xmlTree(name, b, func([]string) bool { return true })
		for _, n := range root.all("vpn_connection") {
			s.awsConnection(nil, n)
		}
		s.awsRest(root, "")
		return
	}
	root := s.jsonTree(name, b)
	answer := root.find("")
	list := answer.all("VpnConnections")
	if one := answer.find("VpnConnection"); one != nil {
		list = append(list, one) // of create- and modify-
	}
	if answer.find("CustomerGatewayConfiguration") != nil {
		list = append(list, answer)
	}
	for _, n := range list {
		var xml *element
		if text := n.find("CustomerGatewayConfiguration"); text != nil {
			text.taken = true
			xml = s.awsEmbedded(text)
		}
		s.awsConnection(n, xml)
		s.awsRest(xml, "CustomerGatewayConfiguration")
	}
	s.awsRest(root, "")
}

// awsEmbedded reads the XML that stands as a text in JSON, all in its line.
func (s *source) awsEmbedded(text *element) *element {
	inner := &source{c: &Config{}, o: s.o, lim: s.lim}
	root := inner.xmlTree(text.at.File, []byte(text.text), func([]string) bool { return true })
	for _, p := range inner.c.Problems {
		s.problem(text.at, "CustomerGatewayConfiguration", p.Err)
	}
	if s.opens += inner.opens; s.opens > s.lim.Statements {
		s.stop(text.at, s.lim.Statements, "sections")
	}
	root.move(text.at)
	return root.find("vpn_connection")
}

// move puts an element and all below it to a place.
func (n *element) move(at Pos) {
	n.at = at
	for _, s := range n.subs {
		s.move(at)
	}
}

// awsConnection makes the connections of the tunnels.
func (s *source) awsConnection(conn, xml *element) {
	var tunnels []*awsTunnel
	byAddress := map[string]*awsTunnel{}
	id, ok := conn.take("VpnConnectionId")
	if !ok && xml != nil {
		id.V = xml.uuid
	}
	for _, o := range conn.find("Options").all("TunnelOptions") {
		t := &awsTunnel{conn: conn, options: o, id: id.V, at: o.at}
		if a, ok := o.take("OutsideIpAddress"); ok {
			byAddress[a.V] = t
		}
		if !o.torn {
			tunnels = append(tunnels, t)
		}
	}
	for _, x := range xml.all("ipsec_tunnel") {
		a := x.find("vpn_gateway", "tunnel_outside_address", "ip_address")
		if x.torn || a == nil {
			continue
		}
		if t := byAddress[a.text]; t != nil {
			t.xml = x
			continue
		}
		tunnels = append(tunnels, &awsTunnel{conn: conn, xml: x, id: id.V, at: x.at})
	}
	for _, t := range tunnels {
		if !s.connection(len(s.c.Connections), t.at) || !s.child(t.at) {
			return
		}
		s.c.Connections = append(s.c.Connections, s.awsTunnel(t))
	}
}

// address returns one of the two outside addresses.
func (t *awsTunnel) address(end, option string) Value[[]Address] {
	v, ok := t.options.take(option)
	if x := t.xml.find(end, "tunnel_outside_address"); !ok && x != nil {
		v, ok = x.take("ip_address")
		v.Key = end
	}
	a, err := netip.ParseAddr(v.V)
	if !ok || err != nil {
		return defaulted(cmp.Or(option, end), []Address{{Text: "any"}})
	}
	return spelt(v, []Address{{Kind: AddressHost, Text: v.V, First: a.Unmap()}})
}

// awsRest lists what nobody took.
func (s *source) awsRest(n *element, where string) {
	if n == nil {
		return
	}
	for _, x := range n.subs {
		if len(x.subs) > 0 {
			s.awsRest(x, cmp.Or(x.name, where))
			continue
		}
		if !s.unit(x.at) {
			return
		}
		st := Statement{Section: where, At: x.at, Word: x.taken || hasWord(awsWords, x.name)}
		if st.Word {
			s.recognize(x.at)
			if x.taken {
				continue
			}
			st.Key = x.name
		}
		s.c.Unknown = append(s.c.Unknown, st)
	}
}
