"""Edges of settings: databases, brokers, caches, back ends."""

import re
from collections.abc import Iterator

from c4gen.extract.addresses import host_of, is_local, slug
from c4gen.extract.drafts import Draft, Drafts
from c4gen.extract.libraries import sdk_pack
from c4gen.extract.syntax import Call, Choice, Const, Expr, Items, Pairs
from c4gen.model.facts import Evidence, Kind, Tier


def of_setting(drafts: Drafts, repo: str, name: str) -> None:
    evidence = drafts.settings.evidence(repo, name)
    if evidence is None or drafts.settings.for_tests(repo, name):
        return
    texts = {text for entry in drafts.settings.entries[repo, name] for assign in entry.assigns for text in _texts(assign.value, 0)}
    shown = {text.shown for text in drafts.settings.open_texts(repo, name)} | texts
    source = drafts.boxes.at(repo, evidence.path, "web")
    if name in ("DATABASES", "DATABASE_URL"):
        _database(drafts, repo, source, shown, evidence)
        return
    for pack in sdk_pack():
        if pack["kind"] == "cache" and any("://" in text for text in shown):
            continue  # the address says more
        if any(re.search(pattern, text) for pattern in pack.get("settings", ()) for text in shown):
            target = drafts.boxes.sdk(pack["id"], pack["name"], pack["kind"])
            drafts.add(
                Draft(
                    source,
                    target,
                    Kind.CACHE if pack["kind"] == "cache" else Kind.SDK,
                    "sync",
                    pack["name"],
                    "",
                    "",
                    Tier.CONFIG,
                    0.8,
                    pack["protocol"],
                    settings={name},
                    tags={pack["kind"]},
                    evidence={evidence},
                )
            )
    for text in shown:
        if match := re.match(r"(rediss?|valkeys?|amqps?|memcached|mongodb(?:\+srv)?|kafka)://(?:[^@/]*@)?([^:/]*)", text):
            _broker(drafts, source, name, match[1], match[2], evidence)


def _database(drafts: Drafts, repo: str, source: str, texts: set[str], evidence: Evidence) -> None:
    found = next(
        (
            engine
            for pattern, engine in (
                ("postg|psycopg", "PostgreSQL"),
                ("mysql|mariadb", "MySQL"),
                ("oracle", "Oracle"),
                ("sqlite", "SQLite"),
            )
            if any(re.search(pattern, text) for text in texts)
        ),
        "",
    )
    hosts = [host_of(text) for text in sorted(texts)] + [
        text for entry in drafts.settings.entries[repo, evidence.symbol] for assign in entry.assigns for text in _hosts(assign.value)
    ]
    host = next((one for one in hosts if one), "")
    if found == "SQLite" and any("postg" in text for text in texts):
        found = "PostgreSQL"
    known = drafts.boxes.by_host(host) if host else None
    system = drafts.boxes.system_of(source)
    target = (
        known.id
        if known
        else _shaped(drafts, system)
        or (drafts.boxes.external(slug(host), host, found, hosts=(host,)) if "." in host and not is_local(host) else "")
        or drafts.container(system, f"{system}-db", "Database", found or "Relational database", "db", evidence)
    )
    for box in drafts.boxes.running(repo, evidence.path, "web", "worker"):
        drafts.add(
            Draft(
                box,
                target,
                Kind.DATABASE,
                "sync",
                "Reads and writes",
                "",
                "",
                Tier.CONFIG,
                0.9,
                found or "SQL",
                settings={evidence.symbol},
                evidence={evidence},
            )
        )


def _shaped(drafts: Drafts, system: str) -> str:
    """The relational database of a system, where a model or a compose file has one."""
    own = [container for model in drafts.boxes.models for one in model.systems if one.id == system for container in one.containers]
    curated = [
        one.id
        for one in own
        if one.shape == "db" and re.search(r"sql|maria|database|\bdb\b", f"{one.id} {one.name} {one.technology}", re.IGNORECASE)
    ]
    found = [
        node.id
        for node in drafts.boxes.nodes.values()
        if node.system == system and node.shape == "db" and re.search(r"postg|mysql|maria|sql", node.technology)
    ]
    return (curated or found or [""])[0]


def _broker(drafts: Drafts, source: str, name: str, scheme: str, host: str, evidence: Evidence) -> None:
    service = {
        "amqp": ("rabbitmq", "RabbitMQ", "queue"),
        "amqps": ("rabbitmq", "RabbitMQ", "queue"),
        "kafka": ("kafka", "Kafka", "queue"),
        "memcached": ("memcached", "Memcached", "cache"),
    }
    id, title, kind = service.get(scheme, ("mongodb", "MongoDB", "database") if scheme.startswith("mongo") else ("redis", "Redis", "cache"))
    known = drafts.boxes.by_host(host) if host else None
    target = known.id if known else drafts.boxes.sdk(id, title, kind)
    is_broker = "BROKER" in name or kind == "queue"
    boxes = drafts.boxes
    for box in (
        boxes.running(evidence.repo, evidence.path, "web", "worker", "beat")
        if is_broker
        else [boxes.at(evidence.repo, evidence.path, "web")]
    ):
        drafts.add(
            Draft(box, target, Kind.QUEUE if is_broker else Kind.CACHE, "async" if is_broker else "sync",
                  "Tasks" if is_broker else title, "", "", Tier.CONFIG, 0.85, scheme, settings={name}, tags={"broker"} if is_broker else {"cache"}, evidence={evidence})
        )  # fmt: skip


def _hosts(expr: Expr) -> Iterator[str]:
    """What stands under HOST in a dict of databases."""
    for key, value in expr.items if isinstance(expr, Pairs) else ():
        if isinstance(key, Const) and key.value == "HOST":
            yield from _texts(value, 0)
        else:
            yield from _hosts(value)


def _texts(expr: Expr, depth: int) -> Iterator[str]:
    """The texts that stand in an expression."""
    if depth > 8:
        return
    match expr:
        case Const(value=str() as text):
            yield text
        case Items(items=items):
            for one in items:
                yield from _texts(one, depth + 1)
        case Pairs(items=pairs):
            for _, value in pairs:
                yield from _texts(value, depth + 1)
        case Choice(options=options):
            for option in options:
                yield from _texts(option, depth + 1)
        case Call(args=args, keywords=keywords):
            for value in (*args, *(given for _, given in keywords)):
                yield from _texts(value, depth + 1)
