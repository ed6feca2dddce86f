//go:build !soak

package ingest_test

// idleTunnels is the root of the number of tunnels that are up in
// TestIdleTunnelGate.
const idleTunnels = 40
