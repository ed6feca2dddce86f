package work

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike/config"
	"github.com/ikediag/ikediag/ike/state"
)

// numbered repeats a text that has a %d in places.
func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(format, "%d", fmt.Sprint(i)))
	}
	return b.String()
}

// written are texts in which what one line says is about others.
func written() iter.Seq[shape] {
	conf := func(name string, n int, text func(n int) string) shape {
		return shape{"config " + name, n, func(n int) { readConfig([]byte(text(n))) }}
	}
	dump := func(name string, n int, head, unit string) shape {
		return shape{"state " + name, n, func(n int) { _, _ = state.Parse("f", strings.NewReader(head+strings.Repeat(unit, n))) }}
	}
	log := func(name string, n int, text func(n int) string) shape {
		return shape{"log " + name, n, func(n int) { readLog([]byte(text(n))) }}
	}
	all := []shape{
		conf("swanctl connections", 100, func(n int) string {
			return "connections {\n" + numbered(n, "c%d { version = 1\n remote_addrs = 192.0.2.2\n proposals = 3des-md5-modp1024\n remotee = x\n local { auth = psk }\n remote { auth = psk }\n children { k { esp_proposals = des-md5 } } }\n") + "}\n"
		}),
		conf("swanctl deep", 5000, func(n int) string { return strings.Repeat("a { ", n) }),
		conf("swanctl proposals", 1000, func(n int) string {
			return "connections { a { version = 1\n proposals = " + strings.Repeat("aes128-sha256-modp2048,", n) + "\n } }\n"
		}),
		conf("swanctl references", 800, func(n int) string {
			return "connections {\n" + numbered(n, "c%d : t%d { version = 1 }\n") + "}\n" + numbered(n, "t%d { a = b\n c = d\n}\n")
		}),
		conf("swanctl chained references", 800, func(n int) string {
			return "connections { c : t11 { version = 1 } }\nt0 { a = b }\n" + numbered(n, "t1%d : t0, t1%d1 { c%d = d\n}\n")
		}),
		conf("swanctl secrets", 300, func(n int) string {
			return "connections {\n" + numbered(n, "c%d { version = 1\n remote { id = n%d.example.com\n auth = psk } }\n") + "}\nsecrets {\n" + numbered(n, "ike%d { id = n%d.example.com\n secret = x%d }\n") + "}\n"
		}),
		conf("ipsec.conf connections", 1500, func(n int) string {
			return numbered(n, "conn c%d\n\tkeyexchange=ikev1\n\tleft=192.0.2.1\n\tright=192.0.2.%d\n\tauto=add\n")
		}),
		conf("ipsec.conf also", 300, func(n int) string {
			return "conn c0\n\tkeyexchange=ikev1\n" + numbered(n, "conn d%d\n\talso=c0\n\talso=d%d\n\tright=192.0.2.1\n")
		}),
		conf("ipsec.conf also of one", 1000, func(n int) string { return "conn a\n\tkeyexchange=ikev1\n" + numbered(n, "\talso=b%d\n") }),
		conf("cisco access list", 500, func(n int) string {
			return "crypto isakmp policy 1\n encr aes\ncrypto ipsec transform-set t esp-aes\ncrypto map m 1 ipsec-isakmp\n set peer 192.0.2.1\n match address a\nip access-list extended a\n" + numbered(n, " permit ip host 10.0.0.1 host 10.1.0.%d\n")
		}),
		conf("cisco maps", 100, func(n int) string {
			return "crypto isakmp policy 1\n encr aes\ncrypto ipsec transform-set t esp-aes\n" + numbered(n, "crypto map m %d ipsec-isakmp\n set peer 192.0.2.%d\n set transform-set t\n match address a%d\naccess-list a%d permit ip any any\ncrypto isakmp key x%d address 192.0.2.%d\n")
		}),
		conf("junos deep", 5000, func(n int) string { return "system { " + strings.Repeat("a {\n", n) }),
		conf("junos long", 5000, func(n int) string { return "set security ike gateway " + strings.Repeat("a ", n) }),
		conf("junos wide", 5000, func(n int) string { return "set security ike gateway a [ " + strings.Repeat("b ", n) + "]" }),
		conf("junos deletes", 1000, func(n int) string {
			return numbered(n, "set security ike gateway %d\n") + numbered(n, "delete security ike gateway %d\n")
		}),
		conf("junos groups", 200, func(n int) string {
			return "set groups g security ike gateway <*> a <*> b c\nset apply-groups g\n" + numbered(n, "set security ike gateway g%d a b%d\n") + numbered(n, "set security ike gateway h%d apply-groups g\n")
		}),
		conf("junos nested groups", 100, func(n int) string {
			return "set groups g security <*> <*> <*> x y\n" + numbered(n, "set security a%d apply-groups g\n") + numbered(n, "set apply-groups g%d\n")
		}),
		conf("junos values", 300, func(n int) string {
			return numbered(16*n, "set security ike gateway g version v%d\n") + numbered(n, "set security ipsec vpn v%d ike gateway g\n")
		}),
		conf("junos list", 300, func(n int) string {
			return numbered(16*n, "set security ipsec policy p proposals p%d\n") + numbered(n, "set security ipsec vpn v%d ike ipsec-policy p\n")
		}),
		conf("junos address sets", 300, func(n int) string {
			return numbered(n, "set security zones security-zone z address-book address-set s%d address-set s1%d\n") +
				numbered(n/4, "set security policies from-zone z to-zone z policy p%d match source-address s1\nset security policies from-zone z to-zone z policy p%d then permit tunnel ipsec-vpn v\n") + "set security ipsec vpn v ike gateway g\n"
		}),
		conf("screenos", 500, func(n int) string { return numbered(n, "set vpn v%d gateway g\n") + numbered(n, "unset vpn v%d\n") }),
		conf("screenos policies", 300, func(n int) string {
			return "set ike gateway g address 192.0.2.1 Main preshare x\n" + numbered(n, "set ike gateway g proposal p%d\n") + numbered(n/4, "set vpn v%d gateway g\nset vpn v%d proposal a%d\n") + numbered(n, "set policy from a to b x%d y%d ANY tunnel vpn v1\n")
		}),
		conf("fortigate", 100, func(n int) string {
			return "config vpn ipsec phase1-interface\n" + numbered(n, "edit p%d\nset remote-gw 192.0.2.%d\nset psksecret x\nnext\n") + "end\nconfig vpn ipsec phase2-interface\n" + numbered(n, "edit q%d\nset phase1name p%d\nnext\n") + "end\n"
		}),
		conf("xml deep", 5000, func(n int) string { return "<pfsense>" + strings.Repeat("<a>", n) }),
		conf("json deep", 5000, func(n int) string { return `{"CustomerGatewayConfiguration":` + strings.Repeat("[", n) }),
		{"config includes", 200, func(n int) { include(n, false) }},
		{"config nested includes", 200, func(n int) { include(n, true) }},
		{"config many secrets", 300, func(n int) {
			c, _ := config.Parse("f", strings.NewReader(numbered(n, "hub.example.com spoke%d.example.com : PSK \"key\"\n")), config.Options{Dialect: config.IPsecSecrets})
			x := c.IndexSecrets()
			for i := range c.Secrets {
				var k config.Connection
				k.Local.ID.V, k.Remote.ID.V = c.Secrets[i].Owners[0], c.Secrets[i].Owners[1]
				_, _ = x.SecretFor(config.SecretQuery{Conn: &k})
			}
		}},
		dump("AOS table", 3000, "Total active tunnels: 1\n", "<1 192.0.2.9 500 ESP:aes-128/sha1 df27aae4 3/ unlim - 0\n"),
		dump("directions", 3000, "ID: 1 Virtual-system: root, VPN Name: v\n", "Direction: inbound, SPI: 1\n"),
		dump("proxies", 3000, "name=a ver=1 serial=1 192.0.2.1:0->192.0.2.9:0\n", "proxyid=a proto=0\nSA: expire=1/0B\n"),
		dump("open quotes", 3000, "Flags: A - AH, E - ESP\n", " 0 E spi=0x1 src-address=192.0.2.1 dst-address=192.0.2.9 auth-key=\"\n"),
		dump("json", 3000, `{"state": 1, "child-sas": 1}`, `{"a": {"uniqueid": 1, "state": "CREATED", "remote-host": "192.0.2.9"}}`+"\n"),
		dump("json deep", 5000, `{"state":1,"a":`, `{"child-sas":`),
		dump("comments", 2000, "Flags: natt-peer\n0 state=established comment=\"\"", " a=b"),
	}
	for _, unit := range []string{"]...", "]: ", "}: ", "]...1[", "[", ", "} {
		all = append(all, dump(fmt.Sprintf("line of %q", unit), 2000, "Security Associations (1 up, 0 connecting):\n  a[1]: ESTABLISHED 1 second ago, 192.0.2.1[x", unit))
	}
	for name, line := range map[string]string{
		"open header": " (\n", "inner packets": "    192.0.2.1 > 198.51.100.2: ICMP x\n", "packets": "IP 192.0.2.1 > 198.51.100.2: ICMP x\n",
		"words": "x ", "hex": "\t0x0000:  4500 4500\n", "tunnels": "IP 192.0.2.1 > 198.51.100.2: ", "brackets": "[(",
	} {
		all = append(all, shape{"capture text of " + name, 40_000 / len(line), func(n int) {
			readCapture([]byte("192.0.2.1 > 198.51.100.2: udp 5\n\nIP 192.0.2.1 > 198.51.100.2: ICMP x\n" + strings.Repeat(line, n)))
		}})
	}
	all = append(all,
		log("charon sessions", 200, func(n int) string {
			return numbered(n, "05[IKE] <c|%d> initiating Main Mode IKE_SA c[%d] to 10.0.0.%d\n") + numbered(n, "06[IKE] <c|%d> received NO_PROPOSAL_CHOSEN error notify\n")
		}),
		log("charon without names", 200, func(n int) string {
			return numbered(n, "%d[NET] received packet: from 10.0.0.%d[500] to 192.0.2.1[500] (84 bytes)\n%d[ENC] parsed ID_PROT request 0 [ SA ]\n%d[IKE] no proposal found\n")
		}),
		log("half an answer", 500, func(n int) string { return "05[IKE] IDir '" + strings.Repeat("' does not match to '", n) }),
		log("half a session", 500, func(n int) string {
			return "05[IKE] IKE_SA a[1] established between 192.0.2.1[" + strings.Repeat("]...192.0.2.2[", n)
		}),
		log("pluto sessions", 300, func(n int) string {
			return numbered(n, "\"c%d\" #%d: initiating IKEv1 Main Mode connection\n\"c%d\" #%d: STATE_MAIN_I1: 60 second timeout exceeded\n")
		}),
		log("pluto dumps", 500, func(n int) string {
			return "| SKEYID_e:\n" + strings.Repeat("|   01 02 03 04 05 06 07 08  01 02 03 04 05 06 07 08\n", n)
		}),
		log("charon dumps", 500, func(n int) string {
			return numbered(n, "05[IKE] SKEYID_e => 20 bytes @ 0x7f\n05[IKE]    0: 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10  ................\n")
		}),
		log("line that is cut", 100_000, func(n int) string { return "05[IKE] " + strings.Repeat("a=b ", n/4) }),
		log("json", 500, func(n int) string { return strings.Repeat("{\"a\":[", n) }),
		log("cisco sequences", 500, func(n int) string {
			return "Jan  1 00:00:00 h " + strings.Repeat("1: *Mar  1 00:34:06: ", n) + "ISAKMP: x\n"
		}),
		log("cisco offers", 300, func(n int) string {
			return numbered(n, "ISAKMP:(0):Checking ISAKMP transform %d against priority 10 policy\nISAKMP:      encryption AES-CBC\nISAKMP:      hash SHA\n")
		}),
		log("racoon sessions", 200, func(n int) string {
			return numbered(n, "2009-03-01 10:00:00: INFO: respond new phase 1 negotiation: 198.51.100.10[500]<=>203.0.113.%d[500]\n2009-03-01 10:00:01: ERROR: no suitable proposal found.\n")
		}),
	)
	return slices.Values(all)
}

// include reads a configuration of n files, side by side or each in the last.
func include(n int, nested bool) {
	o := config.Options{Include: func(pattern string, _ config.Pos) ([]config.Included, error) {
		var i int
		if _, err := fmt.Sscanf(pattern, "f%d", &i); err != nil || i >= n {
			return nil, fs.ErrNotExist
		}
		text := fmt.Sprintf("conn c%d\n\tkeyexchange=ikev1\n\tright=192.0.2.1\n", i)
		if nested {
			text += fmt.Sprintf("include f%d\ninclude f%d\n", i+1, i+2)
		}
		return []config.Included{{Name: pattern, Reader: io.NopCloser(strings.NewReader(text))}}, nil
	}}
	top := "conn a\n\tkeyexchange=ikev1\ninclude f0\n"
	if !nested {
		top += numbered(n, "include f%d\n")
	}
	o.Dialect, o.Limits.Files = config.StrongSwan, 400
	if !nested {
		o.Limits.Files = 0
	}
	c, err := config.Parse("top", bytes.NewReader([]byte(top)), o)
	if err == nil {
		config.Lint(c)
	}
}
