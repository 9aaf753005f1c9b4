// Command hostile is an agent that wishes its engine ill. It registers with an
// Info of 100 MiB, with one that never comes, with 10,000 intents, under a name
// that its Info denies and from an address that is not this machine, over and
// over, and floods the log and the cache. It holds itself to a share of one core.
//
// A line "on" or "off" on its standard input starts and stops it; it answers
// each with what it has done so far. Its bodies are made beforehand, so that its
// share of the core goes into sending.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
)

const (
	engineService = "/mirastack.plugin.v1.EngineService/"
	callTimeout   = 20 * time.Second
)

// gate lets its callers through while the process is switched on and has used
// less than its share of a core since then.
type gate struct {
	share     float64
	on        atomic.Bool
	mu        sync.Mutex
	startedAt time.Time
	startCPU  time.Duration
}

func usedCPU() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func (g *gate) start() {
	g.mu.Lock()
	g.startedAt, g.startCPU = time.Now(), usedCPU()
	g.mu.Unlock()
	g.on.Store(true)
}

func (g *gate) usedShare() float64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	return float64(usedCPU()-g.startCPU) / float64(time.Since(g.startedAt)+time.Millisecond)
}

func (g *gate) pass() {
	for !g.on.Load() || g.usedShare() > g.share {
		time.Sleep(2 * time.Millisecond)
	}
}

// bytesCodec leaves bodies as they are.
type bytesCodec struct{}

func (bytesCodec) Marshal(v any) ([]byte, error) { return *v.(*[]byte), nil }
func (bytesCodec) Unmarshal(data []byte, v any) error {
	*v.(*[]byte) = append((*v.(*[]byte))[:0], data...)
	return nil
}
func (bytesCodec) Name() string { return "json" }

type attacker struct {
	*gate
	engine *grpc.ClientConn
	tenant string
	counts sync.Map
}

func (a *attacker) count(what string) {
	counter, _ := a.counts.LoadOrStore(what, new(atomic.Int64))
	counter.(*atomic.Int64).Add(1)
}

func (a *attacker) call(name, method string, body []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(metadata.AppendToOutgoingContext(context.Background(), "x-plugin-name", name), callTimeout)
	defer cancel()
	var reply []byte
	err := a.engine.Invoke(ctx, engineService+method, &body, &reply)
	return reply, err
}

// register comes as a new process of an agent each time.
func (a *attacker) register(name, address string, turn int) bool {
	body, _ := json.Marshal(map[string]any{
		"name": name, "version": "1.0.0", "grpc_addr": address, "plugin_type": 1,
		"instance_id": fmt.Sprintf("%s-%d", name, turn%50), "tenant_id": a.tenant,
	})
	reply, err := a.call(name, "RegisterPlugin", body)
	accepted := err == nil && strings.Contains(string(reply), `"success":true`)
	a.count(fmt.Sprintf("register %s accepted=%v", name, accepted))
	return accepted
}

// flood repeats a call for ever.
func (a *attacker) flood(name, method string, body func(turn int) []byte) {
	for turn := 0; ; turn++ {
		a.pass()
		_, err := a.call(name, method, body(turn))
		a.count(fmt.Sprintf("%s ok=%v", method, err == nil))
	}
}

func (a *attacker) report(word string) {
	seen := map[string]int64{}
	a.counts.Range(func(key, value any) bool {
		seen[key.(string)] = value.(*atomic.Int64).Load()
		return true
	})
	line, _ := json.Marshal(map[string]any{"word": word, "share": a.usedShare(), "counts": seen})
	fmt.Println(string(line))
}

func (a *attacker) attack() {
	personas := map[string]string{
		"hostile_huge":    listen(a.gate, hugeInfo()),
		"hostile_intents": listen(a.gate, infoOf("hostile_intents", 10_000)),
		"hostile_liar":    listen(a.gate, infoOf("somebody_else", 1)),
		"hostile_silent":  listenSilent(),
		"hostile_outside": "203.0.113.7:443",
	}
	for name, address := range personas {
		callers := 2
		if name == "hostile_silent" {
			callers = 16
		}
		for caller := range callers {
			go func() {
				for turn := caller; ; turn += callers {
					a.pass()
					a.register(name, address, turn)
				}
			}()
		}
	}
	const flooder = "hostile_flooder"
	address := listen(a.gate, infoOf(flooder, 1))
	go func() {
		for turn := 0; ; turn++ {
			a.pass()
			if a.register(flooder, address, 0) {
				return
			}
		}
	}()
	data := encode(`{"text":"` + strings.Repeat("x", 32<<10) + `"}`)
	logBody := []byte(fmt.Sprintf(`{"plugin_name":%q,"event_type":"flood","data_json":%q,"severity":"error","tenant_id":%q}`, flooder, data, a.tenant))
	value := encode(strings.Repeat("v", 256<<10))
	for range 32 {
		go a.flood(flooder, "LogEvent", func(int) []byte { return logBody })
	}
	for worker := range 8 {
		go a.flood(flooder, "CacheSet", func(turn int) []byte {
			return []byte(fmt.Sprintf(`{"key":"%s:%d:%d","value":%q,"ttl_seconds":0,"tenant_id":%q}`, flooder, worker, turn, value, a.tenant))
		})
	}
}

func main() {
	engine := flag.String("engine", "", "host:port of the engine")
	tenant := flag.String("tenant", "", "tenant id")
	share := flag.Float64("share", 0.2, "of one core")
	flag.Parse()
	connection, err := grpc.NewClient(*engine,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(bytesCodec{}), grpc.MaxCallSendMsgSize(128<<20)))
	if err != nil {
		log.Fatal(err)
	}
	a := &attacker{gate: &gate{share: *share}, engine: connection, tenant: *tenant}
	a.attack()
	a.report("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		switch lines.Text() {
		case "on":
			a.start()
		case "off":
			a.on.Store(false)
		}
		a.report(lines.Text())
	}
}
