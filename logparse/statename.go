package logparse

import "github.com/ikediag/ikediag/isakmp"

// Unanswered returns which message of this side's the line says is waiting for
// an answer, or was given up, where the daemon's name for the state of its
// negotiation tells: pluto's STATE_MAIN_I3 has sent the fifth message of main
// mode (RFC 2409, section 5). Else the number is 0.
func (e *Event) Unanswered() (x isakmp.ExchangeType, number uint8) {
	switch string(e.Bytes(FieldState)) {
	case "STATE_MAIN_I1":
		return isakmp.ExchangeMain, 1
	case "STATE_MAIN_R1":
		return isakmp.ExchangeMain, 2
	case "STATE_MAIN_I2":
		return isakmp.ExchangeMain, 3
	case "STATE_MAIN_R2":
		return isakmp.ExchangeMain, 4
	case "STATE_MAIN_I3":
		return isakmp.ExchangeMain, 5
	case "STATE_AGGR_I1":
		return isakmp.ExchangeAggressive, 1
	case "STATE_AGGR_I2":
		return isakmp.ExchangeAggressive, 3
	case "STATE_AGGR_R1":
		return isakmp.ExchangeAggressive, 2
	case "STATE_QUICK_I1":
		return isakmp.ExchangeQuick, 1
	case "STATE_QUICK_R1":
		return isakmp.ExchangeQuick, 2
	}
	return isakmp.ExchangeNone, 0
}
