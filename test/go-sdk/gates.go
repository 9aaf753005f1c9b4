package mirastack

import (
	"errors"
	"fmt"
	"strings"
)

// checkQuality applies the rules that an agent must pass before it may listen,
// and reports every violation at once.
func checkQuality(info *PluginInfo) error {
	var violations []string
	add := func(format string, args ...any) { violations = append(violations, fmt.Sprintf(format, args...)) }

	// Name and version may consist of spaces, a description may not.
	if info.Name == "" {
		add("plugin name must not be empty")
	}
	if info.Version == "" {
		add("plugin version must not be empty")
	}
	if isBlank(info.Description) {
		add("plugin description must not be empty")
	}
	if len(info.DevOpsStages) == 0 {
		add("plugin must declare at least one DevOps stage")
	}
	if len(info.Actions) == 0 {
		add("agent must declare at least one action")
	}
	seen := map[string]bool{}
	for i, action := range info.Actions {
		// Without an id there is no name by which to report anything else.
		if action.ID == "" {
			add("action[%d]: ID must not be empty", i)
			continue
		}
		if seen[action.ID] {
			add("action[%d]: duplicate action ID %q", i, action.ID)
		}
		seen[action.ID] = true
		where := fmt.Sprintf("action[%d] (%s)", i, action.ID)
		if isBlank(action.Description) {
			add("%s: description must not be empty", where)
		}
		if len(action.Stages) == 0 {
			add("%s: must declare at least one DevOps stage", where)
		}
		if _, err := action.Routing.NormalizeAndValidate(); err != nil {
			add("%s: invalid routing semantics: %v", where, err)
		}
	}
	for i, param := range info.ConfigParams {
		if param.Key == "" {
			add("config_param[%d]: key must not be empty", i)
			continue
		}
		if isBlank(param.Description) {
			add("config_param[%d] (%s): description must not be empty", i, param.Key)
		}
	}
	if len(violations) == 0 {
		return nil
	}
	return errors.New("mirastack: quality gate failed:\n  - " + strings.Join(violations, "\n  - "))
}

func isBlank(text string) bool {
	return strings.TrimSpace(text) == ""
}
