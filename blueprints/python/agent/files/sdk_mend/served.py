"""What the engine asks of the agent: the five methods, and grpc.health.v1."""

from __future__ import annotations

import json
import time
from typing import Any

import grpc
from mirastack_sdk.gen import plugin_pb2_grpc

from sdk_mend.encoding import (
    HEALTH_SERVICE,
    PLUGIN_SERVICE,
    Message,
    decode_json_field,
    decode_message,
    encode_message,
)


class Identity:
    """The instance id that the SDK registers with. It makes one up and tells the agent nothing of it."""

    instance_id = ""


def add_mended_servicer(servicer: Any, server: grpc.Server) -> None:
    """Takes the place of the SDK's ``add_PluginServiceServicer_to_server``; the servicer stays its own."""

    def info(_request: Message, context: grpc.ServicerContext) -> Message:
        answer: Message = servicer.Info({}, context)
        return {**answer, "instance_id": Identity.instance_id}

    def get_schema(_request: Message, context: grpc.ServicerContext) -> Message:
        answer: Message = servicer.GetSchema({}, context)
        return answer

    def execute(request: Message, context: grpc.ServicerContext) -> Message:
        started_at = time.monotonic()
        try:
            answer = servicer.Execute(_to_execute_request(request), context)
            result = {"success": True, "result_json": answer["result_json"], "error": ""}
        except Exception as error:
            # The caller of an action reads `error`, not a gRPC status; the SDK has logged the traceback.
            result = {"success": False, "result_json": None, "error": _describe(error)}
        return {**result, "duration_ms": round((time.monotonic() - started_at) * 1000)}

    def health_check(_request: Message, context: grpc.ServicerContext) -> Message:
        answer: Message = servicer.HealthCheck({}, context)
        default = "ok" if answer.get("healthy") else "unhealthy"
        return {**answer, "message": answer.get("message") or default}

    def config_updated(request: Message, context: grpc.ServicerContext) -> Message:
        try:
            servicer.ConfigUpdated({"config": request.get("config", {})}, context)
        except Exception as error:
            return {"acknowledged": False, "error": _describe(error)}
        return {"acknowledged": True, "error": ""}

    methods = {
        "Info": info,
        "GetSchema": get_schema,
        "Execute": execute,
        "HealthCheck": health_check,
        "ConfigUpdated": config_updated,
    }
    handlers = {
        name: grpc.unary_unary_rpc_method_handler(
            method, request_deserializer=decode_message, response_serializer=encode_message
        )
        for name, method in methods.items()
    }
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(PLUGIN_SERVICE, handlers)])


def _to_execute_request(request: Message) -> Message:
    """The request as the SDK's servicer reads it: params as JSON text, the mode under another name."""
    params = decode_json_field(request.get("params_json"), {})
    if not isinstance(params, dict):
        raise ValueError("invalid params JSON: expected an object")
    time_range = request.get("time_range", {})
    return {
        **request,
        "params_json": json.dumps({name: _to_param_text(value) for name, value in params.items()}),
        # 0 is "unspecified"; the SDK knows no such mode and takes MANUAL, the careful one, as its default.
        "mode": request.get("execution_mode") or 1,
        "time_range": {key: value for key, value in time_range.items() if value is not None},
    }


def _to_param_text(value: object) -> str:
    """Params are strings, as the SDK's types promise; another agent may have sent any JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value)


def _describe(error: Exception) -> str:
    return str(error) or type(error).__name__


def add_health_to_agents() -> None:
    """Makes every agent that is served from now on answer grpc.health.v1, too."""
    add_servicer = plugin_pb2_grpc.add_PluginServiceServicer_to_server

    def add_with_health(servicer: Any, server: grpc.Server) -> None:
        add_servicer(servicer, server)  # type: ignore[no-untyped-call]
        add_health(server)

    plugin_pb2_grpc.add_PluginServiceServicer_to_server = add_with_health


def add_health(server: grpc.Server) -> None:
    """Serves Check of grpc.health.v1. A Watch would hold one of the SDK's ten threads while it lasts."""
    serving = b"\x08\x01"
    known_requests = {b""} | {
        b"\x0a" + bytes([len(name)]) + name.encode("ascii") for name in ("", PLUGIN_SERVICE, HEALTH_SERVICE)
    }

    def check(request: bytes, context: grpc.ServicerContext) -> bytes:
        if request not in known_requests:
            context.abort(grpc.StatusCode.NOT_FOUND, "unknown service")
        return serving

    handlers: dict[str, Any] = {"Check": grpc.unary_unary_rpc_method_handler(check)}
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(HEALTH_SERVICE, handlers)])
