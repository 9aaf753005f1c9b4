package mirastack

import (
	"context"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	gen "github.com/mirastacklabs-ai/mirastack-agents-sdk-go/gen/pluginv1"
)

const (
	firstBackoff             = 2 * time.Second
	maxBackoff               = 30 * time.Second
	defaultHeartbeatInterval = 30 * time.Second
	heartbeatIntervalEnv     = "MIRASTACK_PLUGIN_HEARTBEAT_INTERVAL"
)

// registration keeps this process on the engine's list until stop is closed. A
// call under way is not cut off by that, so an engine may see a registration
// after the deregistration.
type registration struct {
	engine  *EngineContext
	addr    string
	version string
	stop    <-chan struct{}
}

func (r *registration) run() {
	for r.registerUntilAccepted() && r.beatUntilForgotten() {
	}
}

// registerUntilAccepted tries for ever; false means stopped. Every round starts
// with the short wait again.
func (r *registration) registerUntilAccepted() bool {
	backoff := firstBackoff
	for attempt := 1; ; attempt++ {
		id, err := r.engine.RegisterSelf(context.Background(), r.addr, gen.PluginTypeAgent, r.version)
		if err == nil {
			logLine("info", "plugin registered", field{"plugin_id", id}, field{"tenant_id", r.engine.tenantID})
			return true
		}
		reason, needsOperator := classifyFailure(err)
		logLine("warn", "plugin registration pending; will retry",
			field{"attempt", attempt},
			field{"backoff", backoff.Seconds()},
			field{"tenant_id", r.engine.tenantID},
			field{"error", err.Error()},
			field{"reason", reason},
			field{"needs_operator_action", needsOperator},
			field{"grpc_code", status.Code(err).String()})
		if !r.wait(backoff) {
			return false
		}
		backoff = min(2*backoff, maxBackoff)
	}
}

// beatUntilForgotten returns true when the engine asks for a new registration
// and false when stopped. A failed beat changes nothing: not the interval, and
// not the registration.
func (r *registration) beatUntilForgotten() bool {
	// Any text in the variable, even one that is no number, pins the interval.
	pinned := os.Getenv(heartbeatIntervalEnv) != ""
	interval := secondsFromEnv(heartbeatIntervalEnv, defaultHeartbeatInterval)
	for failures := 0; r.wait(interval); {
		response, err := r.engine.Heartbeat(context.Background())
		if err != nil {
			failures++
			if failures%10 == 1 {
				logLine("warn", "plugin heartbeat failed", field{"consecutive_failures", failures}, field{"error", err.Error()})
			}
			continue
		}
		failures = 0
		if response.ReRegisterRequired {
			logLine("info", "engine asks for registration")
			return true
		}
		if seconds := response.HeartbeatIntervalSeconds; seconds > 0 && !pinned {
			interval = time.Duration(seconds) * time.Second
		}
	}
	return false
}

// wait is false when stopped meanwhile.
func (r *registration) wait(duration time.Duration) bool {
	select {
	case <-r.stop:
		return false
	case <-time.After(duration):
		return true
	}
}

// classifyFailure says, for the log only, why a registration failed and whether
// waiting alone can mend it. The status code decides before the text does.
func classifyFailure(err error) (reason string, needsOperator bool) {
	text := strings.ToLower(err.Error())
	aboutTenant := strings.Contains(text, "tenant") && (strings.Contains(text, "not active") || strings.Contains(text, "not found"))
	rpc, isRPC := status.FromError(err)
	if isRPC {
		switch rpc.Code() {
		case codes.Unavailable, codes.DeadlineExceeded:
			return "engine_unavailable", false
		case codes.InvalidArgument:
			return "invalid_registration_request", true
		case codes.ResourceExhausted:
			return "license_or_quota_exhausted", true
		case codes.PermissionDenied:
			if !aboutTenant {
				return "permission_denied", true
			}
		}
	}
	if aboutTenant {
		return "tenant_not_active_or_missing", false
	}
	// An engine that answered, and refused, will not change its mind.
	return "registration_rejected", !isRPC
}
