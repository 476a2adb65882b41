"""The catalogues that Corridor reads, served from folders of payloads in the wire format of each provider."""

from .server import Served, serve

__all__ = ["Served", "serve"]
