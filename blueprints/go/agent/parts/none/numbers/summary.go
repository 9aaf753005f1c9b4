// Package numbers computes what the agent's actions answer.
package numbers

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
)

const (
	maxNumbers = 10_000
	// MaxPrecision is how many decimals a result can have.
	MaxPrecision = 12
)

// Summary describes a list of numbers.
type Summary struct {
	Count  int     `json:"count"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	Mean   float64 `json:"mean"`
	Median float64 `json:"median"`
	// StdDev is that of a whole population.
	StdDev float64 `json:"stddev"`
	// Outliers counts the numbers above the threshold.
	Outliers int `json:"outliers"`
}

// Parse reads a JSON list of numbers.
func Parse(text string) ([]float64, error) {
	var list []any
	if err := json.Unmarshal([]byte(text), &list); err != nil || list == nil {
		return nil, errors.New("numbers must be a JSON list of numbers, such as [1, 2.5, 3]")
	}
	if len(list) == 0 {
		return nil, errors.New("numbers must hold at least one number")
	}
	if len(list) > maxNumbers {
		return nil, fmt.Errorf("numbers must hold at most %d numbers, got %d", maxNumbers, len(list))
	}
	values := make([]float64, len(list))
	for i, item := range list {
		value, ok := item.(float64)
		if !ok {
			return nil, fmt.Errorf("numbers must be a JSON list of numbers, item %d is none", i+1)
		}
		values[i] = value
	}
	return values, nil
}

// Summarise needs at least one number. Without a threshold there are no outliers.
// Results are rounded to that many decimals.
func Summarise(values []float64, threshold *float64, precision int) (Summary, error) {
	sorted := slices.Sorted(slices.Values(values))
	count := float64(len(sorted))
	var mean, variance float64
	outliers := 0
	for _, value := range sorted {
		mean += value / count
		if threshold != nil && value > *threshold {
			outliers++
		}
	}
	for _, value := range sorted {
		variance += (value - mean) * (value - mean) / count
	}
	middle := len(sorted) / 2
	median := sorted[middle]
	if len(sorted)%2 == 0 {
		median = sorted[middle-1]/2 + sorted[middle]/2
	}
	if math.IsInf(variance, 0) {
		return Summary{}, errors.New("the numbers lie too far apart to summarise")
	}
	return Summary{
		Count:    len(sorted),
		Min:      round(sorted[0], precision),
		Max:      round(sorted[len(sorted)-1], precision),
		Mean:     round(mean, precision),
		Median:   round(median, precision),
		StdDev:   round(math.Sqrt(variance), precision),
		Outliers: outliers,
	}, nil
}

// round works on the decimal digits: multiplying a large number would overflow.
func round(value float64, precision int) float64 {
	// A formatted number always parses. Adding zero turns -0 into 0.
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(value, 'f', precision, 64), 64)
	return rounded + 0
}

// CheckSelf computes a summary that is known, and returns an error when it comes
// out differently.
func CheckSelf() error {
	threshold := 8.0
	want := Summary{Count: 8, Min: 2, Max: 9, Mean: 5, Median: 4.5, StdDev: 2, Outliers: 1}
	got, err := Summarise([]float64{2, 4, 4, 4, 5, 5, 7, 9}, &threshold, MaxPrecision)
	if err != nil {
		return err
	}
	if got != want {
		return fmt.Errorf("the known summary came out as %+v", got)
	}
	return nil
}
