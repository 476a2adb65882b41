"""Everything found, joined to edges with their evidence: who calls whom, how it is known, and what sets it off."""

import re
from collections.abc import Iterable
from dataclasses import replace

from c4gen.extract.addresses import bare
from c4gen.extract.clients import HttpCall
from c4gen.extract.document_edges import of_document
from c4gen.extract.drafts import Draft, Drafts
from c4gen.extract.http_edges import of_calls
from c4gen.extract.libraries import sdk_pack
from c4gen.extract.library_edges import of_imports, of_libraries
from c4gen.extract.settings_edges import of_setting
from c4gen.model.facts import Evidence, FoundEdge, Kind, Operation, Side, Tier


def find_edges(drafts: Drafts, calls: Iterable[HttpCall]) -> list[FoundEdge]:
    of_calls(drafts, calls)
    for module in drafts.program.modules:
        of_libraries(drafts, module)
        of_imports(drafts, module)
    for repo, name in list(drafts.settings.entries):
        of_setting(drafts, repo, name)
    _enqueued(drafts)
    for scan in drafts.scans:
        for path, document in sorted(scan.documents.items()):
            of_document(drafts, scan, path, document)
    _webhooks(drafts)
    return drafts.done()


def _enqueued(drafts: Drafts) -> None:
    """Producer to worker: who hands which task to which queue."""
    for ref, task_ref, line in drafts.reach.enqueues:
        found = drafts.jobs.of(task_ref)
        if found is None:
            continue
        evidence = {
            Evidence(ref.module.repo, ref.module.path, line, "enqueue", Side.CONSUMER, ref.shown),
            replace(found.task.evidence, side=Side.PROVIDER),
        }
        target = drafts.boxes.at(found.ref.module.repo, found.ref.module.path, "worker", found.task.queue)
        for source, _, _, triggers in drafts.runs(ref):
            drafts.add(
                Draft(source, target, Kind.QUEUE, "async", found.task.name.rpartition(".")[2], found.task.name, found.task.queue, Tier.PROVEN, 0.9, "Celery",
                      triggers={f"{one.kind}: {one.route or one.name}" for one in triggers}, tags={"async"}, evidence=evidence)
            )  # fmt: skip


def _webhooks(drafts: Drafts) -> None:
    for repo, operations in drafts.operations.items():
        for operation in operations:
            if operation.method not in ("POST", "ANY") or not (operation.signature_check or _is_hook(operation)):
                continue
            words = [bare(part) for part in re.split(r"[/_\-.]", f"{operation.path}/{operation.name}/{operation.handler}")]
            pack = next((one for one in sdk_pack() if bare(one["id"]) in words or bare(one["name"]) in words), None)
            if pack:
                source = drafts.boxes.sdk(pack["id"], pack["name"], pack["kind"])
                target = drafts.boxes.at(repo, operation.evidence.path, "web")
                tags = {"webhook", *({"signed"} if operation.signature_check else {"unsigned"})}
                drafts.add(
                    Draft(
                        source,
                        target,
                        Kind.WEBHOOK,
                        "async",
                        f"Webhook {operation.path}",
                        f"POST {operation.path}",
                        "",
                        Tier.INFERRED,
                        0.7,
                        "HTTPS",
                        "in",
                        tags=tags,
                        evidence={replace(operation.evidence, note=operation.signature_check)},
                    )
                )


def _is_hook(operation: Operation) -> bool:
    return bool(re.search(r"web-?_?hook|/ipn\b|/callback", f"{operation.path} {operation.name}", re.IGNORECASE))
