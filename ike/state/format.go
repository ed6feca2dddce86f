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
	// JunosIKE and JunosIPsec: show security ike, show security ipsec.
	JunosIKE
	JunosIPsec
	// FortiTunnels: diagnose vpn tunnel list and diagnose vpn ike gateway
	// list.
	FortiTunnels
	// Sysctl: sysctl's network settings.
	Sysctl
	// IPRoute: ip route.
	IPRoute
	// Nstat: nstat's network counters.
	Nstat
	// Refusal: a daemon's control program that did not reach it.
	Refusal
)

var formatNames = [...]string{
	"unknown", "empty", "swanctl --list-sas", "swanctl --list-sas --raw", "swanctl --list-conns", "ipsec statusall",
	"ip xfrm state", "ip xfrm policy", "xfrm_stat", "ip xfrm monitor", "ipsec whack --status", "ipsec whack --trafficstatus",
	"setkey -D", "setkey -DP", "racoonctl show-sa isakmp", "show crypto isakmp sa", "show crypto ipsec sa", "show crypto session", "show vpn-sessiondb",
	"show security ike", "show security ipsec", "diagnose vpn tunnel list",
	"sysctl", "ip route", "nstat", "a daemon that was not reached",
}

// String returns the command or file that the format comes from.
func (f Format) String() string { return enumName(formatNames[:], uint8(f), "Format") }

// Readable reports whether Parse reads the format.
func (f Format) Readable() bool { return f == FormatEmpty || readerOf(f) != nil }

// Recalled reports whether no genuine sample of the format was at hand when
// its reader was written: what rests on it is not proven.
func (f Format) Recalled() bool { return f == SetkeySAs || f == SetkeyPolicies }
