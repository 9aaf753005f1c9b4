package mirastack

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"

	"github.com/mirastacklabs-ai/mirastack-agents-sdk-go/internal/pluginv1"
)

// minClientPing is how often a client may ping; one that does so more often is
// sent away with too_many_pings.
const minClientPing = 20 * time.Second

// Serve runs the plugin until SIGINT or SIGTERM: it listens, registers with the
// engine of MIRASTACK_ENGINE_ADDR, if that is set, and sends heartbeats. What
// keeps it from serving is logged and ends the process with 1.
func Serve(plugin Plugin) {
	info := plugin.Info()
	if info == nil {
		fatal("plugin Info() returned nil")
	}
	if err := checkQuality(info); err != nil {
		fatal("plugin validation failed", field{"error", err.Error()})
	}
	tenantID, err := resolveTenantID()
	if err != nil {
		fatal(err.Error())
	}
	instanceID := newInstanceID()

	listenAddr := os.Getenv("MIRASTACK_PLUGIN_ADDR")
	if listenAddr == "" {
		listenAddr = ":0"
	}
	listener, err := net.Listen("tcp", listenAddr)
	if err != nil {
		fatal("failed to listen", field{"addr", listenAddr}, field{"error", err.Error()})
	}
	port := listener.Addr().(*net.TCPAddr).Port

	server := grpc.NewServer(
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: minClientPing, PermitWithoutStream: true}),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: pingInterval, Timeout: pingTimeout}),
	)
	pluginv1.RegisterPluginService(server, &pluginServer{plugin: plugin, instanceID: instanceID})

	// Without an engine the agent serves all the same, unregistered.
	var engine *EngineContext
	if engineAddr := os.Getenv("MIRASTACK_ENGINE_ADDR"); engineAddr != "" {
		engine, err = NewEngineContext(engineAddr, info.Name, instanceID, tenantID)
		if err != nil {
			fatal("failed to create engine client", field{"addr", engineAddr}, field{"error", err.Error()})
		}
		if aware, ok := plugin.(EngineAware); ok {
			aware.SetEngineContext(engine)
		}
	}
	fmt.Printf("MIRASTACK_PLUGIN_PORT=%d\n", port)

	stop := make(chan struct{})
	if engine != nil {
		loop := &registration{engine: engine, addr: advertiseAddr(port), version: info.Version, stop: stop}
		go loop.run()
	}
	// The channel stays registered, so that later signals are swallowed.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		<-signals
		close(stop)
		shutdown(server, engine)
	}()

	logLine("info", "plugin serving", field{"plugin", info.Name}, field{"port", port}, field{"tenant_id", tenantID}, field{"instance_id", instanceID})
	if err := server.Serve(listener); err != nil {
		fatal("failed to serve", field{"error", err.Error()})
	}
}

// shutdown tells the engine first, even when it never accepted this process, and
// then waits for the calls under way, however long they take.
func shutdown(server *grpc.Server, engine *EngineContext) {
	if engine != nil {
		if err := engine.DeregisterSelf(context.Background()); err != nil {
			logLine("warn", "plugin deregistration failed", field{"error", err.Error()})
		}
	}
	server.GracefulStop()
}

// advertiseAddr is where the engine is told to call back.
func advertiseAddr(port int) string {
	if addr := os.Getenv("MIRASTACK_PLUGIN_ADVERTISE_ADDR"); addr != "" {
		return addr
	}
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "localhost"
	}
	return net.JoinHostPort(host, strconv.Itoa(port))
}
