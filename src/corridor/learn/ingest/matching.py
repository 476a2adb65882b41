"""Which resource each record belongs to: records that may have to do with one another are loaded, grouped and given a resource."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import orjson

from corridor.learn.catalog.models import LearningResource

from . import precedence
from .merge import Barriers, Group, Json, Listed, Name, combine, identity, identity_of, partition
from .models import MergeBarrier, SourceRecord
from .sql import fetch, new_ids

TOO_COMMON = 50  # records that hold a key, from which on it says nothing
FARTHEST = 20  # steps from record to record by shared keys

# Records in force that share a key, or a resource, with given ones.
RELATED = """
    SELECT near.id FROM unnest(%(keys)s::text[]) AS wanted (key)
    CROSS JOIN LATERAL (
        SELECT id, count(*) OVER () AS holders FROM (
            SELECT id FROM learn_sourcerecord WHERE match_keys @> ARRAY[wanted.key] AND withdrawn_at IS NULL LIMIT %(common)s + 1
        ) AS found
    ) AS near WHERE near.holders <= %(common)s
    UNION SELECT id FROM learn_sourcerecord WHERE resource_id = ANY(%(resources)s) AND withdrawn_at IS NULL
"""
LOADED = """
    SELECT id, source, key, digest, match_keys, record::text, resource_id, pending, missing_since IS NOT NULL, withdrawn_at IS NOT NULL
    FROM learn_sourcerecord WHERE id = ANY(%s)
"""
DESCRIBED = "SELECT resource_id FROM learn_sourcerecord WHERE resource_id = ANY(%s) AND withdrawn_at IS NULL AND id <> ALL(%s)"


@dataclass
class Target:
    """A resource and the records that make it."""

    resource: int
    group: Group
    is_new: bool = False

    @property
    def record(self) -> Json:
        """What its records say together."""
        return combine([member.record for member in self.group.members]).record


@dataclass
class Plan:
    """What is to be made of some pending records."""

    targets: list[Target] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)  # records that say nothing any more
    deserted: set[int] = field(default_factory=set)  # resources that no record describes any more
    setbacks: list[tuple[Listed, str]] = field(default_factory=list)  # records that no resource can be made of, and why
    displaced: set[int] = field(default_factory=set)  # resources that give up their identity to another


@dataclass
class _Known:
    """A record and where it belongs until now."""

    listed: Listed
    resource: int | None
    pending: bool
    missing: bool
    withdrawn: bool


def plan(ids: Collection[int]) -> Plan:
    """Group the records and those they may have to do with. Reads only."""
    known = _neighbourhood(ids)
    made = Plan(withdrawn=[each.listed.id for each in known.values() if each.withdrawn])
    in_force = _without_rivals([each for each in known.values() if not each.withdrawn], made)
    groups = partition((each.listed for each in in_force), _barriers({each.listed.name for each in in_force}))
    _give_resources(groups, known, made)
    before = {each.resource for each in known.values() if each.resource}
    made.deserted = before - {target.resource for target in made.targets} - _described(before, known)
    made.targets = list(_affected(made.targets, known))
    return made


def _affected(targets: Iterable[Target], known: dict[int, _Known]) -> Iterator[Target]:
    """Targets made of other records than before, or of records that say something new."""
    before: defaultdict[int | None, set[int]] = defaultdict(set)
    for id, each in known.items():
        before[each.resource].add(id)
    for target in targets:
        members = {member.id for member in target.group.members}
        if target.is_new or members != before[target.resource] or any(known[id].pending for id in members):
            yield target


# --- loading


def _neighbourhood(ids: Collection[int]) -> dict[int, _Known]:
    """The records and all that share keys or a resource with them, directly or by way of others."""
    known: dict[int, _Known] = {}
    fresh = set(ids)
    for _ in range(FARTHEST):
        loaded = _load(fresh)
        known |= {each.listed.id: each for each in loaded}
        keys = list({key for each in loaded for key in each.listed.keys})
        resources = [each.resource for each in loaded if each.resource]
        related = fetch(RELATED, {"keys": keys, "resources": resources, "common": TOO_COMMON})
        fresh = {id for (id,) in related} - known.keys()
        if not fresh:
            break
    return known


def _load(ids: Collection[int]) -> list[_Known]:
    believed = precedence.of_sources()
    return [
        _Known(
            Listed(id, source, key, believed[source], () if withdrawn else tuple(keys), orjson.loads(record), digest),
            resource,
            pending,
            missing,
            withdrawn,
        )
        for id, source, key, digest, keys, record, resource, pending, missing, withdrawn in fetch(LOADED, [list(ids)])
    ]


def _barriers(names: Collection[Name]) -> Barriers:
    rows = MergeBarrier.objects.values_list("source", "key", "other_source", "other_key")
    return frozenset(frozenset(((a, b), (c, d))) for a, b, c, d in rows if (a, b) in names and (c, d) in names)


def _described(resources: Collection[int], known: dict[int, _Known]) -> set[int]:
    """Those of the resources that records in force describe which were not looked at."""
    return {id for (id,) in fetch(DESCRIBED, [list(resources), list(known)])} if resources else set()


# --- records of one source that claim the same identity


def _without_rivals(records: Sequence[_Known], made: Plan) -> list[_Known]:
    """One record of a source for each identity. A missing one gives way: its key was changed. Of others the first counts."""
    claims: defaultdict[tuple[str, str], list[_Known]] = defaultdict(list)
    for each in records:
        claims[each.listed.source, identity_of(each.listed.record)].append(each)
    kept = []
    for rivals in claims.values():
        first, *rest = sorted(rivals, key=lambda each: (each.missing, each.listed.key))
        kept.append(first)
        for rival in rest:
            if rival.missing:
                made.withdrawn.append(rival.listed.id)
                first.resource = first.resource or rival.resource
            else:
                reason = f"describes the same {rival.listed.record['resource_type']} as {first.listed.key}: platform and readable_id are the same"
                made.setbacks.append((rival.listed, reason))
    return kept


# --- resources for groups


def _give_resources(groups: Iterable[Group], known: dict[int, _Known], made: Plan) -> None:
    """Each group keeps the resource of its members if it can: a public one first, then the most trusted member's."""
    ordered = sorted(groups, key=lambda group: group.members[0].trust)
    stored = _stored(ordered, known)
    owners = {each.identity: each.id for each in stored.values()}
    busy = _described(owners.values(), known)
    taken: set[int] = set()
    claimed: set[str] = set()
    homeless: list[Target] = []
    for group in ordered:
        owner = owners.get(group.identity)
        if group.identity in claimed or owner in busy:
            made.setbacks += [(member, f"{group.identity} is taken by a resource that is kept apart from it") for member in group.members]
            continue
        claimed.add(group.identity)
        target = Target(_choice(group, known, stored, owner, taken) or 0, group)
        taken.add(target.resource)
        (made.targets if target.resource else homeless).append(target)
    for target, id in zip(homeless, new_ids(LearningResource, len(homeless)), strict=True):
        target.resource, target.is_new = id, True
        made.targets.append(target)
    _displace(made, stored, owners)


