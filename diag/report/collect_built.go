package report

import "github.com/ikediag/ikediag/diag"

// guidesBuilt are products with a daemon inside that is known by itself: what
// tells them is their own configuration.
var guidesBuilt = [...]Guide{
	{
		Product: "pfSense and OPNsense",
		Sources: []string{"pfsense", "opnsense"},
		Level:   "Diag for IKE SA, IKE Child SA and Configuration backend",
		Log: []Step{
			{"", "VPN > IPsec > Advanced Settings, logging: IKE SA, IKE Child SA and Configuration backend at Diag, the rest at Control (pfSense); VPN > IPsec > Advanced Settings, the same names at 2 (OPNsense)", true},
			{"cat /var/log/ipsec.log", "pfSense; OPNsense keeps one file a day in /var/log/ipsec", true},
		},
		Capture: []Step{{"tcpdump -ni any -s 0 -w ike.pcap 'host PEER or icmp'", "or Diagnostics > Packet Capture; without \"any\", the interface towards the peer", true}},
		Config:  []Step{{"cat /conf/config.xml", "or Diagnostics > Backup & Restore", true}},
		State: []Step{
			{"swanctl --list-sas --raw", "", false},
			{"setkey -D", "prints session keys: take out the lines that begin with E: and A:", false},
			{"setkey -DP", "", false},
		},
		Private: "config.xml holds the pre-shared keys and passwords of the whole firewall: of a key, what is left of it has to differ where the keys differ",
		See:     []diag.Reference{{Title: "strongSwan: Logging", URL: "https://docs.strongswan.org/docs/latest/config/logging.html"}},
	},
	{
		Product: "VyOS and EdgeOS",
		Sources: []string{"vyos"},
		Level:   "2, of all subsystems",
		Log: []Step{
			{"set vpn ipsec log level 2", "from 1.4 on, with: set vpn ipsec log subsystem any", false},
			{"set vpn ipsec logging log-modes any", "before 1.4, and EdgeOS", false},
			{"show log vpn ipsec", "after the attempt", false},
		},
		Capture: []Step{{"tcpdump -ni any -s 0 -w ike.pcap 'host PEER or icmp'", "as root", false}},
		Config:  []Step{{"show configuration commands", "", true}},
		State: []Step{
			{"sudo swanctl --list-sas --raw", "before 1.4: sudo ipsec statusall", false},
			{"sudo ip -s xfrm state list nokeys", "", false},
			{"sudo ip xfrm policy", "", false},
			{"cat /proc/net/xfrm_stat", "twice, with traffic in between", false},
		},
		Undo:    []Step{{"delete vpn ipsec log", "or: delete vpn ipsec logging", true}},
		Private: "the pre-shared keys stand in the configuration",
		See:     []diag.Reference{{Title: "strongSwan: Logging", URL: "https://docs.strongswan.org/docs/latest/config/logging.html"}},
	},
}
