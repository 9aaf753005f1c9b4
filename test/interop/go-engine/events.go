package main

import (
	"encoding/json"
	"log"
	"os"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
)

type listeningEvent struct {
	Type string `json:"type"`
	Addr string `json:"addr"`
}

// receivedEvent is a call of an agent; the request as this program decoded it.
type receivedEvent struct {
	Type        string `json:"type"`
	Method      string `json:"method"`
	ContentType string `json:"contentType"`
	UserAgent   string `json:"userAgent"`
	PluginName  string `json:"pluginName"`
	Request     any    `json:"request"`
}

// callEvent is a call to an agent; the content type is the reply's, and the reply
// is null unless the code is 0.
type callEvent struct {
	Type        string     `json:"type"`
	Method      string     `json:"method"`
	ContentType string     `json:"contentType"`
	Code        codes.Code `json:"code"`
	Message     string     `json:"message"`
	Reply       any        `json:"reply"`
}

var stdout sync.Mutex

// emit prints one event; calls run side by side, and their lines must not mix.
func emit(event any) {
	line, err := json.Marshal(event)
	if err != nil {
		log.Fatal(err)
	}
	stdout.Lock()
	defer stdout.Unlock()
	_, _ = os.Stdout.Write(append(line, '\n'))
}

// header is the first value of a header, or nothing.
func header(headers metadata.MD, name string) string {
	values := headers.Get(name)
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
