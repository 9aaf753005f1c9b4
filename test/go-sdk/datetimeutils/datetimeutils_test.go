package datetimeutils

import (
	"math"
	"testing"
	"time"
	// The zones must not depend on the machine.
	_ "time/tzdata"
)

func TestFormats(t *testing.T) {
	custom := func(layout string) func(int64) string {
		return func(ms int64) string { return FormatCustom(ms, layout) }
	}
	for _, c := range []struct {
		name   string
		format func(int64) string
		ms     int64
		want   string
	}{
		{"seconds", FormatEpochSeconds, 1774973400123, "1774973400.123"},
		{"seconds", FormatEpochSeconds, 0, "0.000"},
		{"seconds", FormatEpochSeconds, -1, "-0.001"},
		{"seconds", FormatEpochSeconds, 9007199254740993, "9007199254740.992"},
		{"millis", FormatEpochMillis, 1774973400123, "1774973400123"},
		{"millis", FormatEpochMillis, -1, "-1"},
		{"micros", FormatEpochMicros, 1774973400123, "1774973400123000"},
		{"micros", FormatEpochMicros, -1, "-1000"},
		{"micros", FormatEpochMicros, math.MaxInt64, "-1000"},
		{"nanos", FormatEpochNanos, 1774973400123, "1774973400123000000"},
		{"nanos", FormatEpochNanos, -1, "-1000000"},
		{"nanos", FormatEpochNanos, 9223372036855, "-9223372036854551616"},
		{"rfc3339", FormatRFC3339, 1774973400123, "2026-03-31T16:10:00Z"},
		{"rfc3339", FormatRFC3339, -1, "1969-12-31T23:59:59Z"},
		{"rfc3339", FormatRFC3339, 951782400000, "2000-02-29T00:00:00Z"},
		{"rfc3339nano", FormatRFC3339Nano, 1774973400123, "2026-03-31T16:10:00.123Z"},
		{"rfc3339nano", FormatRFC3339Nano, 1774973400120, "2026-03-31T16:10:00.12Z"},
		{"rfc3339nano", FormatRFC3339Nano, 1774973400100, "2026-03-31T16:10:00.1Z"},
		{"rfc3339nano", FormatRFC3339Nano, 1775133000000, "2026-04-02T12:30:00Z"},
		{"rfc3339nano", FormatRFC3339Nano, -1500, "1969-12-31T23:59:58.5Z"},
		{"rfc3339nano", FormatRFC3339Nano, -1, "1969-12-31T23:59:59.999Z"},
		{"date", FormatDate, 1774973400123, "2026-03-31"},
		{"date", FormatDate, -1, "1969-12-31"},
		{"date", FormatDate, 253402300800000, "10000-01-01"},
		{"date", FormatDate, -62135596800001, "0000-12-31"},
		{"datetime", FormatDateTime, 1774973400123, "2026-03-31 16:10:00"},
		{"datetime", FormatDateTime, -1500, "1969-12-31 23:59:58"},
		{"custom", custom("02/01/2006"), 1775133000000, "02/04/2026"},
		{"custom", custom("Mon Jan _2 15:04:05.000 MST 2006"), 1774973400120, "Tue Mar 31 16:10:00.120 UTC 2026"},
	} {
		if got := c.format(c.ms); got != c.want {
			t.Errorf("%s(%d) = %s, want %s", c.name, c.ms, got, c.want)
		}
	}
}

func TestFormatInTimezone(t *testing.T) {
	for _, c := range []struct {
		ms   int64
		zone string
		want string
	}{
		{1774973400123, "Asia/Kolkata", "2026-03-31T21:40:00+05:30"},
		{1774973400123, "America/New_York", "2026-03-31T12:10:00-04:00"},
		{1768435200000, "Europe/London", "2026-01-15T00:00:00Z"},
		{0, "Africa/Monrovia", "1969-12-31T23:15:30-00:44"},
		{0, "", "1970-01-01T00:00:00Z"},
	} {
		if got, err := FormatInTimezone(c.ms, c.zone); err != nil || got != c.want {
			t.Errorf("%d in %q: got %s, %v", c.ms, c.zone, got, err)
		}
	}
	for zone, want := range map[string]string{
		"X":    `invalid timezone "X": unknown time zone X`,
		"../X": `invalid timezone "../X": time: invalid location name`,
	} {
		if _, err := FormatInTimezone(0, zone); err == nil || err.Error() != want {
			t.Errorf("%q: got %v", zone, err)
		}
	}
}

func TestFormatLookbackMillis(t *testing.T) {
	if long, negative := FormatLookbackMillis(1, 3600001), FormatLookbackMillis(5, 1); long != "3600000" || negative != "-4" {
		t.Errorf("got %s, %s", long, negative)
	}
}

func TestInstants(t *testing.T) {
	for _, ms := range []int64{-2046, -1, 0, 1775133000000} {
		if got := FromTime(ToTime(ms)); got != ms {
			t.Errorf("%d came back as %d", ms, got)
		}
	}
	if got := FromTime(time.Unix(0, -500_000)); got != -1 {
		t.Errorf("half a millisecond before the epoch is %d", got)
	}
	if got := FromTime(time.Date(2026, 4, 2, 12, 30, 0, 123_999_000, time.FixedZone("", 3600))); got != 1775129400123 {
		t.Errorf("got %d", got)
	}
	if zone := ToTime(0).Location(); zone != time.UTC {
		t.Errorf("zone %s", zone)
	}
}
