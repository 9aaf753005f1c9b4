package mirastack

import (
	"strings"
	"testing"
)

func validRouting() RoutingSemantics {
	return RoutingSemantics{
		SchemaVersion:         RoutingSemanticsSchemaVersionV1,
		AcceptedIntentDomains: []string{"lab.echo"},
		CapabilityDomain:      "lab.echo",
		PositiveUseCases:      []string{"echo a text"},
	}
}

func validAction(id string) Action {
	return Action{ID: id, Description: "d", Stages: []DevOpsStage{StageObserve}, Routing: validRouting()}
}

func validInfo() *PluginInfo {
	return &PluginInfo{
		Name:         "a",
		Version:      "1",
		Description:  "d",
		DevOpsStages: []DevOpsStage{StageObserve},
		Actions:      []Action{validAction("query")},
	}
}

func TestGateAcceptsValidPlugin(t *testing.T) {
	info := validInfo()
	// Spaces are enough for a name and a version.
	info.Name, info.Version = " ", " "
	if err := checkQuality(info); err != nil {
		t.Error(err)
	}
}

func TestGateReportsEveryViolationInOrder(t *testing.T) {
	undescribed := validAction("query")
	undescribed.Description, undescribed.Stages, undescribed.Routing.SchemaVersion = " \t", nil, "v2"
	for name, c := range map[string]struct {
		info *PluginInfo
		want []string
	}{
		"empty": {&PluginInfo{Description: " "}, []string{
			"plugin name must not be empty",
			"plugin version must not be empty",
			"plugin description must not be empty",
			"plugin must declare at least one DevOps stage",
			"agent must declare at least one action",
		}},
		"actions and parameters": {
			&PluginInfo{
				Name: "a", Version: "1", Description: "d", DevOpsStages: []DevOpsStage{StagePlan},
				Actions:      []Action{validAction("query"), {Description: " "}, undescribed},
				ConfigParams: []ConfigParam{{Description: " "}, {Key: "url", Description: " "}},
			}, []string{
				"action[1]: ID must not be empty",
				`action[2]: duplicate action ID "query"`,
				"action[2] (query): description must not be empty",
				"action[2] (query): must declare at least one DevOps stage",
				`action[2] (query): invalid routing semantics: unsupported routing schema_version "v2"`,
				"config_param[0]: key must not be empty",
				"config_param[1] (url): description must not be empty",
			},
		},
	} {
		want := "mirastack: quality gate failed:\n  - " + strings.Join(c.want, "\n  - ")
		if err := checkQuality(c.info); err == nil || err.Error() != want {
			t.Errorf("%s:\n got %v\nwant %s", name, err, want)
		}
	}
}
