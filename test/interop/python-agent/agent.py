"""An agent on the real Python SDK, for the tests of our engine.

PY_AGENT_PARAMS=1 declares a param: with it the SDK cannot even serialise the answer to Info.
PY_AGENT_CALLS=1 makes every call of the SDK's client once it is probed, and prints each outcome as JSON to stderr.
"""

import asyncio
import json
import os
import sys
import threading
from datetime import timedelta

from mirastack_sdk import serve
from mirastack_sdk.context import EngineContext
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

PARAMS = (
    [ParamSchema(name="text", type="string", required=True, description="What to echo")]
    if os.environ.get("PY_AGENT_PARAMS") == "1"
    else []
)


CALLS = os.environ.get("PY_AGENT_CALLS") == "1"
STRANGE_TENANT = "2465bedb-6186-5936-9e64-ec9f01968e8e"


def report(what: str, call) -> None:
    """Prints what a call gave, or how it failed."""
    try:
        outcome = {"value": asyncio.run(call())}
    except Exception as error:  # what the SDK raises is the outcome
        code = getattr(error, "code", None)
        outcome = {"error": type(error).__name__, "status": code().name if callable(code) else "", "text": str(error)}
    print(json.dumps({"call": what, **outcome}), file=sys.stderr, flush=True)


async def wait_for_url(url: str) -> dict:
    """The configuration as soon as it has the URL, read anew each time: a context believes for a while what it has."""
    for _ in range(600):
        engine = EngineContext(
            os.environ["MIRASTACK_ENGINE_ADDR"], "py_lab", os.environ["MIRASTACK_PLUGIN_TENANT_ID"]
        )
        config = await engine.get_config()
        if config.get("url") == url:
            break
        await asyncio.sleep(0.05)
    return config


def make_calls(engine: EngineContext) -> None:
    times = {"start_epoch_ms": 1774973400123, "end_epoch_ms": 1774977000123, "timezone": "UTC"}
    report("get_config", engine.get_config)
    report("publish_result", lambda: engine.publish_result("ex-1", {"a": "b"}))
    report("log_event", lambda: engine.log_event("warn", "something", {"k": "vé"}))
    report("log_event without fields", lambda: engine.log_event("info", "nothing"))
    report("request_approval", lambda: engine.request_approval("ex-1", "restart it?", Permission.MODIFY))
    report("request_approval denied", lambda: engine.request_approval("ex-1", "drop it?", Permission.ADMIN))
    report("cache_set", lambda: engine.cache_set("py:text", "vé", timedelta(seconds=60)))
    report("cache_set like base64", lambda: engine.cache_set("py:base64", "test"))
    report("cache_get of nothing", lambda: engine.cache_get("py:nothing"))
    report("cache_get", lambda: engine.cache_get("py:text"))
    report("cache_get_batch", lambda: engine.cache_get_batch(["py:text"]))
    report("cache_get_batch of no keys", lambda: engine.cache_get_batch([]))
    report("call_plugin", lambda: engine.call_plugin("my_agent", {"action": "echo", "text": "é", "extra": {"n": 1.5}}))
    report(
        "call_plugin_with_time_range",
        lambda: engine.call_plugin_with_time_range("my_agent", {"action": "echo", "text": "t"}, times),
    )
    report("call_plugin unknown action", lambda: engine.call_plugin("my_agent", {"action": "nope"}))
    report("call_plugin unknown target", lambda: engine.call_plugin("nobody", {"action": "echo"}))
    report("call_plugin denied", lambda: engine.call_plugin("my_agent", {"action": "restart"}))
    report("list_kpis", lambda: engine.list_kpis(kind="technical"))
    report("get_kpi", lambda: engine.get_kpi("k1"))
    report("get_kpi of nothing", lambda: engine.get_kpi("k9"))
    stranger = EngineContext(os.environ["MIRASTACK_ENGINE_ADDR"], "py_lab", STRANGE_TENANT)
    report("get_config of another tenant", stranger.get_config)
    report("get_config after a change", lambda: wait_for_url("http://mine"))


class PyLab(Plugin):
    calls_begun = False

    def info(self) -> PluginInfo:
        return PluginInfo(
            name="py_lab",
            version="1.2.3",
            description="Lab agent",
            permissions=[Permission.READ],
            devops_stages=[DevOpsStage.OBSERVE],
            actions=self.schema().actions,
            config_params=[ConfigParam(key="url", type="string", default="http://default", description="Where")]
            if CALLS
            else [],
        )

    def schema(self) -> PluginSchema:
        return PluginSchema(
            actions=[
                Action(
                    id="echo",
                    description="Echo a text. Use this when you want to test.",
                    permission=Permission.READ,
                    stages=[DevOpsStage.OBSERVE],
                    input_params=PARAMS,
                    routing=RoutingSemantics(
                        accepted_intent_domains=["lab.echo"],
                        capability_domain="lab.echo",
                        positive_use_cases=["echo a text"],
                    ),
                )
            ]
        )

    async def execute(self, req: ExecuteRequest) -> ExecuteResponse:
        return ExecuteResponse(output={"text": req.params.get("text", "")})

    async def health_check(self) -> None:
        # The calls block, and this one must not.
        if CALLS and not self.calls_begun:
            self.calls_begun = True
            threading.Thread(target=make_calls, args=(self._engine_context,), daemon=True).start()

    async def config_updated(self, config: dict) -> None:
        return None


if __name__ == "__main__":
    serve(PyLab())
