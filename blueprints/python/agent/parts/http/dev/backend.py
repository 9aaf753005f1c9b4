"""A small backend to develop and test against: a real HTTP server that keeps its items in memory.

python -m dev.backend --port 8080 --token secret    port 0, the default, takes a free one

GET    /healthz                                     {"status":"ok"}
GET    /items?type=database&query=pay&limit=10      {"items":[…],"total":12}; also start and end
GET    /items/item-001                              one item, or 404
PATCH  /items/item-001 {"status":"down"}            the item as it is then
DELETE /items/item-001                              204
GET    /admin/calls                                 {"calls":3}, requests for items so far
POST   /admin/latency {"ms":3000}                   answer everything that much later
POST   /admin/down {"down":true}                    answer everything else with 503
"""

from __future__ import annotations

import argparse
import json
import signal
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from dev.items import ItemStore, StoredItem

MAX_BODY_BYTES = 1024
MAX_LATENCY_MS = 600_000


class Refusal(Exception):
    """An answer other than 200."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


class Backend(ThreadingHTTPServer):
    """The server with its items and switches."""

    daemon_threads = True

    def __init__(self, port: int = 0, token: str = "") -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.store = ItemStore()
        self.token = token
        self.latency_s = 0.0
        self.is_down = False
        self.requests = 0
        """How many requests came, for whatever."""

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_args: object) -> None:
        """A caller that has gone away is no news."""

    def start(self) -> None:
        """Serves in a thread until `stop`."""
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Ends serving and closes the port."""
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Backend

    def handle_one_request(self) -> None:
        """Answers whatever the method is."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        self.server.requests += 1
        try:
            status, body = HTTPStatus.OK, self._answer()
        except Refusal as refusal:
            status, body = refusal.status, {"error": str(refusal)}
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status if data else HTTPStatus.NO_CONTENT)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_args: object) -> None:
        """Requests are not worth a line each."""

    def _answer(self) -> Any:
        url = urlsplit(self.path)
        if url.path.startswith("/admin/"):
            return self._administer(url.path)
        time.sleep(self.server.latency_s)
        if self.server.is_down:
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "the backend is down")
        if self.server.token and self.headers["Authorization"] != f"Bearer {self.server.token}":
            raise Refusal(HTTPStatus.UNAUTHORIZED, "the token is missing or wrong")
        _, collection, *rest = url.path.split("/")
        match self.command, collection, rest:
            case "GET", "healthz", []:
                return {"status": "ok"}
            case "GET", "items", []:
                return self._list(dict(parse_qsl(url.query)))
            case "GET", "items", [item_id]:
                return _to_json(self.server.store.get(unquote(item_id)))
            case "PATCH", "items", [item_id]:
                status = str(self._read_json().get("status"))
                return _to_json(_check(lambda: self.server.store.set_status(unquote(item_id), status)))
            case "DELETE", "items", [item_id]:
                if self.server.store.delete(unquote(item_id)):
                    return None
                raise Refusal(HTTPStatus.NOT_FOUND, "no such item")
        raise Refusal(HTTPStatus.NOT_FOUND, "no such page")

    def _list(self, query: dict[str, str]) -> Any:
        def find() -> tuple[list[StoredItem], int]:
            bounds = {name: query.get(name, "") for name in ("type", "query", "start", "end")}
            return self.server.store.find(**bounds, limit=int(query.get("limit", "0")))

        items, total = _check(find)
        return {"items": [_to_json(item) for item in items], "total": total}

    def _administer(self, path: str) -> Any:
        if (self.command, path) == ("GET", "/admin/calls"):
            return {"calls": self.server.store.calls}
        body = self._read_json()
        match self.command, path, body:
            case "POST", "/admin/latency", {"ms": int(ms)} if 0 <= ms <= MAX_LATENCY_MS:
                self.server.latency_s = ms / 1000
            case "POST", "/admin/down", {"down": bool(is_down)}:
                self.server.is_down = is_down
            case _:
                raise Refusal(HTTPStatus.BAD_REQUEST, 'use POST with {"ms": 0} or {"down": true}')
        return body

    def _read_json(self) -> dict[str, Any]:
        length = int(self.headers.get("Content-Length") or 0)
        body = _check(lambda: json.loads(self.rfile.read(min(length, MAX_BODY_BYTES)) or b"{}"))
        return body if isinstance(body, dict) else {}


def _check[T](call: Callable[[], T]) -> T:
    """What a caller got wrong is status 400."""
    try:
        return call()
    except ValueError as error:
        raise Refusal(HTTPStatus.BAD_REQUEST, str(error)) from None


def _to_json(item: StoredItem | None) -> dict[str, str]:
    if item is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "no such item")
    names = ("id", "name", "type", "status", "owner")
    return {**{name: getattr(item, name) for name in names}, "updatedAt": item.updated_at_text}


def main() -> None:
    """Serves until it is told to stop."""
    parser = argparse.ArgumentParser(description="A backend to develop against.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default="")
    options = parser.parse_args()
    backend = Backend(options.port, options.token)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: threading.Thread(target=backend.shutdown).start())
    print(f"listening on {backend.address}", flush=True)
    backend.serve_forever()
    backend.server_close()


if __name__ == "__main__":
    main()
