package state

// Format names a format of dumps.
type Format uint8

// The formats that Detect knows. Parse reads those that Format.Readable
// reports.
const (
	FormatUnknown Format = iota
	// FormatEmpty: nothing but white space. Daemons without SAs print so.
	FormatEmpty
	// SwanctlSAs: swanctl --list-sas, pretty-printed for people.
	SwanctlSAs
	// SwanctlRaw: swanctl --list-sas --raw.
	SwanctlRaw
	// SwanctlConnections: swanctl --list-conns.
	SwanctlConnections
	// StrokeStatus: strongSwan's ipsec status and ipsec statusall.
	StrokeStatus
	// XfrmState: ip xfrm state, with or without -s.
	XfrmState
	// XfrmPolicy: ip xfrm policy.
	XfrmPolicy
	// XfrmStat: /proc/net/xfrm_stat.
	XfrmStat
	// XfrmMonitor: ip xfrm monitor.
	XfrmMonitor
	// WhackStatus: libreswan's ipsec status, which is ipsec whack --status.
	WhackStatus
	// WhackTraffic: libreswan's ipsec trafficstatus.
	WhackTraffic
	// SetkeySAs and SetkeyPolicies: setkey -D and setkey -DP.
	SetkeySAs
	SetkeyPolicies
	// RacoonSAs: racoonctl show-sa isakmp.
	RacoonSAs
	// CiscoIKE: show crypto isakmp sa and show crypto ikev1 sa.
	CiscoIKE
	// CiscoIPsec: show crypto ipsec sa.
	CiscoIPsec
	// CiscoSession: IOS's show crypto session.
	CiscoSession
	// CiscoVPNSessions: ASA's show vpn-sessiondb.
	CiscoVPNSessions
	// JunosIKE and JunosIPsec: show security ike security-associations and show
	// security ipsec security-associations, with detail or without.
	JunosIKE
	JunosIPsec
	// JunosInactive: show security ipsec inactive-tunnels.
	JunosInactive
	// JunosStatistics: show security ipsec statistics.
	JunosStatistics
	// FortiTunnels: diagnose vpn tunnel list.
	FortiTunnels
	// FortiGateways: diagnose vpn ike gateway list.
	FortiGateways
	// FortiSummary: get vpn ipsec tunnel summary.
	FortiSummary
	// RouterOSPeers: MikroTik's ip ipsec active-peers print.
	RouterOSPeers
	// RouterOSSAs: MikroTik's ip ipsec installed-sa print.
	RouterOSSAs
	// ViciSAs and ViciConnections: the SAs and connections of charon's control
	// interface (vici), as JSON.
	ViciSAs
	ViciConnections
	// Sysctl: sysctl's network settings.
	Sysctl
	// IPRoute: ip route.
	IPRoute
	// IPRouteGet: ip route get.
	IPRouteGet
	// Sockets: the UDP sockets of ss -uan, netstat -anu or -an, or sockstat.
	Sockets
	// Conntrack: conntrack -L, or /proc/net/nf_conntrack.
	Conntrack
	// Nstat: nstat's network counters.
	Nstat
	// Refusal: a daemon's control program that did not reach it.
	Refusal
)

var formatNames = [...]string{
	"unknown", "empty", "swanctl --list-sas", "swanctl --list-sas --raw", "swanctl --list-conns", "ipsec statusall",
	"ip xfrm state", "ip xfrm policy", "xfrm_stat", "ip xfrm monitor", "ipsec whack --status", "ipsec whack --trafficstatus",
	"setkey -D", "setkey -DP", "racoonctl show-sa isakmp", "show crypto isakmp sa", "show crypto ipsec sa", "show crypto session", "show vpn-sessiondb",
	"show security ike security-associations", "show security ipsec security-associations", "show security ipsec inactive-tunnels", "show security ipsec statistics",
	"diagnose vpn tunnel list", "diagnose vpn ike gateway list", "get vpn ipsec tunnel summary", "ip ipsec active-peers print", "ip ipsec installed-sa print", "vici list-sas", "vici list-conns",
	"sysctl", "ip route", "ip route get", "ss -uan", "conntrack -L", "nstat", "a daemon that was not reached",
}

// String returns the command or file that the format comes from.
func (f Format) String() string { return enumName(formatNames[:], uint8(f), "Format") }

// Readable reports whether Parse reads the format.
func (f Format) Readable() bool { return f == FormatEmpty || readerOf(f) != nil }

// Junos reports whether it is one of Juniper's.
func (f Format) Junos() bool { return f >= JunosIKE && f <= JunosStatistics }
