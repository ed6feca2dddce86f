package config

import (
	"bytes"
	"strings"
)

// detectSize is how much of a file Detect needs to see.
const detectSize = 64 << 10

// Detect names the format of a configuration by its beginning alone: 64 KiB
// of it are plenty, more is not looked at. It returns Unknown where nothing
// fits; a line that merely mentions a configuration, as in a log, does not.
func Detect(head []byte) Dialect {
	b := decodeText(head[:min(len(head), detectSize)])
	if bytes.IndexByte(b, 0) >= 0 {
		return Unknown
	}
	text := string(b)
	if d := detectMarkup(text); d != Unknown {
		return d
	}
	var n tally
	for l := range strings.Lines(text) {
		n.line(strings.TrimRight(l, "\r\n"))
	}
	return n.verdict()
}

// detectMarkup tells the formats that are XML or JSON.
func detectMarkup(s string) Dialect {
	switch t := strings.TrimLeft(s, " \t\r\n"); {
	case t == "" || t[0] != '<' && t[0] != '{':
		return Unknown
	case strings.Contains(t, "<opnsense>"):
		return OPNsense
	case strings.Contains(t, "<pfsense>"):
		return PfSense
	case t[0] == '<' && strings.Contains(t, "<phase1>") && strings.Contains(t, "<ikeid>"): // an excerpt
		return PfSense
	case strings.Contains(t, "<vpn_connection") || strings.Contains(t, `"VpnConnections"`) || strings.Contains(t, `"CustomerGatewayConfiguration"`):
		return AWS
	case t[0] == '<' && (strings.Contains(t, "<config ") && strings.Contains(t, "<ike") || strings.Contains(t, "<ike-crypto-profiles>") || strings.Contains(t, "<ipsec-crypto-profiles>")):
		return PaloAlto
	}
	return Unknown
}

// tally counts what lines speak for.
type tally struct {
	lines   int // that hold anything
	score   map[Dialect]int
	ipsec   int // lines that begin a section of ipsec.conf or name its ends
	layout  int // lines of ipsec.conf in all
	strong  int // words that only strongSwan has
	libre   int // words that only libreswan and Openswan have
	secrets int
	ios     int // what only IOS has, of what Cisco's have
	// included is the format that the includes' names speak for, and includes
	// the number of such: a file may have nothing else.
	included Dialect
	includes int
	open     bool // a curly configuration opened vpn or security
}

func (n *tally) add(d Dialect, by int) {
	if n.score == nil {
		n.score = make(map[Dialect]int)
	}
	n.score[d] += by
}

