package state

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// TestEverySample reads every dump that others have published, of every
// format that is read. The number of lines that are not understood is part of
// the table, and so is what is known by name only.
func TestEverySample(t *testing.T) {
	dir := recordings.Path(t, "configs", "state")
	want := map[string]struct {
		format  Format
		unknown int
	}{
		"genieparser/iosxe-show_crypto_isakmp_sa.txt":                     {CiscoIKE, 0},
		"ipsec_exporter/libreswan-1-command.txt":                          {WhackStatus, 0},
		"ipsec_exporter/libreswan-2-command.txt":                          {WhackStatus, 0},
		"ipsec_exporter/libreswan-3-command.txt":                          {WhackStatus, 0},
		"ipsec_exporter/strongswan-1-command.txt":                         {StrokeStatus, 0},
		"ipsec_exporter/strongswan-2-command.txt":                         {StrokeStatus, 0},
		"ipsec_exporter/strongswan-3-command.txt":                         {StrokeStatus, 0},
		"linux/xfrm_stat-all-zero.txt":                                    {XfrmStat, 0},
		"ntc-templates/cisco_asa_show_crypto_ikev1_sa_detail.raw":         {CiscoIKE, 0},
		"ntc-templates/cisco_asa_show_crypto_ipsec_sa.raw":                {CiscoIPsec, 0},
		"ntc-templates/cisco_ios_show_crypto_ipsec_sa_detail.raw":         {CiscoIPsec, 0},
		"ntc-templates/cisco_ios_show_crypto_ipsec_sa_detail_2.raw":       {CiscoIPsec, 0},
		"ntc-templates/cisco_ios_show_crypto_ipsec_sa_detail_3.raw":       {CiscoIPsec, 0},
		"ntc-templates/cisco_ios_show_crypto_session_detail.raw":          {CiscoSession, 0},
		"ntc-templates/cisco_ios_show_crypto_session_detail_ikev2.raw":    {CiscoSession, 0},
		"ntc-templates/cisco_asa_show_vpn-sessiondb_detail_l2l.raw":       {CiscoVPNSessions, 0},
		"ntc-templates/cisco_asa_show_vpn-sessiondb_detail_l2l2.raw":      {CiscoVPNSessions, 0},
		"ntc-templates/cisco_asa_show_vpn-sessiondb_detail_l2l4.raw":      {CiscoVPNSessions, 0},
		"ntc-templates/cisco_asa_show_vpn-sessiondb_detail_l2l_obj.raw":   {CiscoVPNSessions, 0},
		"ntc-templates/cisco_asa_show_running-config_all_crypto_map.raw":  {FormatUnknown, 0}, // configurations
		"ntc-templates/cisco_asa_show_running-config_all_crypto_map2.raw": {FormatUnknown, 0},
		"ntc-templates/cisco_asa_show_running-config_crypto_ikev1.raw":    {FormatUnknown, 0},
		"ntc-templates/cisco_asa_show_running-config_crypto_map.raw":      {FormatUnknown, 0},
		"ntc-templates/cisco_asa_show_running-config_crypto_map2.raw":     {FormatUnknown, 0},
		"ntc-templates/cisco_asa_show_running-config_ipsec.raw":           {FormatUnknown, 0},
	}
	seen := 0
	for _, sub := range []string{"genieparser", "ipsec_exporter", "linux", "ntc-templates"} {
		files, _ := filepath.Glob(filepath.Join(dir, sub, "*"))
		for _, f := range files {
			if ext := filepath.Ext(f); ext != ".txt" && ext != ".raw" {
				continue
			}
			name := sub + "/" + filepath.Base(f)
			w, listed := want[name]
			if !listed {
				t.Errorf("%s is not in the table", name)
				continue
			}
			seen++
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			st, err := Parse(name, bytes.NewReader(b))
			if st.Format != w.format || w.format.Readable() != (err == nil) || len(st.Unknown)+st.Dropped != w.unknown {
				t.Errorf("%s: %v, %v, unknown lines %v", name, st.Format, err, st.Unknown)
			}
		}
	}
	if seen != len(want) {
		t.Errorf("%d samples, want %d", seen, len(want))
	}
}

// TestManuals reads the outputs that stand in a manual, each between two fences.
func TestManuals(t *testing.T) {
	dir := recordings.Path(t, "configs", "state", "aws-docs")
	for name, want := range map[string][]Format{
		"Juniper_Troubleshooting.md":   {JunosIKE, JunosIPsec},
		"Cisco_Troubleshooting.md":     {CiscoIKE, CiscoIPsec},
		"Cisco_ASA_Troubleshooting.md": {CiscoIKE, CiscoIPsec},
	} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		var got []Format
		for i, part := range strings.Split(string(b), "```") {
			if i%2 == 0 || !Detect([]byte(part)).Readable() || Detect([]byte(part)) == FormatEmpty {
				continue
			}
			st, err := Parse(name, strings.NewReader(part))
			if err != nil || len(st.Unknown)+st.Dropped > 0 || len(st.SAs) == 0 {
				t.Errorf("%s: %v, %v, %d SAs, unknown %v", name, st.Format, err, len(st.SAs), st.Unknown)
			}
			got = append(got, st.Format)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: read %v, want %v", name, got, want)
		}
	}
}

// TestConsoles reads the lines of trafficstatus in libreswan's own test
// results, of many releases.
func TestConsoles(t *testing.T) {
	lines := 0
	for _, f := range recordings.Glob(t, "configs", "libreswan", "*", "*.console.txt") {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			if !strings.Contains(line, "inBytes=") || !strings.Contains(line, "type=ESP, ") || strings.Contains(line, "whack") {
				continue
			}
			lines++
			if sa, ok := whackTraffic(strings.TrimRight(line, "\r\n")); !ok || sa.Name == "" || sa.Remote.Text == "" && sa.Remote.XAuth == "" {
				t.Errorf("%s: %q", f, line)
			}
		}
	}
	if lines == 0 {
		t.Error("no line of trafficstatus")
	}
}
