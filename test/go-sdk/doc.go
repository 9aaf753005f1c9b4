// Package mirastack is a stand-in for MIRASTACK's Go SDK for agents, for tests only.
//
// The real module cannot be downloaded everywhere this repository's tests run.
// This one has the same module path and the same public surface as release
// 1.14.2 and behaves like it on the wire, so that Go agents compile and run
// against either. It was written from a description of that surface and from
// recorded traffic, not from the SDK's source. Where the two differ, this one
// is wrong. It leaves out telemetry, which the protocol does not need.
package mirastack