// beginnings are lines by their first words. A line counts for the first that
// fits.
var beginnings = []struct {
	prefix string
	d      Dialect
	score  int
}{
	{"crypto ikev1 ", CiscoASA, 3}, {"crypto ipsec ikev1 ", CiscoASA, 3}, {"tunnel-group ", CiscoASA, 3}, {"asa version ", CiscoASA, 5}, {"pix version ", CiscoASA, 5}, {"ngfw version ", CiscoASA, 5}, {"nat (", CiscoASA, 1}, {"global (", CiscoASA, 1},
	{"object network ", CiscoASA, 1}, {"network-object ", CiscoASA, 1}, {"cryptochecksum:", CiscoASA, 3},
	{"isakmp policy ", CiscoASA, 2}, {"isakmp key ", CiscoASA, 2}, {"crypto isakmp enable", CiscoASA, 3}, {"nameif ", CiscoASA, 2},
	{"crypto isakmp key ", CiscoIOS, 3}, {"crypto isakmp profile ", CiscoIOS, 3}, {"crypto isakmp ", CiscoIOS, 2}, {"crypto keyring ", CiscoIOS, 3}, {"crypto pki ", CiscoIOS, 3}, {"crypto ipsec ", CiscoIOS, 2}, {"crypto map tag", Unknown, 0}, {"crypto map ", CiscoIOS, 2},
	{"boot-start-marker", CiscoIOS, 3}, {"service timestamps ", CiscoIOS, 2}, {"tunnel protection ipsec ", CiscoIOS, 2},
	{"crypto ikev2 ", CiscoIOS, 2}, {"crypto dynamic-map ", CiscoIOS, 2}, {"crypto gdoi ", CiscoIOS, 2},
	{"set security ike ", JuniperSRX, 3}, {"set security ipsec ", JuniperSRX, 3}, {"set security zones ", JuniperSRX, 1},
	{"show configuration security", JuniperSRX, 2}, {"external-interface ", JuniperSRX, 2}, {"authentication-method pre-shared-keys", JuniperSRX, 2}, {"bind-interface st0", JuniperSRX, 3},
	{"set ike gateway ", ScreenOS, 3}, {"set ike p1-proposal ", ScreenOS, 3}, {"set ike p2-proposal ", ScreenOS, 3}, {"set vpn ipsec ", VyOS, 3},
	{"set vpn ", ScreenOS, 2},
	{"config vpn ipsec ", FortiGate, 3}, {"set phase1name ", FortiGate, 3}, {"set psksecret ", FortiGate, 3}, {"set remote-gw ", FortiGate, 2},
	{"config system ", FortiGate, 1}, {"config firewall ", FortiGate, 1}, {"config router ", FortiGate, 1}, {"config vpn ", FortiGate, 1},
	{"path pre_shared_key ", Racoon, 3}, {"path certificate ", Racoon, 3}, {"remote anonymous", Racoon, 3}, {"sainfo ", Racoon, 3},
	{"exchange_mode ", Racoon, 2}, {"my_identifier ", Racoon, 2}, {"proposal_check ", Racoon, 2}, {"peers_identifier ", Racoon, 2}, {"verify_identifier ", Racoon, 2},
	{"generate_policy ", Racoon, 2}, {"hash_algorithm ", Racoon, 2}, {"authentication_method ", Racoon, 2}, {"pfs_group ", Racoon, 2}, {"dh_group ", Racoon, 1},
	{"spdadd ", Setkey, 3}, {"spdflush", Setkey, 3},
	{"/ip ipsec", MikroTik, 3}, {"/ip/ipsec", MikroTik, 3}, {"set network ike ", PaloAlto, 3}, {"set network tunnel ipsec ", PaloAlto, 3}, {"set network interface ", PaloAlto, 1}, {"set network virtual-router ", PaloAlto, 1},
	{"set deviceconfig ", PaloAlto, 1}, {"set rulebase ", PaloAlto, 1}, {"ike-crypto-profiles {", PaloAlto, 3}, {"ipsec-crypto-profiles {", PaloAlto, 3},
	{"ike-group ", VyOS, 2}, {"esp-group ", VyOS, 2},
	{"charon {", StrongSwanOpt, 3}, {"charon-systemd {", StrongSwanOpt, 3}, {"libstrongswan {", StrongSwanOpt, 3}, {"load_modular", StrongSwanOpt, 2},
	{"include strongswan.d/", StrongSwanOpt, 2}, {"include conf.d/*.conf", Swanctl, 2},
	{"connections {", Swanctl, 20}, {"secrets {", Swanctl, 20}, {"children {", Swanctl, 2}, {"local_addrs", Swanctl, 2}, {"remote_addrs", Swanctl, 2},
	{"local_ts", Swanctl, 2}, {"remote_ts", Swanctl, 2}, {"esp_proposals", Swanctl, 2}, {"ah_proposals", Swanctl, 2},
}

