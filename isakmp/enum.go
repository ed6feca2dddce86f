package isakmp

import "strconv"

//go:generate go run gen.go
//go:generate go run genvendors.go

// unnamed renders a number that no registry names.
func unnamed(kind string, v uint32) string {
	return kind + "(" + strconv.FormatUint(uint64(v), 10) + ")"
}
