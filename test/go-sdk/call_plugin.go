package mirastack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	gen "github.com/mirastacklabs-ai/mirastack-agents-sdk-go/gen/pluginv1"
	"github.com/mirastacklabs-ai/mirastack-agents-sdk-go/internal/pluginv1"
)

// CallPlugin has another agent execute an action, which travels in params, and
// returns the reply's values as strings.
func (e *EngineContext) CallPlugin(ctx context.Context, target string, params map[string]string) (map[string]string, error) {
	return e.CallPluginWithTimeRange(ctx, target, params, nil)
}

// CallPluginWithTimeRange is CallPlugin for a span of time.
func (e *EngineContext) CallPluginWithTimeRange(ctx context.Context, target string, params map[string]string, timeRange *gen.TimeRange) (map[string]string, error) {
	raw, err := e.callPlugin(ctx, target, params, timeRange)
	if err != nil {
		return nil, err
	}
	return decodeAsStrings(raw)
}

// CallPluginJSON is CallPlugin with native JSON values both ways.
func (e *EngineContext) CallPluginJSON(ctx context.Context, target string, params map[string]any) (map[string]any, error) {
	return e.CallPluginJSONWithTimeRange(ctx, target, params, nil)
}

// CallPluginJSONWithTimeRange is CallPluginJSON for a span of time.
func (e *EngineContext) CallPluginJSONWithTimeRange(ctx context.Context, target string, params map[string]any, timeRange *gen.TimeRange) (map[string]any, error) {
	raw, err := e.callPlugin(ctx, target, params, timeRange)
	if err != nil {
		return nil, err
	}
	return decodeObject(raw)
}

// CallPluginRaw is CallPluginJSON without decoding the reply.
func (e *EngineContext) CallPluginRaw(ctx context.Context, target string, params map[string]any) (json.RawMessage, error) {
	return e.CallPluginRawWithTimeRange(ctx, target, params, nil)
}

// CallPluginRawWithTimeRange is CallPluginRaw for a span of time.
func (e *EngineContext) CallPluginRawWithTimeRange(ctx context.Context, target string, params map[string]any, timeRange *gen.TimeRange) (json.RawMessage, error) {
	return e.callPlugin(ctx, target, params, timeRange)
}

func (e *EngineContext) callPlugin(ctx context.Context, target string, params any, timeRange *gen.TimeRange) (json.RawMessage, error) {
	if err := checkTarget(target); err != nil {
		return nil, err
	}
	encoded, err := json.Marshal(params)
	if err != nil {
		return nil, err
	}
	response, err := callEngine[pluginv1.CallPluginResponse](ctx, e, "CallPlugin", &pluginv1.CallPluginRequest{
		CallerPlugin: e.name,
		TargetPlugin: target,
		ParamsJSON:   encoded,
		TimeRange:    timeRange,
		TenantID:     e.tenantID,
	})
	if err != nil {
		return nil, err
	}
	if !response.Success {
		return nil, fmt.Errorf("plugin %q returned error: %s", target, response.Error)
	}
	if len(response.ResultJSON) == 0 {
		return json.RawMessage("{}"), nil
	}
	return response.ResultJSON, nil
}

// checkTarget refuses the old form "agent:action" before the engine is asked.
func checkTarget(target string) error {
	if isBlank(target) {
		return errors.New("target plugin is required")
	}
	if strings.Contains(target, ":") {
		return fmt.Errorf("target plugin %q is invalid: pass plugin name only and set action in params", target)
	}
	return nil
}

func decodeObject(raw json.RawMessage) (map[string]any, error) {
	var object map[string]any
	if err := json.Unmarshal(raw, &object); err != nil {
		return nil, err
	}
	return object, nil
}

func decodeAsStrings(raw json.RawMessage) (map[string]string, error) {
	object, err := decodeObject(raw)
	if err != nil {
		return nil, err
	}
	values := make(map[string]string, len(object))
	for key, value := range object {
		values[key] = coerceToString(value)
	}
	return values, nil
}

// coerceToString turns any decoded JSON value into text: null into nothing, a
// number into its shortest decimal form, a list or object into compact JSON.
func coerceToString(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	case bool:
		return strconv.FormatBool(value)
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	default:
		// What came out of a decoder always encodes.
		encoded, _ := json.Marshal(value)
		return string(encoded)
	}
}