func (n *tally) line(raw string) {
	l := withoutShell(withoutPrompt(strings.TrimSpace(raw)))
	if l == "" {
		return
	}
	low := strings.ToLower(strings.Join(strings.Fields(l[:min(len(l), 200)]), " "))
	low = strings.TrimPrefix(low, "}")
	if i := strings.IndexByte(low, '{'); i > 0 && low[i-1] != ' ' {
		low = low[:i] + " " + low[i:]
	}
	if l[0] == '#' {
		switch {
		case strings.Contains(low, "routeros"):
			n.add(MikroTik, 20) // likewise
		case strings.HasPrefix(low, "#config-version=fg"):
			n.add(FortiGate, 20) // most of its lines speak of other things
		case strings.HasPrefix(low, "## last commit"):
			n.add(JuniperSRX, 3)
		case strings.Contains(low, "libreswan") || strings.Contains(low, "openswan"):
			n.libre++
		case strings.Contains(low, "strongswan"):
			n.strong++
		}
		return
	}
	n.lines++
	if low == "security {" || low == "vpn {" {
		n.open = true
	} else if n.open {
		switch low {
		case "ike {", "ipsec {":
			n.add(JuniperSRX, 3)
		case "site-to-site {":
			n.add(VyOS, 8)
		}
	}
	if n.ipsecLine(raw, low) {
		n.layout++
		return
	}
	if toks, ok := secretTokens(l, Pos{}); ok && len(toks) < 24 && startsRecord(toks) {
		n.secrets++
		return
	}
	if pattern, ok := strings.CutPrefix(low, "include "); ok {
		n.include(pattern)
	}
	if peer, ok := strings.CutPrefix(low, "remote "); ok && (strings.Contains(peer, "{") || strings.Contains(peer, " inherit ")) {
		n.add(Racoon, 2)
	}
	if asaCommand(low) && (raw[0] != ' ' || low[0] == 'c') { // an SA that is shown has its access list below it
		n.add(CiscoASA, 2)
		return
	}
	if prompt, rest, ok := strings.Cut(low, "> "); ok && strings.HasPrefix(prompt, "[") && strings.Contains(prompt, "@") { // RouterOS's
		low = rest
	}
	if prompt, rest, ok := strings.Cut(low, " # "); ok && strings.Count(prompt, " ") < 2 { // FortiOS's
		low = rest
	}
	if strings.HasPrefix(low, "set template ") && strings.Contains(low, " network ike ") {
		n.add(PaloAlto, 3)
	}
	for _, x := range beginnings {
		if strings.HasPrefix(low, x.prefix) {
			n.add(x.d, x.score)
			if x.d == CiscoIOS && x.score > 2 {
				n.ios += x.score
			}
			return
		}
	}
}

// asaCommand reports whether a line is one of those that ASA has and IOS has
// not, by the word behind a name: crypto map OUT 10 set peer, crypto map OUT
// interface, access-list OUT extended.
func asaCommand(low string) bool {
	rest, ok := strings.CutPrefix(low, "crypto map ")
	if !ok {
		if rest, ok = strings.CutPrefix(low, "access-list "); ok {
			_, rest, _ = strings.Cut(rest, " ")
			return strings.HasPrefix(rest, "extended permit ") || strings.HasPrefix(rest, "extended deny ")
		}
		return false
	}
	_, rest, _ = strings.Cut(rest, " ")
	if strings.HasPrefix(rest, "interface ") {
		return true
	}
	number, rest, _ := strings.Cut(rest, " ")
	return numeric(number) && (strings.HasPrefix(rest, "set ") || strings.HasPrefix(rest, "match address "))
}

// include looks at what an include names. strongSwan has nothing in ipsec.d
// that its ipsec.conf includes.
func (n *tally) include(pattern string) {
	d := Unknown
	switch {
	case strings.Contains(pattern, "secrets"):
		d = IPsecSecrets
	case strings.Contains(pattern, "ipsec.d/"):
		d = Libreswan
	case strings.Contains(pattern, "ipsec"):
		d = StrongSwan
	case strings.Contains(pattern, "swanctl"):
		d = Swanctl
	}
	if n.includes == 0 {
		n.included = d
	}
	if n.included == d {
		n.includes++
	}
}

// ipsecLine looks at a line of the ipsec.conf layout.
func (n *tally) ipsecLine(raw, low string) bool {
	first, rest := splitWord(low)
	if raw[0] != ' ' && raw[0] != '\t' && !strings.Contains(first, "=") {
		ok := low == "config setup" || first == "conn" && rest != "" && !strings.ContainsAny(rest, " =") || first == "ca" && word(rest)
		if ok {
			n.ipsec++
		}
		if first == "ca" && ok {
			n.strong++
		}
		return ok
	}
	key, val, ok := strings.Cut(low, "=")
	key, val = strings.TrimSpace(key), strings.TrimSpace(val)
	if !ok || !word(key) || n.ipsec == 0 {
		return false
	}
	if key == "left" || key == "right" {
		n.ipsec++
		return true
	}
	switch {
	case hasWord(strongOnly, key):
		n.strong += 2
	case hasWord(libreOnly, key):
		n.libre += 2
	case hasWord("leftauth rightauth", key):
		if strings.HasPrefix(val, "secret") || strings.HasPrefix(val, "rsasig") {
			n.libre++
		} else {
			n.strong += 2
		}
	case hasWord("ike esp ah", key):
		switch {
		case strings.HasSuffix(val, "!"):
			n.strong += 2
		case strings.ContainsAny(val, ";+"):
			n.libre += 2
		}
	case key == "authby" && strings.ContainsAny(val, "|,"):
		n.libre++
	case key == "authby" && (val == "secret" || val == "rsasig"):
		n.libre++ // both have it, strongSwan's users write leftauth
	case key == "keyexchange" && strings.HasPrefix(val, "ikev"):
		n.strong++ // libreswan has it since 4.11
	case hasWord("leftid rightid", key) && (strings.HasPrefix(val, "@#") || val == "%fromcert"):
		n.libre++
	case key == "type" && val == "passthrough", key == "left" && val == "%defaultroute":
	default:
		return hasWord(ipsecShared, key)
	}
	return true
}

