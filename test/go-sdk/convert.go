package mirastack

import (
	"encoding/json"

	gen "github.com/mirastacklabs-ai/mirastack-agents-sdk-go/gen/pluginv1"
	"github.com/mirastacklabs-ai/mirastack-agents-sdk-go/internal/pluginv1"
)

// wirePermission shifts by one, because the wire keeps 0 for "unspecified". The
// range is not checked.
func wirePermission(permission Permission) int32 {
	return int32(permission) + 1
}

func wireStages(stages []DevOpsStage) []int32 {
	shifted := make([]int32, 0, len(stages))
	for _, stage := range stages {
		shifted = append(shifted, int32(stage)+1)
	}
	return shifted
}

func wireInfo(info *PluginInfo, instanceID string) *pluginv1.InfoResponse {
	response := &pluginv1.InfoResponse{
		Name:           info.Name,
		Version:        info.Version,
		Description:    info.Description,
		Type:           gen.PluginTypeAgent,
		Permission:     wirePermission(PermissionRead),
		DevOpsStages:   wireStages(info.DevOpsStages),
		DefaultIntents: wireIntents(info.Intents),
		Actions:        wireActions(info.Actions),
		InstanceID:     instanceID,
	}
	if len(info.Permissions) > 0 {
		response.Permission = wirePermission(info.Permissions[0])
	}
	for _, template := range info.PromptTemplates {
		response.PromptTemplates = append(response.PromptTemplates, pluginv1.PromptTemplateDef(template))
	}
	for _, param := range info.ConfigParams {
		response.ConfigSchema = append(response.ConfigSchema, pluginv1.ConfigParamSchema(param))
	}
	return response
}

// wireSchema always encodes the flat lists, unlike an action's: a nil list is the
// JSON null, in bytes.
func wireSchema(schema *PluginSchema) *pluginv1.GetSchemaResponse {
	return &pluginv1.GetSchemaResponse{
		ParamsJSONSchema: encodeParams(schema.InputParams),
		ResultJSONSchema: encodeParams(schema.OutputParams),
		Actions:          wireActions(schema.Actions),
	}
}

// wireIntents sends an empty list, never null.
func wireIntents(intents []IntentPattern) []pluginv1.IntentPattern {
	converted := make([]pluginv1.IntentPattern, 0, len(intents))
	for _, intent := range intents {
		converted = append(converted, pluginv1.IntentPattern{
			Pattern: intent.Pattern,
			// Older engines read only the confidence. It is not clamped to 0..1.
			Confidence:  float32(intent.Priority) / 10,
			Description: intent.Description,
			Priority:    intent.Priority,
		})
	}
	return converted
}

func wireActions(actions []Action) []pluginv1.ActionDef {
	var converted []pluginv1.ActionDef
	for _, action := range actions {
		def := pluginv1.ActionDef{
			ID:               action.ID,
			Description:      action.Description,
			Permission:       wirePermission(action.Permission),
			Stages:           wireStages(action.Stages),
			Intents:          wireIntents(action.Intents),
			RoutingSemantics: wireRouting(action.Routing),
		}
		if len(action.InputParams) > 0 {
			def.InputParams = encodeParams(action.InputParams)
		}
		if len(action.OutputParams) > 0 {
			def.OutputParams = encodeParams(action.OutputParams)
		}
		converted = append(converted, def)
	}
	return converted
}

func encodeParams(params []ParamSchema) []byte {
	// Strings and bools always encode.
	encoded, _ := json.Marshal(params)
	return encoded
}

// wireRouting sends invalid semantics as they stand: the gate has passed by
// then, but a plugin may answer Info differently each time.
func wireRouting(routing RoutingSemantics) pluginv1.RoutingSemantics {
	if normalized, err := routing.NormalizeAndValidate(); err == nil {
		routing = normalized
	}
	return pluginv1.RoutingSemantics(routing)
}
