// Command go-agent is the agent whose traffic with the real Go SDK is recorded in
// test/fixtures/transcripts. It uses nothing but the SDK's public surface, so it
// builds against the stand-in and against the real SDK.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	mirastack "github.com/mirastacklabs-ai/mirastack-agents-sdk-go"
)

type agent struct {
	name   string
	engine *mirastack.EngineContext

	mu      sync.Mutex
	configs []map[string]string
}

func main() {
	name := os.Getenv("GO_AGENT_NAME")
	if name == "" {
		name = "go_lab"
	}
	mirastack.Serve(&agent{name: name})
}

// SetEngineContext makes the agent EngineAware; without an engine it is never
// called.
func (a *agent) SetEngineContext(engine *mirastack.EngineContext) {
	a.engine = engine
}

// Info declares one action only. Execute knows more, so that tests can ask for
// things an engine would not offer.
func (a *agent) Info() *mirastack.PluginInfo {
	return &mirastack.PluginInfo{
		Name:         a.name,
		Version:      "1.3.2",
		Description:  "Lab agent",
		Permissions:  []mirastack.Permission{mirastack.PermissionRead},
		DevOpsStages: []mirastack.DevOpsStage{mirastack.StageObserve},
		Intents:      []mirastack.IntentPattern{{Pattern: "echo this", Description: "d", Priority: 7}},
		Actions:      actions(),
		PromptTemplates: []mirastack.PromptTemplate{
			{Name: a.name + "_guide", Description: "guide", Content: "Use {{.Data}}"},
		},
		ConfigParams: []mirastack.ConfigParam{
			{Key: "url", Type: "string", Required: true, Default: "http://d", Description: "backend"},
			{Key: "token", Type: "string", Description: "secret", IsSecret: true},
		},
	}
}

// Schema lists the actions alone, as most agents do.
func (a *agent) Schema() *mirastack.PluginSchema {
	return &mirastack.PluginSchema{Actions: actions()}
}

func actions() []mirastack.Action {
	recorded := []mirastack.Action{{
		ID:          "echo",
		Description: "Echo the params back. Use this when you want to test.",
		Permission:  mirastack.PermissionRead,
		Stages:      []mirastack.DevOpsStage{mirastack.StageObserve},
		InputParams: []mirastack.ParamSchema{{Name: "text", Type: "string", Required: true, Description: "text"}},
		Routing: mirastack.RoutingSemantics{
			SchemaVersion:         mirastack.RoutingSemanticsSchemaVersionV1,
			AcceptedIntentDomains: []string{"lab.echo"},
			CapabilityDomain:      "lab.echo",
			PositiveUseCases:      []string{"echo a text"},
		},
	}}
	// Beyond what was recorded, for tests that go through an engine.
	if os.Getenv("GO_AGENT_CALLS") == "1" {
		return append(recorded, callActions()...)
	}
	return recorded
}

// Execute takes the action from its own field and, as older engines send it, from
// the parameters.
func (a *agent) Execute(ctx context.Context, req *mirastack.ExecuteRequest) (*mirastack.ExecuteResponse, error) {
	action := req.ActionID
	if action == "" {
		action = req.Params["action"]
	}
	switch action {
	case "echo":
		return mirastack.RespondMap(map[string]any{"text": req.Params["text"], "mode": fmt.Sprint(int(req.Mode))})
	case "callbacks":
		if a.engine == nil {
			return nil, errors.New("no engine to call")
		}
		return mirastack.RespondMap(callEverything(ctx, a.engine, req.ExecutionID))
	case "calls":
		return mirastack.RespondMap(callEngine(ctx, a.engine, req.ExecutionID))
	case "range":
		return mirastack.RespondMap(map[string]any{"range": req.TimeRange, "params": req.Params})
	case "configs":
		a.mu.Lock()
		defer a.mu.Unlock()
		return mirastack.RespondMap(map[string]any{"configs": a.configs})
	case "fail":
		return mirastack.RespondError("soft failure")
	case "boom":
		return nil, errors.New("boom")
	default:
		return mirastack.RespondError("unknown action " + action)
	}
}

// HealthCheck finds nothing wrong: there is no backend.
func (a *agent) HealthCheck(context.Context) error {
	return nil
}

// ConfigUpdated refuses one value, so that tests can see a refusal.
func (a *agent) ConfigUpdated(_ context.Context, config map[string]string) error {
	if config["url"] == "reject" {
		return errors.New("url not usable")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.configs = append(a.configs, config)
	return nil
}
