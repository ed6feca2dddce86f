package report

import "github.com/ikediag/ikediag/diag"

// guidesOther are routers, clouds and hosts.
var guidesOther = [...]Guide{
	{
		Product: "MikroTik RouterOS",
		Sources: []string{"mikrotik", "ip ipsec active-peers print", "ip ipsec installed-sa print"},
		Level:   "topic ipsec without packet",
		Log: []Step{
			{"/system logging add topics=ipsec,!packet action=memory", "", false},
			{"/log print where topics~\"ipsec\"", "after the attempt", false},
		},
		Capture: []Step{
			{"/tool sniffer set filter-ip-address=PEER file-name=ike.pcap", "", true},
			{"/tool sniffer start", "then /tool sniffer stop", true},
		},
		Config: []Step{{"/export hide-sensitive", "from 7 on /export alone hides them", true}},
		State: []Step{
			{"/ip ipsec active-peers print detail", "", false},
			{"/ip ipsec installed-sa print detail", "twice, with traffic in between; prints session keys: take out auth-key and enc-key", false},
		},
		Undo:    []Step{{"/system logging remove [find where topics~\"ipsec\"]", "", false}},
		Private: "an export that shows what is sensitive; the topics debug and packet together, which write keys",
		See:     []diag.Reference{{Title: "RouterOS: Log", URL: "https://help.mikrotik.com/docs/spaces/ROS/pages/328094/Log"}},
	},
	{
		Product: "AWS Site-to-Site VPN",
		Sources: []string{"aws", "aws-vpn"},
		Log: []Step{
			{"aws ec2 modify-vpn-tunnel-options --vpn-connection-id ID --vpn-tunnel-outside-ip-address ADDRESS --tunnel-options '{\"LogOptions\":{\"CloudWatchLogOptions\":{\"LogEnabled\":true,\"LogGroupArn\":\"ARN\",\"LogOutputFormat\":\"json\"}}}'", "the tunnel is down while it is changed", false},
			{"", "then the log's lines from CloudWatch, one JSON object each", true},
		},
		Capture: []Step{{"", "none at AWS's end: at the customer gateway", true}},
		Config:  []Step{{"aws ec2 describe-vpn-connections --vpn-connection-ids ID", "", false}},
		State:   []Step{{"", "describe-vpn-connections has it: VgwTelemetry", false}},
		Private: "describe-vpn-connections has the pre-shared keys, in CustomerGatewayConfiguration and TunnelOptions",
		See:     []diag.Reference{{Title: "Amazon EC2 API: VpnTunnelLogOptionsSpecification", URL: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelLogOptionsSpecification.html"}},
	},
	{
		Product: "Alibaba Cloud VPN Gateway",
		Sources: []string{"alibaba"},
		Log:     []Step{{"", "VPN Gateway > IPsec Connections > Logs, of the time of the attempt", true}},
		Capture: []Step{{"", "none at Alibaba's end: at the customer gateway", true}},
		Config:  []Step{{"", "this release does not read it", false}},
		State:   []Step{{"", "this release does not read it", false}},
	},
	{
		Product: "Windows",
		Sources: []string{"windows"},
		Level:   "success and failure of IPsec Main Mode and Quick Mode",
		Log: []Step{
			{"auditpol /set /subcategory:\"IPsec Main Mode\" /success:enable /failure:enable", "the same for \"IPsec Quick Mode\"", false},
			{"wevtutil qe Security /f:text /q:\"*[System[(EventID>=4650) and (EventID<=4655)]]\"", "after the attempt", true},
		},
		Capture: []Step{
			{"pktmon start --capture --pkt-size 0 --file-name ike.etl", "", true},
			{"pktmon etl2pcap ike.etl --out ike.pcapng", "after: pktmon stop", true},
		},
		Config: []Step{{"", "this release does not read it", false}},
		State:  []Step{{"netstat -an", "which ports are open", false}},
		Undo:   []Step{{"auditpol /set /subcategory:\"IPsec Main Mode\" /success:disable /failure:disable", "", false}},
		See:    []diag.Reference{{Title: "Windows Filtering Platform: Auditing and logging", URL: "https://learn.microsoft.com/en-us/windows/win32/fwp/auditing-and-logging"}},
	},
	{
		Product: "Any Linux host",
		Sources: []string{"ip xfrm state", "ip xfrm policy", "xfrm_stat", "ip xfrm monitor", "sysctl", "ip route", "ip route get", "ss -uan", "conntrack -L", "nstat"},
		Log:     []Step{{"journalctl -b -o short-iso-precise", "of the daemon that runs there", false}},
		Capture: []Step{{"tcpdump -ni any -s 0 -w ike.pcap 'host PEER or icmp'", "", false}},
		State: []Step{
			{"ip -s xfrm state list nokeys", "", false},
			{"ip xfrm policy", "", false},
			{"cat /proc/net/xfrm_stat", "twice, with traffic in between", false},
			{"ip route get DESTINATION", "for an address behind the peer", false},
			{"sysctl -a", "whether it forwards, and what the reverse-path filter does", false},
			{"ss -uanp", "who listens on UDP ports 500 and 4500", false},
			{"conntrack -L", "what is translated on the way", false},
			{"ip xfrm monitor", "left running while a tunnel comes and goes", false},
		},
		Private: "ip xfrm state without nokeys prints session keys",
	},
}
