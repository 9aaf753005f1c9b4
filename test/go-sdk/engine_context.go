package mirastack

import (
	"context"
	"maps"
	"os"
	"strconv"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	// Not that anything is ever sent compressed: the real SDK has the compressor by
	// way of its telemetry, so its calls announce gzip and its servers can read it.
	_ "google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"

	"github.com/mirastacklabs-ai/mirastack-agents-sdk-go/internal/pluginv1"
)

// Both ends of the SDK ping an idle connection this often, and give it up when
// nobody answers in time.
const (
	pingInterval = 30 * time.Second
	pingTimeout  = 10 * time.Second
)

const defaultConfigCacheTTL = 15 * time.Second

// EngineContext calls the engine. Serve makes one when MIRASTACK_ENGINE_ADDR is
// set and hands it to plugins that are EngineAware.
type EngineContext struct {
	connection *grpc.ClientConn
	name       string
	instanceID string
	tenantID   string

	configTTL     time.Duration
	configMutex   sync.Mutex
	config        map[string]string
	configExpires time.Time
}

// NewEngineContext prepares a connection; the first call dials.
func NewEngineContext(addr, name, instanceID, tenantID string) (*EngineContext, error) {
	connection, err := grpc.NewClient(addr,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.CallContentSubtype(pluginv1.CodecName)),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: pingInterval, Timeout: pingTimeout, PermitWithoutStream: true}),
	)
	if err != nil {
		return nil, err
	}
	ttl := secondsFromEnv("MIRASTACK_SDK_CONFIG_CACHE_TTL", defaultConfigCacheTTL)
	return &EngineContext{connection: connection, name: name, instanceID: instanceID, tenantID: tenantID, configTTL: ttl}, nil
}

// PluginName is the name under which this agent registers.
func (e *EngineContext) PluginName() string { return e.name }

// InstanceID names this process.
func (e *EngineContext) InstanceID() string { return e.instanceID }

// TenantID is the tenant that this process serves.
func (e *EngineContext) TenantID() string { return e.tenantID }

// Close gives the connection up.
func (e *EngineContext) Close() error { return e.connection.Close() }

// GetConfig returns the agent's configuration. The whole of it is kept for 15 s,
// or for MIRASTACK_SDK_CONFIG_CACHE_TTL seconds; a pushed change does not end
// that, and a failure is not kept. The caller owns the map.
func (e *EngineContext) GetConfig(ctx context.Context) (map[string]string, error) {
	e.configMutex.Lock()
	defer e.configMutex.Unlock()
	if time.Now().After(e.configExpires) {
		response, err := callEngine[pluginv1.GetConfigResponse](ctx, e, "GetConfig",
			&pluginv1.GetConfigRequest{PluginName: e.name, TenantID: e.tenantID})
		if err != nil {
			return nil, err
		}
		e.config, e.configExpires = response.Config, time.Now().Add(e.configTTL)
	}
	config := make(map[string]string, len(e.config))
	maps.Copy(config, e.config)
	return config, nil
}

// callEngine makes one unary call, marked with the agent's name, by which the
// engine knows the caller.
func callEngine[Response any](ctx context.Context, e *EngineContext, method string, request any) (*Response, error) {
	ctx = metadata.AppendToOutgoingContext(ctx, "x-plugin-name", e.name)
	response := new(Response)
	if err := e.connection.Invoke(ctx, pluginv1.EngineMethod(method), request, response); err != nil {
		return nil, err
	}
	return response, nil
}

// secondsFromEnv reads a whole number of seconds above zero; anything else means
// the default.
func secondsFromEnv(name string, otherwise time.Duration) time.Duration {
	seconds, err := strconv.Atoi(os.Getenv(name))
	if err != nil || seconds <= 0 {
		return otherwise
	}
	return time.Duration(seconds) * time.Second
}
