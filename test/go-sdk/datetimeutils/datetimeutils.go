// Package datetimeutils turns the engine's absolute times, UTC milliseconds since
// the epoch, into the forms that backends want.
package datetimeutils

import (
	"fmt"
	"strconv"
	"time"
)

// FormatEpochSeconds formats seconds with exactly three decimals.
func FormatEpochSeconds(ms int64) string {
	return strconv.FormatFloat(float64(ms)/1000, 'f', 3, 64)
}

// FormatEpochMillis formats milliseconds.
func FormatEpochMillis(ms int64) string {
	return strconv.FormatInt(ms, 10)
}

// FormatEpochMicros formats microseconds, which wrap around where they do not
// fit 64 bits.
func FormatEpochMicros(ms int64) string {
	return strconv.FormatInt(ms*1_000, 10)
}

// FormatEpochNanos formats nanoseconds, which wrap around past the year 2262.
func FormatEpochNanos(ms int64) string {
	return strconv.FormatInt(ms*1_000_000, 10)
}

// FormatRFC3339 formats whole seconds in UTC.
func FormatRFC3339(ms int64) string {
	return FormatCustom(ms, time.RFC3339)
}

// FormatRFC3339Nano formats with a fraction in UTC, without its trailing zeros.
func FormatRFC3339Nano(ms int64) string {
	return FormatCustom(ms, time.RFC3339Nano)
}

// FormatDate formats the UTC date.
func FormatDate(ms int64) string {
	return FormatCustom(ms, time.DateOnly)
}

// FormatDateTime formats the UTC date and time of day.
func FormatDateTime(ms int64) string {
	return FormatCustom(ms, time.DateTime)
}

// FormatCustom formats in UTC by one of Go's layouts.
func FormatCustom(ms int64, layout string) string {
	return ToTime(ms).Format(layout)
}

// FormatInTimezone formats whole seconds as RFC 3339 in an IANA time zone.
func FormatInTimezone(ms int64, tz string) (string, error) {
	location, err := time.LoadLocation(tz)
	if err != nil {
		return "", fmt.Errorf("invalid timezone %q: %w", tz, err)
	}
	return ToTime(ms).In(location).Format(time.RFC3339), nil
}

// FormatLookbackMillis formats the length of a span.
func FormatLookbackMillis(startMs, endMs int64) string {
	return strconv.FormatInt(endMs-startMs, 10)
}

// FromTime rounds an instant down to milliseconds.
func FromTime(t time.Time) int64 {
	return t.UnixMilli()
}

// ToTime is the instant, in UTC.
func ToTime(ms int64) time.Time {
	return time.UnixMilli(ms).UTC()
}

// NowUTCMs is the current time.
func NowUTCMs() int64 {
	return time.Now().UnixMilli()
}
