"""The SDK after the mend, or a newer one that needs none, is what the engine expects."""

from __future__ import annotations

from mirastack_sdk.gen import plugin_pb2_grpc

from sdk_mend import mend_sdk
from sdk_mend.called import leave_context
from sdk_mend.check import open_bench


def test_the_installed_sdk_serves_and_calls() -> None:
    assert mend_sdk().failing == ()
    with open_bench() as bench:
        assert bench.serves(plugin_pb2_grpc.add_PluginServiceServicer_to_server)
        assert bench.calls(leave_context)
        assert not bench.lacks_health


def test_a_second_mend_finds_nothing_to_do() -> None:
    mend_sdk()
    assert mend_sdk().mended == ()
