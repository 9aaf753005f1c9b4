// Command go-engine plays the engine to one or more agents, on grpc-go alone: its
// messages and its codec are its own, so that what an agent sends is read by
// strict Go structs and nothing it shares with the agent can hide a mistake.
//
// It prints one line of JSON for everything that happens: where it listens, every
// call it receives, every call it makes. After each RegisterPlugin it calls the
// agent back, once per method. It ends on SIGTERM, or when stdin ends.
package main

import (
	"encoding/json"
	"flag"
	"io"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"
)

// settings are the flags.
type settings struct {
	dialHost          string
	action            string
	params            map[string]string
	config            map[string]string
	heartbeatInterval int
}

func main() {
	options, err := readFlags()
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	// Agents ping every 30 s also when nothing happens; the default policy would
	// cut them off.
	server := grpc.NewServer(grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{
		MinTime:             10 * time.Second,
		PermitWithoutStream: true,
	}))
	registerEngine(server, &engine{settings: options, cache: map[string][]byte{}})

	go func() {
		terminated := make(chan os.Signal, 1)
		signal.Notify(terminated, syscall.SIGTERM, syscall.SIGINT)
		<-terminated
		server.Stop()
	}()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		server.Stop()
	}()
	emit(listeningEvent{Type: "listening", Addr: listener.Addr().String()})
	if err := server.Serve(listener); err != nil {
		log.Fatal(err)
	}
}

func readFlags() (settings, error) {
	var options settings
	flag.StringVar(&options.dialHost, "dial-host", "127.0.0.1", "host under which to call agents back, with the port they announce; empty: the host they announce")
	flag.StringVar(&options.action, "action", "echo", "action to execute")
	flag.IntVar(&options.heartbeatInterval, "heartbeat-interval", 0, "seconds to recommend with every heartbeat; 0: none")
	params := flag.String("params", `{"text":"hello"}`, "parameters of the action, a JSON object of strings")
	config := flag.String("config", `{"url":"http://x"}`, "configuration to push and to answer with, a JSON object of strings")
	flag.Parse()
	if err := json.Unmarshal([]byte(*params), &options.params); err != nil {
		return options, err
	}
	return options, json.Unmarshal([]byte(*config), &options.config)
}
