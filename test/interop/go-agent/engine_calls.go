package main

import (
	"context"
	"encoding/base64"
	"os"
	"time"

	mirastack "github.com/mirastacklabs-ai/mirastack-agents-sdk-go"
	"github.com/mirastacklabs-ai/mirastack-agents-sdk-go/gen/pluginv1"
)

const (
	strangeTenant = "2465bedb-6186-5936-9e64-ec9f01968e8e"
	startEpochMs  = 1774973400123
	endEpochMs    = 1774977000123
)

// callActions are the actions that an agent offers when GO_AGENT_CALLS is 1.
func callActions() []mirastack.Action {
	made := make([]mirastack.Action, 0, 3)
	for _, id := range []string{"calls", "range", "configs"} {
		made = append(made, mirastack.Action{
			ID:          id,
			Description: "Shows " + id + ". Use this when you want to test.",
			Permission:  mirastack.PermissionRead,
			Stages:      []mirastack.DevOpsStage{mirastack.StageObserve},
			InputParams: []mirastack.ParamSchema{{Name: "q", Type: "string", Description: "anything"}},
			Routing: mirastack.RoutingSemantics{
				SchemaVersion:         mirastack.RoutingSemanticsSchemaVersionV1,
				AcceptedIntentDomains: []string{"lab." + id},
				CapabilityDomain:      "lab." + id,
				PositiveUseCases:      []string{"show " + id},
			},
		})
	}
	return made
}

// outcome is a value, or the text of the error instead.
func outcome(value any, err error) any {
	if err != nil {
		return "error: " + err.Error()
	}
	return value
}

func encodeValue(value string, err error) any {
	return outcome(base64.StdEncoding.EncodeToString([]byte(value)), err)
}

// callEngine makes every call of the engine context and keeps what came back.
func callEngine(ctx context.Context, engine *mirastack.EngineContext, executionID string) map[string]any {
	seen := map[string]any{}
	config, err := engine.GetConfig(ctx)
	seen["config"] = outcome(config, err)

	kpis, err := engine.ListKPIs(ctx, mirastack.KPIFilter{Kind: "technical", Layer: "gold"})
	seen["kpis"] = outcome(kpis, err)
	kpi, err := engine.GetKPI(ctx, "k1")
	seen["kpi"] = outcome(kpi, err)
	none, err := engine.GetKPI(ctx, "k9")
	seen["kpi of nothing"] = outcome(none == nil, err)

	seen["set"] = outcome("done", engine.CacheSet(ctx, "go:bytes", "v\x00\xff", 90*time.Second))
	seen["set text"] = outcome("done", engine.CacheSet(ctx, "go:text", "text", 0))
	seen["get"] = encodeValue(engine.CacheGet(ctx, "go:bytes"))
	seen["get of nothing"] = encodeValue(engine.CacheGet(ctx, "go:nothing"))
	batch, err := engine.CacheGetBatch(ctx, []string{"go:text", "go:nothing", "go:bytes", "go:text"})
	entries := make([]any, 0, len(batch))
	for _, entry := range batch {
		entries = append(entries, []any{entry.Key, base64.StdEncoding.EncodeToString([]byte(entry.Value)), entry.Found})
	}
	seen["batch"] = outcome(entries, err)

	seen["publish"] = outcome("done", engine.PublishResult(ctx, executionID, map[string]string{"a": "b"}))
	seen["log"] = outcome("done", engine.LogEvent(ctx, "warn", "something", map[string]string{"k": "v"}))
	seen["log without fields"] = outcome("done", engine.LogEvent(ctx, "info", "nothing", nil))
	approved, err := engine.RequestApproval(ctx, executionID, "restart it?", mirastack.PermissionModify)
	seen["approved"] = outcome(approved, err)
	denied, err := engine.RequestApprovalWithContext(ctx, executionID, "drop it?", mirastack.PermissionAdmin, &mirastack.ApprovalRequestContext{
		ContextJSON: []byte(`{"a":1}`),
		BlastRadius: &pluginv1.BlastRadius{ResourceType: "pod", Scope: "ns", Reversible: true, EstimatedCount: 2, Summary: "two pods"},
	})
	seen["denied"] = outcome(denied, err)

	callAgents(ctx, engine, seen)

	stranger, err := mirastack.NewEngineContext(os.Getenv("MIRASTACK_ENGINE_ADDR"), engine.PluginName(), engine.InstanceID(), strangeTenant)
	if err != nil {
		seen["stranger"] = outcome(nil, err)
		return seen
	}
	defer func() { _ = stranger.Close() }()
	_, err = stranger.GetConfig(ctx)
	seen["stranger"] = outcome("let in", err)
	return seen
}

// callAgents calls an agent in TypeScript and one in Go.
func callAgents(ctx context.Context, engine *mirastack.EngineContext, seen map[string]any) {
	texts, err := engine.CallPlugin(ctx, "my_agent", map[string]string{"action": "echo", "text": "é<&>"})
	seen["call"] = outcome(texts, err)
	native, err := engine.CallPluginJSON(ctx, "my_agent", map[string]any{"action": "echo", "text": "t", "extra": map[string]any{"n": 1.5}})
	seen["call json"] = outcome(native, err)
	raw, err := engine.CallPluginRaw(ctx, "my_agent", map[string]any{"action": "echo", "text": "raw"})
	seen["call raw"] = outcome(string(raw), err)
	ranged, err := engine.CallPluginJSONWithTimeRange(ctx, "go_peer", map[string]any{"action": "range", "q": "1"},
		&pluginv1.TimeRange{StartEpochMs: startEpochMs, EndEpochMs: endEpochMs, Timezone: "Europe/Berlin", OriginalExpression: "last 1h"})
	seen["call go"] = outcome(ranged, err)
	_, err = engine.CallPlugin(ctx, "my_agent", map[string]string{"action": "restart"})
	seen["call denied"] = outcome("let through", err)
	_, err = engine.CallPlugin(ctx, "nobody", map[string]string{"action": "echo"})
	seen["call nobody"] = outcome("let through", err)
	_, err = engine.CallPlugin(ctx, "my_agent", map[string]string{"action": "echo"})
	seen["call without param"] = outcome("let through", err)
}
