package numbers

import (
	"errors"
	"fmt"
)

// Beyond it no calendar has a date (ECMAScript's limit, and that of the widest
// form a time is given in).
const maxEpochMs = 8_640_000_000_000_000

// Window is a span of time, in milliseconds since the epoch.
type Window struct {
	StartMs int64
	EndMs   int64
}

// Split cuts a time range into parts that are equal to the millisecond.
func Split(startMs, endMs int64, parts int) ([]Window, error) {
	if startMs < -maxEpochMs || endMs > maxEpochMs {
		return nil, errors.New("the time range lies outside of every calendar")
	}
	if endMs <= startMs {
		return nil, errors.New("end must come after start")
	}
	if endMs-startMs < int64(parts) {
		return nil, fmt.Errorf("the time range is too short for %d parts", parts)
	}
	windows := make([]Window, parts)
	edge := func(i int) int64 { return startMs + (endMs-startMs)*int64(i)/int64(parts) }
	for i := range windows {
		windows[i] = Window{StartMs: edge(i), EndMs: edge(i + 1)}
	}
	return windows, nil
}
