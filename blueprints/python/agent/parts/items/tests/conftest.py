"""Two real backends, and an agent on the first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dev.backend import Backend
from tests.harness import Agent


@pytest.fixture
def backend() -> Iterator[Backend]:
    server = Backend()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def other_backend() -> Iterator[Backend]:
    server = Backend(token="hush")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def agent(backend: Backend) -> Agent:
    return Agent(backend.address)
