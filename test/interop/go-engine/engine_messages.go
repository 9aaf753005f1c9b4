package main

// The messages of EngineService, with every key the wire has. []byte is base64.

type registerPluginRequest struct {
	Name       string `json:"name"`
	Version    string `json:"version"`
	GRPCAddr   string `json:"grpc_addr"`
	PluginType int32  `json:"plugin_type"`
	InstanceID string `json:"instance_id"`
	TenantID   string `json:"tenant_id"`
}

type registerPluginResponse struct {
	Success  bool   `json:"success"`
	PluginID string `json:"plugin_id"`
	Error    string `json:"error"`
}

// instanceRequest is a heartbeat and a deregistration: both name one process.
type instanceRequest struct {
	Name       string `json:"name"`
	InstanceID string `json:"instance_id"`
}

// acknowledged is the answer of every method that has nothing else to say.
type acknowledged struct {
	Acknowledged bool `json:"acknowledged"`
}

type heartbeatResponse struct {
	Acknowledged             bool  `json:"acknowledged"`
	ReRegisterRequired       bool  `json:"re_register_required"`
	HeartbeatIntervalSeconds int32 `json:"heartbeat_interval_seconds,omitempty"`
}

type getConfigRequest struct {
	PluginName string `json:"plugin_name"`
	TenantID   string `json:"tenant_id"`
}

type getConfigResponse struct {
	Config  map[string]string `json:"config"`
	Version int64             `json:"version"`
}

type kpiView struct {
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

type listKPIsRequest struct {
	TenantID string `json:"tenant_id"`
	Kind     string `json:"kind,omitempty"`
	Layer    string `json:"layer,omitempty"`
}

type listKPIsResponse struct {
	KPIs []kpiView `json:"kpis"`
}

type getKPIRequest struct {
	TenantID string `json:"tenant_id"`
	KPIID    string `json:"kpi_id"`
}

type getKPIResponse struct {
	KPI *kpiView `json:"kpi,omitempty"`
}

type cacheGetRequest struct {
	Key      string `json:"key"`
	TenantID string `json:"tenant_id"`
}

type cacheGetResponse struct {
	Value []byte `json:"value"`
	Found bool   `json:"found"`
}

type cacheGetBatchRequest struct {
	Keys     []string `json:"keys"`
	TenantID string   `json:"tenant_id"`
}

type cacheEntry struct {
	Key   string `json:"key"`
	Value []byte `json:"value"`
	Found bool   `json:"found"`
}

type cacheGetBatchResponse struct {
	Entries []cacheEntry `json:"entries"`
}

type cacheSetRequest struct {
	Key        string `json:"key"`
	Value      []byte `json:"value"`
	TTLSeconds int64  `json:"ttl_seconds"`
	TenantID   string `json:"tenant_id"`
}

type cacheSetResponse struct {
	Success bool `json:"success"`
}

type publishResultRequest struct {
	ExecutionID string `json:"execution_id"`
	StepID      string `json:"step_id"`
	ResultJSON  []byte `json:"result_json"`
	Success     bool   `json:"success"`
	Error       string `json:"error"`
	TenantID    string `json:"tenant_id"`
}

type blastRadius struct {
	ResourceType   string   `json:"resource_type"`
	Resources      []string `json:"resources,omitempty"`
	Scope          string   `json:"scope"`
	Reversible     bool     `json:"reversible"`
	EstimatedCount int32    `json:"estimated_count,omitempty"`
	Regions        []string `json:"regions,omitempty"`
	Summary        string   `json:"summary"`
}

type requestApprovalRequest struct {
	ExecutionID        string       `json:"execution_id"`
	StepID             string       `json:"step_id"`
	Description        string       `json:"description"`
	RequiredPermission int32        `json:"required_permission"`
	ContextJSON        []byte       `json:"context_json"`
	TimeoutSeconds     int32        `json:"timeout_seconds"`
	TenantID           string       `json:"tenant_id"`
	BlastRadius        *blastRadius `json:"blast_radius,omitempty"`
}

type requestApprovalResponse struct {
	Approved bool   `json:"approved"`
	TimedOut bool   `json:"timed_out"`
	Reviewer string `json:"reviewer"`
	Comment  string `json:"comment"`
}

type logEventRequest struct {
	PluginName string `json:"plugin_name"`
	EventType  string `json:"event_type"`
	DataJSON   []byte `json:"data_json"`
	Severity   string `json:"severity"`
	TenantID   string `json:"tenant_id"`
}

type callPluginRequest struct {
	CallerPlugin   string     `json:"caller_plugin"`
	TargetPlugin   string     `json:"target_plugin"`
	ActionID       string     `json:"action_id,omitempty"`
	ParamsJSON     []byte     `json:"params_json"`
	TimeoutSeconds int32      `json:"timeout_seconds"`
	TimeRange      *timeRange `json:"time_range,omitempty"`
	TenantID       string     `json:"tenant_id"`
}

type callPluginResponse struct {
	Success    bool   `json:"success"`
	ResultJSON []byte `json:"result_json"`
	Error      string `json:"error"`
	DurationMs int64  `json:"duration_ms"`
}
