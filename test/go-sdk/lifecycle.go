package mirastack

import (
	"context"
	"fmt"
	"time"

	gen "github.com/mirastacklabs-ai/mirastack-agents-sdk-go/gen/pluginv1"
	"github.com/mirastacklabs-ai/mirastack-agents-sdk-go/internal/pluginv1"
)

const (
	registerTimeout   = 10 * time.Second
	heartbeatTimeout  = 10 * time.Second
	deregisterTimeout = 5 * time.Second
)

// RegisterSelf announces this process and the address at which it listens, and
// returns the id that the engine gave it. An answer without success is an error.
func (e *EngineContext) RegisterSelf(ctx context.Context, addr string, pluginType gen.PluginType, version string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, registerTimeout)
	defer cancel()
	response, err := callEngine[pluginv1.RegisterPluginResponse](ctx, e, "RegisterPlugin", &pluginv1.RegisterPluginRequest{
		Name:       e.name,
		Version:    version,
		GRPCAddr:   addr,
		PluginType: pluginType,
		InstanceID: e.instanceID,
		TenantID:   e.tenantID,
	})
	if err != nil {
		return "", fmt.Errorf("register plugin: %w", err)
	}
	if !response.Success {
		return "", fmt.Errorf("register plugin rejected: %s", response.Error)
	}
	return response.PluginID, nil
}

// DeregisterSelf takes this process off the engine's list.
func (e *EngineContext) DeregisterSelf(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, deregisterTimeout)
	defer cancel()
	_, err := callEngine[pluginv1.DeregisterPluginResponse](ctx, e, "DeregisterPlugin",
		&pluginv1.DeregisterPluginRequest{Name: e.name, InstanceID: e.instanceID})
	return err
}

// Heartbeat tells the engine that this process is alive.
func (e *EngineContext) Heartbeat(ctx context.Context) (*gen.HeartbeatResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, heartbeatTimeout)
	defer cancel()
	return callEngine[gen.HeartbeatResponse](ctx, e, "Heartbeat", &pluginv1.HeartbeatRequest{Name: e.name, InstanceID: e.instanceID})
}
