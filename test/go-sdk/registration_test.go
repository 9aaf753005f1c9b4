package mirastack

import (
	"errors"
	"fmt"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func TestClassifyFailure(t *testing.T) {
	rpc := func(code codes.Code, text string) error {
		return fmt.Errorf("register plugin: %w", status.Error(code, text))
	}
	rejected := func(text string) error { return errors.New("register plugin rejected: " + text) }
	for _, c := range []struct {
		err           error
		reason        string
		needsOperator bool
	}{
		{rpc(codes.Unavailable, "connection refused"), "engine_unavailable", false},
		{rpc(codes.DeadlineExceeded, "context deadline exceeded"), "engine_unavailable", false},
		{rpc(codes.PermissionDenied, `Tenant "abc" is not active: tenants: tenant not found`), "tenant_not_active_or_missing", false},
		{rpc(codes.PermissionDenied, "no"), "permission_denied", true},
		{rpc(codes.InvalidArgument, "tenant not found"), "invalid_registration_request", true},
		{rpc(codes.ResourceExhausted, "quota"), "license_or_quota_exhausted", true},
		{rpc(codes.FailedPrecondition, "license expired"), "registration_rejected", false},
		{rpc(codes.NotFound, "tenant not found"), "tenant_not_active_or_missing", false},
		{rpc(codes.Unimplemented, "unknown method"), "registration_rejected", false},
		{rejected("name taken"), "registration_rejected", true},
		{rejected("tenant is not active"), "tenant_not_active_or_missing", false},
	} {
		reason, needsOperator := classifyFailure(c.err)
		if reason != c.reason || needsOperator != c.needsOperator {
			t.Errorf("%v: got %s, %t", c.err, reason, needsOperator)
		}
	}
}
