"""What staff do on these pages. Each leaves an entry in Wagtail's log with who, what, before and after."""

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from wagtail.log_actions import log

from corridor.accounts.models import User
from corridor.kit import clock
from corridor.kit.outbox import relay
from corridor.kit.outbox.models import OutboxEvent
from corridor.learn.catalog.actions import set_published
from corridor.learn.catalog.errors import ResourceNotFound
from corridor.learn.catalog.models import LearningResource
from corridor.learn.channels.actions import edit_channel
from corridor.learn.channels.models import Channel
from corridor.learn.discovery.models import Boost, SynonymSet
from corridor.learn.ingest import actions as ingest
from corridor.learn.ingest import quarantine
from corridor.learn.ingest.models import IngestRun, QuarantinedRecord, SourceSetting
from corridor.learn.ingest.tasks import run_source
from corridor.learn.sources import source_named
from corridor.web.console.errors import NotNow
from corridor.web.console.work import ask_worker

from . import tasks
from .rules import why_not_replayed

EDITABLE = ("enabled", "largest_unpublished_share", "grace_days", "precedence")
Json = dict[str, Any]

# The codes that entries of the log have, and what Wagtail's history shows for them.
LOGGED = {
    "corridor.source_changed": "Change how a source is read",
    "corridor.source_read": "Read a source now",
    "corridor.record_replayed": "Try a record of the quarantine again",
    "corridor.record_dismissed": "Dismiss a record of the quarantine",
    "corridor.merge_undone": "Undo a merge",
    "corridor.resource_shown": "Show a resource",
    "corridor.resource_hidden": "Hide a resource",
    "corridor.channel_changed": "Change a channel",
    "corridor.letters_replayed": "Replay dead letters",
}


def change_source(code: str, changes: Mapping[str, Any], by: User) -> SourceSetting:
    """Set how a source is read; one that has never run gets its row here. Raises SourceUnknown."""
    with transaction.atomic():
        setting = SourceSetting.objects.select_for_update().filter(source=code).first() or _setting_of(code)
        before = {name: getattr(setting, name) for name in EDITABLE}
        for name in EDITABLE:
            setattr(setting, name, changes[name])
        setting.save()
        _note(setting, "source_changed", by, before, {name: getattr(setting, name) for name in EDITABLE})
    return setting


def _setting_of(code: str) -> SourceSetting:
    source = source_named(code)
    return SourceSetting(source=source.code, name=source.name, default_precedence=source.precedence)


def read_now(code: str, by: User) -> None:
    """Have a worker read a source. Raises SourceUnknown, or NotNow when it is switched off, being read, or no worker can be asked."""
    source_named(code)
    setting = SourceSetting.objects.filter(source=code).first() or change_source(code, _as_it_comes(code), by)
    if not setting.enabled:
        raise NotNow(f"{code} is switched off. Switch it on first.")
    if IngestRun.objects.filter(source=code, status=IngestRun.Status.RUNNING).exists():
        raise NotNow(f"{code} is being read already. Its run is the first in the list.")
    ask_worker(run_source, code)
    log(setting, "corridor.source_read", user=by)


def _as_it_comes(code: str) -> Json:
    setting = _setting_of(code)
    return {name: getattr(setting, name) for name in EDITABLE}


def replay_record(record: QuarantinedRecord, by: User) -> QuarantinedRecord | None:
    """Try one record again, now. Gives it with its reason when it is still refused. Raises NotNow, SourceUnknown or SourceBusy."""
    if reason := why_not_replayed(record.kind, record.raw):
        raise NotNow(reason)
    ingest.retry_quarantine(source_named(record.source), only=[record.id])
    refused = quarantine.open_records(record.source).filter(key=record.key).order_by("-id").first()
    log(record, "corridor.record_replayed", user=by, data={"taken_in": refused is None})
    return refused


