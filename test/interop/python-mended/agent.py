"""An agent on the real Python SDK with the mend that generated projects carry, for the tests of the wire.

The folder that holds `sdk_mend` is on PYTHONPATH. MENDED_AGENT_UNHEALTHY=1 makes the health check fail.
"""

import dataclasses
import json
import os
from datetime import timedelta

from mirastack_sdk import serve
from mirastack_sdk.plugin import (
    Action,
    ConfigParam,
    DevOpsStage,
    ExecuteRequest,
    ExecuteResponse,
    ParamSchema,
    Permission,
    Plugin,
    PluginInfo,
    PluginSchema,
    RoutingSemantics,
)

from sdk_mend import mend_sdk


def action(action_id: str, *params: str) -> Action:
    return Action(
        id=action_id,
        description=f"Runs {action_id}. Use this when you want to test.",
        permission=Permission.READ,
        stages=[DevOpsStage.OBSERVE],
        input_params=[ParamSchema(name=name, type="string", description=name) for name in params],
        output_params=[ParamSchema(name="result", type="json", description="What came out")],
        routing=RoutingSemantics(
            accepted_intent_domains=["lab.test"], capability_domain="lab.test", positive_use_cases=["test"]
        ),
    )


ACTIONS = [action("echo", "text"), action("boom"), action("raw", "bytes"), action("callbacks")]


class MendedLab(Plugin):
    def __init__(self) -> None:
        self.config: dict[str, str] = {}

    def info(self) -> PluginInfo:
        return PluginInfo(
            name="mended_lab",
            version="1.2.3",
            description="Lab agent",
            permissions=[Permission.READ],
            devops_stages=[DevOpsStage.OBSERVE],
            actions=ACTIONS,
            config_params=[ConfigParam(key="url", description="Where")],
        )

    def schema(self) -> PluginSchema:
        return PluginSchema(actions=ACTIONS)

    async def execute(self, req: ExecuteRequest) -> ExecuteResponse:
        match req.action_id:
            case "boom":
                raise ValueError("it went wrong: é")
            case "raw":
                return ExecuteResponse(output=req.params["bytes"].encode("latin-1"), logs=["never sent"])
            case "callbacks":
                return ExecuteResponse(output=await self.call_back(req))
        time_range = dataclasses.asdict(req.time_range) if req.time_range else None
        return ExecuteResponse(
            output={
                "action": req.action_id,
                "mode": req.mode.name,
                "params": req.params,
                "tenant": req.tenant_id,
                "time_range": time_range,
                "config": self.config,
            }
        )

    async def call_back(self, req: ExecuteRequest) -> dict[str, object]:
        """Every call that an agent can make, and what the engine answered."""
        context = self._engine_context
        await context.cache_set("lab:a", "vé", timedelta(seconds=90))
        await context.cache_set("lab:b", "test")
        return {
            "config": await context.get_config(),
            "hit": await context.cache_get("lab:a"),
            "word": await context.cache_get("lab:b"),
            "miss": await context.cache_get("lab:none"),
            "batch": await context.cache_get_batch(["lab:a", "lab:none"]),
            "published": await context.publish_result(req.execution_id, {"a": "b"}),
            "approved": await context.request_approval(req.execution_id, "restart it?", Permission.MODIFY),
            "logged": await context.log_event("warn", "something", {"k": "v"}),
            "called": await outcome_of(context.call_plugin("other", {"action": "x", "q": "1"})),
            "failure": await outcome_of(context.call_plugin("failing", {})),
            "kpis": [kpi["name"] for kpi in await context.list_kpis()],
            "kpi": (await context.get_kpi("k1") or {}).get("name"),
        }

    async def health_check(self) -> None:
        if os.environ.get("MENDED_AGENT_UNHEALTHY") == "1":
            raise RuntimeError("the backend is away")

    async def config_updated(self, config: dict[str, str]) -> None:
        if config.get("url") == "reject":
            raise ValueError("this url is refused")
        self.config = config


async def outcome_of(call) -> object:
    """What a call to another agent gives, or the text of its failure."""
    try:
        return await call
    except Exception as error:
        return str(error)


if __name__ == "__main__":
    report = mend_sdk()
    if report.failing:
        raise SystemExit(f"not mended: {json.dumps(report.failing)}")
    serve(MendedLab())
