package main

import (
	"context"
	"fmt"
	"time"

	mirastack "github.com/mirastacklabs-ai/mirastack-agents-sdk-go"
	"github.com/mirastacklabs-ai/mirastack-agents-sdk-go/gen/pluginv1"
)

// callEverything calls every method of the engine and prints what came back, in
// the order of the recording.
func callEverything(ctx context.Context, engine *mirastack.EngineContext, executionID string) map[string]any {
	seen := map[string]any{}

	config, err := engine.GetConfig(ctx)
	seen["config"] = fmt.Sprint(config, err)
	kpis, err := engine.ListKPIs(ctx, mirastack.KPIFilter{Kind: "technical", Layer: "gold"})
	seen["kpis"] = fmt.Sprint(kpis, err)
	kpi, err := engine.GetKPI(ctx, "k1")
	seen["kpi"] = fmt.Sprint(kpi != nil, err)

	// Bytes that are no UTF-8 must survive, and so must a duration below a second,
	// as no expiry at all.
	name := engine.PluginName()
	seen["set"] = fmt.Sprint(engine.CacheSet(ctx, name+":a", "v\x00\xff", 90*time.Second))
	seen["set2"] = fmt.Sprint(engine.CacheSet(ctx, name+":b", "text", 300*time.Nanosecond))
	value, err := engine.CacheGet(ctx, name+":a")
	seen["get"] = fmt.Sprint(value, err)
	batch, err := engine.CacheGetBatch(ctx, []string{"a", "b"})
	seen["batch"] = fmt.Sprint(batch, err)

	seen["pub"] = fmt.Sprint(engine.PublishResult(ctx, executionID, map[string]string{"a": "b"}))
	approved, err := engine.RequestApproval(ctx, executionID, "restart it?", mirastack.PermissionModify)
	seen["appr"] = fmt.Sprint(approved, err)
	approved, err = engine.RequestApprovalWithContext(ctx, executionID, "drop it?", mirastack.PermissionAdmin, &mirastack.ApprovalRequestContext{
		ContextJSON: []byte(`{"a":1}`),
		BlastRadius: &pluginv1.BlastRadius{
			ResourceType:   "pod",
			Resources:      []string{"x"},
			Scope:          "ns",
			Reversible:     true,
			EstimatedCount: 2,
			Summary:        "two pods",
		},
	})
	seen["appr2"] = fmt.Sprint(approved, err)
	seen["log"] = fmt.Sprint(engine.LogEvent(ctx, "warn", "something", map[string]string{"k": "v"}))
	seen["log2"] = fmt.Sprint(engine.LogEvent(ctx, "info", "nothing", nil))

	reply, err := engine.CallPlugin(ctx, "other", map[string]string{"action": "x", "q": "1"})
	seen["call"] = fmt.Sprint(reply, err)
	native, err := engine.CallPluginJSONWithTimeRange(ctx, "other",
		map[string]any{"action": "x", "n": 1.5, "o": map[string]any{"a": true}},
		&pluginv1.TimeRange{StartEpochMs: 1, EndEpochMs: 2})
	seen["calljson"] = fmt.Sprint(native, err)
	_, err = engine.CallPlugin(ctx, "a:b", nil)
	seen["badtarget"] = fmt.Sprint(err)
	return seen
}
