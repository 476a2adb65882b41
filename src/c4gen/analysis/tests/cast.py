"""Connections as short as a test needs them."""

from c4gen.model.facts import Evidence, Tier
from c4gen.model.graph import Connection, Standing


def arrow(source: str, target: str, sync: str = "sync", places: int = 1) -> Connection:
    evidence = tuple(Evidence(source, f"{target}.py", line + 1, "requests.get") for line in range(places))
    return Connection(f"{source}-{target}", source, target, "", sync, Standing.CODE, Tier.HOST, 0.9, evidence=evidence)


def arrows(text: str) -> list[Connection]:
    """`a>b b~c` is a synchronous arrow and an asynchronous one."""
    return [arrow(*part.replace("~", ">").split(">"), sync="async" if "~" in part else "sync") for part in text.split()]
