package mirastack

import (
	"bytes"
	"encoding/json"
	"os"
	"sync"
	"time"
)

// field is one key of a log line. Lines keep the order of their fields, so a map
// would not do.
type field struct {
	key   string
	value any
}

var logMutex sync.Mutex

// logLine writes one line of JSON to stderr, in the shape of zap's production
// encoder: stdout belongs to the port line alone.
func logLine(level, msg string, fields ...field) {
	now := float64(time.Now().UnixMicro()) / 1e6
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	write := func(before string, value any) {
		line.WriteString(before)
		// Every value is a string, a number or a bool; those always encode.
		_ = encoder.Encode(value)
		line.Truncate(line.Len() - 1)
	}
	write(`{"level":`, level)
	write(`,"ts":`, now)
	write(`,"msg":`, msg)
	for _, f := range fields {
		write(",", f.key)
		write(":", f.value)
	}
	line.WriteString("}\n")

	logMutex.Lock()
	defer logMutex.Unlock()
	_, _ = os.Stderr.Write(line.Bytes())
}

// fatal logs and ends the process, as every failure before serving does.
func fatal(msg string, fields ...field) {
	logLine("fatal", msg, fields...)
	os.Exit(1)
}
