package pluginv1

import "github.com/mirastacklabs-ai/mirastack-agents-sdk-go/gen/pluginv1"

// RegisterPluginRequest announces this process.
type RegisterPluginRequest struct {
	Name       string              `json:"name"`
	Version    string              `json:"version"`
	GRPCAddr   string              `json:"grpc_addr"`
	PluginType pluginv1.PluginType `json:"plugin_type"`
	InstanceID string              `json:"instance_id"`
	TenantID   string              `json:"tenant_id"`
}

// RegisterPluginResponse accepts or refuses it.
type RegisterPluginResponse struct {
	Success  bool                     `json:"success"`
	PluginID string                   `json:"plugin_id"`
	Error    string                   `json:"error"`
	License  *pluginv1.LicenseContext `json:"license,omitempty"`
}

// DeregisterPluginRequest takes this process off the engine's list.
type DeregisterPluginRequest struct {
	Name       string `json:"name"`
	InstanceID string `json:"instance_id"`
}

// DeregisterPluginResponse confirms that.
type DeregisterPluginResponse struct {
	Acknowledged bool `json:"acknowledged"`
}

// HeartbeatRequest says that this process is alive.
type HeartbeatRequest struct {
	Name       string `json:"name"`
	InstanceID string `json:"instance_id"`
}

// GetConfigRequest asks for the agent's configuration.
type GetConfigRequest struct {
	PluginName string `json:"plugin_name"`
	TenantID   string `json:"tenant_id"`
}

// GetConfigResponse is the whole of it.
type GetConfigResponse struct {
	Config  map[string]string `json:"config"`
	Version int64             `json:"version"`
}

// KPIView is one KPI. mirastack.KPIView has the same fields in the same order,
// so that one converts to the other.
type KPIView struct {
	ID            string `json:"id"`
	TenantID      string `json:"tenant_id"`
	Name          string `json:"name"`
	Query         string `json:"query"`
	IntegrationID string `json:"integration_id"`
	Kind          string `json:"kind"`
	Layer         string `json:"layer"`
	Sentiment     string `json:"sentiment"`
	Classifier    string `json:"classifier"`
	Definition    string `json:"definition"`
	CreatedAt     int64  `json:"created_at"`
	UpdatedAt     int64  `json:"updated_at"`
	CreatedBy     string `json:"created_by,omitempty"`
	UpdatedBy     string `json:"updated_by,omitempty"`
}

// ListKPIsRequest filters the tenant's KPIs.
type ListKPIsRequest struct {
	TenantID string `json:"tenant_id"`
	Kind     string `json:"kind,omitempty"`
	Layer    string `json:"layer,omitempty"`
}

// ListKPIsResponse lists them.
type ListKPIsResponse struct {
	KPIs []KPIView `json:"kpis"`
}

// GetKPIRequest asks for one KPI.
type GetKPIRequest struct {
	TenantID string `json:"tenant_id"`
	KPIID    string `json:"kpi_id"`
}

// GetKPIResponse has none when there is no such KPI.
type GetKPIResponse struct {
	KPI *KPIView `json:"kpi,omitempty"`
}

// CacheGetRequest asks for one cached value.
type CacheGetRequest struct {
	Key      string `json:"key"`
	TenantID string `json:"tenant_id"`
}

// CacheGetResponse carries it.
type CacheGetResponse struct {
	Value []byte `json:"value"`
	Found bool   `json:"found"`
}

// CacheGetBatchRequest asks for several cached values.
type CacheGetBatchRequest struct {
	Keys     []string `json:"keys"`
	TenantID string   `json:"tenant_id"`
}

// CacheGetBatchEntry is one of them.
type CacheGetBatchEntry struct {
	Key   string `json:"key"`
	Value []byte `json:"value"`
	Found bool   `json:"found"`
}

// CacheGetBatchResponse carries them in the order asked for.
type CacheGetBatchResponse struct {
	Entries []CacheGetBatchEntry `json:"entries"`
}

// CacheSetRequest stores a value.
type CacheSetRequest struct {
	Key        string `json:"key"`
	Value      []byte `json:"value"`
	TTLSeconds int64  `json:"ttl_seconds"`
	TenantID   string `json:"tenant_id"`
}

// CacheSetResponse says nothing that the SDK reads: a failure is a status.
type CacheSetResponse struct {
	Success bool `json:"success"`
}

// PublishResultRequest hands in a result while the execution goes on.
type PublishResultRequest struct {
	ExecutionID string `json:"execution_id"`
	StepID      string `json:"step_id"`
	ResultJSON  []byte `json:"result_json"`
	Success     bool   `json:"success"`
	Error       string `json:"error"`
	TenantID    string `json:"tenant_id"`
}

// PublishResultResponse confirms that.
type PublishResultResponse struct {
	Acknowledged bool `json:"acknowledged"`
}

// RequestApprovalRequest asks a person for leave.
type RequestApprovalRequest struct {
	ExecutionID        string                `json:"execution_id"`
	StepID             string                `json:"step_id"`
	Description        string                `json:"description"`
	RequiredPermission int32                 `json:"required_permission"`
	ContextJSON        []byte                `json:"context_json"`
	TimeoutSeconds     int32                 `json:"timeout_seconds"`
	TenantID           string                `json:"tenant_id"`
	BlastRadius        *pluginv1.BlastRadius `json:"blast_radius,omitempty"`
}

// RequestApprovalResponse is the decision.
type RequestApprovalResponse struct {
	Approved bool   `json:"approved"`
	TimedOut bool   `json:"timed_out"`
	Reviewer string `json:"reviewer"`
	Comment  string `json:"comment"`
}

// LogEventRequest writes to the engine's event log.
type LogEventRequest struct {
	PluginName string `json:"plugin_name"`
	EventType  string `json:"event_type"`
	DataJSON   []byte `json:"data_json"`
	Severity   string `json:"severity"`
	TenantID   string `json:"tenant_id"`
}

// LogEventResponse confirms that.
type LogEventResponse struct {
	Acknowledged bool `json:"acknowledged"`
}

// CallPluginRequest asks another agent. The SDK sets neither action nor timeout:
// the action travels in the parameters.
type CallPluginRequest struct {
	CallerPlugin   string              `json:"caller_plugin"`
	TargetPlugin   string              `json:"target_plugin"`
	ActionID       string              `json:"action_id,omitempty"`
	ParamsJSON     []byte              `json:"params_json"`
	TimeoutSeconds int32               `json:"timeout_seconds"`
	TimeRange      *pluginv1.TimeRange `json:"time_range,omitempty"`
	TenantID       string              `json:"tenant_id"`
}

// CallPluginResponse is the other agent's outcome.
type CallPluginResponse struct {
	Success    bool   `json:"success"`
	ResultJSON []byte `json:"result_json"`
	Error      string `json:"error"`
	DurationMs int64  `json:"duration_ms"`
}
