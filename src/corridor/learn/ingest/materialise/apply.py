"""A plan carried out: everything that its resources are, in one transaction, documents included."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from corridor.kit import clock, outbox
from corridor.learn.catalog import documents
from corridor.learn.catalog.topics import TopicLookup
from corridor.learn.content.index import TOPIC as CONTENTS
from corridor.learn.ingest import matching, quarantine
from corridor.learn.ingest.matching import Plan, Target
from corridor.learn.ingest.merge import Join, Json, Listed, identity_of
from corridor.learn.ingest.quarantine import RIVAL, Setback
from corridor.learn.ingest.sql import execute
from corridor.learn.ingest.tally import Tally

from . import files, links, parts, resources, runs

# A record that was staged anew in the meantime stays pending.
SETTLE = """
    UPDATE learn_sourcerecord AS record SET resource_id = settled.resource, pending = record.digest <> settled.digest OR withdrawn_at IS NOT NULL
    FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS settled (id, resource, digest)
    WHERE record.id = settled.id AND (pending OR resource_id IS DISTINCT FROM settled.resource)
"""
# A withdrawn record keeps its resource, so that it finds it again when it returns.
SETTLE_WITHDRAWN = """
    UPDATE learn_sourcerecord SET pending = false, withdrawn_at = coalesce(withdrawn_at, %s)
    WHERE id = ANY(%s) AND (withdrawn_at IS NOT NULL OR missing_since IS NOT NULL)
"""
GIVEN = "unnest(%s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[]) AS given (source, key, resource, rule, evidence)"
PARTED = f"""
    UPDATE learn_mergeentry AS entry SET undone_at = now() FROM {GIVEN}
    WHERE entry.source = given.source AND entry.key = given.key AND entry.undone_at IS NULL
    AND (entry.resource_id, entry.rule, entry.evidence) IS DISTINCT FROM (given.resource, given.rule, given.evidence)
"""  # noqa: S608 - GIVEN is a constant
JOINED = f"""
    INSERT INTO learn_mergeentry (source, key, resource_id, rule, evidence, undone_by)
    SELECT source, key, resource, rule, evidence, '' FROM {GIVEN}
    ON CONFLICT (source, key) WHERE undone_at IS NULL DO NOTHING
"""  # noqa: S608 - likewise


@dataclass(frozen=True)
class Applied:
    documents: int = 0
    unpublished: int = 0


def apply(plan: Plan, lookup: TopicLookup, tally: Tally) -> Applied:
    """Make the resources of a plan what their records say. To be called in a transaction."""
    merged = {target.resource: target.record for target in plan.targets}
    members = {target.resource: target.group.members for target in plan.targets}
    touched = resources.displace(plan.displaced) if plan.displaced else set()
    touched |= resources.write(merged)
    touched |= runs.write(merged)
    touched |= links.write(merged, members, lookup, tally)
    touched |= resources.unpublish(plan.deserted) if plan.deserted else set()
    _settle(plan)
    waiting = matching.records_of(_waiting(plan.targets) - merged.keys())
    touched |= parts.write(merged | waiting)
    touched |= _write_files(merged | waiting)
    _log_merges(plan.targets)
    _keep_setbacks(plan, tally)
    published = documents.publish(touched)
    return Applied(len(published.changed), len(published.unpublished))


def _write_files(records: dict[int, Json]) -> set[int]:
    """Write the files of resources and owe a look at them. Gives the resources for which something differs."""
    changed = files.write(records)
    outbox.publish(CONTENTS, map(str, sorted(changed)))
    return changed


def _settle(plan: Plan) -> None:
    settled = [(member.id, target.resource, member.digest) for target in plan.targets for member in target.group.members]
    execute(SETTLE, [[each[place] for each in settled] for place in range(3)])
    if plan.withdrawn:
        execute(SETTLE_WITHDRAWN, [clock.now(), plan.withdrawn])


def _waiting(targets: Iterable[Target]) -> set[int]:
    """Resources that name those of the targets as their parts."""
    return parts.waiting_for({identity_of(member.record) for target in targets for member in target.group.members})


def _log_merges(targets: Iterable[Target]) -> None:
    """Note why each record but the first is part of its resource, and which are no more."""
    members = [(target, member) for target in targets for member in target.group.members]
    joined = [(target, member) for target, member in members if member.id in target.group.joins]
    execute(PARTED, _columns(members))
    if joined:
        execute(JOINED, _columns(joined))


def _columns(rows: Iterable[tuple[Target, Listed]]) -> list[list[Any]]:
    """Source, key, resource, rule and evidence of records; the rule is empty for the first of a resource."""
    joins = [(member, target.resource, target.group.joins.get(member.id, Join("", ""))) for target, member in rows]
    return [
        [member.source for member, _, _ in joins],
        [member.key for member, _, _ in joins],
        [resource for _, resource, _ in joins],
        [join.rule for _, _, join in joins],
        [join.evidence for _, _, join in joins],
    ]


def _keep_setbacks(plan: Plan, tally: Tally) -> None:
    """Set aside the records that no resource can be made of; take those off the list that now have one."""
    aside: defaultdict[str, list[Setback]] = defaultdict(list)
    for listed, reason in plan.setbacks:
        tally.warn("no resource could be made of it", f"{listed.source}: {listed.key}")
        aside[listed.source].append(Setback(listed.key, RIVAL, listed.record, reason))
    for source, setbacks in aside.items():
        quarantine.keep(source, None, setbacks)
    settled: defaultdict[str, list[str]] = defaultdict(list)
    for target in plan.targets:
        for member in target.group.members:
            settled[member.source].append(member.key)
    for source, keys in settled.items():
        quarantine.resolve_unmade(source, keys)
