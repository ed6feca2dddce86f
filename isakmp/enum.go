package isakmp

import "strconv"

//go:generate go run gen.go
//go:generate go run genvendors.go

// unnamed renders a number that no registry names.
func unnamed(kind string, v uint32) string {
	return kind + "(" + strconv.FormatUint(uint64(v), 10) + ")"
}

// Mode returns what RFC 2409 calls the exchange, where it has a name of its own
// there (sections 5.1 to 5.6): main mode, aggressive mode, quick mode, new group
// mode. The others it returns as String does.
func (v ExchangeType) Mode() string {
	switch v {
	case ExchangeMain:
		return "main mode"
	case ExchangeAggressive:
		return "aggressive mode"
	case ExchangeQuick:
		return "quick mode"
	case ExchangeNewGroup:
		return "new group mode"
	}
	return v.String()
}
