package report

import "github.com/ikediag/ikediag/diag"

// guidesOpen are the daemons of Linux and BSD.
var guidesOpen = [...]Guide{
	{
		Product: "strongSwan",
		Sources: []string{"strongswan", "swanctl.conf", "strongswan-ipsec.conf", "swanctl --list-sas", "swanctl --list-sas --raw", "swanctl --list-conns", "ipsec statusall", "vici list-sas", "vici list-conns"},
		Level:   "2 of cfg, ike and knl",
		Log: []Step{
			{"charon {\n  filelog {\n    ike {\n      path = /var/log/charon.log\n      time_format = %Y-%m-%dT%H:%M:%S%z\n      ike_name = yes\n      flush_line = yes\n      default = 1\n      cfg = 2\n      ike = 2\n      knl = 2\n    }\n  }\n}", "into strongswan.conf; charon-systemd reads the section charon-systemd. Before 5.7 the path is the section's name", false},
			{"swanctl --reload-settings", "", false},
			{"ipsec stroke loglevel cfg 2", "instead, where ipsec starts the daemon: until it ends, for each of cfg, ike and knl", true},
		},
		Capture: []Step{{"tcpdump -ni any -s 0 -w ike.pcap 'host PEER or icmp'", "while a connection is tried, from before its first message", false}},
		Config: []Step{
			{"cat /etc/swanctl/swanctl.conf /etc/swanctl/conf.d/*.conf", "or /etc/ipsec.conf with what it includes, as files of their own names", false},
			{"swanctl --list-conns", "what the daemon has loaded of it", false},
		},
		State: []Step{
			{"swanctl --list-sas --raw", "or, where ipsec starts the daemon, ipsec statusall", false},
			{"ip -s xfrm state list nokeys", "", false},
			{"ip xfrm policy", "", false},
			{"cat /proc/net/xfrm_stat", "twice, with traffic in between", false},
			{"ip route get DESTINATION", "for an address behind the peer", false},
		},
		Undo:    []Step{{"", "take the section out again, and swanctl --reload-settings", false}},
		Private: "ipsec.secrets and the section secrets; a log of level 4, and ip xfrm state without nokeys, which print session keys",
		See: []diag.Reference{
			{Title: "strongSwan: Logging", URL: "https://docs.strongswan.org/docs/latest/config/logging.html"},
			{Title: "strongSwan: swanctl", URL: "https://docs.strongswan.org/docs/latest/swanctl/swanctl.html"},
		},
	},
	{
		Product: "Libreswan and Openswan",
		Sources: []string{"libreswan", "libreswan-ipsec.conf", "ipsec whack --status", "ipsec whack --trafficstatus"},
		Level:   "plutodebug=all",
		Log: []Step{
			{"config setup\n    logfile=/var/log/pluto.log\n    plutodebug=all", "into ipsec.conf, and start the daemon anew", false},
			{"ipsec whack --debug-all", "instead, while it runs; newer releases: --debug all", false},
			{"journalctl -u ipsec -o short-iso-precise", "where there is no logfile", false},
		},
		Capture: []Step{{"tcpdump -ni any -s 0 -w ike.pcap 'host PEER or icmp'", "", false}},
		Config:  []Step{{"cat /etc/ipsec.conf /etc/ipsec.d/*.conf", "as files of their own names", false}},
		State: []Step{
			{"ipsec status", "", false},
			{"ipsec trafficstatus", "", false},
			{"ip -s xfrm state list nokeys", "", false},
			{"ip xfrm policy", "", false},
			{"cat /proc/net/xfrm_stat", "twice, with traffic in between", false},
		},
		Undo:    []Step{{"ipsec whack --debug-none", "", false}},
		Private: "/etc/ipsec.secrets and /etc/ipsec.d/*.secrets; plutodebug=private and crypt, which write keys",
		See:     []diag.Reference{{Title: "pluto(8)", URL: "https://manpages.ubuntu.com/manpages/questing/man8/pluto.8.html"}},
	},
	{
		Product: "racoon",
		Sources: []string{"racoon", "racoon.conf", "psk.txt", "setkey.conf", "racoonctl show-sa isakmp"},
		Level:   "debug",
		Log: []Step{
			{"log debug;", "into racoon.conf, and start it anew; debug2 also writes the packets and the keys", true},
			{"racoon -F -d -f /etc/racoon/racoon.conf", "instead, in the foreground", true},
		},
		Capture: []Step{{"tcpdump -ni any -s 0 -w ike.pcap 'host PEER or icmp'", "on BSD, the interface towards the peer in place of any", false}},
		Config:  []Step{{"cat /etc/racoon/racoon.conf /etc/setkey.conf", "as files of their own names; other systems keep them elsewhere", true}},
		State: []Step{
			{"setkey -D", "prints session keys: take out the lines that begin with E: and A:", false},
			{"setkey -DP", "", false},
		},
		Private: "psk.txt; a log of level debug2 and setkey -D, which have keys",
	},
	{
		Product: "OpenBSD isakmpd",
		Sources: []string{"isakmpd"},
		Level:   "60 of all classes",
		Log: []Step{
			{"isakmpd -K -v -D A=60", "as it is started; classes and levels also while it runs: echo 'D A 60' > /var/run/isakmpd.fifo", true},
		},
		Capture: []Step{
			{"echo 'p on' > /var/run/isakmpd.fifo", "writes what is sent and received, decrypted, to /var/run/isakmpd.pcap; isakmpd -L does so from the start", false},
			{"tcpdump -ni egress -s 2000 -w ike.pcap 'host PEER or icmp'", "", true},
		},
		Config:  []Step{{"cat /etc/ipsec.conf", "this release does not read it", false}},
		State:   []Step{{"netstat -an", "which daemon listens; ipsecctl -s all is not read", true}},
		Undo:    []Step{{"echo 'p off' > /var/run/isakmpd.fifo", "", false}},
		Private: "the keys in ipsec.conf",
		See:     []diag.Reference{{Title: "isakmpd(8)", URL: "https://man.openbsd.org/isakmpd.8"}},
	},
	{
		Product: "vpnc",
		Sources: []string{"vpnc"},
		Level:   "2; 3 shows what the gateway refuses by",
		Log: []Step{
			{"stdbuf -oL vpnc --no-detach --debug 2 2>&1 | tee vpnc.log", "with the options and the file as ever; once it is in the background it writes to syslog", false},
			{"stdbuf -oL vpnc --no-detach --debug 3 2>&1 | tee vpnc.log", "instead, where the gateway's answer is called invalid; 3 has session keys, 99 passwords, too", false},
		},
		Capture: []Step{{"tcpdump -ni any -s 0 -w ike.pcap 'host PEER or icmp'", "", false}},
		Config:  []Step{{"vpnc --print-config", "this release does not read it; it prints the secrets", true}},
		State: []Step{
			{"", "it keeps no table of SAs that could be asked for", false},
			{"ip addr", "", false},
			{"ip route", "", false},
		},
		Private: "what vpnc --print-config writes, and a log of level 3 or 99",
	},
}