def replay_source(code: str, by: User) -> int:
    """Have a worker try all records of a source again. Gives how many are set aside. Raises SourceUnknown or NotNow."""
    source_named(code)
    waiting = quarantine.open_records(code).count()
    if not waiting:
        raise NotNow(f"Nothing of {code} is set aside.")
    ask_worker(tasks.replay_quarantine, code)
    if setting := SourceSetting.objects.filter(source=code).first():
        log(setting, "corridor.record_replayed", user=by, data={"all": waiting})
    return waiting


def dismiss(record: QuarantinedRecord, by: User) -> None:
    """Take a record off the list until its source gives it again in another form, or it fails again."""
    if not QuarantinedRecord.objects.filter(id=record.id, resolved_at=None).update(resolved_at=clock.now()):
        raise NotNow("This record is not in quarantine any more.")
    log(record, "corridor.record_dismissed", user=by, data={"reason": record.reason[:500]})


def undo_merge(source: str, key: str, by: User) -> list[str]:
    """Part a record from the others of its resource, for good. Gives these others. Raises RecordUnknown or NotMerged."""
    others = [f"{other.source}: {other.key}" for other in ingest.unmerge(source, key, by.get_username())]
    if setting := SourceSetting.objects.filter(source=source).first():
        log(setting, "corridor.merge_undone", user=by, data={"key": key, "others": others})
    return others


def show_or_hide(resource_id: int, published: bool, by: User) -> LearningResource:
    """Show a resource to everyone, or to staff alone. Raises ResourceNotFound."""
    with transaction.atomic():
        before = LearningResource.objects.filter(pk=resource_id).values_list("published", flat=True).first()
        if before is None:
            raise ResourceNotFound(resource_id)
        resource = set_published(resource_id, published)
        _note(resource, "resource_shown" if published else "resource_hidden", by, {"published": before}, {"published": published})
    return resource


def change_channel(channel: Channel, changes: Json, by: User) -> None:
    """Change what differs of a channel. Raises ChannelInvalid."""
    before = {name: getattr(channel, name) for name in changes if getattr(channel, name) != changes[name]}
    if not before:
        return
    after = {name: changes[name] for name in before}
    with transaction.atomic():
        changed = edit_channel(channel.pk, after)
        _note(changed, "channel_changed", by, before, after)


def save_synonyms(terms: list[str], set_id: int | None, by: User) -> SynonymSet:
    """Keep a set of words that mean the same: a new one, or other words of one that is there. Raises ValidationError or NotNow."""
    with transaction.atomic():
        found = SynonymSet.objects.select_for_update().filter(pk=set_id).first() if set_id else SynonymSet()
        if found is None:
            raise NotNow("This set of synonyms was deleted meanwhile.")
        found.terms = terms
        _save(found, by)
    return found


def save_boost(query: str, resource_id: int, factor: float, by: User) -> Boost:
    """Move a resource for a query, in place of an earlier boost of the two. Raises ValidationError."""
    with transaction.atomic():
        found = Boost(query=query, resource_id=resource_id)
        found.clean()
        found = Boost.objects.select_for_update().filter(query=found.query, resource=resource_id).first() or found
        found.factor, found.enabled = factor, True
        _save(found, by)
    return found


def _save(tuned: SynonymSet | Boost, by: User) -> None:
    new = tuned.pk is None
    tuned.full_clean()
    tuned.save()
    log(tuned, "wagtail.create" if new else "wagtail.edit", user=by)


def replay_letters(topic: str, by: User) -> int:
    """Deliver the dead letters of a topic again. Gives how many."""
    letter = OutboxEvent.objects.filter(topic=topic).exclude(dead_at=None).first()
    if letter is None:
        raise NotNow(f"{topic} has no dead letters.")
    replayed = relay.replay(topic)
    log(letter, "corridor.letters_replayed", user=by, data={"topic": topic, "letters": replayed})
    return replayed


def _note(about: models.Model, code: str, by: User, before: Json, after: Json) -> None:
    log(about, f"corridor.{code}", user=by, data={"before": before, "after": after})
