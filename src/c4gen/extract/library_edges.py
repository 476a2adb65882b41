"""Edges of libraries that talk to one kind of service, and of imports across systems."""

from collections.abc import Iterator

from c4gen.extract.drafts import Draft, Drafts
from c4gen.extract.libraries import Library, imported, of_cloud, of_google
from c4gen.extract.program import External, FunctionRef, Module, called_name
from c4gen.extract.syntax import Call, Expr
from c4gen.extract.values import Scope, Slot
from c4gen.model.facts import Evidence, Kind, Side, Tier


def of_libraries(drafts: Drafts, module: Module) -> None:
    for alias, entry in module.imports.items():
        name = ".".join(part for part in (drafts.program.absolute(module, entry), entry.name) if part)
        if not isinstance(drafts.program.lookup(module, alias), External) or _telltale(name):
            continue
        users = [
            function for function in module.file.functions if any(ref == alias or ref.startswith(f"{alias}.") for ref in function.refs)
        ]
        if client := drafts.boxes.client_of(name.partition(".")[0], module.repo):
            for function in users:
                _client(drafts, FunctionRef(module, function), alias, name.partition(".")[0], client, entry.line)
            continue
        pack = imported(name)
        if pack is None:
            continue
        for function in users:
            ref = FunctionRef(module, function)
            for one in _services(drafts, ref, name, alias) or [pack]:
                _library(drafts, ref, alias, one, entry.line)


def _services(drafts: Drafts, ref: FunctionRef, name: str, alias: str) -> list[Library]:
    """The services that a library of many is asked for by name: `boto3.client("sqs")`, `build("youtube", "v3")`."""
    if name.partition(".")[0] not in ("boto3", "aioboto3", "googleapiclient"):
        return []
    asked = [
        (call, text.plain)
        for call in ref.function.calls
        if called_name(call) in ("client", "resource", "build")
        and (_root(call.func) == alias or name.partition(".")[0] != "googleapiclient")
        for text in drafts.settings.evaluator.texts(call.argument(0, "service_name", "serviceName"), Scope(ref.module, ref.function))
        if text.plain
    ]
    return [of_cloud(plain) if called_name(call) != "build" else of_google(plain) for call, plain in asked]


def of_imports(drafts: Drafts, module: Module) -> None:
    """Code of one system that imports another's, where models say which code is whose."""
    source, known = drafts.boxes.place(module.repo, module.path)
    for entry in module.file.imports if known else ():
        name = drafts.program.absolute(module, entry)
        target = drafts.program.module(f"{name}.{entry.name}", module.repo) or drafts.program.module(name, module.repo)
        if target is None or target.repo != module.repo:
            continue
        box, length = drafts.boxes.place(target.repo, target.path)
        if length and drafts.boxes.system_of(box) != drafts.boxes.system_of(source):
            evidence = {
                Evidence(module.repo, module.path, entry.line, "import", Side.CONSUMER, module.name),
                Evidence(target.repo, target.path, 1, "module", Side.PROVIDER, target.name),
            }
            drafts.add(Draft(source, box, Kind.IMPORT, "sync", "Imports", "", "", Tier.PROVEN, 0.99, "Python", evidence=evidence))


def _client(drafts: Drafts, ref: FunctionRef, alias: str, package: str, target: str, line: int) -> None:
    """A function that uses the generated client of another system."""
    used = next((call.line for call in ref.function.calls if _root(call.func) == alias), ref.function.line if ref.function.name else line)
    evidence = {
        Evidence(ref.module.repo, ref.module.path, used, "generated client", Side.CONSUMER, ref.shown),
        Evidence(ref.module.repo, ref.module.path, line, "import", Side.CONFIG, alias),
    }
    for source, sync, queue, triggers in drafts.runs(ref):
        drafts.add(
            Draft(source, target, Kind.PACKAGE, sync, f"{package} (generated client)", "", queue, Tier.SDK, 0.9, "HTTPS", schedules=drafts.schedules(triggers),
                  triggers={f"{one.kind}: {one.route or one.name}" for one in triggers}, tags={"generated-client"}, evidence=evidence)
        )  # fmt: skip


def _library(drafts: Drafts, ref: FunctionRef, alias: str, pack: Library, line: int) -> None:
    target = drafts.boxes.sdk(pack["id"], pack["name"], pack["kind"])
    used = next((call.line for call in ref.function.calls if _root(call.func) == alias), ref.function.line if ref.function.name else line)
    settings = {name for name in pack.get("addresses", ()) if drafts.settings.known(ref.module.repo, name)}
    buckets = {slot.name for call in ref.function.calls if pack["kind"] == "storage" for slot in _bucket(drafts, call, ref)}
    evidence = {
        Evidence(ref.module.repo, ref.module.path, used, f"sdk {pack['id']}", Side.CONSUMER, ref.shown),
        Evidence(ref.module.repo, ref.module.path, line, "import", Side.CONFIG, alias),
    }
    for source, sync, queue, triggers in drafts.runs(ref):
        label = f"{pack['name']}: {', '.join(sorted(buckets))}" if buckets else pack["name"]
        drafts.add(
            Draft(source, target, Kind.SDK, sync, label, "", queue, Tier.SDK, 0.8, pack["protocol"], schedules=drafts.schedules(triggers),
                  settings=settings | buckets, triggers={f"{one.kind}: {one.route or one.name}" for one in triggers}, tags={pack["kind"]}, evidence=evidence)
        )  # fmt: skip


def _bucket(drafts: Drafts, call: Call, ref: FunctionRef) -> Iterator[Slot]:
    given = call.keyword("Bucket", "bucket_name", "bucket")
    if given is not None:
        for text in drafts.settings.evaluator.texts(given, Scope(ref.module, ref.function)):
            yield from (slot for slot in text.slots if slot.kind in ("setting", "env"))


def _telltale(name: str) -> bool:
    """Imports that name exceptions and types alone say nothing of a call."""
    return name.rpartition(".")[2].endswith(("Error", "Exception")) or ".exceptions" in name or name == "django.core.mail.outbox"


def _root(expr: Expr) -> str:
    while (inner := getattr(expr, "base", None) or getattr(expr, "func", None)) is not None:
        expr = inner
    return getattr(expr, "id", "")
