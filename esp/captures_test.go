package esp_test

import (
	"encoding/csv"
	"encoding/hex"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/esp"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/exchange"
)

// listed is a line of Wireshark's table of ESP SAs.
type listed struct {
	source, destination netip.Addr // zero for any
	spi                 uint32
	anySPI              bool
	sa                  *esp.SA
	tr                  esp.Transform
}

// readTable reads such a table; lines with algorithms that the package does not
// have are counted in skipped.
func readTable(t *testing.T, path string) (list []listed, skipped int) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment, r.TrimLeadingSpace = '#', true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	key := func(s string) ike.Secret {
		if digits, ok := strings.CutPrefix(s, "0x"); ok {
			b, err := hex.DecodeString(digits)
			if err != nil {
				t.Fatal(err)
			}
			return ike.NewSecret(b)
		}
		return ike.NewSecret([]byte(s))
	}
	for _, row := range rows {
		var l listed
		l.source, _ = netip.ParseAddr(row[1])
		l.destination, _ = netip.ParseAddr(row[2])
		n, err := strconv.ParseUint(row[3], 0, 32)
		l.spi, l.anySPI = uint32(n), err != nil
		cipher := map[string]ike.Cipher{"NULL": ike.CipherNull, "AES-CBC [RFC3602]": ike.CipherAESCBC,
			"TripleDES-CBC [RFC2451]": ike.Cipher3DES, "DES-CBC [RFC2405]": ike.CipherDES, "AES-CTR [RFC3686]": ike.CipherAESCTR,
			"AES-GCM with 16 octet ICV [RFC4106]": ike.CipherAESGCM16}
		integrity := map[string]ike.Integrity{"NULL": ike.IntegrityNone, "HMAC-SHA-1-96 [RFC2404]": ike.IntegritySHA1,
			"HMAC-MD5-96 [RFC2403]": ike.IntegrityMD5, "HMAC-SHA-256-128 [RFC4868]": ike.IntegritySHA256}
		c, ok := cipher[row[4]]
		i, ok2 := integrity[row[6]]
		if !ok || !ok2 {
			skipped++
			continue
		}
		l.tr = esp.Transform{Cipher: ike.CipherKey{Cipher: c}, Integrity: i}
		if l.sa, err = esp.NewSA(l.tr, esp.Keys{Cipher: key(row[5]), Integrity: key(row[7])}); err != nil {
			t.Fatalf("%v: %v", row[:5], err)
		}
		list = append(list, l)
	}
	return list, skipped
}

// TestCaptures opens other people's packets with the keys that they published.
func TestCaptures(t *testing.T) {
	dir := recordings.Path(t, "captures")
	for _, c := range []struct {
		table, capture string
		opened, none   int
	}{
		{"wireshark+wireshark/esp_sa", "wireshark+wireshark/esp-bug-12671.pcapng", 6, 0},
		{"wireshark-wiki/ipsec_ikev2_esp_aes-gcm_aes-ctr_aes-cbc.esp_sa", "secdev+scapy/ikev2_nat_t.pcapng", 24, 0},
		{"wireshark-wiki/ipsec_esp_capture_1.esp_sa", "wireshark-wiki/ipsec_esp_capture_1.pcap", 0, 0},
		{"wireshark-wiki/ipsec_esp_capture_2.esp_sa", "wireshark-wiki/ipsec_esp_capture_2.pcap", 0, 0},
	} {
		t.Run(filepath.Base(c.table), func(t *testing.T) {
			table, skipped := readTable(t, filepath.Join(dir, c.table))
			path := filepath.Join(dir, c.capture)
			opened, none := map[string]int{}, 0
			var p esp.Packet
			eachDatagram(t, path, func(d *exchange.Datagram) {
				if !espOf(d, &p) {
					return
				}
				i := slices.IndexFunc(table, func(l listed) bool {
					return (l.anySPI || l.spi == p.SPI) && (!l.source.IsValid() || l.source == d.Source.Addr()) &&
						(!l.destination.IsValid() || l.destination == d.Destination.Addr())
				})
				if i < 0 {
					none++
					return
				}
				in, err := table[i].sa.Open(nil, &p, 0)
				if err != nil {
					t.Errorf("frame %d, %v: %v", d.Frame, table[i].sa, err)
					return
				}
				opened[table[i].tr.Cipher.Cipher.String()+"/"+table[i].tr.Integrity.String()]++
				if !slices.Contains([]uint8{1, 4, 6, 17, 41, 58}, in.NextHeader) || !in.PaddingRegular {
					t.Errorf("frame %d: %+v", d.Frame, in)
				}
				n := len(in.Payload)
				e := esp.Encapsulation{Transform: table[i].tr, OuterIPv6: d.Source.Addr().Is6()}
				outer := d.WireLen + 20
				if e.OuterIPv6 {
					outer += 20
				}
				if d.Protocol == exchange.ProtocolUDP {
					e.Mode, outer = ike.ModeUDPTunnel, outer+8
				}
				if in.NextHeader == 4 || in.NextHeader == 41 {
					if got := e.Size(n); got != outer {
						t.Errorf("frame %d: %d octets inside, %d outside, computed %d", d.Frame, n, outer, got)
					}
				}
			})
			sum := 0
			for _, n := range opened {
				sum += n
			}
			t.Logf("opened %v, %d without SA, %d SAs skipped", opened, none, skipped)
			if sum < max(c.opened, 1) {
				t.Errorf("%d opened", sum)
			}
		})
	}
}

// TestCapturesDecode gives every packet of every recording to all codecs.
func TestCapturesDecode(t *testing.T) {
	dir := recordings.Path(t, "captures")
	packets, headers, bad := 0, 0, 0
	for _, path := range append(append(files(t, dir, ".pcap"), files(t, dir, ".cap")...), files(t, dir, ".pcapng")...) {
		var p esp.Packet
		eachDatagram(t, path, func(d *exchange.Datagram) {
			if d.Protocol == exchange.ProtocolAH {
				headers++
				var a esp.AH
				if err := a.Decode(d.Payload, d.WireLen); err != nil {
					bad++
					var pe *esp.ParseError
					if !errors.As(err, &pe) {
						t.Error(err)
					}
					return
				}
				if out, err := a.AppendBinary(nil); err != nil || string(out) != string(d.Payload) {
					t.Errorf("%s frame %d: %v", path, d.Frame, err)
				}
			}
			if espOf(d, &p) {
				packets++
				if d.Protocol == exchange.ProtocolESP {
					if out, err := p.AppendBinary(nil); err != nil || string(out) != string(d.Payload) {
						t.Errorf("%s frame %d: %v", path, d.Frame, err)
					}
				}
			}
		})
	}
	t.Logf("%d ESP, %d AH, %d of them broken", packets, headers, bad)
}
