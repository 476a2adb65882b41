"""Edges of configuration files and front ends: gateways, packages, scripts."""

import re
from dataclasses import replace

from c4gen.extract.addresses import bare, host_of, normal, provider, slug
from c4gen.extract.documents import Document, Text
from c4gen.extract.drafts import Draft, Drafts
from c4gen.extract.scan import Scan
from c4gen.extract.values import Slot
from c4gen.extract.values import Text as Address
from c4gen.model.facts import Evidence, Kind, Side, Tier


def of_document(drafts: Drafts, scan: Scan, path: str, document: Document) -> None:
    for route in document.routes:
        target = drafts.boxes.by_host(route.target.partition(":")[0])
        gateway = _gateway(drafts, scan, route.gateway, path)
        if target and gateway:
            evidence = Evidence(scan.name, path, route.line, route.gateway, Side.CONFIG, route.match, ", ".join(route.auth))
            tags = {"gateway", *(f"auth:{name}" for name in route.auth)}
            drafts.add(
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
        _package(drafts, scan, path, document)
    elif document.kind == "script":
        _script(drafts, scan, path, document)


def _gateway(drafts: Drafts, scan: Scan, name: str, path: str) -> str:
    known = drafts.boxes.match_words({name}) or next((one for one in drafts.boxes.known if name in one.patterns), None)
    if known:
        return known.id
    return drafts.container(
        drafts.boxes.systems[scan.name],
        f"{drafts.boxes.systems[scan.name]}-{name}",
        name,
        "Gateway",
        "container",
        Evidence(scan.name, path, 1, name, Side.CONFIG),
    )


def _browser(drafts: Drafts, scan: Scan, path: str) -> str:
    """The front end that a script belongs to: a container that runs in browsers, or one for the nearest package.json."""
    box = drafts.boxes.at(scan.name, path, "browser")
    if box != drafts.boxes.systems[scan.name]:
        return box
    folders = [one.rpartition("/")[0] for one in scan.paths if one.endswith("package.json") and path.startswith(one.rpartition("/")[0])]
    if not folders:
        return box
    if not scan.python:
        return box
    return drafts.container(
        drafts.boxes.systems[scan.name],
        f"{box}-frontend",
        "Front end",
        "JavaScript",
        "container",
        Evidence(scan.name, f"{min(folders, key=len)}/package.json".lstrip("/"), 1, "package.json", Side.CONFIG),
    )


def _package(drafts: Drafts, scan: Scan, path: str, document: Document) -> None:
    """Generated clients: packages named after another scanned system, or that a model names (`package:@org/client`)."""
    source = _browser(drafts, scan, path)
    for package in document.packages:
        target = drafts.boxes.client_of(package.name, scan.name) or _made_of(drafts, scan, package.name)
        if target and target != drafts.boxes.systems[scan.name]:
            uses = _imports(scan, package.name)
            evidence = {Evidence(scan.name, path, package.line, "package.json", Side.CONFIG, package.name, package.value), *uses}
            confidence = 0.9 if uses else 0.7
            drafts.add(
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


def _made_of(drafts: Drafts, scan: Scan, package: str) -> str:
    """The outside system that a generated client of an organization names, where nobody described it: `@org/shop-api-axios` is of shop."""
    match = re.fullmatch(r"@[\w.-]+/([\w-]+?)-(api|openapi)(-v\d+)?(-(axios|client|fetch|sdk))", package)
    if match is None or bare(match[1]) == bare(scan.name):
        return ""
    return drafts.boxes.external(slug(match[1]), match[1].replace("-", " ").title())


def _imports(scan: Scan, package: str) -> set[Evidence]:
    found = [
        Evidence(scan.name, path, one.line, "import", Side.CONSUMER, one.name)
        for path, document in sorted(scan.documents.items())
        for one in document.imports
        if one.name == package or one.name.startswith(f"{package}/")
    ]
    return set(found[:10])


def _script(drafts: Drafts, scan: Scan, path: str, document: Document) -> None:
    source = _browser(drafts, scan, path)
    for variable in document.variables:
        if not re.search(r"URL|ORIGIN|HOST|ENDPOINT|BASE", variable.name):
            continue
        destination = drafts.boxes.destination(Address((Slot("env", variable.name),)), scan.name)
        if destination and destination.node != drafts.boxes.systems[scan.name]:
            evidence = Evidence(scan.name, path, variable.line, "environment of a script", Side.CONSUMER, variable.name)
            drafts.add(
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
        _script_call(drafts, scan, path, source, address)


def _script_address(drafts: Drafts, scan: Scan, source: str, address: Address, evidence: Evidence) -> None:
    """A call to an address that a variable holds."""
    destination = drafts.boxes.destination(address, scan.name)
    if destination is None or destination.node == drafts.boxes.systems[scan.name]:
        return
    offered = provider(drafts.operations.get(drafts.boxes.repo_of(destination.node), ()), "ANY", normal(destination.path))
    operation = f"{offered.method if offered else 'ANY'} {normal(destination.path)}"
    lines = {evidence, *({replace(offered.evidence, side=Side.PROVIDER)} if offered else ())}
    drafts.add(
        Draft(source, destination.node, Kind.HTTP, "sync", normal(destination.path), operation, "", Tier.PROVEN if offered else destination.tier,
              destination.confidence, "HTTPS", settings={*destination.settings, *destination.env}, evidence=lines)
    )  # fmt: skip


def _script_call(drafts: Drafts, scan: Scan, path: str, source: str, address: Text) -> None:
    evidence = Evidence(scan.name, path, address.line, "fetch", Side.CONSUMER, address.name, address.value[:120])
    text = re.sub(r"\$\{[^}]*\}", "{}", address.value)
    if held := re.match(r"\$\{(?:process\.env\.|import\.meta\.env\.)?([A-Z][A-Z0-9_]+)\}", address.value):
        _script_address(
            drafts, scan, source, Address((Slot("env", held[1]), re.sub(r"\$\{[^}]*\}", "{}", address.value[held.end() :]))), evidence
        )
    elif host := host_of(address.value):
        destination = drafts.boxes.destination(Address((text,)), scan.name)
        if destination and "{" not in host:
            operation = f"ANY {normal(destination.path)}"
            drafts.add(
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
        offered = provider(drafts.operations.get(scan.name, ()), "ANY", normal(text.partition("?")[0]))
        if offered:
            operation = f"{offered.method} {offered.path}"
            target = drafts.boxes.at(scan.name, offered.evidence.path, "web")
            drafts.add(
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
