"""An agent on the real Python SDK, for the tests of our engine.

PY_AGENT_PARAMS=1 declares a param: with it the SDK cannot even serialise the answer to Info.
"""

import os

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

PARAMS = (
    [ParamSchema(name="text", type="string", required=True, description="What to echo")]
    if os.environ.get("PY_AGENT_PARAMS") == "1"
    else []
)


class PyLab(Plugin):
    def info(self) -> PluginInfo:
        return PluginInfo(
            name="py_lab",
            version="1.2.3",
            description="Lab agent",
            permissions=[Permission.READ],
            devops_stages=[DevOpsStage.OBSERVE],
            actions=self.schema().actions,
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
        return None

    async def config_updated(self, config: dict) -> None:
        return None


if __name__ == "__main__":
    serve(PyLab())
