"""Runs the check of `sdk_mend` on the installed SDK, or on one that is changed in the way the first argument
says, and prints what was mended and what was left as it was."""

import base64
import json
import sys

import grpc
from mirastack_sdk.context import EngineContext
from mirastack_sdk.gen import plugin_pb2, plugin_pb2_grpc


def fix_served() -> None:
    """What a release that serves could look like; it shares no line with the mend."""

    def write(reply: dict) -> bytes:
        return json.dumps(reply, default=lambda data: base64.b64encode(data).decode()).encode()

    def read_execute(body: bytes) -> dict:
        request = json.loads(body)
        return {**request, "params_json": base64.b64decode(request["params_json"]), "mode": request["execution_mode"]}

    def add(servicer: object, server: grpc.Server) -> None:
        def execute(request: dict, context: grpc.ServicerContext) -> dict:
            try:
                return servicer.Execute(request, context)
            except Exception as error:  # noqa: BLE001
                return {"success": False, "error": str(error)}

        def configure(request: dict, context: grpc.ServicerContext) -> dict:
            servicer.ConfigUpdated(request, context)
            return {"acknowledged": True}

        table = {
            "Info": (servicer.Info, json.loads),
            "GetSchema": (servicer.GetSchema, json.loads),
            "Execute": (execute, read_execute),
            "HealthCheck": (servicer.HealthCheck, json.loads),
            "ConfigUpdated": (configure, json.loads),
        }
        server.add_generic_rpc_handlers(
            [
                grpc.method_handlers_generic_handler(
                    "mirastack.plugin.v1.PluginService",
                    {
                        name: grpc.unary_unary_rpc_method_handler(
                            call, request_deserializer=read, response_serializer=write
                        )
                        for name, (call, read) in table.items()
                    },
                )
            ]
        )

    plugin_pb2_grpc.add_PluginServiceServicer_to_server = add


def fix_called() -> None:
    """What a release that calls could look like: it names itself and speaks base64."""
    service = "/mirastack.plugin.v1.EngineService/"

    def unary(self: EngineContext, method: str, request: dict) -> dict:
        call = self._channel.unary_unary(
            service + method, request_serializer=lambda m: json.dumps(m).encode(), response_deserializer=json.loads
        )
        return call(request, metadata=(("x-plugin-name", self._plugin_name),))

    def cache_set(self: EngineContext, key: str, value: str, ttl: object = None) -> None:
        unary(self, "CacheSet", {"key": key, "value": base64.b64encode(value.encode()).decode()})

    def text(entry: dict) -> str:
        return base64.b64decode(entry["value"]).decode()

    EngineContext._cache_set_sync = cache_set
    EngineContext._cache_get_sync = lambda self, key: text(unary(self, "CacheGet", {"key": key}))
    EngineContext._cache_get_batch_sync = lambda self, keys: [
        {**entry, "value": text(entry)} for entry in unary(self, "CacheGetBatch", {"keys": keys})["entries"]
    ]
    EngineContext._fetch_config = lambda self: unary(self, "GetConfig", {})["config"]
    EngineContext._call_plugin_with_time_range_sync = lambda self, target, params, time_range: json.loads(
        base64.b64decode(unary(self, "CallPlugin", {"target_plugin": target})["result_json"])
    )


def fix_health() -> None:
    """What a release with grpc.health.v1 could look like."""
    add_before = plugin_pb2_grpc.add_PluginServiceServicer_to_server

    def add(servicer: object, server: grpc.Server) -> None:
        add_before(servicer, server)
        check = grpc.unary_unary_rpc_method_handler(lambda request, context: b"\x08\x01")
        server.add_generic_rpc_handlers(
            [grpc.method_handlers_generic_handler("grpc.health.v1.Health", {"Check": check})]
        )

    plugin_pb2_grpc.add_PluginServiceServicer_to_server = add


def rename_adapter() -> None:
    """What a release that is built otherwise could look like: nothing to try, and nothing to mend."""
    import importlib

    del importlib.import_module("mirastack_sdk.serve")._PluginServiceAdapter
    plugin_pb2.CacheSetRequest.SerializeToString = lambda self: b"\x0a\x01k"


CHANGES = {
    "none": [],
    "served": [fix_served],
    "called": [fix_called],
    "fixed": [fix_served, fix_called, fix_health],
    "foreign": [rename_adapter],
}

for change in CHANGES[sys.argv[1]]:
    change()
before = (plugin_pb2_grpc.add_PluginServiceServicer_to_server, EngineContext.__init__)

from sdk_mend import mend_sdk  # noqa: E402

report = mend_sdk()
print(
    json.dumps(
        {
            "mended": report.mended,
            "failing": report.failing,
            "servedKept": plugin_pb2_grpc.add_PluginServiceServicer_to_server is before[0],
            "calledKept": EngineContext.__init__ is before[1],
        }
    )
)
