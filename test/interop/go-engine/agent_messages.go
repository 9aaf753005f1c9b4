package main

// The messages of PluginService, with every key the wire has. []byte is base64.

type empty struct{}

type intentPattern struct {
	Pattern     string  `json:"pattern"`
	Confidence  float32 `json:"confidence"`
	Description string  `json:"description,omitempty"`
	Priority    int32   `json:"priority,omitempty"`
}

type routingSemantics struct {
	SchemaVersion         string   `json:"schema_version"`
	AcceptedIntentDomains []string `json:"accepted_intent_domains"`
	CapabilityDomain      string   `json:"capability_domain"`
	PositiveUseCases      []string `json:"positive_use_cases"`
	NegativeUseCases      []string `json:"negative_use_cases"`
	SignalDomains         []string `json:"signal_domains,omitempty"`
	BackendDomains        []string `json:"backend_domains,omitempty"`
	EntityTypes           []string `json:"entity_types,omitempty"`
}

// actionDef has its routing behind a pointer, since older SDKs send none.
type actionDef struct {
	ID               string            `json:"id"`
	Description      string            `json:"description"`
	Permission       int32             `json:"permission"`
	Stages           []int32           `json:"stages"`
	Intents          []intentPattern   `json:"intents"`
	InputParams      []byte            `json:"input_params,omitempty"`
	OutputParams     []byte            `json:"output_params,omitempty"`
	RoutingSemantics *routingSemantics `json:"routing_semantics,omitempty"`
}

type promptTemplate struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Content     string `json:"content"`
}

type configParam struct {
	Key         string `json:"key"`
	Type        string `json:"type"`
	Required    bool   `json:"required"`
	Default     string `json:"default"`
	Description string `json:"description"`
	IsSecret    bool   `json:"is_secret"`
}

type infoResponse struct {
	Name            string            `json:"name"`
	Version         string            `json:"version"`
	Description     string            `json:"description"`
	Type            int32             `json:"type"`
	Permission      int32             `json:"permission"`
	DevOpsStages    []int32           `json:"devops_stages"`
	DefaultIntents  []intentPattern   `json:"default_intents"`
	Actions         []actionDef       `json:"actions,omitempty"`
	PromptTemplates []promptTemplate  `json:"prompt_templates,omitempty"`
	ConfigSchema    []configParam     `json:"config_schema,omitempty"`
	Metadata        map[string]string `json:"metadata"`
	InstanceID      string            `json:"instance_id"`
}

type getSchemaResponse struct {
	ParamsJSONSchema []byte      `json:"params_json_schema"`
	ResultJSONSchema []byte      `json:"result_json_schema"`
	Actions          []actionDef `json:"actions,omitempty"`
}

type timeRange struct {
	StartEpochMs       int64  `json:"start_epoch_ms"`
	EndEpochMs         int64  `json:"end_epoch_ms"`
	Timezone           string `json:"timezone,omitempty"`
	OriginalExpression string `json:"original_expression,omitempty"`
}

type executeRequest struct {
	ExecutionID   string            `json:"execution_id"`
	StepID        string            `json:"step_id"`
	ActionID      string            `json:"action_id,omitempty"`
	ParamsJSON    []byte            `json:"params_json"`
	ExecutionMode int32             `json:"execution_mode"`
	Context       map[string]string `json:"context"`
	TimeRange     *timeRange        `json:"time_range,omitempty"`
	TenantID      string            `json:"tenant_id"`
}

type executeResponse struct {
	Success    bool   `json:"success"`
	ResultJSON []byte `json:"result_json"`
	Error      string `json:"error"`
	DurationMs int64  `json:"duration_ms"`
}

type healthCheckResponse struct {
	Healthy bool              `json:"healthy"`
	Message string            `json:"message"`
	Details map[string]string `json:"details"`
}

type configUpdatedRequest struct {
	Config  map[string]string `json:"config"`
	Version int64             `json:"version"`
}

type configUpdatedResponse struct {
	Acknowledged bool   `json:"acknowledged"`
	Error        string `json:"error"`
}
