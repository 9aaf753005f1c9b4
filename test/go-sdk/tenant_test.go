package mirastack

import (
	"regexp"
	"testing"
)

func TestIDFromSlug(t *testing.T) {
	for slug, want := range map[string]string{
		"acme":       "824a1531-d24a-549c-8003-23b0f2d206cd",
		"ACME":       "824a1531-d24a-549c-8003-23b0f2d206cd",
		"  acme \n":  "824a1531-d24a-549c-8003-23b0f2d206cd",
		"acme\u0085": "824a1531-d24a-549c-8003-23b0f2d206cd",
		"default":    "b81b7c16-bfb1-5486-87b5-dd509512be63",
		"globex":     "2465bedb-6186-5936-9e64-ec9f01968e8e",
		"prod-eu-1":  "2db1c08b-f77c-5a30-931d-e3683a8a08d5",
		"MÜNCHEN":    "986000a3-e77c-5164-89de-31fbc6459671",
		"münchen":    "986000a3-e77c-5164-89de-31fbc6459671",
		"":           "dd9a3914-4c88-5cee-8f46-c25cb8071ec9",
		"İstanbul":   "8b4f0869-d008-5e9a-afbe-5bfaae255cbf",
		"ΟΔΟΣ":       "48c5a5c6-455d-589e-8edc-9d3c6034a554",
	} {
		if got := IDFromSlug(slug); got != want {
			t.Errorf("IDFromSlug(%q) = %s, want %s", slug, got, want)
		}
	}
}

func TestResolveTenantID(t *testing.T) {
	for _, c := range []struct{ id, slug, want string }{
		{" as it stands ", "acme", " as it stands "},
		{"", "acme", "824a1531-d24a-549c-8003-23b0f2d206cd"},
		{"", "  ", "dd9a3914-4c88-5cee-8f46-c25cb8071ec9"},
		{"", "", ""},
	} {
		t.Setenv("MIRASTACK_PLUGIN_TENANT_ID", c.id)
		t.Setenv("MIRASTACK_PLUGIN_TENANT_SLUG", c.slug)
		got, err := resolveTenantID()
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("id %q, slug %q: got %q, %v", c.id, c.slug, got, err)
		}
	}
}

func TestNewInstanceID(t *testing.T) {
	v4 := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	first, second := newInstanceID(), newInstanceID()
	if !v4.MatchString(first) || first == second {
		t.Errorf("not two UUIDv4: %s, %s", first, second)
	}
}
