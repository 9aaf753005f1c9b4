package mirastack

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/mirastacklabs-ai/mirastack-agents-sdk-go/internal/pluginv1"
)

type fakePlugin struct {
	execute func(*ExecuteRequest) (*ExecuteResponse, error)
}

func (fakePlugin) Info() *PluginInfo     { return validInfo() }
func (fakePlugin) Schema() *PluginSchema { return &PluginSchema{} }
func (p fakePlugin) Execute(_ context.Context, req *ExecuteRequest) (*ExecuteResponse, error) {
	return p.execute(req)
}
func (fakePlugin) HealthCheck(context.Context) error                      { return errors.New("backend down") }
func (fakePlugin) ConfigUpdated(context.Context, map[string]string) error { return nil }

func TestExecuteReplies(t *testing.T) {
	for name, c := range map[string]struct {
		request string
		execute func(*ExecuteRequest) (*ExecuteResponse, error)
		want    string
	}{
		"no output": {`{}`, func(*ExecuteRequest) (*ExecuteResponse, error) { return &ExecuteResponse{}, nil },
			`{"success":true,"result_json":null,"error":"","duration_ms":0}`},
		"soft error": {`{}`, func(*ExecuteRequest) (*ExecuteResponse, error) { return RespondError("x") },
			`{"success":true,"result_json":"eyJlcnJvciI6IngifQ==","error":"","duration_ms":0}`},
		"error": {`{}`, func(*ExecuteRequest) (*ExecuteResponse, error) { return nil, errors.New("boom") },
			`{"success":false,"result_json":null,"error":"boom","duration_ms":0}`},
		"number among the parameters": {`{"params_json":"eyJ0ZXh0IjoxfQ=="}`, nil,
			`{"success":false,"result_json":null,"error":"invalid params JSON: json: cannot unmarshal number into Go value of type string","duration_ms":0}`},
		"request as the plugin sees it": {
			`{"execution_id":"e","step_id":"s","action_id":"a","execution_mode":2,"tenant_id":"t","time_range":{"start_epoch_ms":9007199254740993,"end_epoch_ms":2,"timezone":"UTC"}}`,
			func(req *ExecuteRequest) (*ExecuteResponse, error) {
				if req.ExecutionID != "e" || req.StepID != "s" || req.ActionID != "a" || req.Params != nil || req.Mode != ModeAutonomous ||
					req.TenantID != "t" || *req.TimeRange != (TimeRange{StartEpochMs: 9007199254740993, EndEpochMs: 2, Timezone: "UTC"}) {
					t.Errorf("request: %+v", req)
				}
				return RespondRaw([]byte("[]")), nil
			},
			`{"success":true,"result_json":"W10=","error":"","duration_ms":0}`},
	} {
		request := &pluginv1.ExecuteRequest{}
		if err := (pluginv1.JSONCodec{}).Unmarshal([]byte(c.request), request); err != nil {
			t.Fatal(err)
		}
		reply, err := (&pluginServer{plugin: fakePlugin{execute: c.execute}}).Execute(context.Background(), request)
		got, _ := json.Marshal(reply)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: got %s, %v", name, got, err)
		}
	}
}

func TestUnhealthyReply(t *testing.T) {
	reply, err := (&pluginServer{plugin: fakePlugin{}}).HealthCheck(context.Background(), nil)
	got, _ := json.Marshal(reply)
	if want := `{"healthy":false,"message":"backend down","details":null}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v", got, err)
	}
}
