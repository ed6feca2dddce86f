package ingest_test

import (
	"fmt"
	"strings"
)

// pfSensePair writes an end of a pair as pfSense's config.xml: the local subnet
// is that of the interface lan.
func pfSensePair(e end) map[string]string {
	id := func(which, id string) string {
		kind := pick(id == e.addr, "myaddress", pick(id == e.peer, "peeraddress", "fqdn"))
		return fmt.Sprintf("<%[1]s_type>%[2]s</%[1]s_type>\n<%[1]s_data>%[3]s</%[1]s_data>", which, kind, pick(kind == "fqdn", id, ""))
	}
	return map[string]string{"config.xml": fmt.Sprintf(`<?xml version="1.0"?>
<pfsense>
<version>22.9</version>
<interfaces>
<wan><ipaddr>%s</ipaddr>
<subnet>24</subnet></wan>
<lan>
<ipaddr>%s</ipaddr>
<subnet>24</subnet>
</lan>
</interfaces>
<ipsec>
<phase1>
<ikeid>1</ikeid>
<iketype>ikev1</iketype>
<mode>%s</mode>
<interface>wan</interface>
<remote-gateway>%s</remote-gateway>
%s
%s
<encryption><item>
<encryption-algorithm>
<name>aes</name>
<keylen>%d</keylen>
</encryption-algorithm>
<hash-algorithm>%s</hash-algorithm>
<dhgroup>%d</dhgroup>
</item></encryption>
<lifetime>%d</lifetime>
<pre-shared-key>%s</pre-shared-key>
<authentication_method>pre_shared_key</authentication_method>
</phase1>
<phase2>
<ikeid>1</ikeid>
<mode>%s</mode>
<localid>
<type>lan</type>
</localid>
<remoteid>
<type>network</type>
<address>%s</address>
<netbits>24</netbits>
</remoteid>
<protocol>esp</protocol>
<encryption-algorithm-option>
<name>aes</name>
<keylen>%d</keylen>
</encryption-algorithm-option>
<hash-algorithm-option>hmac_%s</hash-algorithm-option>
<pfsgroup>%d</pfsgroup>
<lifetime>%d</lifetime>
</phase2>
</ipsec>
</pfsense>
`, e.addr, strings.Replace(e.net, ".0/24", ".1", 1), pick(e.aggressive, "aggressive", "main"), e.peer, id("myid", e.id), id("peerid", e.peerID),
		e.bits, swanHash(e.hash), e.group, e.life, e.key, pick(e.transport, "transport", "tunnel"), strings.TrimSuffix(e.peerNet, "/24"),
		e.espBits, swanHash(e.espHash), e.pfs, e.espLife)}
}

// opnSensePair writes it as OPNsense's newer model.
func opnSensePair(e end) map[string]string {
	const conn = "11111111-1111-4111-8111-111111111111"
	text := fmt.Sprintf(`<?xml version="1.0"?>
<opnsense>
<OPNsense>
<IPsec>
<preSharedKeys>
<preSharedKey uuid="a">
<ident>%s</ident>
<remote_ident>%s</remote_ident>
<keyType>PSK</keyType>
<Key>%s</Key>
</preSharedKey>
</preSharedKeys>
</IPsec>
<Swanctl>
<Connections>
<Connection uuid="CONNECTION">
<enabled>1</enabled>
<proposals>aes%d-%s-%s</proposals>
<aggressive>%s</aggressive>
<version>1</version>
<local_addrs>%s</local_addrs>
<remote_addrs>%s</remote_addrs>
<rekey_time>%d</rekey_time>
<over_time>0</over_time>
</Connection>
</Connections>
<locals>
<local uuid="b">
<connection>CONNECTION</connection>
<auth>psk</auth>
<id>LOCAL</id>
</local>
</locals>
<remotes>
<remote uuid="c">
<connection>CONNECTION</connection>
<auth>psk</auth>
<id>REMOTE</id>
</remote>
</remotes>
<children>
<child uuid="d">
<connection>CONNECTION</connection>
<esp_proposals>aes%d-%s%s</esp_proposals>
<start_action>trap</start_action>
<mode>%s</mode>
<local_ts>%s</local_ts>
<remote_ts>%s</remote_ts>
<life_time>%d</life_time>
</child>
</children>
</Swanctl>
</OPNsense>
</opnsense>
`, e.id, e.peerID, e.key, e.bits, swanHash(e.hash), modp[e.group], pick(e.aggressive, "1", "0"), e.addr, e.peer, e.life,
		e.espBits, swanHash(e.espHash), pick(e.pfs != 0, "-"+modp[e.pfs], ""), pick(e.transport, "transport", "tunnel"), e.net, e.peerNet, e.espLife)
	return map[string]string{"config.xml": strings.NewReplacer("CONNECTION", conn, "LOCAL", e.id, "REMOTE", e.peerID).Replace(text)}
}
