package mirastack

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// RoutingSemanticsSchemaVersionV1 is the one known value of
// RoutingSemantics.SchemaVersion.
const RoutingSemanticsSchemaVersionV1 = "mirastack.routing_semantics/v1"

const (
	maxRoutingItems = 64
	maxDomainBytes  = 128
	maxUseCaseBytes = 256
)

// namespacedDomain wants at least one dot: "core.metrics", not "metrics".
var namespacedDomain = regexp.MustCompile(`^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+$`)

// RoutingSemantics tells the engine which requests an action is for.
type RoutingSemantics struct {
	SchemaVersion         string
	AcceptedIntentDomains []string
	CapabilityDomain      string
	PositiveUseCases      []string
	NegativeUseCases      []string
	SignalDomains         []string
	BackendDomains        []string
	EntityTypes           []string
}

// NormalizeAndValidate returns the semantics as they are sent: trimmed, domains
// in lower case, blank items dropped, lists sorted. The error names the first
// thing that is wrong.
func (r RoutingSemantics) NormalizeAndValidate() (RoutingSemantics, error) {
	n := RoutingSemantics{SchemaVersion: strings.TrimSpace(r.SchemaVersion)}
	if n.SchemaVersion == "" {
		return RoutingSemantics{}, errors.New("routing schema_version is required")
	}
	if n.SchemaVersion != RoutingSemanticsSchemaVersionV1 {
		return RoutingSemantics{}, fmt.Errorf("unsupported routing schema_version %q", n.SchemaVersion)
	}
	// The order of these steps decides which reason an author sees first.
	steps := []func() error{
		func() (err error) {
			n.AcceptedIntentDomains, err = normalizeDomains("accepted_intent_domains", r.AcceptedIntentDomains)
			if err == nil && len(n.AcceptedIntentDomains) == 0 {
				err = errors.New("accepted_intent_domains must contain at least one domain")
			}
			return err
		},
		func() (err error) {
			n.CapabilityDomain, err = normalizeCapability(r.CapabilityDomain)
			return err
		},
		func() (err error) {
			n.PositiveUseCases, err = normalizeUseCases("positive_use_cases", r.PositiveUseCases)
			if err == nil && len(n.PositiveUseCases) == 0 {
				err = errors.New("positive_use_cases must contain at least one use case")
			}
			return err
		},
		func() (err error) {
			n.NegativeUseCases, err = normalizeUseCases("negative_use_cases", r.NegativeUseCases)
			return err
		},
		func() (err error) {
			n.SignalDomains, err = normalizeDomains("signal_domains", r.SignalDomains)
			return err
		},
		func() (err error) {
			n.BackendDomains, err = normalizeDomains("backend_domains", r.BackendDomains)
			return err
		},
		func() (err error) {
			n.EntityTypes, err = normalizeDomains("entity_types", r.EntityTypes)
			return err
		},
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return RoutingSemantics{}, err
		}
	}
	return n, nil
}

func normalizeDomain(domain string) string {
	return strings.ToLower(strings.TrimSpace(domain))
}

// checkDomain wants the domain normalised; what starts the sentence names it.
func checkDomain(what, domain string) error {
	switch {
	case len(domain) > maxDomainBytes:
		return fmt.Errorf("%s %q exceeds max length %d", what, domain, maxDomainBytes)
	case !namespacedDomain.MatchString(domain):
		return fmt.Errorf("%s %q is not namespaced", what, domain)
	}
	return nil
}

func normalizeCapability(domain string) (string, error) {
	domain = normalizeDomain(domain)
	if domain == "" {
		return "", errors.New("capability_domain is required")
	}
	return domain, checkDomain("capability_domain", domain)
}

func normalizeDomains(field string, domains []string) ([]string, error) {
	return normalizeList(field, "domain", domains, normalizeDomain, func(domain string) error {
		return checkDomain(field+" item", domain)
	})
}

func normalizeUseCases(field string, useCases []string) ([]string, error) {
	return normalizeList(field, "use case", useCases, strings.TrimSpace, func(useCase string) error {
		if len(useCase) > maxUseCaseBytes {
			return fmt.Errorf("%s item %q exceeds max length %d", field, useCase, maxUseCaseBytes)
		}
		return nil
	})
}

// normalizeList counts items before blank ones go, and returns nil when nothing
// is left, which the wire shows as null or not at all.
func normalizeList(field, noun string, items []string, normalize func(string) string, check func(string) error) ([]string, error) {
	if len(items) > maxRoutingItems {
		return nil, fmt.Errorf("%s exceeds max items %d", field, maxRoutingItems)
	}
	var kept []string
	for _, item := range items {
		item = normalize(item)
		if item == "" {
			continue
		}
		if err := check(item); err != nil {
			return nil, err
		}
		if slices.Contains(kept, item) {
			return nil, fmt.Errorf("%s contains duplicate %s %q", field, noun, item)
		}
		kept = append(kept, item)
	}
	slices.Sort(kept)
	return kept, nil
}
