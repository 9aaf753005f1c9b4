// Package pluginv1 holds the wire types that agents meet in the SDK's own
// functions. The other messages are nobody's business but the SDK's and live in
// internal/pluginv1.
package pluginv1

// PluginType says what kind of plugin registers.
type PluginType int32

// The plugin types.
const (
	PluginTypeUnspecified PluginType = iota
	PluginTypeAgent
	PluginTypeProvider
	PluginTypeConnector
)

// BlastRadius tells a reviewer what an action would touch.
type BlastRadius struct {
	ResourceType   string   `json:"resource_type"`
	Resources      []string `json:"resources,omitempty"`
	Scope          string   `json:"scope"`
	Reversible     bool     `json:"reversible"`
	EstimatedCount int32    `json:"estimated_count,omitempty"`
	Regions        []string `json:"regions,omitempty"`
	Summary        string   `json:"summary"`
}

// TimeRange is a span of absolute UTC time.
type TimeRange struct {
	StartEpochMs       int64  `json:"start_epoch_ms"`
	EndEpochMs         int64  `json:"end_epoch_ms"`
	Timezone           string `json:"timezone,omitempty"`
	OriginalExpression string `json:"original_expression,omitempty"`
}

// HeartbeatResponse is the engine's answer to a heartbeat.
type HeartbeatResponse struct {
	Acknowledged             bool            `json:"acknowledged"`
	ReRegisterRequired       bool            `json:"re_register_required"`
	HeartbeatIntervalSeconds int32           `json:"heartbeat_interval_seconds,omitempty"`
	License                  *LicenseContext `json:"license,omitempty"`
}

// LicenseContext is the licence under which the engine runs. The SDK reads it
// and acts on nothing in it.
type LicenseContext struct {
	Active        bool          `json:"active"`
	EffectiveTier string        `json:"effective_tier"`
	IssuedTier    string        `json:"issued_tier,omitempty"`
	GraceMode     bool          `json:"grace_mode,omitempty"`
	ExpiresAt     int64         `json:"expires_at,omitempty"`
	OrgID         string        `json:"org_id,omitempty"`
	SiteID        string        `json:"site_id,omitempty"`
	Region        string        `json:"region,omitempty"`
	RegionKind    string        `json:"region_kind,omitempty"`
	Quotas        LicenseQuotas `json:"quotas"`
}

// LicenseQuotas are the licence's limits; any negative number is no limit.
type LicenseQuotas struct {
	MaxTenants               int64 `json:"max_tenants"`
	MaxIntegrationTypes      int64 `json:"max_integration_types"`
	MaxAgenticSessionsPerDay int64 `json:"max_agentic_sessions_per_day,omitempty"`
}
