"""What the client does with a backend that answers badly, or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from client import BackendClient, BackendError, ItemFilter

PAGE = b'{"items":[],"total":7}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n"
DEADLINE_S = 30.0


class Server:
    """Takes one connection after the other, and counts them."""

    def __init__(self, answer: Callable[[socket.socket, int], None]) -> None:
        self.calls = 0
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.calls += 1
                with connection, contextlib.suppress(OSError):
                    connection.settimeout(DEADLINE_S)
                    connection.recv(65536)
                    self._answer(connection, self.calls)

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            # Closing alone does not wake the thread that accepts.
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(DEADLINE_S)


@contextlib.contextmanager
def serve(answer: Callable[[socket.socket, int], None]) -> Iterator[Server]:
    server = Server(answer)
    try:
        yield server
    finally:
        server.stop()


def answer_with(*statuses: int) -> contextlib.AbstractContextManager[Server]:
    """A backend that gives these statuses, the last one for ever; 0 hangs up."""

    def answer(connection: socket.socket, call: int) -> None:
        status = statuses[min(call, len(statuses)) - 1]
        if status:
            head = f"HTTP/1.1 {status} Any\r\nContent-Length: {len(PAGE)}\r\nConnection: close\r\n\r\n"
            connection.sendall(head.encode() + PAGE)

    return serve(answer)


@pytest.mark.parametrize("statuses", [(502, 504, 200), (503, 0, 200), (200,)])
def test_reads_are_tried_again_after_what_passes(statuses: tuple[int, ...]) -> None:
    with answer_with(*statuses) as server:
        page = asyncio.run(BackendClient(server.address).list_items(ItemFilter(limit=1)))
    assert (page["total"], server.calls) == (7, len(statuses))


@pytest.mark.parametrize("status", [302, 400, 401, 404, 429, 500])
def test_reads_are_not_tried_again_after_what_stays(status: int) -> None:
    with answer_with(status) as server, pytest.raises(BackendError):
        asyncio.run(BackendClient(server.address).get_item("item-001"))
    assert server.calls == 1


@pytest.mark.parametrize("header", [b"", b"Connection: close\r\n"])
def test_a_call_that_is_given_up_leaves_no_thread_behind(header: bytes) -> None:
    hung_up = threading.Event()

    def drip(connection: socket.socket, _call: int) -> None:
        # Always something to read, so that no wait for the next byte ever takes too long.
        connection.sendall(HEAD + header + b"\r\n")
        connection.settimeout(0.01)
        for _ in range(900):
            connection.sendall(b" ")
            with contextlib.suppress(TimeoutError):
                if connection.recv(1) == b"":
                    hung_up.set()
                    return

    with serve(drip) as server:
        with pytest.raises(BackendError, match=r"did not answer within 0\.2 s"):
            # Waits for its threads in the end.
            asyncio.run(BackendClient(server.address, timeout_s=0.2).get_item("item-001"))
        assert hung_up.wait(DEADLINE_S)
