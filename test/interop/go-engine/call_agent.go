package main

import (
	"context"
	"encoding/json"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

const (
	callTimeout = 10 * time.Second
	// modeGuided is the wire's number of the mode in which executions run.
	modeGuided = 2
)

// callBack calls every method of a registered agent once, in a fixed order. It
// goes on after a failure: what fails is for the reader of the output to judge.
func (e *engine) callBack(registration registerPluginRequest) {
	connection, err := grpc.NewClient(e.dialTarget(registration.GRPCAddr), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		emitCall("Info", nil, err, nil)
		return
	}
	defer connection.Close()

	call[infoResponse](connection, "Info", empty{})
	call[getSchemaResponse](connection, "GetSchema", empty{})
	call[healthCheckResponse](connection, "HealthCheck", empty{})
	call[configUpdatedResponse](connection, "ConfigUpdated", configUpdatedRequest{Config: e.settings.config, Version: 1})
	call[executeResponse](connection, "Execute", executeRequest{
		ExecutionID:   "exec-1",
		StepID:        "step-1",
		ActionID:      e.settings.action,
		ParamsJSON:    e.executeParams(),
		ExecutionMode: modeGuided,
		Context:       map[string]string{},
		TimeRange:     &timeRange{StartEpochMs: 1774973400123, EndEpochMs: 1774977000123, Timezone: "UTC", OriginalExpression: "last hour"},
		TenantID:      registration.TenantID,
	})
}

// dialTarget keeps the announced port: the announced host may be a name that
// only a cluster resolves.
func (e *engine) dialTarget(announced string) string {
	_, port, err := net.SplitHostPort(announced)
	if err != nil || e.settings.dialHost == "" {
		return announced
	}
	return net.JoinHostPort(e.settings.dialHost, port)
}

// executeParams repeats the action among the parameters, for agents that read it
// there.
func (e *engine) executeParams() []byte {
	params := map[string]string{"action": e.settings.action}
	for key, value := range e.settings.params {
		params[key] = value
	}
	// A map of strings always encodes.
	encoded, _ := json.Marshal(params)
	return encoded
}

func call[Response any](connection *grpc.ClientConn, method string, request any) {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	response := new(Response)
	var headers metadata.MD
	err := connection.Invoke(ctx, "/mirastack.plugin.v1.PluginService/"+method, request, response,
		grpc.CallContentSubtype("json"), grpc.WaitForReady(true), grpc.Header(&headers))
	emitCall(method, response, err, headers)
}

func emitCall(method string, response any, err error, headers metadata.MD) {
	if err != nil {
		response = nil
	}
	outcome := status.Convert(err)
	emit(callEvent{
		Type:        "call",
		Method:      method,
		ContentType: header(headers, "content-type"),
		Code:        outcome.Code(),
		Message:     outcome.Message(),
		Reply:       response,
	})
}