// The words by which strongSwan's ipsec.conf and libreswan's are told apart.
const (
	strongOnly = "charondebug strictcrlpolicy cachecrls leftauth2 rightauth2 leftfirewall rightfirewall lefthostaccess righthostaccess leftcert2 rightcert2 leftid2 rightid2 " +
		"leftgroups rightgroups leftcertpolicy rightcertpolicy leftdns rightdns closeaction eap_identity aaa_identity xauth_identity xauth installpolicy " +
		"lifebytes lifepackets marginbytes marginpackets margintime ikedscp mediation mediated_by me_peerid replay_window sha256_96 modeconfig " +
		"leftallowany rightallowany inactivity plutostart charonstart leftsigkey rightsigkey keep_alive"
	libreOnly = "ikev2 phase2 phase2alg ikev1-policy logfile logtime logappend logip protostack nssdir secretsfile plutostderrlog aggrmode sha2-truncbug sha2_truncbug salifetime " +
		"ike-frag ike_frag ikepad encapsulation nat-ikev1-method nat_ikev1_method nhelpers dumpdir leftxauthserver rightxauthserver leftxauthclient rightxauthclient " +
		"leftmodecfgclient rightmodecfgclient leftmodecfgserver rightmodecfgserver leftxauthusername rightxauthusername leftusername rightusername modecfgpull modecfgdns modecfgdns1 " +
		"leftaddresspool rightaddresspool leftsubnets rightsubnets narrowing esn nic-offload overlapip failureshunt negotiationshunt retransmit-timeout retransmit-interval " +
		"initial-contact initial_contact xauthby xauthfail remote_peer_type remote-peer-type nm_configured virtual-private ipsec-interface vti-interface " +
		"pfs replay-window connaddrfamily hostaddrfamily leftckaid rightckaid sendca plutofork plutorestartoncrash syslog oe ddos-mode seccomp audit-log " +
		"crl-strict ocsp-enable ocsp-uri leftsourceips dpd-action force_keepalive"
	ipsecShared = "leftid rightid leftsubnet rightsubnet leftprotoport rightprotoport leftcert rightcert leftca rightca leftsourceip rightsourceip leftnexthop rightnexthop " +
		"auto also ikelifetime keylife lifetime rekeymargin rekeyfuzz rekey keyingtries dpdaction dpddelay dpdtimeout compress type aggressive fragmentation forceencaps " +
		"leftrsasigkey rightrsasigkey leftupdown rightupdown leftsendcert rightsendcert mobike reauth uniqueids plutodebug virtual_private nat_traversal interfaces klipsdebug"
)

func (n *tally) verdict() Dialect {
	if n.includes > 0 && n.includes == n.lines && n.included != Unknown {
		return n.included
	}
	if n.ipsec > 0 && n.layout*2 >= n.lines {
		if n.libre > n.strong {
			return Libreswan
		}
		return StrongSwan
	}
	switch asa := n.score[CiscoASA]; { // its configurations hold IOS's words too
	case asa > n.ios:
		n.score[CiscoASA] += n.score[CiscoIOS]
	case asa > 0:
		n.score[CiscoIOS] += asa
		n.score[CiscoASA] = 0
	}
	best, score := Unknown, 0
	for d, s := range n.score {
		if s > score || s == score && d < best {
			best, score = d, s
		}
	}
	if n.secrets > 0 && n.secrets*2 >= n.lines-n.layout && score < 3 {
		return IPsecSecrets
	}
	if score < 2 || n.lines > 20 && score*200 < n.lines {
		return Unknown
	}
	return best
}
