"""Edges with their evidence, from what was found: calls, libraries, settings, gateways, packages, webhooks."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import Any

import yaml

from c4gen.extract.boxes import Boxes, Destination, bare, host_of, provider
from c4gen.extract.clients import BY_NAME, HttpCall, Step
from c4gen.extract.documents import Document, Text
from c4gen.extract.jobs import Jobs
from c4gen.extract.program import External, FunctionRef, Module, Program
from c4gen.extract.reach import Reach, Trigger
from c4gen.extract.routes import normal
from c4gen.extract.scan import Scan
from c4gen.extract.settings import Settings
from c4gen.extract.syntax import Call, Choice, Const, Expr, Items, Pairs
from c4gen.extract.values import Scope, Slot
from c4gen.extract.values import Text as Address
from c4gen.model.facts import Evidence, FoundEdge, FoundNode, Kind, Operation, Side, Tier, Unresolved

_SYNC_KINDS = frozenset({"view", "command", "consumer", "startup"})
_TIERS = list(Tier)


@dataclass
class Draft:
    """An edge while its evidence is gathered; drafts with the same key are one edge."""

    source: str
    target: str
    kind: Kind
    sync: str
    label: str
    operation: str = ""
    queue: str = ""
    tier: Tier = Tier.INFERRED
    confidence: float = 0.5
    protocol: str = ""
    direction: str = "out"
    schedules: set[str] = field(default_factory=set)
    settings: set[str] = field(default_factory=set)
    triggers: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    evidence: set[Evidence] = field(default_factory=set)

    @property
    def key(self) -> tuple[str, ...]:
        return (self.source, self.target, self.kind.value, self.sync, self.operation, self.queue, self.direction)

    def done(self) -> FoundEdge:
        id = blake2b("|".join(self.key).encode(), digest_size=6).hexdigest()
        return FoundEdge(
            id, self.source, self.target, self.kind, self.label, self.sync, self.tier, round(self.confidence, 2), self.protocol, self.operation,
            self.queue, ", ".join(sorted(self.schedules)), self.direction, tuple(sorted(self.settings)), tuple(sorted(self.triggers)[:20]),
            tuple(sorted(self.tags)), tuple(sorted(self.evidence))[:40],
        )  # fmt: skip


@cache
def sdk_pack() -> list[dict[str, Any]]:
    """The libraries of sdk.yaml."""
    loaded: list[dict[str, Any]] = yaml.safe_load(files("c4gen.extract").joinpath("sdk.yaml").read_text())
    return loaded


class Edges:
    def __init__(
        self, program: Program, scans: list[Scan], settings: Settings, jobs: Jobs, reach: Reach, boxes: Boxes, operations: list[Operation]
    ) -> None:
        self.program = program
        self.scans = scans
        self.settings = settings
        self.jobs = jobs
        self.reach = reach
        self.boxes = boxes
        self.operations: dict[str, list[Operation]] = defaultdict(list)
        for operation in operations:
            self.operations[operation.repo].append(operation)
        self.unresolved: list[Unresolved] = []
        self._drafts: dict[tuple[str, ...], Draft] = {}
        self._cadences: dict[str, set[str]] = defaultdict(set)
        for schedule in jobs.schedules():
            known = jobs.named(schedule.task)
            self._cadences[known.task.name if known else schedule.task].add(schedule.cadence)

    def find(self, calls: Iterable[HttpCall]) -> list[FoundEdge]:
        for call in calls:
            self._http(call)
        for module in self.program.modules:
            self._libraries(module)
            self._imported(module)
        for repo, name in list(self.settings.entries):
            self._setting(repo, name)
        self._enqueued()
        for scan in self.scans:
            for path, document in sorted(scan.documents.items()):
                self._document(scan, path, document)
        self._webhooks()
        return sorted(
            (draft.done() for draft in self._drafts.values()),
            key=lambda edge: (edge.source, edge.target, edge.kind, edge.operation, edge.sync, edge.id),
        )

    def add(self, draft: Draft) -> None:
        if draft.source == draft.target:
            return
        known = self._drafts.setdefault(draft.key, draft)
        if known is draft:
            return
        if _TIERS.index(draft.tier) < _TIERS.index(known.tier):
            known.tier = draft.tier
        known.confidence = max(known.confidence, draft.confidence)
        known.tags = (known.tags & draft.tags) | {tag for tag in known.tags | draft.tags if tag.startswith(("no-", "hard-"))}
        for name in ("schedules", "settings", "triggers", "evidence"):
            getattr(known, name).update(getattr(draft, name))

    # who sets it off

    def _runs(self, ref: FunctionRef, runner: FunctionRef | None = None) -> Iterator[tuple[str, str, str, list[Trigger]]]:
        """(box, sync, queue, triggers): one for each way in which a function comes to run. Where it only builds what the `runner` uses, those that
        set off both count."""
        triggers = self.reach.triggers(ref)
        if runner is not None and runner != ref:
            running = self.reach.triggers(runner)
            tasks = [one for one in triggers if one.kind == "task"]
            triggers = [one for one in running if one in triggers] or running or tasks or triggers
        repo, path = ref.module.repo, ref.module.path
        direct = [trigger for trigger in triggers if trigger.kind in ("view", "consumer")]
        commands = [trigger for trigger in triggers if trigger.kind in ("command", "startup", "signal")]
        queues: dict[str, list[Trigger]] = defaultdict(list)
        for trigger in triggers:
            if trigger.kind == "task":
                found = self.jobs.of(trigger.ref)
                queues[found.task.queue if found else ""].append(trigger)
        if direct or (commands and not queues) or not triggers:
            yield self.boxes.at(repo, path, "web"), "sync", "", direct or commands
        for queue, found_triggers in sorted(queues.items()):
            yield self.boxes.at(repo, path, "worker", queue), "async", queue, found_triggers

    def _schedules(self, triggers: Iterable[Trigger]) -> set[str]:
        return {cadence for trigger in triggers if trigger.kind == "task" for cadence in self._cadences.get(trigger.name, ())}

    # HTTP

    def _http(self, call: HttpCall) -> None:
        destination = self.boxes.destination(call.address, call.ref.module.repo)
        if destination is None:
            self._unresolved(call)
            return
        repo = self.boxes.repo_of(destination.node)
        offered = (
            provider(self.operations.get(repo, ()), call.method, normal(destination.path))
            if repo and repo != call.ref.module.repo
            else None
        )
        if offered is None and not repo and destination.confidence < 0.7:
            destination, offered = self._by_path(call, destination)
        evidence = {self._step(step, call.rule, Side.CONSUMER) for step in call.steps}
        evidence.update(one for name in destination.settings if (one := self.settings.evidence(call.ref.module.repo, name)))
        if offered:
            evidence.add(replace(offered.evidence, side=Side.PROVIDER, note=f"{offered.method} {offered.path}"))
        method = call.method if call.method not in ("", "{}") and call.method.isalpha() else "ANY"
        operation = f"{method} {normal(destination.path)}" if destination.path not in ("", "/") else f"{method} /"
        target = self._serving(destination.node, offered)
        for source, sync, queue, triggers in self._runs(call.ref, call.runner):
            self.add(
                Draft(
                    source, target, Kind.HTTP, sync, self._label(operation), operation, queue, Tier.PROVEN if offered else destination.tier,
                    min(0.99, destination.confidence + (0.1 if offered else 0)) - (0.2 if call.rule == BY_NAME else 0), "HTTPS",
                    schedules=self._schedules(triggers), settings={*destination.settings, *destination.env},
                    triggers={f"{trigger.kind}: {trigger.route or trigger.name}" for trigger in triggers}, tags=_tags(call, destination), evidence=evidence,
                )
            )  # fmt: skip

    def _label(self, operation: str) -> str:
        method, _, path = operation.partition(" ")
        return path if method == "ANY" else operation

    def _serving(self, node: str, offered: Operation | None) -> str:
        """The web container of a scanned system, where one is known."""
        repo = self.boxes.repo_of(node)
        if offered is None or node != self.boxes.systems.get(repo):
            return node
        return self.boxes.at(repo, offered.evidence.path, "web")

    def _by_path(self, call: HttpCall, destination: Destination) -> tuple[Destination, Operation | None]:
        """A host that says nothing, and a path that one scanned repository alone provides: likely that one."""
        path = normal(destination.path)
        if sum("{}" not in part for part in path.strip("/").split("/")) < 3:
            return destination, None
        found = [
            (repo, one)
            for repo, offered in self.operations.items()
            if repo != call.ref.module.repo and (one := provider(offered, call.method, path))
        ]
        if len(found) != 1:
            return destination, None
        repo, operation = found[0]
        note = f"{path} is provided by {repo} alone"
        return replace(destination, node=self.boxes.systems[repo], tier=Tier.INFERRED, confidence=0.6, note=note), operation

    def _step(self, step: Step, rule: str, side: Side) -> Evidence:
        return Evidence(step.ref.module.repo, step.ref.module.path, step.line, rule, side, step.ref.shown)

    def _unresolved(self, call: HttpCall) -> None:
        slot = next((slot for slot in call.address.slots), None)
        reasons = {
            "param": "the address is given by callers that were not found",
            "unknown": "the address comes from data",
            "setting": "the setting has no address in code",
        }
        if not slot and not call.address.shown.startswith("http"):
            reason = "the address has no host"
        else:
            reason = reasons.get(slot.kind if slot else "", "the host is local or unknown")
        triggers = tuple(sorted({f"{one.kind}: {one.name}" for one in self.reach.triggers(call.ref)})[:5])
        found = Unresolved(
            call.ref.module.repo,
            call.ref.module.path,
            call.steps[0].line,
            call.ref.shown,
            f"{call.method} {call.address.shown}"[:200],
            reason,
            triggers,
        )
        if not any(
            (one.repo, one.path, one.line, one.expression.partition(" ")[2])
            == (found.repo, found.path, found.line, call.address.shown[:190])
            for one in self.unresolved
        ):
            self.unresolved.append(found)

    # libraries

    def _libraries(self, module: Module) -> None:
        for alias, entry in module.imports.items():
            name = ".".join(part for part in (self.program.absolute(module, entry), entry.name) if part)
            pack = next(
                (one for one in sdk_pack() if any(name == symbol or name.startswith(f"{symbol}.") for symbol in one["symbols"])), None
            )
            if pack is None or not isinstance(self.program.lookup(module, alias), External) or _telltale(name):
                continue
            users = [
                function for function in module.file.functions if any(ref == alias or ref.startswith(f"{alias}.") for ref in function.refs)
            ]
            for function in users:
                self._library(FunctionRef(module, function), alias, pack, entry.line)

    def _imported(self, module: Module) -> None:
        """Code of one system that imports another's, where models say which code is whose."""
        source, known = self.boxes.place(module.repo, module.path)
        for entry in module.file.imports if known else ():
            name = self.program.absolute(module, entry)
            target = self.program.module(f"{name}.{entry.name}", module.repo) or self.program.module(name, module.repo)
            if target is None or target.repo != module.repo:
                continue
            box, length = self.boxes.place(target.repo, target.path)
            if length and self.boxes.system_of(box) != self.boxes.system_of(source):
                evidence = {
                    Evidence(module.repo, module.path, entry.line, "import", Side.CONSUMER, module.name),
                    Evidence(target.repo, target.path, 1, "module", Side.PROVIDER, target.name),
                }
                self.add(Draft(source, box, Kind.IMPORT, "sync", "Imports", "", "", Tier.PROVEN, 0.99, "Python", evidence=evidence))

    def _library(self, ref: FunctionRef, alias: str, pack: dict[str, Any], line: int) -> None:
        target = self.boxes.sdk(pack["id"], pack["name"], pack["kind"])
        used = next(
            (call.line for call in ref.function.calls if _root(call.func) == alias), ref.function.line if ref.function.name else line
        )
        settings = {name for name in pack.get("addresses", ()) if self.settings.known(ref.module.repo, name)}
        buckets = {slot.name for call in ref.function.calls if pack["kind"] == "storage" for slot in self._bucket(call, ref)}
        evidence = {
            Evidence(ref.module.repo, ref.module.path, used, f"sdk {pack['id']}", Side.CONSUMER, ref.shown),
            Evidence(ref.module.repo, ref.module.path, line, "import", Side.CONFIG, alias),
        }
        for source, sync, queue, triggers in self._runs(ref):
            label = f"{pack['name']}: {', '.join(sorted(buckets))}" if buckets else pack["name"]
            self.add(
                Draft(source, target, Kind.SDK, sync, label, "", queue, Tier.SDK, 0.8, pack["protocol"], schedules=self._schedules(triggers),
                      settings=settings | buckets, triggers={f"{one.kind}: {one.route or one.name}" for one in triggers}, tags={pack["kind"]}, evidence=evidence)
            )  # fmt: skip

    def _bucket(self, call: Call, ref: FunctionRef) -> Iterator[Slot]:
        given = call.keyword("Bucket", "bucket_name", "bucket")
        if given is not None:
            for text in self.settings.evaluator.texts(given, Scope(ref.module, ref.function)):
                yield from (slot for slot in text.slots if slot.kind in ("setting", "env"))

    # settings

    def _setting(self, repo: str, name: str) -> None:
        evidence = self.settings.evidence(repo, name)
        if evidence is None:
            return
        texts = {text for entry in self.settings.entries[repo, name] for assign in entry.assigns for text in _texts(assign.value, 0)}
        shown = {text.shown for text in self.settings.open_texts(repo, name)} | texts
        source = self.boxes.at(repo, evidence.path, "web")
        if name in ("DATABASES", "DATABASE_URL"):
            self._database(repo, source, shown, evidence)
            return
        for pack in sdk_pack():
            if pack["kind"] == "cache" and any("://" in text for text in shown):
                continue  # the address says more
            if any(re.search(pattern, text) for pattern in pack.get("settings", ()) for text in shown):
                target = self.boxes.sdk(pack["id"], pack["name"], pack["kind"])
                self.add(
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
                self._broker(source, name, match[1], match[2], evidence)

    def _database(self, repo: str, source: str, texts: set[str], evidence: Evidence) -> None:
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
        host = next((host_of(text) for text in sorted(texts) if host_of(text)), "")
        if found == "SQLite" and any("postg" in text for text in texts):
            found = "PostgreSQL"
        known = self.boxes.by_host(host) if host else None
        system = self.boxes.system_of(source)
        target = (
            known.id
            if known
            else self._shaped(system) or self._own(system, f"{system}-db", "Database", found or "Relational database", "db", evidence)
        )
        for role in ("web", "worker"):
            box = self.boxes.at(repo, evidence.path, role)
            self.add(
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

    def _shaped(self, system: str) -> str:
        """The relational database of a system, where a model or a compose file has one."""
        own = [container for model in self.boxes.models for one in model.systems if one.id == system for container in one.containers]
        curated = [
            one.id
            for one in own
            if one.shape == "db" and re.search(r"sql|maria|database|\bdb\b", f"{one.id} {one.name} {one.technology}", re.IGNORECASE)
        ]
        found = [
            node.id
            for node in self.boxes.nodes.values()
            if node.system == system and node.shape == "db" and re.search(r"postg|mysql|maria|sql", node.technology)
        ]
        return (curated or found or [""])[0]

    def _own(self, system: str, id: str, name: str, technology: str, shape: str, evidence: Evidence) -> str:
        self.boxes.nodes.setdefault(id, FoundNode(id, name, "container", technology, shape, system, evidence=(evidence,)))
        return id

    def _broker(self, source: str, name: str, scheme: str, host: str, evidence: Evidence) -> None:
        service = {
            "amqp": ("rabbitmq", "RabbitMQ", "queue"),
            "amqps": ("rabbitmq", "RabbitMQ", "queue"),
            "kafka": ("kafka", "Kafka", "queue"),
            "memcached": ("memcached", "Memcached", "cache"),
        }
        id, title, kind = service.get(
            scheme, ("mongodb", "MongoDB", "database") if scheme.startswith("mongo") else ("redis", "Redis", "cache")
        )
        known = self.boxes.by_host(host) if host else None
        target = known.id if known else self.boxes.sdk(id, title, kind)
        is_broker = "BROKER" in name or kind == "queue"
        for role in ("web", "worker") if is_broker else ("web",):
            self.add(
                Draft(self.boxes.at(evidence.repo, evidence.path, role), target, Kind.QUEUE if is_broker else Kind.CACHE, "async" if is_broker else "sync",
                      "Tasks" if is_broker else title, "", "", Tier.CONFIG, 0.85, scheme, settings={name}, tags={"broker"} if is_broker else {"cache"}, evidence={evidence})
            )  # fmt: skip

    # queues

    def _enqueued(self) -> None:
        """Producer to worker: who hands which task to which queue."""
        for ref, task_ref, line in self.reach.enqueues:
            found = self.jobs.of(task_ref)
            if found is None:
                continue
            evidence = {
                Evidence(ref.module.repo, ref.module.path, line, "enqueue", Side.CONSUMER, ref.shown),
                replace(found.task.evidence, side=Side.PROVIDER),
            }
            target = self.boxes.at(found.ref.module.repo, found.ref.module.path, "worker", found.task.queue)
            for source, _, _, triggers in self._runs(ref):
                self.add(
                    Draft(source, target, Kind.QUEUE, "async", found.task.name.rpartition(".")[2], found.task.name, found.task.queue, Tier.PROVEN, 0.9, "Celery",
                          triggers={f"{one.kind}: {one.route or one.name}" for one in triggers}, tags={"async"}, evidence=evidence)
                )  # fmt: skip

    # configuration files and front ends

    def _document(self, scan: Scan, path: str, document: Document) -> None:
        for route in document.routes:
            target = self.boxes.by_host(route.target.partition(":")[0])
            gateway = self._gateway(scan, route.gateway, path)
            if target and gateway:
                evidence = Evidence(scan.name, path, route.line, route.gateway, Side.CONFIG, route.match, ", ".join(route.auth))
                tags = {"gateway", *(f"auth:{name}" for name in route.auth)}
                self.add(
                    Draft(
                        gateway,
                        target.id,
                        Kind.GATEWAY,
                        "sync",
                        route.match,
                        f"ANY {normal(route.match)}",
                        "",
                        Tier.CONFIG,
                        0.9,
                        "HTTP",
                        tags=tags,
                        evidence={evidence},
                    )
                )
        if document.kind == "package":
            self._package(scan, path, document)
        elif document.kind == "script":
            self._script(scan, path, document)

    def _gateway(self, scan: Scan, name: str, path: str) -> str:
        known = self.boxes.match_words({name}) or next((one for one in self.boxes.known if name in one.patterns), None)
        if known:
            return known.id
        return self._own(
            self.boxes.systems[scan.name],
            f"{self.boxes.systems[scan.name]}-{name}",
            name,
            "Gateway",
            "container",
            Evidence(scan.name, path, 1, name, Side.CONFIG),
        )

    def _browser(self, scan: Scan, path: str) -> str:
        """The front end that a script belongs to: a container that runs in browsers, or one for the nearest package.json."""
        box = self.boxes.at(scan.name, path, "browser")
        if box != self.boxes.systems[scan.name]:
            return box
        folders = [one.rpartition("/")[0] for one in scan.paths if one.endswith("package.json") and path.startswith(one.rpartition("/")[0])]
        if not folders:
            return box
        if not scan.python:
            return box
        return self._own(
            self.boxes.systems[scan.name],
            f"{box}-frontend",
            "Front end",
            "JavaScript",
            "container",
            Evidence(scan.name, f"{min(folders, key=len)}/package.json".lstrip("/"), 1, "package.json", Side.CONFIG),
        )

    def _package(self, scan: Scan, path: str, document: Document) -> None:
        """Generated clients: packages named after another scanned system, or that a model names (`package:@org/client`)."""
        source = self._browser(scan, path)
        for package in document.packages:
            target = self._client_of(scan, package)
            if target and target != self.boxes.systems[scan.name]:
                uses = self._imports(scan, package.name)
                evidence = {Evidence(scan.name, path, package.line, "package.json", Side.CONFIG, package.name, package.value), *uses}
                confidence = 0.9 if uses else 0.7
                self.add(
                    Draft(
                        source,
                        target,
                        Kind.PACKAGE,
                        "sync",
                        f"{package.name} (generated client)",
                        "",
                        "",
                        Tier.CONFIG,
                        confidence,
                        "HTTPS",
                        tags={"generated-client"},
                        evidence=evidence,
                    )
                )

    def _client_of(self, scan: Scan, package: Text) -> str:
        for known in self.boxes.known:
            if f"package:{package.name}" in known.patterns:
                return known.id
        tokens = bare(package.name.rpartition("/")[2])
        if not re.search(r"api|client|sdk|axios", package.name):
            return ""
        found = [
            (len(word), known.id)
            for known in self.boxes.known
            for word in known.words
            if len(word) > 3 and tokens.startswith(word) and known.repo != scan.name
        ]
        return max(found)[1] if found else ""

    def _imports(self, scan: Scan, package: str) -> set[Evidence]:
        found = [
            Evidence(scan.name, path, one.line, "import", Side.CONSUMER, one.name)
            for path, document in sorted(scan.documents.items())
            for one in document.imports
            if one.name == package or one.name.startswith(f"{package}/")
        ]
        return set(found[:10])

    def _script(self, scan: Scan, path: str, document: Document) -> None:
        source = self._browser(scan, path)
        for variable in document.variables:
            if not re.search(r"URL|ORIGIN|HOST|ENDPOINT|BASE", variable.name):
                continue
            destination = self.boxes.destination(Address((Slot("env", variable.name),)), scan.name)
            if destination and destination.node != self.boxes.systems[scan.name]:
                evidence = Evidence(scan.name, path, variable.line, "environment of a script", Side.CONSUMER, variable.name)
                self.add(
                    Draft(
                        source,
                        destination.node,
                        Kind.CONFIG,
                        "sync",
                        variable.name,
                        "",
                        "",
                        Tier.CONFIG,
                        0.6,
                        "HTTPS",
                        settings={variable.name},
                        evidence={evidence},
                    )
                )
        for address in document.addresses:
            self._script_call(scan, path, source, address)

    def _script_call(self, scan: Scan, path: str, source: str, address: Text) -> None:
        evidence = Evidence(scan.name, path, address.line, "fetch", Side.CONSUMER, address.name, address.value[:120])
        text = re.sub(r"\$\{[^}]*\}", "{}", address.value)
        if host := host_of(address.value):
            destination = self.boxes.destination(Address((text,)), scan.name)
            if destination and "{" not in host:
                operation = f"ANY {normal(destination.path)}"
                self.add(
                    Draft(
                        source,
                        destination.node,
                        Kind.HTTP,
                        "sync",
                        normal(destination.path),
                        operation,
                        "",
                        Tier.HOST,
                        0.7,
                        "HTTPS",
                        tags={"hard-coded-host"},
                        evidence={evidence},
                    )
                )
        elif text.startswith("/"):
            offered = provider(self.operations.get(scan.name, ()), "ANY", normal(text.partition("?")[0]))
            if offered:
                operation = f"{offered.method} {offered.path}"
                target = self.boxes.at(scan.name, offered.evidence.path, "web")
                self.add(
                    Draft(
                        source,
                        target,
                        Kind.HTTP,
                        "sync",
                        offered.path,
                        operation,
                        "",
                        Tier.PROVEN,
                        0.85,
                        "HTTPS",
                        evidence={evidence, replace(offered.evidence, side=Side.PROVIDER)},
                    )
                )

    # webhooks

    def _webhooks(self) -> None:
        for repo, operations in self.operations.items():
            for operation in operations:
                if operation.method not in ("POST", "ANY") or not (operation.signature_check or _is_hook(operation)):
                    continue
                words = [bare(part) for part in re.split(r"[/_\-.]", f"{operation.path}/{operation.name}/{operation.handler}")]
                pack = next((one for one in sdk_pack() if bare(one["id"]) in words or bare(one["name"]) in words), None)
                if pack:
                    source = self.boxes.sdk(pack["id"], pack["name"], pack["kind"])
                    target = self.boxes.at(repo, operation.evidence.path, "web")
                    tags = {"webhook", *({"signed"} if operation.signature_check else {"unsigned"})}
                    self.add(
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


def _telltale(name: str) -> bool:
    """Imports that name exceptions and types alone say nothing of a call."""
    return (
        name.rpartition(".")[2].endswith(("Error", "Exception"))
        or ".exceptions" in name
        or name in ("django.core.mail", "django.core.mail.outbox")
    )


def _root(expr: Expr) -> str:
    while (inner := getattr(expr, "base", None) or getattr(expr, "func", None)) is not None:
        expr = inner
    return getattr(expr, "id", "")


def _tags(call: HttpCall, destination: Destination) -> set[str]:
    tags = set()
    if not call.timeout:
        tags.add("no-timeout")
    if not call.retry:
        tags.add("no-retry")
    if not call.auth:
        tags.add("no-auth")
    if destination.hard_coded:
        tags.add("hard-coded-host")
    if re.search(r"csrf|scrape|html|BeautifulSoup|bs4", " ".join(sorted(call.ref.function.refs)), re.IGNORECASE):
        tags.add("scrape")
    return tags


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
