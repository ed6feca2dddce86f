package ingest_test

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
	"time"

	"github.com/ikediag/ikediag/isakmp"
)

// plantedLogs are logs and dumps in which a daemon or a kernel shows a key, at
// the levels of debugging that do that, and what stands around it in them.
func plantedLogs(key string) map[string]string {
	hexKey := hex.EncodeToString([]byte(key))
	const racoon = "2009-03-01 10:00:02: "
	return map[string]string{
		"pluto.log": "\"a\" #1: initiating IKEv1 Main Mode connection\n| raw preshared secret:\n|   " + spaced(key) + "\n| SKEYID:\n|   " + spaced(key) + "\n| enc key: " + spaced(key) +
			"\n| PSK: \"" + key + "\"\n| hmac PRF sha init symkey-key(size " + "17): " + spaced(key) + "\n| XAUTH: password " + key + "\n",
		"charon-4.log": "05[IKE] <a|1> initiating Main Mode IKE_SA a[1] to 192.0.2.2\n05[IKE] <a|1> shared Diffie Hellman secret => 17 bytes @ 0x7f\n05[IKE] <a|1>    0: " + spaced(key) + "  " + key +
			"\n05[CHD] <a|1>   encryption initiator key => 17 bytes @ 0x7f\n05[CHD] <a|1>    0: " + spaced(key) + "  " + key + "\n05[KNL] adding SAD entry, key " + hexKey + "\n05[ENC] <a|1> => 17 bytes @ 0x7f\n05[ENC] <a|1>    0: " + spaced(key) + "  " + key +
			"\n05[CFG] loaded IKE shared key: " + key + "\n05[CFG]   password = " + key + "\n",
		"racoon.log": racoon + "INFO: respond new phase 1 negotiation: 192.0.2.1[500]<=>192.0.2.2[500]\n" + racoon + "DEBUG: the psk found.\n" + racoon + "DEBUG2: psk: " + racoon + "DEBUG2: \n" + inWords(hexKey) + "\n" +
			racoon + "DEBUG: SKEYID computed:\n" + racoon + "DEBUG: \n" + inWords(hexKey) + "\n" + racoon + "DEBUG: final encryption key computed:\n" + racoon + "DEBUG: \n" + inWords(hexKey) + "\n" + racoon + "DEBUG: pwd=" + key + "\n",
		"ios.log": "*Mar  1 00:34:06.187: ISAKMP:(0):found peer pre-shared key matching 192.0.2.2\n*Mar  1 00:34:06.187: ISAKMP:(0): preshared key: " + key + "\n*Mar  1 00:34:06.187: ISAKMP: crypto isakmp key " + key + " address 192.0.2.2\n" +
			"*Mar  1 00:34:06.187: ISAKMP (1001): skeyid " + hexKey + "\n*Mar  1 00:34:06.187: %PARSER-5-CFGLOG_LOGGEDCMD: User:a  logged command:crypto isakmp key " + key + " address 192.0.2.2\n",
		"asa.log": "%ASA-5-111008: User 'a' executed the 'tunnel-group 192.0.2.2 ipsec-attributes' command.\n%ASA-5-111010: User 'a', running 'CLI' from IP 10.0.0.1, executed 'ikev1 pre-shared-key " + key + "'\n%ASA-7-713906: IP = 192.0.2.2, Generating keys for Initiator...\n",
		"fortigate.log": "ike 0:hub:1: initiator: main mode is sending 1st message...\nike 0:hub:1: ISAKMP SA 1122334455667788/8877665544332211 key 16:" + strings.ToUpper(hexKey) + "\nike 0:hub:1: psk " + key + "\n" +
			"ike 0:hub:1: set oakley group, key " + hexKey + "\nike 0:hub:1:sa:7: dec spi c1020304 key 16 " + hexKey + "\nike 0:hub:1: XAUTH password=" + key + "\n",
		"setkey-D.txt":           "192.0.2.1 192.0.2.2\n\tesp mode=tunnel spi=3238134532(0xc1020304) reqid=0(0x00000000)\n\tE: aes-cbc  " + inWords(hexKey) + "\n\tA: hmac-sha1  " + inWords(hexKey) + "\n\tseq=0x00000000 replay=4 flags=0x00000000 state=mature\n",
		"setkey.conf":            "add 192.0.2.1 192.0.2.2 esp 0x1234 -E aes-cbc 0x" + hexKey + " -A hmac-sha1 \"" + key + "\";\nspdadd 10.0.0.0/8 10.1.0.0/16 any -P out ipsec esp/tunnel/192.0.2.1-192.0.2.2/require;\n",
		"ikev1_decryption_table": "1122334455667788," + hexKey + "\n",
		"esp_sa":                 "\"IPv4\",\"192.0.2.1\",\"192.0.2.2\",\"0xc1020304\",\"AES-CBC [RFC3602]\",\"0x" + hexKey + "\",\"HMAC-SHA-1-96 [RFC2404]\",\"0x" + hexKey + "\"\n",
		"fortigate-tunnel.txt":   "list all ipsec tunnel in vd 0\n------------------------------------------------------\nname=hub ver=1 serial=1 192.0.2.1:0->192.0.2.2:0\nproxyid=a proto=0 sa=1 ref=2 serial=1\n  src: 0:10.0.0.0/255.0.0.0:0\n  dst: 0:10.1.0.0/255.255.0.0:0\n  SA:  ref=3 options=10226 type=00 soft=0 mtu=1438 expire=42920/0B replaywin=2048\n  dec: spi=c1020304 esp=aes key=16 " + hexKey + "\n       ah=sha1 key=20 " + hexKey + "\n  enc: spi=c1020305 esp=aes key=16 " + hexKey + "\n       ah=sha1 key=20 " + hexKey + "\n",
		"routeros-sa.txt":        "Flags: H - hw-aead, A - AH, E - ESP \n 0  E spi=0xC1020304 src-address=192.0.2.1 dst-address=192.0.2.2 state=mature auth-algorithm=sha1 enc-algorithm=aes-cbc enc-key-size=128 auth-key=\"" + hexKey + "\" enc-key=\"" + hexKey + "\" add-lifetime=24m/30m replay=128 \n",
	}
}

// passwordInClear is a capture of a negotiation in which an XAUTH reply is not
// encrypted (draft-beaulieu-ike-xauth-02, section 6.2).
func passwordInClear(key string) []byte {
	be := binary.BigEndian
	all := negotiation(0, west, east, 7)
	body := append([]byte{0, 0, 0, 0, byte(isakmp.ConfigReply), 0, 0, 1}, be.AppendUint16(nil, uint16(isakmp.ConfigXAuthUserName))...)
	body = append(be.AppendUint16(body, 1), 'u')
	body = append(be.AppendUint16(be.AppendUint16(body, uint16(isakmp.ConfigXAuthPassword)), uint16(len(key))), key...)
	be.PutUint16(body[2:], uint16(len(body)))
	cookies := all[len(all)-1].cookies
	b := append(cookies[:], byte(isakmp.PayloadAttribute), 0x10, byte(isakmp.ExchangeTransaction), 0)
	b = be.AppendUint32(be.AppendUint32(b, 99), uint32(28+len(body)))
	all = append(all, datagram{at: time.Second, src: west, dst: east, ttl: 64, payload: inUDP(append(b, body...))})
	return record(all)
}
