package numbers

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	values, err := Parse(" [1, -2.5, 3e2] ")
	if err != nil || len(values) != 3 || values[1] != -2.5 || values[2] != 300 {
		t.Errorf("got %v, %v", values, err)
	}
	for text, want := range map[string]string{
		"[]":           "at least one number",
		"":             "must be a JSON list",
		"null":         "must be a JSON list",
		"{}":           "must be a JSON list",
		"[1,]":         "must be a JSON list",
		"[1e999]":      "must be a JSON list",
		`[1,"2"]`:      "item 2 is none",
		"[null]":       "item 1 is none",
		"[[1]]":        "item 1 is none",
		manyZeros(1e4): "at most 10000 numbers",
	} {
		if _, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20s: got %v, want %q", text, err, want)
		}
	}
}

func manyZeros(more int) string {
	return "[0" + strings.Repeat(",0", more) + "]"
}

func TestSummarise(t *testing.T) {
	if err := CheckSelf(); err != nil {
		t.Error(err)
	}
	got, err := Summarise([]float64{3, 1, 1}, nil, 2)
	want := Summary{Count: 3, Min: 1, Max: 3, Mean: 1.67, Median: 1, StdDev: 0.94}
	if err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	if got, err = Summarise([]float64{1e300}, nil, 0); err != nil || got.Mean != 1e300 || got.StdDev != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err = Summarise([]float64{-1e300, 1e300}, nil, 0); err == nil {
		t.Error("numbers whose deviation is no number were summarised")
	}
}

func TestSplit(t *testing.T) {
	windows, err := Split(10, 20, 3)
	if err != nil || len(windows) != 3 {
		t.Fatalf("got %v, %v", windows, err)
	}
	if windows[0] != (Window{10, 13}) || windows[1] != (Window{13, 16}) || windows[2] != (Window{16, 20}) {
		t.Errorf("got %v", windows)
	}
	for _, bounds := range [][2]int64{{20, 10}, {10, 10}, {10, 12}, {0, maxEpochMs + 1}, {-maxEpochMs - 1, 0}} {
		if windows, err := Split(bounds[0], bounds[1], 3); err == nil {
			t.Errorf("%v gave %v", bounds, windows)
		}
	}
}
