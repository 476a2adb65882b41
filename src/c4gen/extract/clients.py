"""Outbound HTTP calls: where a client library is called, with which address, and up through wrappers to those who say the address."""

import re
from dataclasses import dataclass, replace
from itertools import islice

from c4gen.extract.callers import Callers
from c4gen.extract.evaluator import Evaluator
from c4gen.extract.program import ClassRef, External, FunctionRef, Module, Program, called_name
from c4gen.extract.syntax import Attr, Call, Const, Expr, Index, Name, dotted, shown
from c4gen.extract.values import Bound, Made, Scope, Slot, Text

VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
_CALLED = VERBS | {
    "request",
    "stream",
    "urlopen",
    "urlretrieve",
    "ws_connect",
    "connect",
    "Request",
    "fetch",
    "send_request",
    "create_connection",
}
_FUNCTION = re.compile(
    r"^(requests(\.api)?|httpx|niquests|curl_cffi\.requests|urllib3|aiohttp|grequests)\.(?P<verb>get|post|put|patch|delete|head|options|request|stream|\*)(\(\))?$"
    r"|^(?P<open>(six\.moves\.)?urllib2?(\.request)?\.(urlopen|urlretrieve))$|^(?P<made>requests\.Request)$"
    r"|^(?P<ws>websockets?(\.(client|sync\.client))?\.(connect|create_connection))$"
)
_INSTANCE = re.compile(
    r"^(?P<cls>(requests|httpx|niquests|aiohttp|urllib3|curl_cffi|requests_oauthlib|authlib|oauthlib|requests_cache|cachecontrol|edx_rest_api_client|cloudscraper|"
    r"requests_toolbelt|slumber|google\.auth\.transport)[\w.]*)\(\)\.(?P<verb>get|post|put|patch|delete|head|options|request|stream|ws_connect|urlopen|\*)$"
)
_CLIENT_NAMES = re.compile(r"(^|_)(session|client|http|httpx|requests|api|sess)$", re.IGNORECASE)
_ADDRESS_NAMES = re.compile(r"url|uri|address|endpoint|href|link|host|base|api|server|site|domain", re.IGNORECASE)
_ADDRESS = re.compile(r"^(https?|wss?|ftp)://", re.IGNORECASE)
_RETRYING = re.compile(r"(^|\.)(retry|retrying|backoff|on_exception|retriable|with_retry|autoretry)", re.IGNORECASE)
BY_NAME = "client by name"
DEEPEST = 8
MOST_CALLERS = 60
MOST_LIFTS = 300  # steps from callees to callers for one call of a library


@dataclass(frozen=True)
class Step:
    """A line on the way from the one who says the address to the call itself. `makes`: it builds an object of this class and does not call."""

    ref: FunctionRef
    line: int
    makes: str = ""


@dataclass(frozen=True)
class HttpCall:
    """`steps` begins with the line that decides about the address and ends with the library's call."""

    steps: tuple[Step, ...]
    verb: Text
    address: Text
    rule: str
    expression: str
    timeout: bool
    retry: bool
    auth: bool

    @property
    def method(self) -> str:
        """ANY where the code does not say."""
        verb = (self.verb.plain or "").upper()
        return verb if verb.isalpha() else "ANY"

    @property
    def ref(self) -> FunctionRef:
        return self.steps[0].ref

    @property
    def runner(self) -> FunctionRef:
        """The outermost function that runs when the call is made: what comes before the last step that makes an object only builds."""
        made = [place for place, step in enumerate(self.steps) if step.makes]
        return self.steps[min(made[-1] + 1, len(self.steps) - 1)].ref if made else self.ref


