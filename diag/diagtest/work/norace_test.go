//go:build !race

package work

const race = false
