"""Resources made of their records: rows, runs, people, links, parts and files, each written set-wise and only where they differ."""

from .apply import Applied, apply

__all__ = ["Applied", "apply"]
