"""What the agent asks of the engine: the calls of an EngineContext."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from mirastack_sdk.context import EngineContext
from mirastack_sdk.gen import plugin_pb2_grpc

from sdk_mend.encoding import (
    ENGINE_SERVICE,
    Message,
    decode_json_field,
    decode_message,
    decode_opaque,
    encode_bytes,
    encode_message,
)
from sdk_mend.served import Identity

_BYTE_FIELDS = {
    "CacheSet": ("value",),
    "PublishResult": ("result_json",),
    "LogEvent": ("data_json",),
    "RequestApproval": ("context_json",),
    "CallPlugin": ("params_json",),
}


class _NamedChannel:
    """A channel that says on every call which agent is calling, and notes the instance id as it passes."""

    def __init__(self, channel: Any, plugin_name: str) -> None:
        self._channel = channel
        # A header holds plain ASCII; an agent with another name is served without it.
        self._metadata = (("x-plugin-name", plugin_name),) if plugin_name.isascii() else ()

    def unary_unary(self, method: str, **options: Any) -> Callable[[Any], Any]:
        call = self._channel.unary_unary(method, **options)

        def call_with_name(request: Any) -> Any:
            if isinstance(request, dict) and "instance_id" in request:
                Identity.instance_id = request["instance_id"]
            return call(request, metadata=self._metadata)

        return call_with_name

    def close(self) -> None:
        self._channel.close()


def leave_context(_context: EngineContext) -> None:
    """Leaves a context as the SDK made it."""


def mend_context(context: EngineContext) -> None:
    """Gives a context a channel that names its agent, and calls that read and write what the engine does.

    The calls that the SDK gets right, such as those for KPIs, stay its own.
    """
    channel: Any = _NamedChannel(context._channel, context._plugin_name)
    stub = plugin_pb2_grpc.EngineServiceStub(channel)
    for method, read in _READERS.items():
        call = channel.unary_unary(
            f"/{ENGINE_SERVICE}/{method}",
            request_serializer=_request_writer(_BYTE_FIELDS.get(method, ())),
            response_deserializer=_reply_reader(read),
        )
        setattr(stub, method, call)
    context._channel = channel
    context._stub = stub


def mend_every_context() -> None:
    """Mends every context that is made from now on."""
    original: Callable[..., None] = EngineContext.__init__

    def initialise(self: EngineContext, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        mend_context(self)

    EngineContext.__init__ = initialise  # type: ignore[method-assign]


def _request_writer(byte_fields: Sequence[str]) -> Callable[[Any], bytes]:
    """Turns the SDK's request, which writes bytes as plain text, into one with base64."""

    def write(request: Any) -> bytes:
        message = json.loads(request.SerializeToString())
        for name in byte_fields:
            if isinstance(message.get(name), str):
                message[name] = encode_bytes(message[name].encode("utf-8"))
        return encode_message(message)

    return write


def _reply_reader(read: Callable[[Message], object]) -> Callable[[bytes], object]:
    return lambda data: read(decode_message(data))


def _read_config(reply: Message) -> SimpleNamespace:
    """The SDK reads JSON text in `config_json`; the engine sends a map in `config`."""
    config = reply["config"] if "config" in reply else decode_json_field(reply.get("config_json"), {})
    return SimpleNamespace(config_json=json.dumps(config))


def _read_cache_entry(entry: Message) -> SimpleNamespace:
    value = decode_opaque(entry.get("value") or "")
    return SimpleNamespace(key=entry.get("key", ""), value=value, found=entry.get("found", False))


def _read_cache_entries(reply: Message) -> SimpleNamespace:
    return SimpleNamespace(entries=[_read_cache_entry(entry) for entry in reply.get("entries", [])])


def _read_plugin_result(reply: Message) -> SimpleNamespace:
    return SimpleNamespace(
        success=reply.get("success", False),
        error=reply.get("error", ""),
        result_json=json.dumps(decode_json_field(reply.get("result_json"), {})),
    )


def _read_approval(reply: Message) -> SimpleNamespace:
    return SimpleNamespace(approved=reply.get("approved", False))


def _read_nothing(_reply: Message) -> SimpleNamespace:
    """The SDK ignores the answer, whatever it says: failure is a status. None would mean "cannot be read"."""
    return SimpleNamespace()


_READERS: dict[str, Callable[[Message], object]] = {
    "GetConfig": _read_config,
    "CacheGet": _read_cache_entry,
    "CacheGetBatch": _read_cache_entries,
    "CacheSet": _read_nothing,
    "PublishResult": _read_nothing,
    "LogEvent": _read_nothing,
    "RequestApproval": _read_approval,
    "CallPlugin": _read_plugin_result,
}
