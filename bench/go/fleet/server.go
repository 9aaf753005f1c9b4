package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"

	"google.golang.org/grpc"
)

func makeInfo(name, instance string) *infoResponse {
	params, _ := json.Marshal([]map[string]any{
		{"Name": "service", "Type": "string", "Required": true, "Description": "Name of the service"},
		{"Name": "limit", "Type": "number", "Required": false, "Description": "How many at most"},
	})
	actions := make([]action, 2)
	for index, verb := range []string{"list", "describe"} {
		actions[index] = action{
			ID:          fmt.Sprintf("%s_of_%s", verb, name),
			Description: fmt.Sprintf("%s what %s knows. Use this when you need its items.", verb, name),
			Permission:  1,
			Stages:      []int{8},
			Intents:     []intent{{Pattern: fmt.Sprintf("%s the items of %s", verb, name), Confidence: 0.5, Priority: 5}},
			InputParams: params,
			Routing: routing{
				SchemaVersion:         "mirastack.routing_semantics/v1",
				AcceptedIntentDomains: []string{"fleet.items"},
				CapabilityDomain:      "fleet.items." + verb,
				PositiveUseCases:      []string{verb + " the items of " + name},
			},
		}
	}
	return &infoResponse{
		Name:           name,
		Version:        "1.0.0",
		Description:    "One of many agents",
		Type:           1,
		Permission:     1,
		DevopsStages:   []int{8},
		DefaultIntents: []intent{{Pattern: "ask " + name, Confidence: 0.3, Priority: 3}},
		Actions:        actions,
		InstanceID:     instance,
	}
}

// unary is a method that takes any request and answers with what answer gives.
func unary(name string, answer func() any) grpc.MethodDesc {
	return grpc.MethodDesc{
		MethodName: name,
		Handler: func(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
			var request empty
			if err := decode(&request); err != nil {
				return nil, err
			}
			return answer(), nil
		},
	}
}

func serve(listener net.Listener, info *infoResponse) {
	server := grpc.NewServer(grpc.ForceServerCodec(jsonCodec{}))
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "mirastack.plugin.v1.PluginService",
		HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{
			unary("Info", func() any { return info }),
			unary("GetSchema", func() any { return &schemaResponse{Actions: info.Actions} }),
			unary("Execute", func() any { return &executeResponse{Success: true, ResultJSON: []byte(`{"items":[]}`)} }),
			unary("HealthCheck", func() any { return &healthResponse{Healthy: true, Message: "ok"} }),
			unary("ConfigUpdated", func() any { return &acknowledgement{Acknowledged: true} }),
		},
	}, struct{}{})
	_ = server.Serve(listener)
}
