// Command datetime-peer says what Go makes of an instant: one JSON question a
// line on stdin, one JSON answer a line on stdout.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"
)

// question holds the instant and one of the others.
type question struct {
	Ms     int64   `json:"ms,string"`
	Layout *string `json:"layout"`
	Tz     *string `json:"tz"`
	Unit   string  `json:"unit"`
}

// answer returns the text, or the error's.
func answer(q question) string {
	t := time.UnixMilli(q.Ms)
	switch {
	case q.Layout != nil:
		return t.UTC().Format(*q.Layout)
	case q.Tz != nil:
		location, err := time.LoadLocation(*q.Tz)
		if err != nil {
			return fmt.Sprintf("invalid timezone %q: %v", *q.Tz, err)
		}
		return t.In(location).Format(time.RFC3339)
	case q.Unit == "s":
		return strconv.FormatFloat(float64(q.Ms)/1000, 'f', 3, 64)
	case q.Unit == "us":
		return strconv.FormatInt(q.Ms*1_000, 10)
	case q.Unit == "ns":
		return strconv.FormatInt(q.Ms*1_000_000, 10)
	default:
		return strconv.FormatInt(q.Ms, 10)
	}
}

func main() {
	in := json.NewDecoder(bufio.NewReader(os.Stdin))
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	for in.More() {
		var q question
		if err := in.Decode(&q); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if err := encoder.Encode(answer(q)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
