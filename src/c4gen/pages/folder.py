"""Files in memory and files in a folder."""

from collections.abc import Mapping
from pathlib import Path

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


def differences(folder: Path, made: Mapping[str, str]) -> list[str]:
    """One sentence for each file that is missing, differs or should not be there."""
    said = []
    for path, content in sorted(made.items()):
        there = _read(folder / path)
        if there is None:
            said.append(f"{path} is missing.")
        elif there != content:
            said.append(f"{path} differs from what the model and the code give now.")
    return said + [f"{path} belongs to nothing any more." for path in _orphans(folder, made)]


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
