package isakmp

// reserve returns a slab with room for n more elements, or up to its limit if
// that is less. Limits are kept by never making a slab larger.
//
// Elements of a slab are filled in place, and hold whatever they held before:
// to build them elsewhere and copy them costs more than the rest of decoding.
// So does growing where they are filled.
func reserve[T any](slab []T, n, limit int) []T {
	n = min(len(slab)+n, limit)
	if n <= cap(slab) {
		return slab
	}
	larger := make([]T, len(slab), n)
	copy(larger, slab)
	return larger
}
