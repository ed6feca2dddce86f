package state

import "strings"

// What the programs that speak with a daemon print where there is nobody to
// speak with. It goes where the listing would have gone, if both of its outputs
// are kept:
//
//	whack: Pluto is not running (no "/run/pluto/pluto.ctl")
//	whack: is Pluto running?  connect() for "/run/pluto/pluto.ctl" failed (111 Connection refused)
//	connecting to 'unix:///var/run/charon.vici' failed: No such file or directory
//	failed to connect to stroke socket 'unix:///var/run/charon.ctl'
//
// Pluto always has its socket; strongSwan's daemon may run without the plugin
// that opens the one that was asked for. A refusal for lack of rights says
// nothing of the daemon, and is of no format.

// unreached returns the product whose daemon was not reached, empty where the
// line says no such thing.
func unreached(line string) string {
	closed := strings.HasSuffix(line, "No such file or directory") || strings.HasSuffix(line, "Connection refused")
	switch {
	case strings.HasPrefix(line, "whack: Pluto is not running"), strings.HasPrefix(line, "whack: is Pluto running?"):
		return "libreswan"
	case strings.HasPrefix(line, "connecting to 'unix://") && strings.Contains(line, "' failed: ") && closed,
		strings.HasPrefix(line, "failed to connect to stroke socket '"):
		return "strongSwan"
	}
	return ""
}

func readNotRunning(p *parser) {
	for p.next() {
		switch product := unreached(p.line); {
		case product != "":
			p.st.Daemon.Product = product
			p.st.NotRunning = product == "libreswan"
		case blank(p.line), strings.HasPrefix(p.line, "Error: connecting to "), strings.HasPrefix(p.line, "connecting to '"):
		default:
			p.unknown()
		}
	}
}
