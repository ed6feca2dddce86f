// Package config reads what an operator intends: the configuration files of
// IPsec gateways become Connections, every value of which says in which file
// and line it stands, or that it is inherited, hidden, or the default of the
// implementation and version that wrote no word about it.
//
// # Use
//
//	a, err := config.Parse("west/ipsec.conf", f, config.Options{})
//	if err != nil {
//		… // a *ParseError: errors.Is(err, config.ErrFormat) and so on
//	}
//	err = a.AddSecrets("west/ipsec.secrets", g, config.Options{})
//	… // b is the other gateway's
//	pairs, unmatched := config.Match(a, b)
//	for _, p := range pairs {
//		c := config.Compare(p.A, p.B)
//		… c.Compatible(), c.Differences …
//	}
//	issues := config.Lint(a)
//
// # Vocabulary
//
// A Config is one gateway's configuration: its Connections, its secrets, the
// statements that this package has no place for (Unknown), the includes, with
// the reason why one was not read, and the lines that could not be understood
// (Problems). Where AllRead is false, what it lacks may be elsewhere. A
// Connection is one peer with its phase-1 policy; a Child is one SA pair that
// it wants. Local and Remote are the gateway's own view: of two gateways, the
// Local of one answers the Remote of the other.
//
// A Value holds a setting with its place. Its Origin tells a word that was
// written from one that was inherited from another section, from the default
// and from a value that the file hides (encrypted or masked). Nothing is
// "absent": where an implementation documents a default, it stands there with
// origin Default and no line. Origin Unset is left for what nobody states.
//
// # Formats
//
// Detect names a format by its content alone. Parse reads strongSwan's
// swanctl.conf and ipsec.conf, libreswan's and Openswan's ipsec.conf, the
// ipsec.secrets that belong to either, racoon.conf with its psk.txt and the
// policies of setkey, the config.xml of pfSense and OPNsense, what AWS tells of
// its VPN connections, as JSON or XML, and the configurations of Cisco IOS and
// IOS-XE, Cisco ASA, PIX and FTD, FortiOS, RouterOS, PAN-OS, Junos of the SRX,
// ScreenOS, and VyOS with EdgeOS; each dialect is one file or a few of one
// prefix. A format that Detect knows and Parse does not read gives ErrNotRead
// and its name.
//
// Defaults are those that strongSwan 5.9.8, libreswan 4.10, IOS 12 to 16, ASA
// 7.0 to 9.12, ipsec-tools, VyOS, FortiOS, RouterOS and PAN-OS document. What
// later releases of IOS and ASA take is left open, as are Apple's racoon and
// what differs among releases of Junos; of FortiOS and RouterOS, which print
// what differs from their defaults, those that moved over releases where the
// file does not tell its release.
//
// A peer of RouterOS is a Connection for each of its identities.
//
// Curly braces and set commands make one tree of words, Juniper's with what
// apply-groups inherits. Of an SRX a vpn is a Connection, of VyOS a peer. Keys
// in Juniper's form $9$, which hides nothing, are read.
//
// A Cisco device's crypto map entries and protected tunnel interfaces are its
// Connections, the permit entries of an access list their Children. Where
// names mean sections elsewhere they are listed in Config.SectionRefs. Of what
// a terminal or a support bundle shows, only the configuration is read.
//
// A racoon.conf has phase 1 and the algorithms; what traffic goes to which peer
// is in the policies that setkey is given. Config.AddSecrets joins those to it,
// as it does the keys.
//
// Of pfSense and OPNsense each phase1 is a Connection and each phase2 a Child;
// OPNsense's newer model is read as the swanctl.conf that is written from it,
// where connections and children have their uuid for a name. Of AWS each tunnel
// is a Connection as AWS's end has it.
//
// # Secrets
//
// Secrets are kept as ike.Secret and nowhere else. No error, no Statement and
// no formatting verb shows one: what stands in a secrets file or section is
// named by file, line and, where that is one of the format's own words, key.
// SecretFor looks a pre-shared key up as that daemon does; see there. For the
// keys of many connections there is IndexSecrets.
//
// # Two ends
//
// Match finds which connection of one gateway answers which of another, across
// formats and among thousands; Compare lists the fields in which the two
// disagree, with both values and lines, and says of each whether it cannot
// work, is merely worth knowing, or takes more than the configurations to
// tell.
//
// # One end
//
// Lint looks at one configuration alone: what its daemon refuses or passes
// over, and what works and should not be, each with the place, the sections of
// RFCs that say so and what to write instead as that format spells it. A
// reader that comes upon an issue by itself, as one that knows which interface
// applies a policy, leaves it in Connection.Found or Config.Found.
//
// # Adding a format
//
// A format has its reader in files of one prefix, with what is particular to
// it in PREFIX_format.go, and a line in formatOf; its name is in dialect.go,
// the words that Detect knows it by in detect.go. What its implementation is
// known to do is in diag/observe/behaviour.go, how remedies are written in it
// in diag/rules/write_PREFIX.go, how it spells algorithms in package ike. A
// folder of testdata has a configuration with its golden dump, and a file of
// diag/ingest's tests writes both ends of a tunnel in it, so that it is set
// against the other formats with each setting broken in turn.
//
// # Errors and limits
//
// A line that cannot be understood costs that line: it is a *ParseError in
// Config.Problems and reading goes on. Parse itself fails only where nothing
// can be said: an unknown format, a reader that fails, an input beyond the
// Limits.Size. Time is linear in the input; section references and also= are
// bounded by Limits.Depth and Limits.Expand. At Limits.Statements, Connections
// and Children reading ends: the Problem that says so is in Config.Cut too,
// what was read whole stays, and the connection or secret that was cut apart
// is left out.
//
// # Ownership and concurrency
//
// Everything returned is the caller's own copy; a Config may be read by
// several goroutines at once as long as none adds secrets.
package config
