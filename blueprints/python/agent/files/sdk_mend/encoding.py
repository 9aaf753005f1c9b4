"""JSON messages with bytes in base64, as the engine writes and reads them."""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
from typing import Any

PLUGIN_SERVICE = "mirastack.plugin.v1.PluginService"
ENGINE_SERVICE = "mirastack.plugin.v1.EngineService"
HEALTH_SERVICE = "grpc.health.v1.Health"

Message = dict[str, Any]


def encode_bytes(data: bytes) -> str:
    """Standard base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def encode_message(message: Message) -> bytes:
    """The body of a message; bytes anywhere in it become base64."""

    def encode_other(value: object) -> str:
        if isinstance(value, bytes):
            return encode_bytes(value)
        raise TypeError(f"{type(value).__name__} cannot be sent")

    return json.dumps(message, default=encode_other).encode("utf-8")


def decode_message(data: bytes) -> Message:
    """Reads a body as Go does: no body, null and null fields are the zero value."""
    message = json.loads(data) if data else None
    if message is None:
        return {}
    if not isinstance(message, dict):
        raise ValueError("the body must be a JSON object")
    return {key: value for key, value in message.items() if value is not None}


def _decode_base64(value: str) -> bytes | None:
    """None for what is no base64. Line breaks are skipped, as in Go."""
    try:
        return base64.b64decode(value.replace("\r", "").replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        return None


def decode_opaque(value: str) -> bytes:
    """A field of any bytes. What is no base64 comes from an engine that sends plain text to Python."""
    decoded = _decode_base64(value)
    return value.encode("utf-8") if decoded is None else decoded


def decode_json_field(value: object, default: object) -> object:
    """A field that carries JSON: in base64, as text, or in place. No text is valid both ways."""
    if value is None or value == "":
        return default
    if not isinstance(value, str):
        return value
    decoded = _decode_base64(value)
    if decoded is not None:
        with contextlib.suppress(ValueError):
            return json.loads(decoded)
    return json.loads(value)
