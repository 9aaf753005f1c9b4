package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"strings"

	"google.golang.org/grpc"
)

func encode(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// infoOf is the Info of an agent that breaks no gate and has so many intents.
func infoOf(name string, intents int) []byte {
	patterns := make([]map[string]any, intents)
	for index := range patterns {
		patterns[index] = map[string]any{"pattern": fmt.Sprintf("do the thing number %d of %s", index, name), "confidence": 0.9, "priority": 9}
	}
	info, _ := json.Marshal(map[string]any{
		"name": name, "version": "1.0.0", "description": "Wishes its engine ill", "type": 1, "permission": 1,
		"devops_stages": []int{8}, "default_intents": patterns,
		"actions": []map[string]any{{
			"id": name + "_act", "description": "Does nothing. Use this never.", "permission": 1, "stages": []int{8}, "intents": []any{},
		}},
	})
	return info
}

func hugeInfo() []byte {
	head := []byte(`{"name":"hostile_huge","description":"`)
	return append(append(head, []byte(strings.Repeat("x", 100<<20))...), []byte(`"}`)...)
}

func serve(answer func(method string, ctx context.Context) []byte) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	description := grpc.ServiceDesc{ServiceName: "mirastack.plugin.v1.PluginService", HandlerType: (*any)(nil)}
	for _, method := range []string{"Info", "GetSchema", "Execute", "HealthCheck", "ConfigUpdated"} {
		description.Methods = append(description.Methods, grpc.MethodDesc{
			MethodName: method,
			Handler: func(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
				var request []byte
				if err := decode(&request); err != nil {
					return nil, err
				}
				body := answer(method, ctx)
				return &body, nil
			},
		})
	}
	server := grpc.NewServer(grpc.ForceServerCodec(bytesCodec{}))
	server.RegisterService(&description, struct{}{})
	go func() { _ = server.Serve(listener) }()
	return listener.Addr().String()
}

// listen serves an agent with the Info given; what else it answers is small.
func listen(g *gate, info []byte) string {
	small := map[string][]byte{
		"GetSchema":     []byte(`{"actions":[]}`),
		"Execute":       []byte(`{"success":true,"result_json":"e30="}`),
		"HealthCheck":   []byte(`{"healthy":true}`),
		"ConfigUpdated": []byte(`{"acknowledged":true}`),
	}
	return serve(func(method string, _ context.Context) []byte {
		if body, known := small[method]; known {
			return body
		}
		g.pass()
		return info
	})
}

// listenSilent serves an agent that answers nothing.
func listenSilent() string {
	return serve(func(_ string, ctx context.Context) []byte {
		<-ctx.Done()
		return nil
	})
}
