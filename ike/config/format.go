package config

import "github.com/ikediag/ikediag/ike"

// format is what this package knows of a file format: how it is read, and what
// the daemon that reads it does differently from others. Each format has its
// own beside its reader.
type format struct {
	// read adds what the file says to the Config.
	read func(s *source, name string, b []byte)
	// identities is how it spells identities.
	identities ike.Dialect
	// blank: a setting and its value are parted by a blank, not by an equals
	// sign.
	blank bool
	lint  lintDialect
	traits
}

// traits are how a daemon takes what its peer wants, where that decides whether
// two configurations get on. The zero value is the strict and the usual.
type traits struct {
	// addressKeys: a pre-shared key is looked up by the peer's address.
	// ownKeys: a connection's Keyrings name its own, and no other is taken.
	// pskFile: it is looked up by the address in main mode, by the peer's
	// identity in aggressive mode.
	addressKeys, ownKeys, pskFile bool
	// answersBoth: it answers aggressive mode too, unless Connection.MainOnly.
	answersBoth bool
	// followsMode: as responder it takes tunnel or transport mode as asked.
	followsMode bool
	// anyGroup: where it wants PFS it takes any group.
	anyGroup bool
	// exact: it takes no selectors but its own. within: it takes those that its
	// own contain, and never what is wider.
	exact, within bool
}

// formatOf returns the zero value for a format that is not read.
func formatOf(d Dialect) format {
	switch d {
	case Swanctl:
		return swanctlFormat()
	case StrongSwan:
		return strongSwanFormat()
	case Libreswan:
		return libreswanFormat()
	case IPsecSecrets:
		return format{read: (*source).anySecrets, lint: strictLint()}
	case CiscoIOS:
		return iosFormat()
	case Racoon:
		return racoonFormat()
	case RacoonKeys:
		return racoonKeysFormat()
	case Setkey:
		return setkeyFormat()
	case PfSense, OPNsense:
		return pfSenseFormat()
	case AWS:
		return awsFormat()
	case OPNsenseModel:
		return opnSenseModelFormat()
	case CiscoASA:
		return asaFormat()
	case FortiGate:
		return fortiGateFormat()
	case MikroTik:
		return mikroTikFormat()
	case PaloAlto:
		return paloAltoFormat()
	case VyOS:
		return vyosFormat()
	case ScreenOS:
		return screenOSFormat()
	case JuniperSRX:
		return junosFormat()
	}
	return format{lint: strictLint()}
}

// anySecrets reads an ipsec.secrets whose daemon is not known.
func (s *source) anySecrets(name string, b []byte) { s.secretsFile(name, b, ike.DialectAny) }

func (c *Connection) traits() traits { return formatOf(c.Dialect).traits }

// AnswersBoth reports whether the gateway answers main and aggressive mode
// alike, whichever it begins with.
func (c *Connection) AnswersBoth() bool {
	return c.EitherMode.V || c.traits().answersBoth && !c.MainOnly.V
}

// KeyByAddress reports whether the gateway looks a pre-shared key up by the
// peer's address, in main mode at least.
func (d Dialect) KeyByAddress() bool { return formatOf(d).addressKeys || formatOf(d).pskFile }

// Separator is what stands between a setting and its value in the format.
func (d Dialect) Separator() string {
	if formatOf(d).blank {
		return " "
	}
	return " = "
}

// GroupApart reports whether the format states the group for PFS apart from
// the phase-2 proposals: in Child.PFS.
func (d Dialect) GroupApart() bool { return formatOf(d).lint.apart }

// identityDialect is how c's dialect spells identities.
func (c *Config) identityDialect() ike.Dialect { return formatOf(c.Dialect).identities }
