package mirastack

import (
	"context"
	"encoding/json"
	"time"

	"github.com/mirastacklabs-ai/mirastack-agents-sdk-go/internal/pluginv1"
)

// pluginServer answers the engine's calls with a plugin.
type pluginServer struct {
	plugin     Plugin
	instanceID string
}

func (s *pluginServer) Info(context.Context, *pluginv1.InfoRequest) (*pluginv1.InfoResponse, error) {
	return wireInfo(s.plugin.Info(), s.instanceID), nil
}

func (s *pluginServer) GetSchema(context.Context, *pluginv1.GetSchemaRequest) (*pluginv1.GetSchemaResponse, error) {
	return wireSchema(s.plugin.Schema()), nil
}

// Execute reports failures in the reply; the call itself always succeeds.
func (s *pluginServer) Execute(ctx context.Context, request *pluginv1.ExecuteRequest) (*pluginv1.ExecuteResponse, error) {
	var params map[string]string
	if len(request.ParamsJSON) > 0 {
		if err := json.Unmarshal(request.ParamsJSON, &params); err != nil {
			return &pluginv1.ExecuteResponse{Error: "invalid params JSON: " + err.Error()}, nil
		}
	}
	start := time.Now()
	response, err := s.plugin.Execute(ctx, &ExecuteRequest{
		ExecutionID: request.ExecutionID,
		StepID:      request.StepID,
		ActionID:    request.ActionID,
		Params:      params,
		// Not shifted, unlike every other enum: a defect that agents live with.
		Mode:      ExecutionMode(request.ExecutionMode),
		TimeRange: (*TimeRange)(request.TimeRange),
		TenantID:  request.TenantID,
	})
	duration := time.Since(start).Milliseconds()
	if err != nil {
		return &pluginv1.ExecuteResponse{Error: err.Error(), DurationMs: duration}, nil
	}
	// A plugin that returns neither response nor error ends the process here.
	return &pluginv1.ExecuteResponse{Success: true, ResultJSON: response.Output, DurationMs: duration}, nil
}

func (s *pluginServer) HealthCheck(ctx context.Context, _ *pluginv1.HealthCheckRequest) (*pluginv1.HealthCheckResponse, error) {
	if err := s.plugin.HealthCheck(ctx); err != nil {
		return &pluginv1.HealthCheckResponse{Message: err.Error()}, nil
	}
	return &pluginv1.HealthCheckResponse{Healthy: true, Message: "ok"}, nil
}

func (s *pluginServer) ConfigUpdated(ctx context.Context, request *pluginv1.ConfigUpdatedRequest) (*pluginv1.ConfigUpdatedResponse, error) {
	if err := s.plugin.ConfigUpdated(ctx, request.Config); err != nil {
		return &pluginv1.ConfigUpdatedResponse{Error: err.Error()}, nil
	}
	return &pluginv1.ConfigUpdatedResponse{Acknowledged: true}, nil
}
