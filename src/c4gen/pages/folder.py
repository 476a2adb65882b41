"""Files in memory and files in a folder."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_LAGGING = re.compile(r'<(ul|table|td|a|code) class="lags".*?</\1>', re.DOTALL)
_WHERE = frozenset({"evidence", "line", "tier", "confidence", "found"})
OURS = (".html", ".svg", ".puml", ".mmd", ".json", ".dsl", ".css", ".js")


def write(folder: Path, made: Mapping[str, str]) -> list[str]:
    """Writes what differs, removes what is no longer made, and tells both; hand-written files (`.md`, `.yaml`, …) stay."""
    changed = differences(folder, made)
    for path, content in made.items():
        file = folder / path
        if _read(file) != content:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8", newline="\n")
    for path in _orphans(folder, made):
        (folder / path).unlink()
    return changed


def differences(folder: Path, made: Mapping[str, str], evidence: bool = True) -> list[str]:
    """One sentence for each file that is missing, differs or should not be there. Without `evidence`, what proves an arrow may have moved: only
    what is drawn and said counts."""
    said = []
    for path, content in sorted(made.items()):
        there = _read(folder / path)
        if there is None:
            said.append(f"{path} is missing.")
        elif there != content and (evidence or _said(path, there) != _said(path, content)):
            said.append(f"{path} differs from what the model and the code give now.")
    return said + [f"{path} belongs to nothing any more." for path in _orphans(folder, made)]


def _said(path: str, text: str) -> Any:
    """A file without places in code: lines move with every edit, and the picture stays."""
    if not path.endswith(".json"):
        return _LAGGING.sub("", text)
    try:
        return _without_places(json.loads(text))
    except ValueError:
        return text


def _without_places(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_places(one) for key, one in value.items() if key not in _WHERE}
    return [_without_places(one) for one in value] if isinstance(value, list) else value


def _read(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _orphans(folder: Path, made: Mapping[str, str]) -> list[str]:
    """Generated files of folders that the pages write to."""
    folders = {(folder / path).parent for path in made}
    present = (file for place in sorted(folders) if place.is_dir() for file in sorted(place.iterdir()) if file.suffix in OURS)
    return [path for file in present if (path := file.relative_to(folder).as_posix()) not in made]
