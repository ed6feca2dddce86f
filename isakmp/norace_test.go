//go:build !race

package isakmp

const raceEnabled = false
