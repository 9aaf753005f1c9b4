package pluginv1

import (
	"context"
	"errors"

	"google.golang.org/grpc"
)

// EngineMethod is the path of one of the engine's methods.
func EngineMethod(name string) string {
	return "/mirastack.plugin.v1.EngineService/" + name
}

// PluginServiceServer is the part of PluginService that agents answer.
type PluginServiceServer interface {
	Info(context.Context, *InfoRequest) (*InfoResponse, error)
	GetSchema(context.Context, *GetSchemaRequest) (*GetSchemaResponse, error)
	Execute(context.Context, *ExecuteRequest) (*ExecuteResponse, error)
	HealthCheck(context.Context, *HealthCheckRequest) (*HealthCheckResponse, error)
	ConfigUpdated(context.Context, *ConfigUpdatedRequest) (*ConfigUpdatedResponse, error)
}

// RegisterPluginService puts an agent on a grpc server. The two methods for
// providers answer with a plain error, so their status is UNKNOWN and not
// UNIMPLEMENTED.
func RegisterPluginService(registrar grpc.ServiceRegistrar, server PluginServiceServer) {
	registrar.RegisterService(&grpc.ServiceDesc{
		ServiceName: "mirastack.plugin.v1.PluginService",
		HandlerType: (*PluginServiceServer)(nil),
		Methods: []grpc.MethodDesc{
			unary("Info", server.Info),
			unary("GetSchema", server.GetSchema),
			unary("Execute", server.Execute),
			unary("HealthCheck", server.HealthCheck),
			unary("ConfigUpdated", server.ConfigUpdated),
			unary("Embed", func(context.Context, *EmbedRequest) (*EmbedResponse, error) {
				return nil, errors.New("Embed not implemented")
			}),
		},
		Streams: []grpc.StreamDesc{{
			StreamName:    "ChatStream",
			ServerStreams: true,
			Handler:       func(any, grpc.ServerStream) error { return errors.New("ChatStream not implemented") },
		}},
	}, server)
}

// unary leaves interceptors out: no server of the SDK installs one.
func unary[Request, Response any](name string, call func(context.Context, *Request) (*Response, error)) grpc.MethodDesc {
	return grpc.MethodDesc{
		MethodName: name,
		Handler: func(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
			request := new(Request)
			if err := decode(request); err != nil {
				return nil, err
			}
			response, err := call(ctx, request)
			if err != nil {
				return nil, err
			}
			return response, nil
		},
	}
}
