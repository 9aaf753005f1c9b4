package mirastack

import (
	"encoding/json"
	"testing"
)

func TestInfoOnTheWire(t *testing.T) {
	params := []ParamSchema{{Name: "q", Type: "string", Required: true, Description: "x"}}
	action := validAction("a")
	action.Permission, action.OutputParams = PermissionWrite, params
	unsound := Action{ID: "b", Routing: RoutingSemantics{SchemaVersion: " raw ", NegativeUseCases: []string{}, EntityTypes: []string{}}}
	info := &PluginInfo{
		Name:        "n",
		Permissions: []Permission{PermissionAdmin, PermissionRead},
		Intents:     []IntentPattern{{Pattern: "p", Priority: 15}, {Pattern: "m", Priority: -1, Description: "d"}, {}},
		Actions:     []Action{action, unsound},
	}
	got, _ := json.Marshal(wireInfo(info, "i"))
	want := `{"name":"n","version":"","description":"","type":1,"permission":3,"devops_stages":[],"default_intents":[` +
		`{"pattern":"p","confidence":1.5,"priority":15},{"pattern":"m","confidence":-0.1,"description":"d","priority":-1},{"pattern":"","confidence":0}],` +
		`"actions":[{"id":"a","description":"d","permission":4,"stages":[8],"intents":[],` +
		`"output_params":"W3siTmFtZSI6InEiLCJUeXBlIjoic3RyaW5nIiwiUmVxdWlyZWQiOnRydWUsIkRlc2NyaXB0aW9uIjoieCJ9XQ==","routing_semantics":{` +
		`"schema_version":"mirastack.routing_semantics/v1","accepted_intent_domains":["lab.echo"],"capability_domain":"lab.echo",` +
		`"positive_use_cases":["echo a text"],"negative_use_cases":null}},` +
		`{"id":"b","description":"","permission":1,"stages":[],"intents":[],"routing_semantics":{` +
		`"schema_version":" raw ","accepted_intent_domains":null,"capability_domain":"","positive_use_cases":null,"negative_use_cases":[]}}],` +
		`"metadata":null,"instance_id":"i"}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if permission := wireInfo(&PluginInfo{}, "").Permission; permission != 1 {
		t.Errorf("an agent without permissions has %d", permission)
	}
}

func TestSchemaOnTheWire(t *testing.T) {
	got, _ := json.Marshal(wireSchema(&PluginSchema{OutputParams: []ParamSchema{}}))
	if want := `{"params_json_schema":"bnVsbA==","result_json_schema":"W10="}`; string(got) != want {
		t.Errorf("got %s", got)
	}
}
