"""Names that other tools' languages take."""

from collections.abc import Iterable


def aliases(ids: Iterable[str]) -> dict[str, str]:
    """An identifier of letters, digits and underscores for each id; different ids stay different."""
    given: dict[str, str] = {}
    taken: set[str] = set()
    for id in ids:
        base = "n_" + "".join(c if c.isascii() and c.isalnum() else "_" for c in id)
        name, count = base, 1
        while name.lower() in taken:
            count += 1
            name = f"{base}_{count}"
        taken.add(name.lower())
        given[id] = name
    return given
