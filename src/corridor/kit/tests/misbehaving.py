"""A web server on this machine that behaves as badly as told."""

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

BOMB = gzip.compress(bytes(64 * 2**20), 1)
Respond = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    """One request; the routes of the server answer it."""

    protocol_version = "HTTP/1.1"
    routes: dict[str, Respond]
    seen: list[tuple[str, str, dict[str, str]]]

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.seen.append((self.command, self.path, {name.lower(): value for name, value in self.headers.items()}))
        try:
            self.routes[path](self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def give(self, body: bytes, status: int = 200, **headers: Any) -> None:
        self.send_response(status)
        for name, value in {"content_length": len(body), "content_type": "application/json", **headers}.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(body)

    def times(self) -> int:
        """How often this path was asked for, this time included."""
        return sum(path == self.path for _, path, _ in self.seen)

    def log_message(self, *arguments: Any) -> None:
        pass


class Quiet(ThreadingHTTPServer):
    """Clients that hang up are part of the game."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


class Server:
    def __init__(self, port: int, routes: dict[str, Respond], seen: list[tuple[str, str, dict[str, str]]]) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.routes = routes
        self.seen = seen

    def at(self, path: str) -> str:
        return self.address + path


@contextmanager
def serving(routes: dict[str, Respond]) -> Iterator[Server]:
    seen: list[tuple[str, str, dict[str, str]]] = []
    handler = type("Handler", (Request,), {"routes": routes, "seen": seen})
    httpd = Quiet(("127.0.0.1", 0), handler)
    threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield Server(httpd.server_port, routes, seen)
    finally:
        httpd.shutdown()
        httpd.server_close()


def cut_off(request: Request) -> None:
    request.send_response(200)
    request.send_header("content-length", "1000")
    request.end_headers()
    request.wfile.write(b'{"half": ')
    request.close_connection = True


def dripping(request: Request) -> None:
    request.send_response(200)
    request.send_header("content-length", "100000")
    request.end_headers()
    for _ in range(200):
        request.wfile.write(b"x")
        request.wfile.flush()
        time.sleep(0.02)


def silent(request: Request) -> None:
    time.sleep(1)


def endless(request: Request) -> None:
    request.send_response(200)
    request.send_header("connection", "close")
    request.end_headers()
    for _ in range(4000):
        request.wfile.write(b"[" * 65536)


def gzip_bomb(request: Request) -> None:
    request.give(BOMB, content_encoding="gzip")
