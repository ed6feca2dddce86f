package esp

// Extend returns the 64-bit sequence number that a packet with the low half
// low has, where top is the highest that was received and window the size of
// the replay window: RFC 4303, appendix A2.2. It is false where the number
// would lie before the SA's first.
//
//	            top-window+1      top
//	                 |             |
//	... -------------+-------------+-----------------------> low half
//	 high half + 1   |       high half of top
//
// and where the window spans a change of the high half, low halves at its
// beginning belong to the one before. A sender that loses 2^32 packets in
// succession cannot be followed; appendix A3 says what receivers do then.
func Extend(top, window uint64, low uint32) (seq uint64, ok bool) {
	if window == 0 || window > 1<<31 {
		window = 1 << 31
	}
	high, topLow := top>>32, uint32(top)
	bottom := topLow - uint32(window) + 1 // modulo 2^32
	switch {
	case uint64(topLow) >= window-1: // the window lies within one high half
		if low < bottom {
			high++
			if high>>32 != 0 {
				return 0, false
			}
		}
	case low >= bottom: // it spans two, and low is in the earlier one
		if high == 0 {
			return 0, false
		}
		high--
	}
	return high<<32 | uint64(low), true
}

// nearest returns the sequence number with the given low half that lies
// nearest to top: what an onlooker without a window assumes.
func nearest(top uint64, low uint32) uint64 {
	seq := top&^0xffffffff | uint64(low)
	switch d := int64(seq - top); {
	case d > 1<<31 && top>>32 != 0:
		return seq - 1<<32
	case d < -(1<<31) && top>>32 != 0xffffffff:
		return seq + 1<<32
	}
	return seq
}