class HttpCalls:
    def __init__(self, program: Program, evaluator: Evaluator, callers: Callers) -> None:
        self.program = program
        self.evaluator = evaluator
        self.callers = callers
        self._lifts = 0

    def find(self) -> list[HttpCall]:
        found: list[HttpCall] = []
        for ref in self.program.functions():
            for call in ref.function.calls:
                self._lifts = 0
                if called_name(call) in _CALLED or _is_getattr(call.func):
                    found += self._at(ref, call)
                else:
                    found += self._handed_on(ref, call)
        return _told_once(found)

    def _at(self, ref: FunctionRef, call: Call) -> list[HttpCall]:
        if not call.args and call.keyword("url", "uri", "") is None:
            return []
        name = called_name(call)
        first = call.args[0] if call.args else None
        if (
            name in ("get", "delete", "options", "patch", "fetch", "connect")
            and isinstance(first, Const)
            and not _like_address(first.value)
        ):
            return []
        scope = Scope(ref.module, ref.function)
        found: list[HttpCall] = []
        for value in self.evaluator.ask(call.func, scope):
            if isinstance(value, External) and (read := _library(value.name)):
                verb, rule = read
                found += self._with(ref, call, scope, verb, rule)
                break
        return found or self._untyped(ref, call, scope, name)

    def _with(self, ref: FunctionRef, call: Call, scope: Scope, verb: str, rule: str) -> list[HttpCall]:
        place = 1 if verb in ("request", "stream") else 0
        address = call.argument(place, "url", "uri") or _in_mapping(call, "url")
        if address is None:
            return []
        method = next(iter(self._verbs(call, verb, scope)), Text(("ANY",)))
        found: list[HttpCall] = []
        for text in self._addresses(address, scope):
            base = self._base(call, scope)
            whole = Text((*base.parts, *text.parts)) if base and not _absolute(text) else text
            found += self._lifted(self._call(ref, call, method, whole, rule, shown(address)), 0)
        return found

    def _verbs(self, call: Call, verb: str, scope: Scope) -> list[Text]:
        """The method of a call: its name, its first argument, or what `getattr(client, method)` takes."""
        if verb in VERBS:
            return [Text((verb,))]
        if isinstance(call.func, Call):
            return self.evaluator.texts(call.func.argument(1), scope)
        if verb in ("request", "stream"):
            return self.evaluator.texts(call.argument(0, "method") or _in_mapping(call, "method"), scope)
        return [Text(("GET",))]

    def _addresses(self, expr: Expr, scope: Scope) -> list[Text]:
        """The texts of an address; a request object's own, where one is given."""
        for value in self.evaluator.ask(expr, scope):
            if (
                isinstance(value, Made)
                and isinstance(value.cls, External)
                and value.cls.name.endswith("Request")
                and value.call
                and value.scope
            ):
                inner = value.call.argument(1 if "requests" in value.cls.name else 0, "url")
                return self.evaluator.texts(inner, value.scope)
        return self.evaluator.texts(expr, scope)

    def _base(self, call: Call, scope: Scope) -> Text | None:
        """`base_url` of the client that is called."""
        if not isinstance(call.func, Attr):
            return None
        for value in self.evaluator.ask(call.func.base, scope):
            if isinstance(value, Made) and value.call and value.scope and (given := value.call.keyword("base_url")) is not None:
                return next(iter(self.evaluator.texts(given, value.scope)), None)
        return None

    def _call(self, ref: FunctionRef, call: Call, verb: Text, address: Text, rule: str, expression: str) -> HttpCall:
        timeout = call.keyword("timeout") is not None or rule.startswith("httpx") or self._client_has(ref, call, "timeout")
        retry = any(_RETRYING.search(dotted(one.func if isinstance(one, Call) else one)) for one in ref.function.decorators) or any(
            _RETRYING.search(name) for name in ref.function.refs
        )
        auth = call.keyword("auth", "headers", "cert") is not None or "oauth" in rule.lower() or self._client_has(ref, call, "auth")
        return HttpCall((Step(ref, call.line),), verb, address, rule, expression, timeout, retry, auth)

    def _client_has(self, ref: FunctionRef, call: Call, name: str) -> bool:
        if not isinstance(call.func, Attr):
            return False
        values = self.evaluator.ask(call.func.base, Scope(ref.module, ref.function))
        return any(isinstance(value, Made) and value.call is not None and value.call.keyword(name) is not None for value in values)

    def _untyped(self, ref: FunctionRef, call: Call, scope: Scope, name: str) -> list[HttpCall]:
        """A client of unknown type, by its name, when the address begins like one."""
        if (name not in VERBS and name != "request") or not isinstance(call.func, Attr) or not isinstance(call.func.base, Name | Attr):
            return []
        client = dotted(call.func.base)
        if not _CLIENT_NAMES.search(client.rpartition(".")[2]) or client.endswith("request.session"):
            return []
        address = call.argument(1 if name == "request" else 0, "url")
        texts = [text for text in self.evaluator.texts(address, scope) if _absolute(text) and _says_address(text)]
        verb = next(iter(self._verbs(call, name, scope)), Text(("ANY",)))
        made = [self._call(ref, call, verb, text, BY_NAME, shown(address)) for text in texts]
        return [lifted for one in made for lifted in self._lifted(one, 0)]

    def _handed_on(self, ref: FunctionRef, call: Call) -> list[HttpCall]:
        """`run(requests.post, address)`: the verb is a value that the callee calls, or the next argument is its address."""
        for place, arg in enumerate(call.args):
            if not isinstance(arg, Attr) or arg.name not in VERBS:
                continue
            scope = Scope(ref.module, ref.function)
            read = next(
                (one for value in self.evaluator.ask(arg, scope) if isinstance(value, External) and (one := _library(value.name))), None
            )
            if read is None:
                continue
            for value in self.evaluator.ask(call.func, scope):
                target = value.ref if isinstance(value, Bound) else value
                if isinstance(target, FunctionRef):
                    return self._called_there(target, place + (isinstance(value, Bound)), read, ref)
            if place + 1 < len(call.args):
                address = call.args[place + 1]
                made = [
                    self._call(ref, call, Text((read[0],)), text, read[1], shown(address)) for text in self.evaluator.texts(address, scope)
                ]
                return [lifted for one in made for lifted in self._lifted(one, 0)]
        return []

    def _called_there(self, target: FunctionRef, place: int, read: tuple[str, str], caller: FunctionRef) -> list[HttpCall]:
        if place >= len(target.function.params):
            return []
        name = target.function.params[place].name
        found: list[HttpCall] = []
        for call in target.function.calls:
            if isinstance(call.func, Name) and call.func.id == name and (address := call.argument(0, "url")) is not None:
                for text in self.evaluator.texts(address, Scope(target.module, target.function)):
                    found += self._lifted(self._call(target, call, Text((read[0],)), text, read[1], shown(address)), 0)
        return [one for one in found if len(one.steps) == 1 or any(step.ref == caller for step in one.steps)]

    # wrappers

    def _lifted(self, call: HttpCall, depth: int) -> list[HttpCall]:
        """The call as each caller makes it, when the address depends on what callers give."""
        slot = _deciding(call.address) or next((one for one in call.verb.slots[:1] if one.kind == "param"), None)
        if slot is None or depth >= DEEPEST:
            return [call]
        owner = self.callers.function(slot.owner)
        if owner is None:
            return [call]
        found: list[HttpCall] = []
        passed = {step.ref.function for step in call.steps}
        for ref, at, method in islice(self.callers.of(owner), MOST_CALLERS):
            if ref.function in passed or self._lifts >= MOST_LIFTS or not self._same_object(ref, at, call.steps):
                continue
            self._lifts += 1
            steps = (
                Step(ref, at.line, _key_of(owner.module, owner.function.cls) if owner.function.bare == "__init__" else ""),
                *call.steps,
            )
            verb = next(iter(self._given(owner, ref, at, method, call.verb)), call.verb)
            for text in self._given(owner, ref, at, method, call.address):
                found += self._lifted(replace(call, steps=steps, verb=verb, address=text), depth + 1)
        return found or [call]

    def _same_object(self, ref: FunctionRef, at: Call, steps: tuple[Step, ...]) -> bool:
        """Whether a method may be called on the object that the steps made: another object of its class was pointed elsewhere."""
        made = {step.makes: (id(step.ref.function), step.line) for step in steps if step.makes}
        if not made or not isinstance(at.func, Attr):
            return True
        objects = [one for one in self.evaluator.ask(at.func.base, Scope(ref.module, ref.function)) if isinstance(one, Made)]
        return not objects or any(self._may_be(one, made) for one in objects)

    def _may_be(self, value: Made, made: dict[str, tuple[int, int]]) -> bool:
        """Whether an object is made at one of the places, as far as its making is known."""
        line = self.program.line(value.cls) if isinstance(value.cls, ClassRef) else []
        places = [made[key] for one in line if isinstance(one, ClassRef) and (key := _key_of(one.module, one.cls.name)) in made]
        if value.call is None or value.scope is None or value.scope.function is None or not places:
            return True
        return (id(value.scope.function), value.call.line) in places

    def _given(self, owner: FunctionRef, ref: FunctionRef, call: Call, method: bool, address: Text) -> list[Text]:
        params = owner.function.params[1:] if method else owner.function.params
        places = {parameter.name: (place, parameter) for place, parameter in enumerate(params)}
        found: list[tuple[str | Slot, ...]] = [()]
        for part in address.parts:
            options: list[tuple[str | Slot, ...]] = [(part,)]
            if isinstance(part, Slot) and part.kind == "param" and part.owner == owner.key and part.name in places:
                place, parameter = places[part.name]
                given = call.argument(place, part.name)
                if given is not None:
                    options = [text.parts for text in self._addresses(given, Scope(ref.module, ref.function))]
                elif parameter.default is not None and not (isinstance(parameter.default, Const) and parameter.default.value is None):
                    options = [text.parts for text in self.evaluator.texts(parameter.default, Scope(owner.module))]
            found = [(*one, *option) for one in found for option in options][:24]
        return [Text(one) for one in found]


