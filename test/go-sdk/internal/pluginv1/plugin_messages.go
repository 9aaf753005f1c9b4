// Package pluginv1 holds the wire: messages, codec and service. grpc names the
// message types in its own error texts, so package and type names are part of
// what a caller sees.
//
// Whether a key has omitempty is part of the wire, too: without it a nil slice,
// map or byte string is sent as null. []byte is sent as base64.
package pluginv1

import "github.com/mirastacklabs-ai/mirastack-agents-sdk-go/gen/pluginv1"

// InfoRequest has no fields.
type InfoRequest struct{}

// GetSchemaRequest has no fields.
type GetSchemaRequest struct{}

// HealthCheckRequest has no fields.
type HealthCheckRequest struct{}

// InfoResponse declares the agent.
type InfoResponse struct {
	Name            string              `json:"name"`
	Version         string              `json:"version"`
	Description     string              `json:"description"`
	Type            pluginv1.PluginType `json:"type"`
	Permission      int32               `json:"permission"`
	DevOpsStages    []int32             `json:"devops_stages"`
	DefaultIntents  []IntentPattern     `json:"default_intents"`
	Actions         []ActionDef         `json:"actions,omitempty"`
	PromptTemplates []PromptTemplateDef `json:"prompt_templates,omitempty"`
	ConfigSchema    []ConfigParamSchema `json:"config_schema,omitempty"`
	Metadata        map[string]string   `json:"metadata"`
	InstanceID      string              `json:"instance_id"`
}

// IntentPattern is a phrase or pattern that leads to the agent.
type IntentPattern struct {
	Pattern     string  `json:"pattern"`
	Confidence  float32 `json:"confidence"`
	Description string  `json:"description,omitempty"`
	Priority    int32   `json:"priority,omitempty"`
}

// RoutingSemantics says which requests an action is for.
type RoutingSemantics struct {
	SchemaVersion         string   `json:"schema_version"`
	AcceptedIntentDomains []string `json:"accepted_intent_domains"`
	CapabilityDomain      string   `json:"capability_domain"`
	PositiveUseCases      []string `json:"positive_use_cases"`
	NegativeUseCases      []string `json:"negative_use_cases"`
	SignalDomains         []string `json:"signal_domains,omitempty"`
	BackendDomains        []string `json:"backend_domains,omitempty"`
	EntityTypes           []string `json:"entity_types,omitempty"`
}

// ActionDef declares one action. The parameter lists are JSON in bytes.
type ActionDef struct {
	ID               string           `json:"id"`
	Description      string           `json:"description"`
	Permission       int32            `json:"permission"`
	Stages           []int32          `json:"stages"`
	Intents          []IntentPattern  `json:"intents"`
	InputParams      []byte           `json:"input_params,omitempty"`
	OutputParams     []byte           `json:"output_params,omitempty"`
	RoutingSemantics RoutingSemantics `json:"routing_semantics"`
}

// ConfigParamSchema declares one configuration key.
type ConfigParamSchema struct {
	Key         string `json:"key"`
	Type        string `json:"type"`
	Required    bool   `json:"required"`
	Default     string `json:"default"`
	Description string `json:"description"`
	IsSecret    bool   `json:"is_secret"`
}

// PromptTemplateDef is one prompt template.
type PromptTemplateDef struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Content     string `json:"content"`
}

// GetSchemaResponse lists parameters and actions. The flat lists are JSON in
// bytes, the JSON null where the plugin has none.
type GetSchemaResponse struct {
	ParamsJSONSchema []byte      `json:"params_json_schema"`
	ResultJSONSchema []byte      `json:"result_json_schema"`
	Actions          []ActionDef `json:"actions,omitempty"`
}

// ExecuteRequest asks for one action.
type ExecuteRequest struct {
	ExecutionID   string              `json:"execution_id"`
	StepID        string              `json:"step_id"`
	ActionID      string              `json:"action_id,omitempty"`
	ParamsJSON    []byte              `json:"params_json"`
	ExecutionMode int32               `json:"execution_mode"`
	Context       map[string]string   `json:"context"`
	TimeRange     *pluginv1.TimeRange `json:"time_range,omitempty"`
	TenantID      string              `json:"tenant_id"`
}

// ExecuteResponse is the outcome of an action.
type ExecuteResponse struct {
	Success    bool   `json:"success"`
	ResultJSON []byte `json:"result_json"`
	Error      string `json:"error"`
	DurationMs int64  `json:"duration_ms"`
}

// HealthCheckResponse says whether the agent can work.
type HealthCheckResponse struct {
	Healthy bool              `json:"healthy"`
	Message string            `json:"message"`
	Details map[string]string `json:"details"`
}

// ConfigUpdatedRequest carries the whole configuration.
type ConfigUpdatedRequest struct {
	Config  map[string]string `json:"config"`
	Version int64             `json:"version"`
}

// ConfigUpdatedResponse accepts or refuses a configuration.
type ConfigUpdatedResponse struct {
	Acknowledged bool   `json:"acknowledged"`
	Error        string `json:"error"`
}

// EmbedRequest is for providers; agents refuse the call and read none of it.
type EmbedRequest struct{}

// EmbedResponse is never sent by an agent.
type EmbedResponse struct{}