@dataclass(frozen=True)
class _Stored:
    id: int
    identity: str
    published: bool


def _stored(groups: Sequence[Group], known: dict[int, _Known]) -> dict[int, _Stored]:
    """The resources of the records, and those that have the identities of the groups."""
    parts = [group.identity.split("|", 2) for group in groups]
    ids = [each.resource for each in known.values() if each.resource]
    statement = """
        SELECT id, platform_id, resource_type, readable_id, published FROM learn_learningresource WHERE id = ANY(%s)
        UNION SELECT id, platform_id, resource_type, resource.readable_id, published FROM learn_learningresource AS resource
        JOIN unnest(%s::text[], %s::text[], %s::text[]) AS named (platform, kind, readable_id)
        ON platform_id = platform AND resource_type = kind AND resource.readable_id = named.readable_id
    """
    rows = fetch(statement, [ids, *([part[place] for part in parts] for place in range(3))])
    return {id: _Stored(id, identity(platform, kind, readable_id), published) for id, platform, kind, readable_id, published in rows}


def _choice(group: Group, known: dict[int, _Known], stored: dict[int, _Stored], owner: int | None, taken: set[int]) -> int | None:
    """The resource for a group: its members' first, then one that has its identity and that nobody describes."""
    own = [resource for member in group.members if (resource := known[member.id].resource) and resource in stored and resource not in taken]
    if own:
        return min(own, key=lambda id: (id != owner, not stored[id].published, own.index(id)))
    return owner if owner and owner not in taken else None


def _displace(made: Plan, stored: dict[int, _Stored], owners: dict[str, int]) -> None:
    """Resources that have to give up an identity before another takes it, or because they take another themselves."""
    for target in made.targets:
        owner = owners.get(target.group.identity)
        if owner and owner != target.resource:
            made.displaced.add(owner)
        before = stored.get(target.resource)
        if before and before.identity != target.group.identity:
            made.displaced.add(before.id)


def records_of(resources: Collection[int]) -> dict[int, Json]:
    """What the records of resources say together, for resources that stay as they are."""
    believed = precedence.of_sources()
    members: defaultdict[int, list[Listed]] = defaultdict(list)
    rows = SourceRecord.objects.filter(resource__in=resources, withdrawn_at=None, pending=False)
    for resource, id, source, key, record in rows.values_list("resource", "id", "source", "key", "record"):
        members[resource].append(Listed(id, source, key, believed[source], (), record))
    return {id: combine([each.record for each in sorted(listed, key=lambda each: each.trust)]).record for id, listed in members.items()}
