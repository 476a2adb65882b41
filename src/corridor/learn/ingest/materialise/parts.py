"""Relations of resources to their parts, which may come before or after them."""

from collections.abc import Collection, Iterable, Mapping

from corridor.learn.ingest.merge import Json, identity
from corridor.learn.ingest.sql import Table, fetch

RELATIONS = Table("learn_relationship", key=("parent_id", "child_id", "relation_type"), columns=("position",))
GONE = """
    DELETE FROM learn_relationship WHERE parent_id = ANY(%s) AND NOT EXISTS (
        SELECT FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS given (parent, child, kind)
        WHERE given.parent = parent_id AND given.child = child_id AND given.kind = relation_type)
    RETURNING parent_id, child_id
"""
# Neither asks whether a record has a resource: at the start of a bulk load none has, and plans made then go wrong soon after.
# A record's resource first: after a merge it may bear the identity of another source.
NAMED = """
    SELECT identity, resource_id FROM learn_sourcerecord
    WHERE identity = ANY(%(identities)s) AND withdrawn_at IS NULL
    UNION ALL
    SELECT named.identity, resource.id FROM learn_learningresource AS resource JOIN (
        SELECT value AS identity, split_part(value, '|', 1) AS platform, split_part(value, '|', 2) AS kind,
            substr(value, length(split_part(value, '|', 1)) + length(split_part(value, '|', 2)) + 3) AS readable_id
        FROM unnest(%(identities)s::text[]) AS value
    ) AS named ON resource.platform_id = named.platform AND resource.resource_type = named.kind AND resource.readable_id = named.readable_id
"""
WAITING = """
    SELECT DISTINCT resource_id FROM unnest(%s::text[]) AS named (identity)
    JOIN learn_sourcerecord ON part_identities @> ARRAY[named.identity]
    WHERE withdrawn_at IS NULL
"""


def write(records: Mapping[int, Json]) -> set[int]:
    """Relate resources to those of their parts that exist. Gives parents and children of all relations that differ."""
    telling = {id: record["children"] for id, record in records.items() if "children" in record}
    if not telling:
        return set()
    children = {id: [(_identity(child, records[id]), child["relation_type"]) for child in parts] for id, parts in telling.items()}
    found = resources_named({name for parts in children.values() for name, _ in parts})
    rows = list(_rows(children, found))
    touched = {id for pair in RELATIONS.upsert(rows, returning=["parent_id", "child_id"]) for id in pair}
    given = [[row[column] for row in rows] for column in ("parent_id", "child_id", "relation_type")]
    return touched | {id for pair in fetch(GONE, [list(telling), *given]) for id in pair}


def resources_named(identities: Collection[str]) -> dict[str, int]:
    """Resources by the identities that records give them."""
    found = fetch(NAMED, {"identities": list(identities)}) if identities else []
    return {name: id for name, id in reversed(found) if id}


def waiting_for(identities: Collection[str]) -> set[int]:
    """Resources that name these identities as their parts."""
    return {id for (id,) in fetch(WAITING, [list(identities)]) if id} if identities else set()


def _identity(child: Json, parent: Json) -> str:
    return identity(child.get("platform") or parent["platform"], child["resource_type"], child["readable_id"])


def _rows(children: Mapping[int, list[tuple[str, str]]], found: Mapping[str, int]) -> Iterable[Json]:
    for parent, parts in children.items():
        placed = set()
        for position, (name, relation) in enumerate(parts):
            child = found.get(name)
            if child and child != parent and (child, relation) not in placed:
                placed.add((child, relation))
                yield {"parent_id": parent, "child_id": child, "relation_type": relation, "position": position}
