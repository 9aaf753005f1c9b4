"""The check: the installed SDK on loopback ports, with a plugin and an engine that are made for it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import importlib
import json
import logging
import os
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from datetime import timedelta
from typing import Any, ClassVar

import grpc
from mirastack_sdk import plugin as sdk
from mirastack_sdk.context import EngineContext

from sdk_mend.encoding import (
    ENGINE_SERVICE,
    HEALTH_SERVICE,
    PLUGIN_SERVICE,
    Message,
    decode_message,
    encode_bytes,
    encode_message,
)

# A limit for a machine that is very busy; on any other the whole check takes some 50 ms.
_TIMEOUT_S = 10.0
_STOP_GRACE_S = 1.0
# gRPC would send even loopback calls through a proxy that the environment names.
_NO_PROXY_VARIABLE = "no_grpc_proxy"


class _ProbePlugin(sdk.Plugin):
    """A plugin with everything the check looks at. It remembers its configuration."""

    def __init__(self) -> None:
        self.config: dict[str, str] = {}

    def info(self) -> sdk.PluginInfo:
        actions = self.schema().actions
        return sdk.PluginInfo(name="probe", version="1", permissions=[sdk.Permission.READ], actions=actions)

    def schema(self) -> sdk.PluginSchema:
        param = sdk.ParamSchema(name="text", type="string")
        return sdk.PluginSchema(actions=[sdk.Action(id="probe", input_params=[param])])

    async def execute(self, req: sdk.ExecuteRequest) -> sdk.ExecuteResponse:
        if req.action_id == "fail":
            raise ValueError("probe")
        return sdk.ExecuteResponse(output={"id": req.action_id, "mode": req.mode.name, **req.params})

    async def config_updated(self, config: dict[str, str]) -> None:
        self.config = config


class Bench:
    """Tries the SDK, with and without the mend. The engine here is a script that answers as Go does."""

    _ENGINE_REPLIES: ClassVar[dict[str, Message]] = {
        "CacheGet": {"value": "cHJvYmU=", "found": True},
        "CacheGetBatch": {"entries": [{"key": "k", "value": "cHJvYmU=", "found": True}]},
        "CacheSet": {"success": True},
        "GetConfig": {"config": {"key": "probe"}, "version": 1},
        "CallPlugin": {"success": True, "result_json": "eyJpZCI6InByb2JlIn0="},
    }

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._received: dict[str, Message] = {}
        self._names: set[object] = set()
        self.lacks_health = False

    def serves(self, add_servicer: Callable[[Any, grpc.Server], None]) -> bool:
        """Whether an agent that is offered through this function answers as the engine expects."""
        probe = _ProbePlugin()
        # Whatever goes wrong is the answer no.
        with contextlib.suppress(Exception), contextlib.ExitStack() as stack:
            # As an attribute of the package this name is the function, not the module.
            module = importlib.import_module("mirastack_sdk.serve")
            adapter = module._PluginServiceAdapter(probe, self._loop)
            address = stack.enter_context(_serve(lambda server: add_servicer(adapter, server)))
            channel = stack.enter_context(grpc.insecure_channel(address))
            return self._answers_well(channel, probe)
        return False

    def _answers_well(self, channel: Any, probe: _ProbePlugin) -> bool:
        def ask(method: str, request: Message) -> Message:
            call = channel.unary_unary(f"/{PLUGIN_SERVICE}/{method}")
            reply: Message = json.loads(call(encode_message(request), timeout=_TIMEOUT_S))
            return reply

        def execute(action_id: str) -> Message:
            params = encode_bytes(b'{"text": "probe"}')
            return ask("Execute", {"action_id": action_id, "params_json": params, "execution_mode": 2})

        try:
            channel.unary_unary(f"/{HEALTH_SERVICE}/Check")(b"", timeout=_TIMEOUT_S)
        except grpc.RpcError:
            self.lacks_health = True
        for method in ("GetSchema", "Info"):
            (param,) = _read_bytes(ask(method, {})["actions"][0]["input_params"])
            if param["name"] != "text":
                return False
        answer = execute("probe")
        return (
            answer["success"]
            and _read_bytes(answer["result_json"]) == {"id": "probe", "mode": "GUIDED", "text": "probe"}
            and not execute("fail")["success"]
            and ask("ConfigUpdated", {"config": {"key": "probe"}, "version": 1})["acknowledged"]
            and probe.config == {"key": "probe"}
        )

    def calls(self, prepare: Callable[[EngineContext], None]) -> bool:
        """Whether a context that is prepared by this function reads and writes what the engine does."""
        self._received.clear()
        self._names.clear()
        with contextlib.suppress(Exception), contextlib.ExitStack() as stack:
            address = stack.enter_context(_serve(self._add_engine))
            context = EngineContext(address, "probe", "tenant")
            stack.callback(context._channel.close)
            prepare(context)
            return asyncio.run_coroutine_threadsafe(self._talk(context), self._loop).result(_TIMEOUT_S)
        return False

    async def _talk(self, context: EngineContext) -> bool:
        await context.cache_set("k", "probe", timedelta(seconds=1))
        return (
            self._received["CacheSet"]["value"] == "cHJvYmU="
            and self._names == {"probe"}
            and await context.cache_get("k") == "probe"
            and await context.cache_get_batch(["k"]) == [{"key": "k", "value": "probe", "found": True}]
            and await context.get_config() == {"key": "probe"}
            and await context.call_plugin("other", {}) == {"id": "probe"}
        )

    def _add_engine(self, server: grpc.Server) -> None:
        def answer(method: str) -> Any:
            def handle(request: bytes, context: grpc.ServicerContext) -> bytes:
                self._received[method] = decode_message(request)
                self._names.add(dict(context.invocation_metadata()).get("x-plugin-name"))
                return encode_message(self._ENGINE_REPLIES[method])

            return grpc.unary_unary_rpc_method_handler(handle)

        handlers = {method: answer(method) for method in self._ENGINE_REPLIES}
        server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(ENGINE_SERVICE, handlers)])


def _read_bytes(text: str) -> Any:
    return json.loads(base64.b64decode(text))


@contextlib.contextmanager
def open_bench() -> Iterator[Bench]:
    """A bench with a running event loop. What fails on it may, so nothing is logged meanwhile."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True, name="sdk-mend")
    no_proxy = os.environ.get(_NO_PROXY_VARIABLE)
    disabled_level = logging.root.manager.disable
    os.environ[_NO_PROXY_VARIABLE] = "127.0.0.1"
    logging.disable(logging.CRITICAL)
    thread.start()
    try:
        yield Bench(loop)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        logging.disable(disabled_level)
        del os.environ[_NO_PROXY_VARIABLE]
        if no_proxy is not None:
            os.environ[_NO_PROXY_VARIABLE] = no_proxy


@contextlib.contextmanager
def _serve(add: Callable[[grpc.Server], None]) -> Iterator[str]:
    """A server on a free loopback port; gives its address and stops it in the end."""
    with futures.ThreadPoolExecutor(max_workers=2) as workers:
        server = grpc.server(workers)
        add(server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        try:
            yield f"127.0.0.1:{port}"
        finally:
            server.stop(_STOP_GRACE_S).wait()
