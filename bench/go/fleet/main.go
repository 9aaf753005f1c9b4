// Command fleet is many agents in one process, each with a listener, a server
// and a connection to the engine of its own, as separate programs would have.
// It knows the wire from proto/ and nothing of any SDK.
//
// It prints one JSON document a line: every registration that the engine
// accepted, with its time in epoch milliseconds. It ends with its standard
// input.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	mathrand "math/rand/v2"
	"net"
	"os"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
)

const (
	engineService   = "/mirastack.plugin.v1.EngineService/"
	registerTimeout = 10 * time.Second
	maxBackoff      = 30 * time.Second
)

type registration struct {
	Agent   int    `json:"agent"`
	AtMs    int64  `json:"atMs"`
	TookMs  int64  `json:"tookMs"`
	Attempt int    `json:"attempt"`
	Again   bool   `json:"again"`
	Error   string `json:"error,omitempty"`
}

var output struct {
	sync.Mutex
	*json.Encoder
}

func report(line registration) {
	output.Lock()
	defer output.Unlock()
	if err := output.Encode(line); err != nil {
		os.Exit(0)
	}
}

// newUUID is a random UUID of version 4.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

type agent struct {
	number   int
	request  registerRequest
	engine   *grpc.ClientConn
	interval time.Duration
}

func (a *agent) call(ctx context.Context, method string, request, response any, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(metadata.AppendToOutgoingContext(ctx, "x-plugin-name", a.request.Name), timeout)
	defer cancel()
	return a.engine.Invoke(ctx, engineService+method, request, response)
}

// register tries until the engine accepts, with pauses that double from 2 s to
// 30 s, as the published SDK does.
func (a *agent) register(ctx context.Context, again bool) {
	backoff := 2 * time.Second
	for attempt := 1; ; attempt++ {
		startedAt := time.Now()
		var reply registerResponse
		err := a.call(ctx, "RegisterPlugin", &a.request, &reply, registerTimeout)
		line := registration{
			Agent:   a.number,
			AtMs:    time.Now().UnixMilli(),
			TookMs:  time.Since(startedAt).Milliseconds(),
			Attempt: attempt,
			Again:   again,
		}
		if err == nil && reply.Success {
			report(line)
			return
		}
		line.Error = reply.Error
		if err != nil {
			line.Error = err.Error()
		}
		report(line)
		time.Sleep(backoff)
		backoff = min(2*backoff, maxBackoff)
	}
}

// live registers and then sends heartbeats for ever; the first comes one
// interval after the registration.
func (a *agent) live(ctx context.Context) {
	a.register(ctx, false)
	for {
		time.Sleep(a.interval)
		var reply heartbeatResponse
		beat := heartbeatRequest{Name: a.request.Name, InstanceID: a.request.InstanceID}
		if err := a.call(ctx, "Heartbeat", &beat, &reply, registerTimeout); err == nil && reply.ReRegisterRequired {
			a.register(ctx, true)
		}
	}
}

func newAgent(number int, engine, tenant string, interval time.Duration) (*agent, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("fleet_%04d", number)
	instance := newUUID()
	go serve(listener, makeInfo(name, instance))
	connection, err := grpc.NewClient(engine,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(jsonCodec{})))
	if err != nil {
		return nil, err
	}
	return &agent{
		number:   number,
		engine:   connection,
		interval: interval,
		request: registerRequest{
			Name:       name,
			Version:    "1.0.0",
			GrpcAddr:   listener.Addr().String(),
			PluginType: 1,
			InstanceID: instance,
			TenantID:   tenant,
		},
	}, nil
}

func main() {
	engine := flag.String("engine", "", "host:port of the engine")
	tenant := flag.String("tenant", "", "tenant id")
	count := flag.Int("count", 1_000, "number of agents")
	interval := flag.Duration("interval", 5*time.Second, "time between heartbeats")
	spread := flag.Duration("spread", 0, "the agents start at random within this time")
	flag.Parse()
	output.Encoder = json.NewEncoder(os.Stdout)

	agents := make([]*agent, *count)
	for number := range agents {
		made, err := newAgent(number, *engine, *tenant, *interval)
		if err != nil {
			log.Fatal(err)
		}
		agents[number] = made
	}
	// The listeners stand: from here on the clock of a cold start runs.
	report(registration{Agent: -1, AtMs: time.Now().UnixMilli()})
	for _, each := range agents {
		go func() {
			if *spread > 0 {
				time.Sleep(mathrand.N(*spread))
			}
			each.live(context.Background())
		}()
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
}
