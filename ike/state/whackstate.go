package state

import "strings"

// whackRole reads the letter before the number of a state of IKEv1's, as in
// MAIN_I4.
func whackRole(state string) Role {
	_, last, _ := cutLast(state, "_")
	switch {
	case strings.HasPrefix(last, "I") && len(last) == 2:
		return RoleInitiator
	case strings.HasPrefix(last, "R") && len(last) == 2:
		return RoleResponder
	}
	return RoleUnknown
}

// whackSent tells which message of phase 1 a state follows: the initiator sends
// those with odd numbers (RFC 2409, section 5).
func whackSent(state string) (n uint8, aggressive bool) {
	state = strings.TrimPrefix(state, "STATE_")
	switch state {
	case "MAIN_I1", "MAIN_I2", "MAIN_I3":
		return 2*(state[len(state)-1]-'0') - 1, false
	case "MAIN_R1", "MAIN_R2":
		return 2 * (state[len(state)-1] - '0'), false
	case "AGGR_I1":
		return 1, true
	case "AGGR_R1":
		return 2, true
	}
	return 0, false
}
