package main

import (
	"context"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// engine answers agents. It accepts everything: refusals are not its subject.
type engine struct {
	settings   settings
	cacheMutex sync.Mutex
	cache      map[string][]byte
}

var sampleKPI = kpiView{
	ID: "k1", Name: "Latency", Query: "q", IntegrationID: "i1", Kind: "technical", Layer: "gold",
	Sentiment: "negative", Classifier: "c", Definition: "d", CreatedAt: 1, UpdatedAt: 2,
}

func registerEngine(server *grpc.Server, e *engine) {
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "mirastack.plugin.v1.EngineService",
		HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{
			unary("RegisterPlugin", e.registerPlugin),
			unary("DeregisterPlugin", func(*instanceRequest) acknowledged { return acknowledged{true} }),
			unary("Heartbeat", func(*instanceRequest) heartbeatResponse {
				return heartbeatResponse{Acknowledged: true, HeartbeatIntervalSeconds: int32(e.settings.heartbeatInterval)}
			}),
			unary("GetConfig", func(*getConfigRequest) getConfigResponse {
				return getConfigResponse{Config: e.settings.config, Version: 1}
			}),
			unary("ListKPIs", func(request *listKPIsRequest) listKPIsResponse {
				return listKPIsResponse{KPIs: []kpiView{kpiOf(request.TenantID)}}
			}),
			unary("GetKPI", getKPI),
			unary("CacheGet", e.cacheGet),
			unary("CacheGetBatch", e.cacheGetBatch),
			unary("CacheSet", e.cacheSet),
			unary("PublishResult", func(*publishResultRequest) acknowledged { return acknowledged{true} }),
			unary("LogEvent", func(*logEventRequest) acknowledged { return acknowledged{true} }),
			unary("RequestApproval", func(*requestApprovalRequest) requestApprovalResponse {
				return requestApprovalResponse{Approved: true, Reviewer: "go-engine"}
			}),
			unary("CallPlugin", func(*callPluginRequest) callPluginResponse {
				return callPluginResponse{Success: true, ResultJSON: []byte(`{"n":1.50,"s":"x","o":{"b":1,"a":"<"},"z":null}`), DurationMs: 4}
			}),
		},
	}, e)
}

// unary prints a call as this program has understood it, and then answers.
func unary[Request, Response any](name string, answer func(*Request) Response) grpc.MethodDesc {
	return grpc.MethodDesc{
		MethodName: name,
		Handler: func(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
			request := new(Request)
			if err := decode(request); err != nil {
				return nil, err
			}
			headers, _ := metadata.FromIncomingContext(ctx)
			emit(receivedEvent{
				Type:        "received",
				Method:      name,
				ContentType: header(headers, "content-type"),
				UserAgent:   header(headers, "user-agent"),
				PluginName:  header(headers, "x-plugin-name"),
				Request:     request,
			})
			return answer(request), nil
		},
	}
}

// registerPlugin answers before it calls back, so that an agent which serves only
// after its registration works, too.
func (e *engine) registerPlugin(request *registerPluginRequest) registerPluginResponse {
	go e.callBack(*request)
	return registerPluginResponse{Success: true, PluginID: "plg_" + request.Name}
}

func kpiOf(tenantID string) kpiView {
	kpi := sampleKPI
	kpi.TenantID = tenantID
	return kpi
}

func getKPI(request *getKPIRequest) getKPIResponse {
	if request.KPIID != sampleKPI.ID {
		return getKPIResponse{}
	}
	kpi := kpiOf(request.TenantID)
	return getKPIResponse{KPI: &kpi}
}

// cacheKey keeps tenants apart. Nothing ever expires here.
func cacheKey(tenantID, key string) string {
	return tenantID + "/" + key
}

func (e *engine) lookUp(tenantID, key string) cacheEntry {
	e.cacheMutex.Lock()
	defer e.cacheMutex.Unlock()
	value, found := e.cache[cacheKey(tenantID, key)]
	return cacheEntry{Key: key, Value: value, Found: found}
}

func (e *engine) cacheGet(request *cacheGetRequest) cacheGetResponse {
	entry := e.lookUp(request.TenantID, request.Key)
	return cacheGetResponse{Value: entry.Value, Found: entry.Found}
}

func (e *engine) cacheGetBatch(request *cacheGetBatchRequest) cacheGetBatchResponse {
	response := cacheGetBatchResponse{Entries: []cacheEntry{}}
	for _, key := range request.Keys {
		response.Entries = append(response.Entries, e.lookUp(request.TenantID, key))
	}
	return response
}

func (e *engine) cacheSet(request *cacheSetRequest) cacheSetResponse {
	e.cacheMutex.Lock()
	defer e.cacheMutex.Unlock()
	e.cache[cacheKey(request.TenantID, request.Key)] = request.Value
	return cacheSetResponse{Success: true}
}
