"""Addresses and paths as texts: hosts, what names them, and paths in one form."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from c4gen.extract.values import Slot, Text
from c4gen.model.facts import Operation

_LOCAL = re.compile(
    r"^(localhost|127\.[\d.]+|0\.0\.0\.0|\[?::1\]?|host\.docker\.internal|.*\.(local|localhost|test|example|invalid)|example\.(com|org|net|edu))$"
)
_NOISE = re.compile(
    r"(?:^|_)(URL|URI|BASE|API|HOST|HOSTNAME|ENDPOINT|ROOT|INTERNAL|EXTERNAL|PUBLIC|PRIVATE|DOMAIN|SERVICE|SERVER|SITE|ADDRESS|ORIGIN|PORT|PATH|PREFIX|TEMPLATE|DEFAULT|"
    r"V\d|NEXT|VITE|REACT|DEV|APP|ACCESS|TOKEN|OAUTH|OAUTH2|AUTH|WORKER|PROVIDER)(?=_|$)"
)
_SECOND_LEVEL = frozenset({"co", "com", "org", "ac", "gov", "net", "edu"})


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.") or "unnamed"


def bare(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def is_local(host: str) -> bool:
    return bool(_LOCAL.match(host))


def host_of(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "") if "://" in address else ""
    except ValueError:
        return ""


def registrable(host: str) -> str:
    """The part of a host that someone registered, roughly: the last two labels, three below `co.uk` and its like."""
    labels = host.partition(":")[0].split(".")
    if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2:
        return ".".join(labels[-3:])
    return ".".join(labels[-2:])


def service_of(host: str) -> str:
    """A host without leading labels that only say what kind of door it is: `api.edx.org` is edx.org, `xpro.mit.edu` is itself."""
    labels = host.partition(":")[0].split(".")
    least = len(registrable(host).split("."))
    while len(labels) > least and (
        re.fullmatch(r"api\d*|www\d*|rest|app|auth|login|oauth2?|accounts|cdn|static|ws|gateway|v\d+|raw|public|data|\{\}", labels[0])
        or "{" in labels[0]
    ):
        labels = labels[1:]
    return ".".join(labels)


def stem_of(setting: str) -> str:
    """`MITX_ONLINE_API_BASE_URL` is about `MITX_ONLINE`."""
    return _NOISE.sub("", setting.upper()).strip("_")


def parts_of(text: Text) -> tuple[str, str]:
    """(host, path) of a filled address; gaps in the path are `{}`."""
    shown = "".join(part if isinstance(part, str) else "{}" for part in text.parts)
    match = re.match(r"[a-zA-Z][\w+.-]*://(?:[^/@]*@)?([^/?#]*)([^?#]*)", shown)
    if match:
        return match[1].partition(":")[0].lower(), match[2] or "/"
    first = text.parts[0] if text.parts else ""
    if isinstance(first, Slot):
        rest = shown[2:].partition("?")[0].partition("#")[0]
        return "", rest or "/"
    return "", shown.partition("?")[0] if shown.startswith("/") else ""


def same_path(wanted: str, offered: str) -> bool:
    """Whether a called path may be an offered one: parameters match anything, and one may end where the other has a gap."""
    one, other = wanted.strip("/").split("/"), offered.strip("/").split("/")
    return len(one) == len(other) and all("{}" in left or "{}" in right or left == right for left, right in zip(one, other, strict=True))


def provider(operations: Iterable[Operation], method: str, path: str) -> Operation | None:
    """The operation that a call means: same path, a method that fits; documented and literal ones first."""
    found = [one for one in operations if same_path(path, one.path) and (method in (one.method, "ANY") or one.method == "ANY")]
    literal = [one for one in found if any(part and "{}" not in part for part in one.path.split("/"))]
    return min(literal, key=lambda one: (one.path.count("{}"), not one.documented, one.method == "ANY"), default=None)


def normal(path: str) -> str:
    """A path with `{}` for each parameter, one slash between parts, none at the end: `/api/v1/courses/{}`."""
    path = re.sub(r"\{[^{}]*\}|<[^<>]*>|\$\{[^}]*\}|:[A-Za-z_]\w*", "{}", path)
    path = re.sub(r"/+", "/", "/" + path.strip())
    return path.rstrip("/") or "/"


def plain_pattern(regex: str) -> str:
    """A regular expression of a URL as a path, roughly: groups become parameters."""
    text = regex.strip().removeprefix("^").removesuffix("$").removesuffix("\\Z")
    while (shorter := re.sub(r"\((?:\?P<\w+>|\?:)?[^()]*\)[?*+]?", "{}", text)) != text:
        text = shorter
    text = re.sub(r"\[[^\]]*\][*+?]?|\\[dwsS][*+?]?|\.[*+]", "{}", text)
    return re.sub(r"\\(.)", r"\1", text).replace("?", "").replace("$", "").replace("^", "")
