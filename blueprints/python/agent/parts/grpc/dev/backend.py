"""A small backend to develop and test against: a real gRPC server that keeps its items in memory.

python -m dev.backend --port 50051 --token secret    port 0, the default, takes a free one

It serves proto/items.proto. With a token, calls must bear it in `authorization`.
"""

from __future__ import annotations

import argparse
import signal
import threading
import time
from collections.abc import Callable
from concurrent import futures
from typing import Any, NoReturn

import grpc

from dev.items import ItemStore, StoredItem
from itemspb import items_pb2, items_pb2_grpc


class Backend(items_pb2_grpc.ItemsServicer):
    """The server with its items and switches."""

    def __init__(self, port: int = 0, token: str = "") -> None:
        self.store = ItemStore()
        self.token = token
        self.latency_s = 0.0
        self.is_down = False
        self.requests = 0
        """How many calls came, for whatever."""
        options = [("grpc.so_reuseport", 0)]
        self._server = grpc.server(futures.ThreadPoolExecutor(max_workers=8), options=options)
        items_pb2_grpc.add_ItemsServicer_to_server(self, self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port(f'127.0.0.1:{port}')}"

    def start(self) -> None:
        """Serves in threads until `stop`."""
        self._server.start()

    def stop(self) -> None:
        """Ends every call and closes the port."""
        self._server.stop(None).wait()

    def wait(self) -> None:
        """Returns when the server has stopped."""
        self._server.wait_for_termination()

    def GetItem(self, request: items_pb2.GetItemRequest, context: Any) -> items_pb2.Item:
        """One item, or NOT_FOUND."""
        self._admit(context)
        return _to_message(self.store.get(request.id), context)

    def ListItems(self, request: items_pb2.ListItemsRequest, context: Any) -> items_pb2.ListItemsResponse:
        """The items that match, ordered by id."""
        self._admit(context)

        def find() -> tuple[list[StoredItem], int]:
            return self.store.find(request.type, request.query, request.start, request.end, request.limit)

        items, total = _check(find, context)
        return items_pb2.ListItemsResponse(items=[_to_message(item, context) for item in items], total=total)

    def UpdateItem(self, request: items_pb2.UpdateItemRequest, context: Any) -> items_pb2.Item:
        """The item as it is then, or NOT_FOUND."""
        self._admit(context)
        return _to_message(
            _check(lambda: self.store.set_status(request.id, request.status), context), context
        )

    def DeleteItem(self, request: items_pb2.DeleteItemRequest, context: Any) -> items_pb2.DeleteItemResponse:
        """Nothing, or NOT_FOUND."""
        self._admit(context)
        if not self.store.delete(request.id):
            _refuse_missing(context)
        return items_pb2.DeleteItemResponse()

    def CheckHealth(
        self, _request: items_pb2.CheckHealthRequest, context: Any
    ) -> items_pb2.CheckHealthResponse:
        """Answers when the other calls would."""
        self._admit(context)
        return items_pb2.CheckHealthResponse(status="ok")

    def _admit(self, context: Any) -> None:
        self.requests += 1
        time.sleep(self.latency_s)
        if self.is_down:
            context.abort(grpc.StatusCode.UNAVAILABLE, "the backend is down")
        headers = dict(context.invocation_metadata())
        if self.token and headers.get("authorization") != f"Bearer {self.token}":
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "the token is missing or wrong")


def _check[T](call: Callable[[], T], context: Any) -> T:
    """What a caller got wrong is INVALID_ARGUMENT."""
    try:
        return call()
    except ValueError as error:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        raise


def _refuse_missing(context: Any) -> NoReturn:
    context.abort(grpc.StatusCode.NOT_FOUND, "no such item")
    raise AssertionError("abort raises")


def _to_message(item: StoredItem | None, context: Any) -> items_pb2.Item:
    if item is None:
        _refuse_missing(context)
    return items_pb2.Item(
        id=item.id,
        name=item.name,
        type=item.type,
        status=item.status,
        owner=item.owner,
        updated_at=item.updated_at_text,
    )


def main() -> None:
    """Serves until it is told to stop."""
    parser = argparse.ArgumentParser(description="A backend to develop against.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default="")
    options = parser.parse_args()
    backend = Backend(options.port, options.token)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: threading.Thread(target=backend.stop).start())
    backend.start()
    print(f"listening on {backend.address}", flush=True)
    backend.wait()


if __name__ == "__main__":
    main()
