"""The stand-in as a web server: conditional requests, HEAD, several requests at once."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from corridor.learn.sources.mit_edx import source as mit_edx
from corridor.learn.sources.mitxonline import source as mitxonline
from corridor.learn.sources.see import source as see
from corridor.learn.sources.xpro import source as xpro

from .http import Answer, Asked, Provider, json_answer
from .providers import Cursor, Numbered, Repository, SignedOn, Site, Whole, courses_below, items

SOURCES = Path(mitxonline.__file__).parents[1]
LARGEST_FORM = 1 << 16


@dataclass(frozen=True)
class Served:
    """Addresses to give to `corridor ingest run SOURCE --from ADDRESS`, by source."""

    base: str

    @property
    def addresses(self) -> dict[str, str]:
        return {
            "mitxonline": f"{self.base}/mitxonline/api/v2/",
            "mit_edx": f"{self.base}/edx/",
            "xpro": f"{self.base}/xpro/api/",
            "see": f"{self.base}/see/api/",
            "ocw": f"{self.base}/ocw/",
            "podcast": f"{self.base}/podcasts/contents",
        }

    @property
    def token_addresses(self) -> dict[str, str]:
        return {"mit_edx": f"{self.base}/edx/oauth2/v1/access_token", "see": f"{self.base}/see/oauth/token"}


def providers(folder: Path | None) -> Sequence[Provider]:
    """Providers of the folders below one, named after the sources; without it those of the sources' own fixtures."""

    def below(code: str, other_name: str = "") -> Path:
        if not folder:
            return SOURCES / code / "fixture"
        return folder / (other_name if other_name and not (folder / code).exists() else code)

    return (
        Numbered("/mitxonline/api/v2/courses", items(below("mitxonline"), lambda item: mitxonline.kind_of(item) == "course")),
        Numbered("/mitxonline/api/v2/programs", items(below("mitxonline"), lambda item: mitxonline.kind_of(item) == "program")),
        SignedOn(
            "/edx/oauth2/v1/access_token",
            "JWT",
            (
                Cursor("/edx/courses", items(below("mit_edx"), lambda item: mit_edx.kind_of(item) == "course")),
                Numbered("/edx/programs", items(below("mit_edx"), lambda item: mit_edx.kind_of(item) == "program")),
            ),
        ),
        Whole("/xpro/api/courses", items(below("xpro"), lambda item: xpro.kind_of(item) == "course")),
        Whole("/xpro/api/programs", items(below("xpro"), lambda item: xpro.kind_of(item) == "program")),
        SignedOn(
            "/see/oauth/token",
            "Bearer",
            (
                Whole("/see/api/courses", items(below("see", "sloan"), lambda item: see.kind_of(item) == "course")),
                Whole("/see/api/course-offerings", items(below("see", "sloan"), lambda item: see.kind_of(item) == "offering")),
            ),
        ),
        Site("/ocw", courses_below(below("ocw"))),
        Repository("/podcasts", below("podcast")),
    )


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    providers: Sequence[Provider]

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = Asked(
            method=self.command,
            base=f"http://{self.headers.get('Host', 'localhost')}",
            path=parts.path,
            query=dict(parse_qsl(parts.query)),
            headers={name.lower(): value for name, value in self.headers.items()},
            form=self._form(),
        )
        found = next((answer for provider in self.providers if (answer := provider.answer(asked))), None)
        self._give(found or json_answer({"detail": "Not found."}, 404))

    do_HEAD = do_POST = do_GET

    def _form(self) -> dict[str, str]:
        length = int(self.headers.get("Content-Length") or 0) if self.command == "POST" else 0
        return dict(parse_qsl(self.rfile.read(min(length, LARGEST_FORM)).decode(errors="replace")))

    def _give(self, answer: Answer) -> None:
        unchanged = answer.status == 200 and self.headers.get("If-None-Match") == answer.etag
        self.send_response(304 if unchanged else answer.status)
        self.send_header("ETag", answer.etag)
        if not unchanged:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if not unchanged and self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing: what is asked is the client's to log."""


@contextmanager
def serve(folder: Path | None = None, port: int = 0, host: str = "127.0.0.1") -> Iterator[Served]:
    """Serve in a thread of its own until the block ends; port 0 takes a free one."""
    handler = type("Serving", (Handler,), {"providers": providers(folder)})
    with ThreadingHTTPServer((host, port), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield Served(f"http://{host}:{server.server_address[1]}")
        finally:
            server.shutdown()
