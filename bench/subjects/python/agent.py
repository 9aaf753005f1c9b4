"""The agent of bench/subjects/agent.mjs on the real Python SDK, behind the mend that generated projects carry."""

import json
from functools import cache

from mirastack_sdk import serve
from mirastack_sdk.plugin import (
    Action,
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

ACTIONS = [
    Action(
        id="list_items",
        description="List items. Use this when you measure how fast an agent answers.",
        permission=Permission.READ,
        stages=[DevOpsStage.OBSERVE],
        input_params=[ParamSchema(name="size", type="number", required=True, description="Bytes of the result")],
        routing=RoutingSemantics(
            accepted_intent_domains=["bench.items"], capability_domain="bench.items", positive_use_cases=["measure"]
        ),
    )
]


def length_of(value: object) -> int:
    return len(json.dumps(value, separators=(",", ":")))


@cache
def result_of(size: int) -> dict[str, object]:
    """The result that bench/subjects/result.mjs makes: exactly `size` bytes of compact JSON."""
    items: list[dict[str, object]] = []
    while True:
        number = len(items)
        item = {
            "id": f"item-{number:05}",
            "name": f"Payment service {number}",
            "status": ["healthy", "degraded", "down"][number % 3],
            "owner": "platform@example.test",
            "load": number * 7 % 100,
        }
        if length_of({"items": [*items, item], "padding": ""}) > size:
            break
        items.append(item)
    missing = size - length_of({"items": items, "padding": ""})
    return {"items": items, "padding": "x" * missing}


class BenchAgent(Plugin):
    def info(self) -> PluginInfo:
        return PluginInfo(
            name="bench_agent",
            version="1.0.0",
            description="Answers with results of a given size",
            permissions=[Permission.READ],
            devops_stages=[DevOpsStage.OBSERVE],
            actions=ACTIONS,
        )

    def schema(self) -> PluginSchema:
        return PluginSchema(actions=ACTIONS)

    async def execute(self, req: ExecuteRequest) -> ExecuteResponse:
        output = json.dumps(result_of(int(req.params["size"])), separators=(",", ":"))
        return ExecuteResponse(output=output.encode())


if __name__ == "__main__":
    mend_sdk()
    serve(BenchAgent())
