package main

import "encoding/json"

// The messages of the wire, as far as a fleet needs them: JSON with the field
// names of proto/.

type empty struct{}

type registerRequest struct {
	Name       string `json:"name"`
	Version    string `json:"version"`
	GrpcAddr   string `json:"grpc_addr"`
	PluginType int    `json:"plugin_type"`
	InstanceID string `json:"instance_id"`
	TenantID   string `json:"tenant_id"`
}

type registerResponse struct {
	Success bool   `json:"success"`
	Error   string `json:"error"`
}

type heartbeatRequest struct {
	Name       string `json:"name"`
	InstanceID string `json:"instance_id"`
}

type heartbeatResponse struct {
	ReRegisterRequired bool `json:"re_register_required"`
}

type routing struct {
	SchemaVersion         string   `json:"schema_version"`
	AcceptedIntentDomains []string `json:"accepted_intent_domains"`
	CapabilityDomain      string   `json:"capability_domain"`
	PositiveUseCases      []string `json:"positive_use_cases"`
}

type intent struct {
	Pattern    string  `json:"pattern"`
	Confidence float64 `json:"confidence"`
	Priority   int     `json:"priority,omitempty"`
}

type action struct {
	ID          string   `json:"id"`
	Description string   `json:"description"`
	Permission  int      `json:"permission"`
	Stages      []int    `json:"stages"`
	Intents     []intent `json:"intents"`
	InputParams []byte   `json:"input_params,omitempty"`
	Routing     routing  `json:"routing_semantics"`
}

type infoResponse struct {
	Name           string   `json:"name"`
	Version        string   `json:"version"`
	Description    string   `json:"description"`
	Type           int      `json:"type"`
	Permission     int      `json:"permission"`
	DevopsStages   []int    `json:"devops_stages"`
	DefaultIntents []intent `json:"default_intents"`
	Actions        []action `json:"actions"`
	InstanceID     string   `json:"instance_id"`
}

type schemaResponse struct {
	Actions []action `json:"actions"`
}

type executeResponse struct {
	Success    bool   `json:"success"`
	ResultJSON []byte `json:"result_json"`
	Error      string `json:"error"`
	DurationMs int64  `json:"duration_ms"`
}

type healthResponse struct {
	Healthy bool   `json:"healthy"`
	Message string `json:"message"`
}

type acknowledgement struct {
	Acknowledged bool `json:"acknowledged"`
}

// jsonCodec is the codec that MIRASTACK's peers register as json.
type jsonCodec struct{}

func (jsonCodec) Marshal(v any) ([]byte, error)      { return json.Marshal(v) }
func (jsonCodec) Unmarshal(data []byte, v any) error { return json.Unmarshal(data, v) }
func (jsonCodec) Name() string                       { return "json" }
