package mirastack

import (
	"context"
	"encoding/json"
	"time"

	gen "github.com/mirastacklabs-ai/mirastack-agents-sdk-go/gen/pluginv1"
	"github.com/mirastacklabs-ai/mirastack-agents-sdk-go/internal/pluginv1"
)

// KPIFilter narrows ListKPIs; empty fields do not.
type KPIFilter struct {
	Kind  string
	Layer string
}

// KPIView is one KPI of the tenant.
type KPIView struct {
	ID            string
	TenantID      string
	Name          string
	Query         string
	IntegrationID string
	Kind          string
	Layer         string
	Sentiment     string
	Classifier    string
	Definition    string
	CreatedAt     int64
	UpdatedAt     int64
	CreatedBy     string
	UpdatedBy     string
}

// CacheGetBatchEntry is the outcome for one key of CacheGetBatch.
type CacheGetBatchEntry struct {
	Key   string
	Value string
	Found bool
}

// ApprovalRequestContext is what a reviewer sees beside the reason.
type ApprovalRequestContext struct {
	ContextJSON []byte
	BlastRadius *gen.BlastRadius
}

// ListKPIs lists the tenant's KPIs.
func (e *EngineContext) ListKPIs(ctx context.Context, filter KPIFilter) ([]KPIView, error) {
	response, err := callEngine[pluginv1.ListKPIsResponse](ctx, e, "ListKPIs",
		&pluginv1.ListKPIsRequest{TenantID: e.tenantID, Kind: filter.Kind, Layer: filter.Layer})
	if err != nil {
		return nil, err
	}
	kpis := make([]KPIView, 0, len(response.KPIs))
	for _, kpi := range response.KPIs {
		kpis = append(kpis, KPIView(kpi))
	}
	return kpis, nil
}

// GetKPI returns nil, and no error, for a KPI that does not exist.
func (e *EngineContext) GetKPI(ctx context.Context, id string) (*KPIView, error) {
	response, err := callEngine[pluginv1.GetKPIResponse](ctx, e, "GetKPI", &pluginv1.GetKPIRequest{TenantID: e.tenantID, KPIID: id})
	if err != nil {
		return nil, err
	}
	return (*KPIView)(response.KPI), nil
}

// CacheGet returns "" both for a key that is missing and for an empty value.
func (e *EngineContext) CacheGet(ctx context.Context, key string) (string, error) {
	response, err := callEngine[pluginv1.CacheGetResponse](ctx, e, "CacheGet", &pluginv1.CacheGetRequest{Key: key, TenantID: e.tenantID})
	if err != nil || !response.Found {
		return "", err
	}
	return string(response.Value), nil
}

// CacheGetBatch reads several keys with one call.
func (e *EngineContext) CacheGetBatch(ctx context.Context, keys []string) ([]CacheGetBatchEntry, error) {
	response, err := callEngine[pluginv1.CacheGetBatchResponse](ctx, e, "CacheGetBatch",
		&pluginv1.CacheGetBatchRequest{Keys: keys, TenantID: e.tenantID})
	if err != nil {
		return nil, err
	}
	entries := make([]CacheGetBatchEntry, 0, len(response.Entries))
	for _, entry := range response.Entries {
		entries = append(entries, CacheGetBatchEntry{Key: entry.Key, Value: string(entry.Value), Found: entry.Found})
	}
	return entries, nil
}

// CacheSet stores a value, binary or not. The wire carries whole seconds: less
// than one is sent as 0.
func (e *EngineContext) CacheSet(ctx context.Context, key, value string, ttl time.Duration) error {
	_, err := callEngine[pluginv1.CacheSetResponse](ctx, e, "CacheSet",
		&pluginv1.CacheSetRequest{Key: key, Value: []byte(value), TTLSeconds: int64(ttl / time.Second), TenantID: e.tenantID})
	return err
}

// PublishResult hands in a result while the execution goes on.
func (e *EngineContext) PublishResult(ctx context.Context, executionID string, result map[string]string) error {
	_, err := callEngine[pluginv1.PublishResultResponse](ctx, e, "PublishResult",
		&pluginv1.PublishResultRequest{ExecutionID: executionID, ResultJSON: encodeStrings(result), Success: true, TenantID: e.tenantID})
	return err
}

// LogEvent writes to the engine's event log; nil fields are sent as the JSON
// null.
func (e *EngineContext) LogEvent(ctx context.Context, level, message string, fields map[string]string) error {
	_, err := callEngine[pluginv1.LogEventResponse](ctx, e, "LogEvent",
		&pluginv1.LogEventRequest{PluginName: e.name, EventType: message, DataJSON: encodeStrings(fields), Severity: level, TenantID: e.tenantID})
	return err
}

// RequestApproval waits until a person has decided.
func (e *EngineContext) RequestApproval(ctx context.Context, executionID, reason string, required Permission) (bool, error) {
	return e.RequestApprovalWithContext(ctx, executionID, reason, required, nil)
}

// RequestApprovalWithContext is RequestApproval with more for the reviewer to see.
func (e *EngineContext) RequestApprovalWithContext(ctx context.Context, executionID, reason string, required Permission, approval *ApprovalRequestContext) (bool, error) {
	request := &pluginv1.RequestApprovalRequest{
		ExecutionID:        executionID,
		Description:        reason,
		RequiredPermission: wirePermission(required),
		TenantID:           e.tenantID,
	}
	if approval != nil {
		request.ContextJSON, request.BlastRadius = approval.ContextJSON, approval.BlastRadius
	}
	response, err := callEngine[pluginv1.RequestApprovalResponse](ctx, e, "RequestApproval", request)
	if err != nil {
		return false, err
	}
	return response.Approved, nil
}

func encodeStrings(values map[string]string) []byte {
	// A map of strings always encodes.
	encoded, _ := json.Marshal(values)
	return encoded
}
