// Package live holds tests against real daemons: two gateways with a router
// between them, in network namespaces, between which a tunnel is made to fail.
// What the daemons log and what both ends' interfaces carry goes into an engine
// as it happens, and the finding must be there before the daemon gives up.
//
// The tests carry the build tag live and want root, Debian's strongSwan,
// tcpdump, iproute2 and iptables. .ci/live installs what is missing, and runs
// them inside a user-mode Linux kernel where that package is to be had, so that
// ESP and AH are the kernel's own:
//
//	bash .ci/live            three faults, and two of the probe's tests
//	bash .ci/live full       all of them, five times
//
// What they see can be kept, to record the faults anew with the daemons of the
// day: a folder for each, with both ends' log, capture, configuration and state
// of daemon and kernel in it, as the tests on recordings read them:
//
//	LIVE_RECORD=/var/tmp/corpus bash .ci/live all
//
// ike/probe is asked to tell what real daemons, firewalls and paths answer, by
// the tests whose names begin with TestProbe:
//
//	LIVE_RUN=Probe bash .ci/live all
package live