def _library(name: str) -> tuple[str, str] | None:
    """(verb, rule) when a name is a call of a client library."""
    if match := _FUNCTION.match(name):
        if match["verb"]:
            return match["verb"], name.removesuffix("()")
        return ("request" if match["made"] else "get"), name
    if match := _INSTANCE.match(name):
        return ("get" if match["verb"] in ("ws_connect", "urlopen") else match["verb"]), f"{match['cls']}.{match['verb']}"
    return None


def _like_address(value: object) -> bool:
    return isinstance(value, str) and (bool(_ADDRESS.match(value)) or "/" in value)


def _key_of(module: Module, cls: str) -> str:
    return f"{module.repo}:{module.name}:{cls}"


def _is_getattr(func: Expr) -> bool:
    return isinstance(func, Call) and isinstance(func.func, Name) and func.func.id == "getattr"


def _in_mapping(call: Call, key: str) -> Expr | None:
    """What a call takes by `**mapping` under a key."""
    mapping = call.keyword("")
    return Index(mapping, Const(key)) if mapping is not None else None


def _says_address(text: Text) -> bool:
    """Whether the first part is an address by its look or its name: clients of caches have `get` too."""
    first = text.parts[0]
    return isinstance(first, str) or bool(_ADDRESS_NAMES.search(first.name)) or (len(text.parts) > 1 and str(text.parts[1]).startswith("/"))


