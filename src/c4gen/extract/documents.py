"""Configuration files and scripts as plain values: compose, Kubernetes, gateways, OpenAPI, environment files, packages, front ends."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from c4gen.model.reading import Malformed, Place, Tree, yaml_trees

METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
LONGEST_SCRIPT = 400_000  # characters; what is longer was generated


@dataclass(slots=True)
class Service:
    """A container that runs: a compose service, a Kubernetes workload, a line of a Procfile."""

    name: str
    image: str
    command: str
    line: int
    build: str = ""
    ports: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    env: tuple[tuple[str, str, int], ...] = ()


@dataclass(slots=True)
class GatewayRoute:
    """Requests to `match` go on to `target` (`host:port`). `auth` names the plug-in or directive that lets them through."""

    match: str
    target: str
    line: int
    gateway: str  # nginx, caddy, apisix, ingress
    auth: tuple[str, ...] = ()


@dataclass(slots=True)
class SpecOperation:
    method: str
    path: str
    name: str
    line: int


@dataclass(slots=True)
class Text:
    """A name with a value and its line: a variable, a package with its version, a literal with how it was used."""

    name: str
    value: str
    line: int


@dataclass(slots=True)
class Document:
    kind: str  # openapi, compose, kubernetes, gateway, env, package, script, project
    title: str = ""
    services: list[Service] = field(default_factory=list)
    routes: list[GatewayRoute] = field(default_factory=list)
    operations: list[SpecOperation] = field(default_factory=list)
    servers: list[str] = field(default_factory=list)
    variables: list[Text] = field(default_factory=list)
    packages: list[Text] = field(default_factory=list)
    imports: list[Text] = field(default_factory=list)
    addresses: list[Text] = field(default_factory=list)
    error: str = ""
    error_line: int = 0


def read_document(path: str, content: bytes) -> Document | None:
    """What a file tells, None when it is of no kind known here. Never raises over content."""
    pure = PurePosixPath(path)
    text = content.decode(errors="replace")
    try:
        if pure.suffix in (".ts", ".tsx", ".js", ".jsx", ".mjs"):
            return _script(text)
        if pure.name == "package.json":
            return _package(text)
        if pure.suffix in (".yml", ".yaml", ".json"):
            return _structured(path, text)
        if pure.name == "Caddyfile":
            return Document("gateway", routes=list(_caddy(text)))
        if ".conf" in pure.name:
            return _nginx(text)
        if pure.name == "Procfile":
            return Document("compose", services=list(_procfile(text)))
        if ".env" in pure.name:
            return Document("env", variables=list(_environment(text)))
        if pure.name == "pyproject.toml":
            return _project(text)
    except Malformed as error:
        if "{{" in text or "{%" in text:
            return Document("template")
        return Document("broken", error=str(error), error_line=error.line)
    except RecursionError:
        return Document("broken", error="The file nests too deeply.")
    return None


def _structured(path: str, text: str) -> Document | None:
    head = text[:20_000]
    name = PurePosixPath(path).name.lower()
    if re.search(r"^[\"' {]*(openapi|swagger)[\"']?\s*:", head, re.MULTILINE):
        return _openapi(_trees(path, text)[0])
    if "compose" in name or re.search(r"^services:\s*$", head, re.MULTILINE):
        return _compose(_trees(path, text)[0])
    if re.search(r"^apiVersion:", head, re.MULTILINE):
        return _kubernetes(_trees(path, text))
    if "apisix" in path.lower() or re.search(r"^(routes|upstreams):\s*$", head, re.MULTILINE):
        return _apisix(_trees(path, text)[0])
    if name == "app.json":
        return _app_json(_trees(path, text)[0])
    return None


def _trees(path: str, text: str) -> list[Tree]:
    if path.endswith(".json"):
        try:
            return [Tree(json.loads(text), {})]
        except ValueError as error:
            raise Malformed(f"This is no JSON: {error}.", getattr(error, "lineno", 0)) from None
    return yaml_trees(text, lenient=True) or [Tree(None, {})]


def _mapping(value: Any) -> dict[str, Any]:
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _words(value: Any) -> str:
    return " ".join(str(item) for item in value) if isinstance(value, list) else str(value or "")


def _openapi(tree: Tree) -> Document:
    root = _mapping(tree.value)
    document = Document("openapi", title=str(_mapping(root.get("info")).get("title", "")))
    document.servers = [str(_mapping(server).get("url", "")) for server in _list(root.get("servers"))]
    base = str(root.get("basePath", "") or "").rstrip("/")
    for path, item in _mapping(root.get("paths")).items():
        for method, operation in _mapping(item).items():
            if method in METHODS:
                name = str(_mapping(operation).get("operationId", ""))
                document.operations.append(SpecOperation(method.upper(), base + path, name, tree.line(("paths", path, method))))
    return document


def _compose(tree: Tree) -> Document:
    document = Document("compose")
    for name, value in _mapping(_mapping(tree.value).get("services")).items():
        service = _mapping(value)
        build = service.get("build")
        networks = [_mapping(network) for network in _mapping(service.get("networks")).values()]
        document.services.append(
            Service(
                name,
                str(service.get("image", "") or ""),
                f"{_words(service.get('entrypoint'))} {_words(service.get('command'))}".strip(),
                tree.line(("services", name)),
                build=str(_mapping(build).get("context", "") or ".") if isinstance(build, dict) else str(build or ""),
                ports=tuple(str(port) for port in _list(service.get("ports")) + _list(service.get("expose"))),
                aliases=tuple(str(alias) for network in networks for alias in _list(network.get("aliases"))),
                env=tuple(_compose_env(tree, ("services", name, "environment"), service.get("environment"))),
            )
        )
    return document


def _compose_env(tree: Tree, place: Place, value: Any) -> Iterator[tuple[str, str, int]]:
    for name, item in _mapping(value).items():
        yield name, _default_of(str("" if item is None else item)), tree.line((*place, name))
    for index, item in enumerate(_list(value)):
        name, _, given = str(item).partition("=")
        yield name, _default_of(given), tree.line((*place, index))


def _default_of(value: str) -> str:
    """`${X:-y}` is y, `${X}` nothing."""
    return re.sub(r"\$\{\w+(?::?[-?]([^}]*))?\}", lambda match: match[1] or "", value)


def _kubernetes(trees: list[Tree]) -> Document:
    document = Document("kubernetes")
    for tree in trees:
        root = _mapping(tree.value)
        kind = str(root.get("kind", ""))
        spec = _mapping(root.get("spec"))
        name = str(_mapping(root.get("metadata")).get("name", ""))
        if kind in ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod"):
            document.services.extend(_workload(tree, name, spec))
        elif kind == "Ingress":
            document.routes.extend(_ingress(tree, spec))
        elif kind == "ApisixRoute":
            document.routes.extend(_apisix_crd(tree, spec))
        elif kind == "ConfigMap":
            document.variables.extend(Text(key, str(value), tree.line(("data", key))) for key, value in _mapping(root.get("data")).items())
    return document


def _workload(tree: Tree, name: str, spec: dict[str, Any]) -> Iterator[Service]:
    pod = spec
    for key in ("jobTemplate", "spec", "template", "spec"):
        pod = _mapping(pod.get(key)) if key in pod else pod
    containers = [_mapping(container) for container in _list(pod.get("containers"))]
    for container in containers:
        env = tuple(
            (str(pair.get("name")), str(pair.get("value", "") or ""), tree.line(())) for pair in map(_mapping, _list(container.get("env")))
        )
        command = f"{_words(container.get('command'))} {_words(container.get('args'))}".strip()
        own = name if len(containers) == 1 else f"{name}-{container.get('name', '')}"
        yield Service(own, str(container.get("image", "") or ""), command, tree.line(("spec",)), env=env)


def _ingress(tree: Tree, spec: dict[str, Any]) -> Iterator[GatewayRoute]:
    for index, rule in enumerate(map(_mapping, _list(spec.get("rules")))):
        for path in map(_mapping, _list(_mapping(rule.get("http")).get("paths"))):
            backend = _mapping(path.get("backend"))
            service = _mapping(backend.get("service")).get("name") or backend.get("serviceName") or ""
            yield GatewayRoute(
                f"{rule.get('host', '')}{path.get('path', '/')}", str(service), tree.line(("spec", "rules", index)), "ingress"
            )


def _apisix_crd(tree: Tree, spec: dict[str, Any]) -> Iterator[GatewayRoute]:
    for index, rule in enumerate(map(_mapping, _list(spec.get("http")))):
        match = _mapping(rule.get("match"))
        auth = _auth_of([str(plugin.get("name")) for plugin in map(_mapping, _list(rule.get("plugins")))])
        for backend in map(_mapping, _list(rule.get("backends"))):
            target = str(backend.get("serviceName", ""))
            yield GatewayRoute(_words(match.get("paths")), target, tree.line(("spec", "http", index)), "apisix", auth)


def _auth_of(plugins: list[str]) -> tuple[str, ...]:
    return tuple(sorted(name for name in plugins if re.search(r"auth|openid|jwt|key|hmac|cas", name)))


def _apisix(tree: Tree) -> Document:
    root = _mapping(tree.value)
    document = Document("gateway")
    upstreams = {str(upstream.get("id", "")): _nodes(upstream) for upstream in map(_mapping, _list(root.get("upstreams")))}
    services = {str(service.get("id", "")): service for service in map(_mapping, _list(root.get("services")))}
    for index, route in enumerate(map(_mapping, _list(root.get("routes")))):
        service = services.get(str(route.get("service_id", "")), {})
        upstream_id = str(route.get("upstream_id", "") or service.get("upstream_id", ""))
        targets = _nodes(_mapping(route.get("upstream") or service.get("upstream"))) or upstreams.get(upstream_id, [])
        auth = _auth_of([*_mapping(route.get("plugins")), *_mapping(service.get("plugins"))])
        match = _words(route.get("uris")) or str(route.get("uri", ""))
        document.routes.extend(GatewayRoute(match, target, tree.line(("routes", index)), "apisix", auth) for target in targets)
    return document


def _nodes(upstream: dict[str, Any]) -> list[str]:
    nodes = upstream.get("nodes")
    if isinstance(nodes, dict):
        return [str(node) for node in nodes]
    return [f"{node.get('host', '')}:{node.get('port', '')}" for node in map(_mapping, _list(nodes))]


def _app_json(tree: Tree) -> Document:
    document = Document("env")
    for name, value in _mapping(_mapping(tree.value).get("env")).items():
        document.variables.append(Text(name, str(_mapping(value).get("value", "") or "") if isinstance(value, dict) else str(value), 0))
    return document


def _line_of(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


_UPSTREAM = re.compile(r"upstream\s+([\w.-]+)\s*\{([^}]*)\}")
_LOCATION = re.compile(r"location\s+(?:[=~^*]+\s+)?(\S+)\s*\{")
_PASS = re.compile(r"^\s*(?:proxy|uwsgi|fastcgi|grpc)_pass\s+([^;#\s]+)\s*;", re.MULTILINE)
_AUTH = re.compile(r"\b(auth_basic|auth_request|auth_jwt)\s+[^;]+;")


def _nginx(text: str) -> Document:
    servers = {name: re.findall(r"server\s+([^;\s]+)", body) for name, body in _UPSTREAM.findall(text)}
    document = Document("gateway")
    locations = [(match.start(), match[1]) for match in _LOCATION.finditer(text)]
    for found in _PASS.finditer(text):
        match = next((path for start, path in reversed(locations) if start < found.start()), "/")
        start = next((start for start, _ in reversed(locations) if start < found.start()), 0)
        auth = tuple(sorted(set(_AUTH.findall(text[start : found.end()]))))
        host = re.sub(r"^\w+://", "", found[1]).partition("/")[0]
        for target in servers.get(host, [host]):
            document.routes.append(GatewayRoute(match, target, _line_of(text, found.start(1)), "nginx", auth))
    return document


_PROXY = re.compile(r"^\s*reverse_proxy\s+(.+?)\s*\{?$", re.MULTILINE)


def _caddy(text: str) -> Iterator[GatewayRoute]:
    for found in _PROXY.finditer(text):
        words = found[1].split()
        match = words.pop(0) if words and words[0].startswith(("/", "@", "*")) else "/"
        for target in words:
            yield GatewayRoute(match, re.sub(r"^\w+://", "", target), _line_of(text, found.start(1)), "caddy")


def _procfile(text: str) -> Iterator[Service]:
    for number, line in enumerate(text.splitlines(), 1):
        if match := re.match(r"([\w-]+):\s*(.+)", line):
            yield Service(match[1], "", match[2], number, build=".")


def _environment(text: str) -> Iterator[Text]:
    for number, line in enumerate(text.splitlines(), 1):
        if match := re.match(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$", line):
            yield Text(match[1], match[2].strip("\"'"), number)


def _package(text: str) -> Document:
    try:
        root = _mapping(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise Malformed(f"This is no JSON: {error}.", getattr(error, "lineno", 0)) from None
    document = Document("package", title=str(root.get("name", "")))
    for kind in ("dependencies", "devDependencies", "peerDependencies"):
        for name, version in _mapping(root.get(kind)).items():
            document.packages.append(Text(name, str(version), _line_of(text, max(text.find(f'"{name}"'), 0))))
    return document


def _project(text: str) -> Document | None:
    import tomllib

    try:
        root = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Malformed(f"This is no TOML: {error}.") from None
    project = _mapping(root.get("project")) or _mapping(_mapping(root.get("tool")).get("poetry"))
    return Document("project", title=str(project.get("name", ""))) if project.get("name") else None


_IMPORT = re.compile(r"""(?:\bfrom\s|\bimport\s|\brequire\(|\bimport\()\s*["']([^"'\n.][^"'\n]*)["']""")
_VARIABLE = re.compile(r"(?:process\.env|import\.meta\.env|\benv)(?:\.|\(\s*[\"']|\[\s*[\"'])([A-Z][A-Z0-9_]{2,})")
_ADDRESS = re.compile(r"""\(\s*([`"'])((?:https?://|wss?://|/|\$\{)[^`"'\\\n]{0,300})\1""")
_HELD = re.compile(r"""\b(?:const|let|var)\s+(\w+)\s*=\s*(?:process\.env|import\.meta\.env)(?:\.|\[\s*["'])([A-Z][A-Z0-9_]{2,})""")
_CALLEE = re.compile(r"[\w.$]+$")
_REQUESTS = re.compile(r"(^|\.)(fetch|axios|ajax|get|post|put|patch|delete|request|WebSocket|EventSource)$|[Cc]lient|[Ff]etch|^api")


def _script(text: str) -> Document | None:
    if len(text) > LONGEST_SCRIPT or len(text) > 300 * (text.count("\n") + 1):
        return None
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    document = Document("script")
    document.imports = [Text(match[1], "", bisect_right(starts, match.start())) for match in _IMPORT.finditer(text)]
    document.variables = [Text(match[1], "", bisect_right(starts, match.start())) for match in _VARIABLE.finditer(text)]
    held = dict(_HELD.findall(text))
    for match in _ADDRESS.finditer(text):
        callee = _CALLEE.search(text[max(0, match.start() - 60) : match.start()])
        if callee and _REQUESTS.search(callee[0]):
            address = re.sub(r"^\$\{(\w+)\}", lambda name: f"${{{held.get(name[1], name[1])}}}", match[2])
            document.addresses.append(Text(callee[0], address, bisect_right(starts, match.start())))
    return document
