"""Makes mirastack-agents-sdk 1.11.0 able to serve and to call, and steps aside for a release that is.

The engine and its agents exchange gRPC messages whose bodies are JSON, with byte fields in base64. Release
1.11.0 can answer neither GetSchema, Execute and ConfigUpdated, nor Info as soon as an action has params, and
it cannot read what the engine answers to cache and configuration calls. ``mend_sdk`` tries the installed
release on loopback ports, with a plugin and an engine of its own, and replaces the parts that fail:

* served: the function ``add_PluginServiceServicer_to_server``, through which ``serve`` offers an agent;
* called: the stub and the channel of every ``EngineContext``, with which an agent calls the engine;
* health: ``grpc.health.v1``, which is added when it is missing.

A part is replaced only when the check fails without the mend and passes with it. Nothing is written to the
installed package. Once the log says that a release needs no mend, this folder and its call can go.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from mirastack_sdk.gen import plugin_pb2_grpc

from sdk_mend.called import leave_context, mend_context, mend_every_context
from sdk_mend.check import open_bench
from sdk_mend.served import add_health_to_agents, add_mended_servicer

__all__ = ["MendReport", "mend_sdk"]

logger = logging.getLogger("sdk_mend")


@dataclass(frozen=True)
class MendReport:
    """What the check found: the parts that were replaced, and those that fail with and without the mend."""

    mended: tuple[str, ...]
    failing: tuple[str, ...]


def mend_sdk() -> MendReport:
    """Checks the installed SDK and mends what fails. Call it once, before ``serve``."""
    mended: list[str] = []
    failing: list[str] = []
    with open_bench() as bench:
        if not bench.serves(plugin_pb2_grpc.add_PluginServiceServicer_to_server):
            if bench.serves(add_mended_servicer):
                plugin_pb2_grpc.add_PluginServiceServicer_to_server = add_mended_servicer
                mended.append("served")
            else:
                failing.append("served")
        if not bench.calls(leave_context):
            if bench.calls(mend_context):
                mend_every_context()
                mended.append("called")
            else:
                failing.append("called")
        if bench.lacks_health:
            add_health_to_agents()
            mended.append("health")
    if failing:
        logger.error("sdk_mend cannot mend the installed mirastack-agents-sdk: %s", ", ".join(failing))
    elif mended:
        logger.info("the installed mirastack-agents-sdk is mended: %s", ", ".join(mended))
    else:
        logger.info("the installed mirastack-agents-sdk needs no mend: the folder sdk_mend can go")
    return MendReport(tuple(mended), tuple(failing))
