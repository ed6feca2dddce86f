// Package work proves in its tests that hostile input costs work and memory in
// proportion to its size.
//
// A clock cannot tell: it measures the machine and its other users too. What is
// counted instead is how often each statement block runs, by the counters that
// the go command builds into a program for coverage, and the octets that are
// allocated. Both are the same in every run, but for the order of maps.
//
// The counters are in this module and in what it uses of the standard library.
// Functions that search octets in assembly language are given a counter of
// their own, by source files that replace those of strings and bytes for this
// one build. Copies within memory that is there already are not counted.
package work
