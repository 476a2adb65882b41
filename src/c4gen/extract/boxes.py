"""Which box a place in code or an address means: systems and containers of curated models first, what compose files say next, names last."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TypeVar

from c4gen.extract.addresses import bare, host_of, is_local, parts_of, registrable, service_of, slug, stem_of
from c4gen.extract.documents import Service
from c4gen.extract.libraries import library_of
from c4gen.extract.scan import Scan
from c4gen.extract.settings import Settings
from c4gen.extract.values import Text
from c4gen.model.curated import Container, Model, System
from c4gen.model.facts import Evidence, FoundNode, Side, Tier

_OWN = re.compile(
    r"^(SITE_BASE|SITE|APP_BASE|APP|BASE|ROOT|PUBLIC|FRONTEND|MY|OWN|WAGTAILADMIN_BASE|SERVER|HOST|DOMAIN|WEB|WEBSITE)_?(URL|DOMAIN|HOST|NAME|BASE_URL|ROOT)?$"
)
_T = TypeVar("_T")
_IMAGES = (
    (r"postg|mysql|mariadb|mongo|clickhouse|cockroach", "db", "Database"),
    (r"redis|valkey|memcached|dragonfly|keydb", "db", "Cache"),
    (r"rabbit|kafka|nats|activemq|elasticmq", "queue", "Message broker"),
    (r"opensearch|elasticsearch|solr|meili|qdrant|weaviate|typesense|milvus", "db", "Search engine"),
    (r"minio|seaweed|localstack|garage", "db", "Object storage"),
    (r"nginx|apisix|caddy|traefik|haproxy|kong|envoy", "container", "Gateway"),
)


OWN = "its own address"


@dataclass(frozen=True)
class Destination:
    """Where an address leads. `path` is what follows the host, with `{}` for gaps; `hosts` are those known by default."""

    node: str
    tier: Tier
    confidence: float
    host: str
    path: str
    settings: tuple[str, ...]
    env: tuple[str, ...]
    hard_coded: bool
    note: str = ""


@dataclass
class _Known:
    """A box that addresses may mean."""

    id: str
    words: set[str] = field(default_factory=set)  # names without marks
    patterns: list[str] = field(default_factory=list)
    repo: str = ""


def role_of(command: str, name: str = "") -> str:
    """What a command line runs: web, worker, beat, command or nothing known."""
    text = f"{command} {name}".lower()
    if re.search(r"\bcelery\b.*\bbeat\b|\bbeat\b|redbeat", text) and "worker" not in command.lower():
        return "beat"
    if re.search(r"\bcelery\b|\bworker\b|dramatiq|rqworker|run_huey|qcluster|procrastinate", text):
        return "worker"
    if re.search(r"runserver|gunicorn|uwsgi|uvicorn|daphne|granian|hypercorn|\bweb\b|wsgi|asgi", text):
        return "web"
    return ""


def queues_of(command: str) -> tuple[str, ...]:
    """The queues behind `-Q` or `--queues`."""
    match = re.search(r"(?:-Q|--queues)[ =]\s*([\w,.\-]+)", command)
    return tuple(match[1].split(",")) if match else ()


class Boxes:
    def __init__(self, scans: list[Scan], settings: Settings, models: Iterable[Model] = ()) -> None:
        self.scans = scans
        self.settings = settings
        self.models = list(models)
        self.nodes: dict[str, FoundNode] = {}
        self.known: list[_Known] = []
        self._roles: dict[tuple[str, str], list[tuple[str, str, tuple[str, ...]]]] = {}  # (repo, role) -> (path prefix, box, queues)
        self.systems: dict[str, str] = {}  # repository -> system
        self._places: list[tuple[str, str, str]] = []  # (repository, path, box) of systems and containers that say where their code is
        for model in self.models:
            self._curated(model)
        for scan in scans:
            self._repository(scan)

    # what is known

    def _curated(self, model: Model) -> None:
        for system in model.systems:
            repo = system.repo.rpartition("/")[2]
            words = {bare(system.id), bare(system.name), *({bare(repo)} if repo and not self._shared(repo) else ())}
            self.known.append(_Known(system.id, words - {""}, list(system.aliases), system.repo.rpartition("/")[2]))
            if system.source and system.source.path:
                self._places.append((system.source.repo, system.source.path.strip("/"), system.id))
            for container in system.containers:
                if container.source and not container.runs:
                    self._places.append((container.source.repo, container.source.path.strip("/"), container.id))
                names = {bare(container.id), bare(container.name)} - {"", "db", "web", "database", "cache", "api"}
                self.known.append(_Known(container.id, names if system.kind == "internal" else set(), list(container.aliases)))
                self._roles_of(system, container, system.id == model.meta.primary_system)
            if system.id == model.meta.primary_system:
                repo = (
                    system.repo.rpartition("/")[2]
                    or (system.source.repo if system.source else "")
                    or next((one.name for one in model.meta.repositories), "")
                )
                if repo:
                    self.systems.setdefault(repo, system.id)

    def _shared(self, repo: str) -> bool:
        """Whether several systems live in one repository: then its name means none of them."""
        return len(self._living_in(repo)) > 1

    def _living_in(self, repo: str) -> set[str]:
        return {
            model.meta.primary_system
            for model in self.models
            if any(one.repo.rpartition("/")[2] == repo for one in model.systems if one.id == model.meta.primary_system)
        }

    def _own(self, repo: str, path: str) -> str | None:
        """The system that answers at a repository's own address; where several live in it, the one that the path begins with, if any."""
        if not self._shared(repo):
            return self.systems.get(repo, slug(repo))
        first = bare(path.strip("/").partition("/")[0])
        return next((system for system in sorted(self._living_in(repo)) if bare(system) == first), None)

    def _roles_of(self, system: System, container: Container, primary: bool) -> None:
        source = container.source or system.source
        repo = (source.repo if source else system.repo).rpartition("/")[2]
        path = source.path.strip("/") if source else ""
        if not repo or container.shape != "container" or not (primary or system.kind == "internal"):
            return
        guessed = role_of(f"{container.id} {container.technology}", container.name)
        for role in [one.value for one in container.runs] or ([guessed] if guessed else []):
            self._roles.setdefault((repo, role), []).append((path, container.id, container.queues))

    def _repository(self, scan: Scan) -> None:
        id = self.systems.setdefault(scan.name, slug(scan.name))
        if not any(known.id == id for known in self.known):
            self.nodes[id] = FoundNode(id, scan.name, "system")
        words = set() if self._shared(scan.name) else {bare(scan.name)}
        self.known.append(_Known(id, words, sorted(self._own_hosts(scan)), scan.name))
        for path, document in sorted(scan.documents.items()):
            for service in document.services:
                self._service(scan, path, service)

    def _own_hosts(self, scan: Scan) -> set[str]:
        """Hosts at which a repository says that it is itself: its site's address, its OpenAPI servers."""
        hosts = {host_of(server) for document in scan.documents.values() for server in document.servers}
        for repo, name in self.settings.entries:
            if repo == scan.name and _OWN.match(name) and not self.settings.for_tests(repo, name):
                hosts.update(host_of(text.plain) for text in self.settings.open_texts(repo, name) if text.plain)
        return {host for host in hosts if host and not is_local(host) and "." in host}

    def _service(self, scan: Scan, path: str, service: Service) -> None:
        system = self.systems[scan.name]
        evidence = Evidence(scan.name, path, service.line, "service", Side.CONFIG, service.name, service.image)
        image = service.image.rpartition("/")[2].partition(":")[0].partition("@")[0]
        shape, technology = next(
            ((shape, name) for pattern, shape, name in _IMAGES if re.search(pattern, f"{image} {'' if service.build else service.name}")),
            ("container", ""),
        )
        role = "" if shape != "container" or technology == "Gateway" else role_of(service.command, service.name)
        known = self.match_words({bare(service.name)})
        id = known.id if known and known.id != system else f"{system}-{slug(service.name)}" if not known else system
        if id == system:
            id = f"{system}-{role or 'app'}"
        queues = queues_of(service.command)
        if not any(one.id == id for one in self.known):
            self.known.append(_Known(id, set(), [service.name, *service.aliases], ""))
        else:
            next(one for one in self.known if one.id == id).patterns += [service.name, *service.aliases]
        if not any(id == container.id for model in self.models for found in model.systems for container in found.containers):
            before = self.nodes.get(id)
            roles = (role,) if role else ()
            node = FoundNode(
                id,
                service.name,
                "container",
                service.image or technology or "Python",
                shape,
                system,
                roles,
                queues,
                (service.name, *service.aliases),
                (),
                (evidence,),
            )
            self.nodes[id] = replace(before, evidence=(*before.evidence, evidence)) if before else node
        if role and not any(id == box for _, box, _ in self._roles.get((scan.name, role), ())):
            self._roles.setdefault((scan.name, role), []).append(("", id, queues))

    # places in code

    def at(self, repo: str, path: str, role: str, queue: str = "") -> str:
        """The container that runs a file in a role; the system where none is known."""
        options = self._of_role(repo, role, path)
        if role == "worker" and queue:
            options = [one for one in options if queue in one[2]] or [one for one in options if not one[2]] or options
        best = max(options, key=lambda one: len(one[0]), default=None)
        place, length = self.place(repo, path)
        return best[1] if best and len(best[0]) >= length else place

    def running(self, repo: str, path: str, *roles: str) -> list[str]:
        """Every container that runs a file in one of the roles; where none is known, the system."""
        found = [one for role in roles for one in self._of_role(repo, role, path)]
        place, length = self.place(repo, path)
        longest = max((len(prefix) for prefix, _, _ in found), default=-1)
        return sorted({box for _, box, _ in found}) if longest >= length else [place]

    def _of_role(self, repo: str, role: str, path: str) -> list[tuple[str, str, tuple[str, ...]]]:
        """Containers of a role whose code a file is. In a repository of one system they run its other files too."""
        options = self._roles.get((repo, role), [])
        fitting = [one for one in options if path.startswith(one[0])]
        return fitting or ([] if self._shared(repo) else [("", box, queues) for _, box, queues in options])

    def place(self, repo: str, path: str) -> tuple[str, int]:
        """The box whose code a file is, whatever runs it, and how much of the path says so."""
        options = [
            (len(folder), box) for owner, folder, box in self._places if owner == repo and (path == folder or path.startswith(f"{folder}/"))
        ]
        length, box = max(options, default=(0, self.systems.get(repo, slug(repo))))
        return box, length

    def system_of(self, box: str) -> str:
        """The system around a container; a system is its own."""
        around = (system.id for model in self.models for system in model.systems for container in system.containers if container.id == box)
        return next(around, self.nodes[box].system or box if box in self.nodes else box)

    # addresses

    def destination(self, address: Text, repo: str) -> Destination | None:
        """Where an address leads; None when nothing in it says so."""
        settings, env = self.settings.variables(address, repo)
        found: Destination | None = None
        for filled in self.settings.filled(address, repo):
            host, path = parts_of(filled)
            if settings and self.settings.for_tests(repo, settings[0]):
                host = ""
            one = self._destination(host, path, settings, env, repo)
            if one and (found is None or one.confidence > found.confidence):
                found = one
        return found

    def _destination(self, host: str, path: str, settings: tuple[str, ...], env: tuple[str, ...], repo: str) -> Destination | None:
        hard_coded = bool(host) and not settings and not env
        if host and (known := self.by_host(host, repo)):
            return Destination(known.id, Tier.HOST, 0.9, host, path, settings, env, hard_coded)
        for name in (*settings[:1], *env[:1]):
            if known := self._by_setting(name, repo):
                return Destination(known.id, Tier.HOST, 0.75, host, path, settings, env, hard_coded, f"by the name of {name}")
        if host and (pack := library_of(host)):
            return Destination(self.sdk(pack["id"], pack["name"], pack["kind"]), Tier.HOST, 0.9, host, path, settings, env, hard_coded)
        if host and not is_local(host) and re.search(r"\.[a-z][a-z0-9-]+$", host) and "{" not in registrable(host):
            name = service_of(host)
            id = self.external(slug(name), name, hosts=(host,), settings=settings[:1])
            return Destination(id, Tier.HOST, 0.85, host, path, settings, env, hard_coded)
        for name in (*settings[:1], *env[:1]):
            name = re.sub(
                rf"^({re.escape(bare(repo))}|{re.escape(re.sub('[^a-z0-9]+', '_', repo.lower()))})_", "", name, flags=re.IGNORECASE
            )
            if _OWN.match(name) or bare(stem_of(name)) == bare(repo):
                own = self._own(repo, path)
                return Destination(own, Tier.INFERRED, 0.5, host, path, settings, env, False, OWN) if own else None
            if (stem := stem_of(name)) and (host or re.search(r"URL|HOST|ENDPOINT|URI|SERVER|API|BASE|DOMAIN", name)):
                id = self.external(slug(stem), stem.replace("_", " ").title() if len(stem) > 4 else stem, settings=(name,))
                return Destination(id, Tier.HOST, 0.65, host, path, settings, env, False, f"named after {name}")
        return None

    def external(
        self,
        id: str,
        name: str,
        technology: str = "",
        hosts: tuple[str, ...] = (),
        settings: tuple[str, ...] = (),
        evidence: tuple[Evidence, ...] = (),
    ) -> str:
        """Make sure that an outside system is a box; gives the id of a known one that means the same."""
        if known := self.match_words({bare(name), bare(id)}):
            return known.id
        before = self.nodes.get(id)
        if before is None:
            self.nodes[id] = FoundNode(id, name, "external", technology, hosts=hosts, settings=settings, evidence=evidence)
        else:
            self.nodes[id] = replace(
                before,
                hosts=_more(before.hosts, hosts),
                settings=_more(before.settings, settings),
                evidence=_more(before.evidence, evidence)[:5],
            )
        return id

    def by_host(self, host: str, repo: str = "") -> _Known | None:
        """The box behind a host. What is only named like the repository itself is somebody else's: its makers' site, for example."""
        name = host.partition(":")[0].lower()
        for known in self.known:
            if any(_matches(pattern, name) for pattern in known.patterns):
                return known
        labels = name.split(".")
        for known in self.known:
            for word in known.words if not repo or known.id != self.systems.get(repo) else ():
                if len(word) > 3 and (
                    bare(name) == word
                    or word in [bare(label) for label in labels]
                    or word in (bare("".join(labels[:2])), bare("".join(reversed(labels[-3:-1]))))
                ):
                    return known
        domain = registrable(name)
        return next((known for known in self.known if domain in known.patterns), None)

    def _by_setting(self, name: str, repo: str) -> _Known | None:
        """The box that a setting is named after. That of the repository itself only where the whole name says so: many prefix theirs with it."""
        for known in self.known:
            if any(pattern.isupper() and fnmatchcase(name, pattern) for pattern in known.patterns):
                return known
        stem = bare(stem_of(name))
        whole = bare(name)
        exact = [known for known in self.known if stem and stem in known.words]
        longest = [
            (len(word), known)
            for known in self.known
            for word in known.words
            if len(word) > 4 and whole.startswith(word) and known.id != self.systems.get(repo)
        ]
        return exact[0] if exact else max(longest, key=lambda pair: pair[0])[1] if longest else None

    def client_of(self, package: str, repo: str) -> str:
        """The box that a generated client talks to: one whose aliases name the package (`package:@org/client`), or one that it is named after."""
        for known in self.known:
            if f"package:{package}" in known.patterns:
                return known.id
        if not re.search(r"api|client|sdk|axios", package):
            return ""
        tokens = bare(package.rpartition("/")[2])
        found = [
            (len(word), known.id)
            for known in self.known
            for word in known.words
            if len(word) > 3 and tokens.startswith(word) and known.repo != repo
        ]
        return max(found)[1] if found else ""

    def match_words(self, words: set[str]) -> _Known | None:
        return next((known for known in self.known if known.words & words), None)

    def sdk(self, id: str, name: str, technology: str) -> str:
        """The box of a library's service: one whose aliases name it (`sdk:s3`), one of that name, or a new one."""
        for known in self.known:
            if f"sdk:{id}" in known.patterns:
                return known.id
        for known in self.known:
            if bare(id) in known.words or bare(name) in known.words:
                return known.id
        return self.external(id, name, technology)

    def repo_of(self, node: str) -> str:
        """The scanned repository behind a box, "" for outside ones."""
        owner = next((repo for repo, system in self.systems.items() if system == node), "")
        if owner:
            return owner
        found = self.nodes.get(node)
        return (
            self.repo_of(found.system)
            if found and found.system
            else next((known.repo for known in self.known if known.id == node and known.repo), "")
        )


def _more(before: tuple[_T, ...], after: tuple[_T, ...]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys((*before, *after)))


def _matches(pattern: str, host: str) -> bool:
    if pattern.isupper() or pattern.startswith(("sdk:", "package:")):
        return False
    return (
        host == pattern.lower()
        or ("*" in pattern and fnmatchcase(host, pattern.lower()))
        or ("." in pattern and host.endswith(f".{pattern.lower()}"))
    )
