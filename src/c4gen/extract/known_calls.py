"""Methods of texts and tables, and functions of Python and of packages: what calls of code that is not scanned give."""

import re
from typing import TYPE_CHECKING

from c4gen.extract.program import External
from c4gen.extract.syntax import Attr, Call, Const, Expr, Pairs, shown
from c4gen.extract.tables import entry, join, listed
from c4gen.extract.values import ENV_NAME, Given, Made, Row, Scope, Slot, Table, Text, Value, resolved, some, stripped, template_parts

if TYPE_CHECKING:
    from c4gen.extract.evaluator import Evaluator

_KEEPS_TEXT = frozenset(
    [
        "rstrip",
        "lstrip",
        "strip",
        "lower",
        "upper",
        "replace",
        "removeprefix",
        "removesuffix",
        "decode",
        "encode",
        "split",
        "rsplit",
        "partition",
        "rpartition",
        "get_secret_value",
        "geturl",
        "unicode_string",
        "human_repr",
        "resolve",
        "as_posix",
    ]
)
_TAKES_TEXT = re.compile(r"^(str|yarl\.URL|furl\.furl|httpx\.URL|urllib\.parse\.(urlparse|urlsplit|urlunparse|quote|unquote)|pathlib\.Path|"
                         r"django\.utils\.encoding\.\w+|pydantic\.\w+Url|typing\.cast)$")  # fmt: skip
_READS_ENV = re.compile(r"(^|\.)(getenv|get_env|get_string|get_str|get_int|get_bool|get_float|get_any|get_list_of_str|get_delimited_list|"
                        r"environ\.get|environ|env|Env|Env\.\w+|config|getenv_bool|get_env_\w+|getenv_\w+)$")  # fmt: skip


def method_of_value(ev: "Evaluator", call: Call, scope: Scope, depth: int) -> list[Value] | None:
    """Methods of texts and tables; None when the call is something else."""
    if not isinstance(call.func, Attr):
        return None
    name = call.func.name
    if name == "format":
        return _format(ev, call, scope, depth)
    if name in _KEEPS_TEXT:
        texts = [value for value in ev.values(call.func.base, scope, depth + 1) if isinstance(value, Text)]
        return some(stripped(text, name, call) for text in texts) if texts else None
    if name in ("get", "pop") and call.args:
        tables = [
            value for base in ev.values(call.func.base, scope, depth + 1) for value in ev.expand(base, depth) if isinstance(value, Table)
        ]
        if not tables:
            return None
        found = [value for table in tables for value in entry(ev, table, call.args[0], scope, depth)]
        return some(found + (ev.values(call.args[1], scope, depth + 1) if len(call.args) > 1 else []))
    if name in ("values", "keys", "items", "copy") and not call.args:
        tables = [
            value for base in ev.values(call.func.base, scope, depth + 1) for value in ev.expand(base, depth) if isinstance(value, Table)
        ]
        return [listed(table, name) for table in tables] or None
    if name == "join" and len(call.args) == 1:
        return _joined(ev, call, scope, depth)
    return None


def _joined(ev: "Evaluator", call: Call, scope: Scope, depth: int) -> list[Value] | None:
    between = ev.values(call.func.base, scope, depth + 1) if isinstance(call.func, Attr) else []
    rows = [value for value in ev.values(call.args[0], scope, depth + 1) if isinstance(value, Row)]
    if not rows or not between or not isinstance(between[0], Text):
        return None
    parts: list[Expr] = []
    for item in rows[0].items.items:
        parts += [item, Const(between[0].plain or "")]
    return join(ev, tuple(parts[:-1]), rows[0].scope, depth)


def _format(ev: "Evaluator", call: Call, scope: Scope, depth: int) -> list[Value] | None:
    assert isinstance(call.func, Attr)
    found: list[Value] = []
    for template in ev.values(call.func.base, scope, depth + 1):
        if not isinstance(template, Text):
            continue
        template = max((one for one in ev.expand(template, depth) if isinstance(one, Text)), key=_written, default=template)
        parts: list[Expr] = []
        for part in template.parts:
            parts += template_parts(part, call) if isinstance(part, str) else [Given(Text((part,)))]
        found += join(ev, tuple(parts), scope, depth)
    return some(found) if found else None


def _written(text: Text) -> int:
    """How much of a text stands there."""
    return sum(len(part) for part in text.parts if isinstance(part, str))


def outside(ev: "Evaluator", name: str, call: Call, scope: Scope, depth: int) -> list[Value]:
    if name in ("urllib.parse.urljoin", "urlparse.urljoin", "six.moves.urllib.parse.urljoin", "requests.compat.urljoin"):
        return _urljoin(ev, call, scope, depth)
    if name == "getattr" and len(call.args) > 1:
        names = [value.plain for value in ev.values(call.args[1], scope, depth + 1) if isinstance(value, Text)]
        return some(
            found for base in ev.values(call.args[0], scope, depth + 1) for one in names for found in ev.member(base, one or "*", depth)
        )
    if _TAKES_TEXT.match(name) and call.args:
        return ev.values(call.args[-1 if name == "typing.cast" else 0], scope, depth + 1)
    if name in ("list", "tuple", "set", "sorted", "reversed", "iter", "int") and call.args:
        return ev.values(call.args[0], scope, depth + 1)
    if name == "dict":
        return [
            Table(
                Pairs(tuple((Const(key) if key else None, value) for key, value in call.keywords), tuple(call.line for _ in call.keywords)),
                scope,
            )
        ]
    if name == "functools.partial" and call.args:
        return ev.values(call.args[0], scope, depth + 1)
    if _READS_ENV.search(name.replace("()", "")) and (variable := _variable(ev, call, scope, depth)):
        return [_environment(ev, variable, call, scope)]
    if name.rpartition(".")[2][:1].isupper() or name in ("requests.session", "boto3.client", "boto3.resource"):
        return [Made(External(name.replace("()", "")), call, scope)]
    return [External(f"{name}()")]


def _variable(ev: "Evaluator", call: Call, scope: Scope, depth: int) -> str:
    given = call.argument(0, "name", "var", "key", "option")
    names = [value.plain for value in ev.values(given, scope, depth + 1) if isinstance(value, Text)] if given is not None else []
    return next((name for name in names if name and ENV_NAME.match(name)), "")


def _environment(ev: "Evaluator", variable: str, call: Call, scope: Scope) -> Value:
    default = call.keyword("default") or (call.args[1] if len(call.args) > 1 else None)
    if default is not None:
        ev.env_defaults.setdefault(variable, (scope, default))
    return Text((Slot("env", variable),))


def _urljoin(ev: "Evaluator", call: Call, scope: Scope, depth: int) -> list[Value]:
    bases = [value for value in ev.values(call.args[0], scope, depth + 1) if isinstance(value, Text)] if call.args else []
    paths = [value for value in ev.values(call.args[1], scope, depth + 1) if isinstance(value, Text)] if len(call.args) > 1 else []
    if not paths:
        return list(bases)
    return some(resolved(base, path) for base in bases or [Text((Slot("unknown", shown(call.args[0])),))] for path in paths)


# texts and tables
