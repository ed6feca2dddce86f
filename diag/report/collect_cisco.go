package report

import "github.com/ikediag/ikediag/diag"

var guidesCisco = [...]Guide{
	{
		Product: "Cisco IOS and IOS-XE",
		Sources: []string{"cisco-ios"},
		Level:   "debug crypto isakmp and debug crypto ipsec",
		Log: []Step{
			{"debug crypto condition peer ipv4 PEER", "so that only this peer is told of", false},
			{"debug crypto isakmp", "", false},
			{"debug crypto ipsec", "", false},
			{"show logging", "after the attempt", false},
			{"logging buffered 1000000 debugging", "before all that, in the configuration, with: service timestamps debug datetime msec localtime show-timezone", true},
		},
		Capture: []Step{
			{"monitor capture IKE interface GigabitEthernet1 both match ipv4 any any", "IOS-XE; the interface towards the peer", true},
			{"monitor capture IKE start", "", true},
			{"monitor capture IKE stop", "after the attempt", true},
			{"monitor capture IKE export flash:ike.pcap", "", true},
		},
		Config: []Step{{"show running-config", "", false}},
		State: []Step{
			{"show crypto isakmp sa", "", false},
			{"show crypto ipsec sa", "twice, with traffic in between", false},
			{"show crypto session detail", "", false},
		},
		Undo: []Step{
			{"undebug all", "", false},
			{"debug crypto condition reset", "", true},
		},
		Private: "the running configuration has the pre-shared keys, in the clear where nothing encrypts them",
		See:     []diag.Reference{{Title: "Cisco IOS Debug Command Reference", URL: "https://www.cisco.com/c/en/us/td/docs/ios/12_2/debug/command/reference/122debug/dbfclns.html"}},
	},
	{
		Product: "Cisco ASA PIX and FTD",
		Sources: []string{"cisco-asa", "show vpn-sessiondb"},
		Level:   "debug crypto ikev1 127 and debug crypto ipsec 127",
		Log: []Step{
			{"debug crypto condition peer PEER", "so that only this peer is told of", false},
			{"debug crypto ikev1 127", "before 8.4: debug crypto isakmp 127", false},
			{"debug crypto ipsec 127", "", false},
			{"show logging", "after the attempt", true},
			{"logging buffered debugging", "before all that, in the configuration, with: logging timestamp, logging buffer-size 1048576, logging debug-trace", true},
		},
		Capture: []Step{
			{"capture IKE type isakmp ikev1 interface outside", "the exchange, with what is inside encrypted messages; before 8.4 without ikev1", false},
			{"capture ALL interface outside match ip any host PEER", "ESP and errors besides", false},
			{"copy /pcap capture:IKE tftp://HOST/ike.pcap", "and capture:ALL", false},
		},
		Config: []Step{{"show running-config", "has asterisks for keys", false}},
		State: []Step{
			{"show crypto isakmp sa", "", false},
			{"show crypto ipsec sa", "twice, with traffic in between", false},
		},
		Undo: []Step{
			{"undebug all", "", false},
			{"no capture IKE", "and no capture ALL, no logging debug-trace", true},
		},
		Private: "more system:running-config, which has the keys in the clear",
		See:     []diag.Reference{{Title: "Cisco ASA 9.1 CLI Configuration Guide: Troubleshooting", URL: "https://www.cisco.com/c/en/us/td/docs/security/asa/asa91/configuration/general/asa_91_general_config/admin_trouble.html"}},
	},
	{
		Product: "Cisco VPN 3000",
		Sources: []string{"cisco-vpn3000"},
		Level:   "severity 1 to 9 of the classes IKE, IKEDBG and IPSEC",
		Log:     []Step{{"", "Configuration > System > Events > Classes, then Monitoring > Filterable Event Log > Get Log", true}},
		Capture: []Step{{"", "at a router or switch beside it", true}},
		Config:  []Step{{"", "this release does not read its configuration file", false}},
		State:   []Step{{"", "Monitoring > Sessions; this release does not read it", false}},
	},
}
