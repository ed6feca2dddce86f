package observe

// spare is what a log that was read before has left, empty, to be used again.
type spare[T any] []*T

// one returns one of them, a new one where there is none.
func (s *spare[T]) one() *T {
	n := len(*s)
	if n == 0 {
		return new(T)
	}
	k := (*s)[n-1]
	*s = (*s)[:n-1]
	return k
}
