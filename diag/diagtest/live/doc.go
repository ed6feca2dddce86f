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
//	bash .ci/live            three faults
//	bash .ci/live full       all of them, five times
package live
