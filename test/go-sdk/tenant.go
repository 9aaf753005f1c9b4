package mirastack

import (
	"crypto/rand"
	"crypto/sha1"
	"errors"
	"fmt"
	"os"
	"strings"
)

// tenantNamespace is f9f3a4d4-2c64-5b9e-9e25-8a8b6f6f6f6f, under which every
// tenant id is derived.
var tenantNamespace = [16]byte{0xf9, 0xf3, 0xa4, 0xd4, 0x2c, 0x64, 0x5b, 0x9e, 0x9e, 0x25, 0x8a, 0x8b, 0x6f, 0x6f, 0x6f, 0x6f}

var errNoTenant = errors.New("MIRASTACK_PLUGIN_TENANT_ID is required — set it to the UUID5 of the tenant this plugin serves, or set MIRASTACK_PLUGIN_TENANT_SLUG to derive it")

// IDFromSlug derives a tenant's id, a UUIDv5, from its slug. Case and outer
// spaces do not count. Letters are lower-cased one by one, as the engine does
// it: İ becomes a plain i, and Σ becomes σ even at the end of a word.
func IDFromSlug(slug string) string {
	name := "tenant:" + strings.ToLower(strings.TrimSpace(slug))
	sum := sha1.Sum(append(tenantNamespace[:], name...))
	return formatUUID([16]byte(sum[:16]), 5)
}

// resolveTenantID reads the tenant from the environment: an id as it stands,
// else a slug, which counts as set even when it is blank.
func resolveTenantID() (string, error) {
	if id := os.Getenv("MIRASTACK_PLUGIN_TENANT_ID"); id != "" {
		return id, nil
	}
	if slug := os.Getenv("MIRASTACK_PLUGIN_TENANT_SLUG"); slug != "" {
		return IDFromSlug(slug), nil
	}
	return "", errNoTenant
}

// newInstanceID makes the random UUIDv4 that names this process.
func newInstanceID() string {
	var bytes [16]byte
	// crypto/rand.Read never returns an error; it ends the program instead.
	_, _ = rand.Read(bytes[:])
	return formatUUID(bytes, 4)
}

func formatUUID(bytes [16]byte, version byte) string {
	bytes[6] = bytes[6]&0x0f | version<<4
	bytes[8] = bytes[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", bytes[:4], bytes[4:6], bytes[6:8], bytes[8:10], bytes[10:])
}
