// Command agent is the agent of bench/subjects/agent.mjs in Go: one action that
// answers with a list of items of the size asked for.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	mirastack "github.com/mirastacklabs-ai/mirastack-agents-sdk-go"
)

type item struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Status string `json:"status"`
	Owner  string `json:"owner"`
	Load   int    `json:"load"`
}

type result struct {
	Items   []item `json:"items"`
	Padding string `json:"padding"`
}

type agent struct {
	results map[string]result
}

// makeResult is a result whose JSON is exactly size bytes long, the same that
// bench/subjects/result.mjs makes.
func makeResult(size int) (result, error) {
	made := result{Items: []item{}}
	length := func() int {
		encoded, err := json.Marshal(made)
		if err != nil {
			return size + 1
		}
		return len(encoded)
	}
	for number := 0; ; number++ {
		made.Items = append(made.Items, item{
			ID:     fmt.Sprintf("item-%05d", number),
			Name:   fmt.Sprintf("Payment service %d", number),
			Status: []string{"healthy", "degraded", "down"}[number%3],
			Owner:  "platform@example.test",
			Load:   number * 7 % 100,
		})
		if length() > size {
			break
		}
	}
	made.Items = made.Items[:len(made.Items)-1]
	missing := size - length()
	if missing < 0 {
		return made, fmt.Errorf("no result is as small as %d bytes", size)
	}
	padding := make([]byte, missing)
	for index := range padding {
		padding[index] = 'x'
	}
	made.Padding = string(padding)
	return made, nil
}

func main() {
	results := map[string]result{}
	for _, size := range []int{1 << 10, 64 << 10} {
		made, err := makeResult(size)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		results[strconv.Itoa(size)] = made
	}
	mirastack.Serve(&agent{results: results})
}

func actions() []mirastack.Action {
	return []mirastack.Action{{
		ID:          "list_items",
		Description: "List items. Use this when you measure how fast an agent answers.",
		Permission:  mirastack.PermissionRead,
		Stages:      []mirastack.DevOpsStage{mirastack.StageObserve},
		InputParams: []mirastack.ParamSchema{{Name: "size", Type: "number", Required: true, Description: "Bytes of the result"}},
		Routing: mirastack.RoutingSemantics{
			SchemaVersion:         mirastack.RoutingSemanticsSchemaVersionV1,
			AcceptedIntentDomains: []string{"bench.items"},
			CapabilityDomain:      "bench.items",
			PositiveUseCases:      []string{"list items"},
		},
	}}
}

// Info declares the one action.
func (a *agent) Info() *mirastack.PluginInfo {
	return &mirastack.PluginInfo{
		Name:         "bench_agent",
		Version:      "1.0.0",
		Description:  "Answers with results of a given size",
		Permissions:  []mirastack.Permission{mirastack.PermissionRead},
		DevOpsStages: []mirastack.DevOpsStage{mirastack.StageObserve},
		Actions:      actions(),
	}
}

// Schema lists the actions alone.
func (a *agent) Schema() *mirastack.PluginSchema {
	return &mirastack.PluginSchema{Actions: actions()}
}

// Execute answers with the result that was made for the size.
func (a *agent) Execute(_ context.Context, request *mirastack.ExecuteRequest) (*mirastack.ExecuteResponse, error) {
	made, known := a.results[request.Params["size"]]
	if !known {
		return nil, fmt.Errorf("no result of %q bytes", request.Params["size"])
	}
	return mirastack.RespondJSON(made)
}

// HealthCheck finds nothing wrong: there is no backend.
func (a *agent) HealthCheck(context.Context) error { return nil }

// ConfigUpdated accepts everything: there is nothing to configure.
func (a *agent) ConfigUpdated(context.Context, map[string]string) error { return nil }
