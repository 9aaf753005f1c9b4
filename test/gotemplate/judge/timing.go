package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"text/template"
	"time"
)

// timeParsing reads a list of templates, one JSON document on a line, and then,
// for each further line, parses them all and prints the milliseconds it took.
func timeParsing() error {
	in := bufio.NewReader(os.Stdin)
	line, err := in.ReadBytes('\n')
	if err != nil {
		return err
	}
	var texts []string
	if err := json.Unmarshal(line, &texts); err != nil {
		return err
	}
	for {
		if _, err := in.ReadBytes('\n'); err != nil {
			return nil
		}
		start := time.Now()
		for _, text := range texts {
			if _, err := template.New("t").Parse(text); err != nil {
				return err
			}
		}
		fmt.Println(float64(time.Since(start).Microseconds()) / 1000)
	}
}
