// Command gotemplate-judge says what Go's text/template makes of a template:
// one JSON question a line on stdin, one JSON answer a line on stdout. With the
// argument "time" it says how long Go's parser takes, for the bench.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/template"
	"unicode/utf8"
)

// maxOutput bounds what one template may print: more bytes than the preview has
// characters.
const maxOutput = 4 << 20

// question holds a template, and the data to render it with, if it shall be rendered.
type question struct {
	Name string          `json:"name"`
	Text string          `json:"text"`
	Data json.RawMessage `json:"data"`
}

// answer holds Go's verdict: the parser's message, or the trees that it made
// as Go prints them and what rendering gave.
type answer struct {
	Error     string            `json:"error,omitempty"`
	Trees     map[string]string `json:"trees,omitempty"`
	Output    *string           `json:"output,omitempty"`
	ExecError string            `json:"execError,omitempty"`
	// NotText is set when the output is not UTF-8, which JSON cannot carry.
	NotText bool `json:"notText,omitempty"`
}

type bounded struct{ strings.Builder }

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxOutput {
		return 0, errors.New("output too long")
	}
	return b.Builder.Write(p)
}

func judge(q question) (a answer) {
	defer func() {
		if r := recover(); r != nil {
			a = answer{Error: fmt.Sprintf("panic: %v", r)}
		}
	}()
	parsed, err := template.New(q.Name).Parse(q.Text)
	if err != nil {
		return answer{Error: err.Error()}
	}
	a.Trees = map[string]string{}
	for _, t := range parsed.Templates() {
		a.Trees[t.Name()] = t.Root.String()
	}
	if q.Data == nil {
		return a
	}
	var data any
	if err := json.Unmarshal(q.Data, &data); err != nil {
		panic(err)
	}
	var out bounded
	if err := parsed.Execute(&out, data); err != nil {
		a.ExecError = err.Error()
	}
	text := out.String()
	a.Output = &text
	a.NotText = !utf8.ValidString(text)
	return a
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "time" {
		if err := timeParsing(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	in := json.NewDecoder(bufio.NewReader(os.Stdin))
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for in.More() {
		var q question
		if err := in.Decode(&q); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if err := encoder.Encode(judge(q)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