def _absolute(text: Text) -> bool:
    """Whether a text begins with a scheme, or with a setting that may hold one."""
    first = text.parts[0] if text.parts else ""
    return bool(_ADDRESS.match(first)) if isinstance(first, str) else first.kind in ("setting", "env", "param")


def _deciding(address: Text) -> Slot | None:
    """The parameter that decides where the call goes: at the very start, or right after what only names a host."""
    for place, part in enumerate(address.parts):
        if isinstance(part, Slot):
            if part.kind == "param":
                return part
            if part.kind == "unknown":
                return None
        elif (place and part.strip("/")) or (not place and _ADDRESS.match(part) and part.rstrip("/").count("/") > 2):
            return None
    return None


def _told_once(calls: list[HttpCall]) -> list[HttpCall]:
    """Each call once. What a client's name suggests gives way to what its library says, and lends it a verb that is a value there."""
    named = {(one.steps[0], one.address): one.verb for one in calls if one.rule == BY_NAME}
    sure = {(one.steps[0], one.address) for one in calls if one.rule != BY_NAME}
    told: dict[tuple[tuple[Step, ...], str, Text], HttpCall] = {}
    for one in calls:
        place = (one.steps[0], one.address)
        if one.rule == BY_NAME and place in sure:
            continue
        better = replace(one, verb=named.get(place, one.verb)) if one.method == "ANY" else one
        told[better.steps, better.method, better.address] = better
    return list(told.values())
