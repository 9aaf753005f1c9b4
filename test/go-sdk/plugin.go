package mirastack

import (
	"context"
	"encoding/json"
)

// Plugin is what an agent implements.
type Plugin interface {
	// Info says what the agent is. It is called at startup and again for every
	// Info call of the engine.
	Info() *PluginInfo
	// Schema lists the agent's actions and parameters, once per GetSchema call.
	Schema() *PluginSchema
	// Execute runs one action.
	Execute(ctx context.Context, req *ExecuteRequest) (*ExecuteResponse, error)
	// HealthCheck returns nil while the agent can work.
	HealthCheck(ctx context.Context) error
	// ConfigUpdated receives the whole configuration after a change; an error
	// tells the engine that the agent refuses it.
	ConfigUpdated(ctx context.Context, config map[string]string) error
}

// EngineAware is implemented by a plugin that calls the engine. Serve hands it
// the context before the first request can arrive.
type EngineAware interface {
	SetEngineContext(*EngineContext)
}

// Permission says how much an action may change. The zero value is
// PermissionRead: an unset permission cannot be told from a chosen one.
type Permission int

// The permissions, in the SDK's own counting; the wire counts one higher.
const (
	PermissionRead Permission = iota
	PermissionModify
	PermissionAdmin
	PermissionWrite
)

// DevOpsStage is a stage of the delivery cycle in which an agent is useful.
type DevOpsStage int

// The stages, in the SDK's own counting; the wire counts one higher.
const (
	StagePlan DevOpsStage = iota
	StageCode
	StageBuild
	StageTest
	StageRelease
	StageDeploy
	StageOperate
	StageObserve
)

// ExecutionMode says how much a person takes part in an execution.
type ExecutionMode int

// The execution modes. Requests carry the wire's number unchanged, and the wire
// counts one higher: a guided execution arrives as ModeAutonomous.
const (
	ModeManual ExecutionMode = iota
	ModeGuided
	ModeAutonomous
)

// PluginInfo declares an agent.
type PluginInfo struct {
	Name        string
	Version     string
	Description string
	// Permissions: only the first one reaches the engine.
	Permissions     []Permission
	DevOpsStages    []DevOpsStage
	Intents         []IntentPattern
	Actions         []Action
	PromptTemplates []PromptTemplate
	ConfigParams    []ConfigParam
}

// PluginSchema lists what the agent's actions take and return. The two flat
// lists are older than Actions, and most agents leave them nil.
type PluginSchema struct {
	InputParams  []ParamSchema
	OutputParams []ParamSchema
	Actions      []Action
}

// Action is one operation that an agent offers.
type Action struct {
	ID           string
	Description  string
	Permission   Permission
	Stages       []DevOpsStage
	Intents      []IntentPattern
	InputParams  []ParamSchema
	OutputParams []ParamSchema
	Routing      RoutingSemantics
}

// ParamSchema describes one parameter. Type is "string", "number", "boolean" or
// "json". The field names are the keys on the wire, so there are no tags.
type ParamSchema struct {
	Name        string
	Type        string
	Required    bool
	Description string
}

// ConfigParam describes one configuration key. Type is "string", "int", "bool",
// "duration" or "json".
type ConfigParam struct {
	Key         string
	Type        string
	Required    bool
	Default     string
	Description string
	IsSecret    bool
}

// IntentPattern is a phrase or pattern for which the agent should be asked.
type IntentPattern struct {
	Pattern     string
	Description string
	Priority    int32
}

// PromptTemplate is a prompt, in Go text/template syntax, that the agent offers.
type PromptTemplate struct {
	Name        string
	Description string
	Content     string
}

// ExecuteRequest asks for one action. WorkflowID is never filled.
type ExecuteRequest struct {
	ExecutionID string
	WorkflowID  string
	StepID      string
	ActionID    string
	Params      map[string]string
	Mode        ExecutionMode
	TimeRange   *TimeRange
	TenantID    string
}

// ExecuteResponse is the outcome of an action. Logs never leave the process:
// the wire has no place for them.
type ExecuteResponse struct {
	Output json.RawMessage
	Logs   []string
}

// TimeRange is a span of absolute UTC time that the engine has parsed already.
type TimeRange struct {
	StartEpochMs       int64  `json:"start_epoch_ms"`
	EndEpochMs         int64  `json:"end_epoch_ms"`
	Timezone           string `json:"timezone,omitempty"`
	OriginalExpression string `json:"original_expression,omitempty"`
}
