package mirastack

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestRoutingIsNormalized(t *testing.T) {
	got, err := RoutingSemantics{
		SchemaVersion:         " mirastack.routing_semantics/v1\n",
		AcceptedIntentDomains: []string{" Core.Observe ", "", "a-1.b_2.c"},
		CapabilityDomain:      " LAB.echo",
		PositiveUseCases:      []string{"echo a text ", "Zebra", "\u00e4", "\U0001F600", "\uFF21"},
		NegativeUseCases:      []string{" "},
	}.NormalizeAndValidate()
	want := RoutingSemantics{
		SchemaVersion:         RoutingSemanticsSchemaVersionV1,
		AcceptedIntentDomains: []string{"a-1.b_2.c", "core.observe"},
		CapabilityDomain:      "lab.echo",
		// By bytes: capitals first, and what UTF-16 would put last in front.
		PositiveUseCases: []string{"Zebra", "echo a text", "\u00e4", "\uFF21", "\U0001F600"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, %v", got, err)
	}
}

func TestRoutingReasons(t *testing.T) {
	many := make([]string, 65)
	tooLong := "a." + strings.Repeat("b", 127)
	tooLongUse := strings.Repeat("ä", 129)
	for want, change := range map[string]func(*RoutingSemantics){
		"routing schema_version is required":                                         func(r *RoutingSemantics) { r.SchemaVersion = " " },
		`unsupported routing schema_version "v1"`:                                    func(r *RoutingSemantics) { r.SchemaVersion = "v1" },
		"accepted_intent_domains exceeds max items 64":                               func(r *RoutingSemantics) { r.AcceptedIntentDomains = many },
		"accepted_intent_domains must contain at least one domain":                   func(r *RoutingSemantics) { r.AcceptedIntentDomains = []string{" "} },
		`accepted_intent_domains item "metrics" is not namespaced`:                   func(r *RoutingSemantics) { r.AcceptedIntentDomains = []string{"Metrics"} },
		`accepted_intent_domains contains duplicate domain "a.b"`:                    func(r *RoutingSemantics) { r.AcceptedIntentDomains = []string{"a.b", " A.B"} },
		fmt.Sprintf("signal_domains item %q exceeds max length 128", tooLong):        func(r *RoutingSemantics) { r.SignalDomains = []string{tooLong} },
		fmt.Sprintf("capability_domain %q exceeds max length 128", tooLong):          func(r *RoutingSemantics) { r.CapabilityDomain = tooLong },
		`capability_domain "echo" is not namespaced`:                                 func(r *RoutingSemantics) { r.CapabilityDomain = "echo" },
		"capability_domain is required":                                              func(r *RoutingSemantics) { r.CapabilityDomain = "" },
		"positive_use_cases must contain at least one use case":                      func(r *RoutingSemantics) { r.PositiveUseCases = nil },
		`positive_use_cases contains duplicate use case "x"`:                         func(r *RoutingSemantics) { r.PositiveUseCases = []string{"x", "x "} },
		fmt.Sprintf("negative_use_cases item %q exceeds max length 256", tooLongUse): func(r *RoutingSemantics) { r.NegativeUseCases = []string{tooLongUse} },
		`backend_domains item "x." is not namespaced`:                                func(r *RoutingSemantics) { r.BackendDomains = []string{"x."} },
		`entity_types item "1.x" is not namespaced`:                                  func(r *RoutingSemantics) { r.EntityTypes = []string{"1.x"} },
	} {
		routing := validRouting()
		change(&routing)
		if _, err := routing.NormalizeAndValidate(); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
