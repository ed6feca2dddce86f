package report

import "github.com/ikediag/ikediag/diag"

// guidesFirewall are firewalls of other vendors.
var guidesFirewall = [...]Guide{
	{
		Product: "FortiGate",
		Sources: []string{"fortigate", "fortigate-ike", "diagnose vpn tunnel list", "diagnose vpn ike gateway list", "get vpn ipsec tunnel summary"},
		Level:   "diagnose debug application ike -1",
		Log: []Step{
			{"diagnose vpn ike log filter rem-addr4 PEER", "before 7.4: diagnose vpn ike log-filter dst-addr4 PEER", false},
			{"diagnose debug console timestamp enable", "", false},
			{"diagnose debug application ike -1", "", false},
			{"diagnose debug enable", "then one attempt; keep what the terminal shows", false},
		},
		Capture: []Step{
			{"", "Network > Diagnostics (or Packet Capture), with the peer as host: it gives pcap", true},
			{"diagnose sniffer packet any 'host PEER' 6 0 l", "gives text that this release does not read; Fortinet's fgt2eth makes pcap of it", false},
		},
		Config: []Step{
			{"show vpn ipsec phase1-interface", "and phase2-interface; or a backup, which has the addresses and policies as well", false},
		},
		State: []Step{
			{"diagnose vpn ike gateway list", "", false},
			{"diagnose vpn tunnel list", "twice, with traffic in between; prints session keys: take out the lines with key=", false},
			{"get vpn ipsec tunnel summary", "", false},
		},
		Undo: []Step{
			{"diagnose debug disable", "", false},
			{"diagnose debug reset", "", false},
			{"diagnose vpn ike log filter clear", "", false},
		},
		Private: "a backup has the pre-shared keys, encrypted in a way that can be undone",
		See:     []diag.Reference{{Title: "FortiOS Handbook: FortiOS diagnostics", URL: "https://docs.fortinet.com/document/fortigate/6.0.0/handbook/178055/fortios-diagnostics"}},
	},
	{
		Product: "Juniper SRX",
		Sources: []string{"juniper", "juniper-srx", "show security ike security-associations", "show security ipsec security-associations", "show security ipsec inactive-tunnels", "show security ipsec statistics"},
		Level:   "15",
		Log: []Step{
			{"request security ike debug-enable local LOCAL remote PEER level 15", "LOCAL is this gateway's address", false},
			{"show log kmd", "after the attempt; with iked: show log iked", false},
			{"set security ike traceoptions flag all", "instead, for all peers, in the configuration", false},
		},
		Capture: []Step{{"monitor traffic interface ge-0/0/0.0 no-resolve size 1500 matching \"host PEER\" write-file /var/tmp/ike.pcap", "the interface towards the peer; ESP that the hardware forwards is not in it", true}},
		Config:  []Step{{"show configuration | display set", "", true}},
		State: []Step{
			{"show security ike security-associations detail", "", false},
			{"show security ipsec security-associations detail", "", false},
			{"show security ipsec inactive-tunnels detail", "says why a tunnel is down", false},
			{"show security ipsec statistics", "twice, with traffic in between", false},
		},
		Undo:    []Step{{"request security ike debug-disable", "", false}},
		Private: "the configuration has the pre-shared keys as $9$, which can be undone",
		See:     []diag.Reference{{Title: "Junos: Tracing IPsec Operations", URL: "https://www.juniper.net/documentation/en_US/junos13.1/topics/usage-guidelines/services-tracing-ipsec-operations.html"}},
	},
	{
		Product: "Juniper ScreenOS",
		Sources: []string{"juniper-screenos"},
		Level:   "debug ike detail",
		Log: []Step{
			{"debug ike detail", "this release does not read its log", false},
			{"get dbuf stream", "after the attempt", true},
		},
		Capture: []Step{{"", "at a router or switch beside it", true}},
		Config:  []Step{{"get config", "", true}},
		State:   []Step{{"get sa", "this release does not read it", false}},
		Undo:    []Step{{"undebug all", "", true}},
		Private: "the configuration has the pre-shared keys, encoded",
	},
	{
		Product: "Palo Alto PAN-OS",
		Sources: []string{"palo-alto", "paloalto"},
		Level:   "debug ike global on debug",
		Log: []Step{
			{"debug ike global on debug", "", false},
			{"less mp-log ikemgr.log", "after the attempt; from 11.2 on it may be ikemgr-ng.log. Monitor > Logs > System, with ( subtype eq vpn ), is read as well", false},
		},
		Capture: []Step{
			{"debug ike pcap on", "", false},
			{"scp export debug-pcap from ikemgr.pcap to USER@HOST:ike.pcap", "after: debug ike pcap off", true},
		},
		Config: []Step{{"set cli config-output-format set", "then, in configure: show network ike; show network tunnel ipsec", true}},
		State:  []Step{{"show vpn ike-sa", "and show vpn ipsec-sa; this release does not read them", false}},
		Undo: []Step{
			{"debug ike global on normal", "", true},
			{"debug ike pcap off", "", false},
		},
		Private: "the configuration has the pre-shared keys, encrypted with a master key that is often the vendor's",
	},
	{
		Product: "SonicWall",
		Sources: []string{"sonicwall"},
		Level:   "Debug for VPN",
		Log:     []Step{{"", "Log > Settings, VPN at level Debug; then the view of the log, exported as text, or its syslog", true}},
		Capture: []Step{{"", "Packet Monitor, with the peer as host, exported as pcap", true}},
		Config:  []Step{{"", "this release does not read its configuration", false}},
		State:   []Step{{"", "this release does not read its tables", false}},
	},
	{
		Product: "SoftEther VPN Server",
		Sources: []string{"softether"},
		Log:     []Step{{"cat /var/log/softether/server_log/vpn_*.log", "elsewhere the folder server_log beside the program; what the server drops is not in it", true}},
		Capture: []Step{{"tcpdump -ni any -s 0 -w ike.pcap 'host PEER or icmp'", "", true}},
		Config:  []Step{{"vpncmd localhost /SERVER /CMD IPsecGet", "shows the pre-shared key: take it out; this release does not read it", false}},
		State:   []Step{{"", "this release does not read its tables", false}},
		Private: "the output of IPsecGet, which has the key",
	},
	{
		Product: "Check Point",
		Sources: []string{"checkpoint"},
		Log: []Step{
			{"", "the log of key installations, exported as text; ike.elg is not read", true},
			{"vpn debug trunc", "for the vendor's own viewer", false},
		},
		Capture: []Step{{"tcpdump -ni any -s 0 -w ike.pcap 'host PEER or icmp'", "in expert mode", true}},
		Config:  []Step{{"", "this release does not read its configuration", false}},
		State:   []Step{{"vpn tu tlist", "this release does not read it", false}},
		Undo:    []Step{{"vpn debug truncoff", "", true}},
	},
}
