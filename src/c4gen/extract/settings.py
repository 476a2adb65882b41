"""The settings of a program: names of settings modules and fields of settings classes, with the environment variables behind them."""

import re
from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass, field

from c4gen.extract.evaluator import Evaluator
from c4gen.extract.program import External, Module, Program, called_name
from c4gen.extract.scan import Scan
from c4gen.extract.syntax import Assign, Call, Choice, Const, Expr, dotted
from c4gen.extract.values import ENV_NAME, Scope, Slot, Text
from c4gen.model.facts import Evidence, Setting, Side

_SETTINGS_MODULE = re.compile(r"(^|\.)(settings|_?base_settings|local_settings|settings_\w+|config\.(base|common|production))(\.|$)")
_SETTINGS_BASES = re.compile(r"(^|\.)(BaseSettings|Settings|Configuration|SettingsBase)$")
_FOR_TESTS = re.compile(r"(^|[._])tests?($|[._])")
_ADDRESS = re.compile(r"^\w[\w+.-]*://")
LONGEST = 6  # settings that settings refer to


@dataclass
class Entry:
    """Where a setting gets its value. A name may be assigned several times: the last of the main module counts first."""

    repo: str
    name: str
    module: Module
    assigns: list[Assign] = field(default_factory=list)


class Settings:
    def __init__(self, program: Program, evaluator: Evaluator, scans: list[Scan]) -> None:
        self.program = program
        self.evaluator = evaluator
        self.entries: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self.given: dict[str, dict[str, str]] = {scan.name: _given(scan) for scan in scans}
        modules = self._modules()
        evaluator.settings_modules = frozenset(id(module) for module in modules)
        for module in modules:
            if not _for_tests(module):
                self._read(module)
        known = set(self.entries)
        for module in modules:
            if _for_tests(module):
                self._read(module, known)
        evaluator.class_settings = self._classes()
        evaluator.setting = self._values

    def _modules(self) -> list[Module]:
        """Settings modules, and those of scanned packages that they name or import with a star; the main one of each repository first."""
        main = {module.repo: module for repo, name in self._main_names() if (module := self.program.module(name, repo))}
        found = [
            *main.values(),
            *(module for module in self.program.modules if _SETTINGS_MODULE.search(module.name) and module not in main.values()),
        ]
        for module in list(found):
            for star in module.stars:
                source = self.program.module(self.program.absolute(module, star), module.repo)
                if source and source not in found:
                    found.append(source)
        return found

    def _main_names(self) -> list[tuple[str, str]]:
        """What `os.environ.setdefault("DJANGO_SETTINGS_MODULE", …)` says, in manage.py before others."""
        found = []
        for ref, call in self.program.calls("setdefault", "putenv"):
            if len(call.args) == 2:
                first, second = call.args
                if (
                    isinstance(first, Const)
                    and first.value == "DJANGO_SETTINGS_MODULE"
                    and isinstance(second, Const)
                    and isinstance(second.value, str)
                ):
                    found.append((not ref.module.path.endswith("manage.py"), ref.module.repo, second.value))
        return [(repo, name) for _, repo, name in sorted(found, reverse=True)]

    def for_tests(self, repo: str, name: str) -> bool:
        """Whether settings of tests alone define a name: the hosts that they hold are made up."""
        entries = self.entries.get((repo, name))
        return bool(entries) and all(_for_tests(entry.module) for entry in entries or ())

    def _read(self, module: Module, known: Container[tuple[str, str]] = ()) -> None:
        for name, assigns in module.names.items():
            if name.isupper() and (module.repo, name) not in known:
                self.entries[module.repo, name].append(Entry(module.repo, name, module, assigns))

    def _classes(self) -> dict[tuple[int, str], str]:
        """Fields of classes of settings: of pydantic-settings, django-configurations, or that take variables of the environment."""
        found: dict[tuple[int, str], str] = {}
        for ref in self.program.classes():
            names = {assign.name: _variable_of(assign.value) for assign in ref.cls.assigns if not assign.name.startswith("_")}
            derived = any(isinstance(base, External) and _SETTINGS_BASES.search(base.name) for base in self.program.line(ref))
            if not derived and sum(bool(variable) for variable in names.values()) < 3:
                continue
            for assign in ref.cls.assigns:
                if assign.name in names and assign.name not in ("model_config", "Config", "Meta"):
                    name = names[assign.name] or assign.name.upper()
                    found[id(ref.cls), assign.name] = name
                    self.entries[ref.module.repo, name].append(Entry(ref.module.repo, name, ref.module, [assign]))
        return found

    def own(self, repo: str, name: str) -> list[tuple[Scope, Expr]]:
        """What a setting of this repository is assigned, other repositories apart."""
        return self._values(repo, name) if (repo, name) in self.entries else []

    def _values(self, repo: str, name: str) -> list[tuple[Scope, Expr]]:
        entries = (
            self.entries.get((repo, name)) or [entry for (_, one), found in self.entries.items() if one == name for entry in found][:2]
        )
        return [
            (Scope(entry.module, entry.module.body), _default_of(assign.value))
            for entry in entries[:2]
            for assign in reversed(entry.assigns[-3:])
        ]

    def known(self, repo: str, name: str) -> bool:
        return (repo, name) in self.entries or any(one == name for _, one in self.entries)

    # what a setting may hold

    def open_texts(self, repo: str, name: str, depth: int = 0) -> list[Text]:
        """The values of a setting with its own settings and defaults put in."""
        found: list[Text] = []
        for scope, expr in self._values(repo, name):
            for value in self.evaluator.ask(expr, scope):
                if isinstance(value, Text):
                    found += self.filled(value, repo, depth + 1)
        return list(dict.fromkeys(found))[:8]

    def filled(self, text: Text, repo: str, depth: int = 0) -> list[Text]:
        """A text with settings and variables replaced by what they are by default, where there is such a thing."""
        found: list[tuple[str | Slot, ...]] = [()]
        for part in text.parts:
            options: list[tuple[str | Slot, ...]] = [(part,)]
            if isinstance(part, Slot) and depth < LONGEST:
                if part.kind == "setting" and (inner := self.open_texts(part.owner or repo, part.name, depth)):
                    options = [one.parts for one in inner]
                elif part.kind == "env":
                    options = [one.parts for one in self._variable(part.name, repo, depth)] or options
                if part.origin:
                    options = [_origin(option) for option in options]
            found = [(*one, *option) for one in found for option in options][:8]
        return [Text(_joined(one)) for one in found]

    def _variable(self, name: str, repo: str, depth: int) -> list[Text]:
        if given := self.given.get(repo, {}).get(name):
            return [Text((given,))]
        if name not in self.evaluator.env_defaults:
            return []
        scope, default = self.evaluator.env_defaults[name]
        values = [value for value in self.evaluator.ask(default, scope) if isinstance(value, Text)]
        return [one for value in values for one in self.filled(value, repo, depth + 1)]

    def variables(self, text: Text, repo: str, depth: int = 0) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(settings, environment variables) that a text is made of, those behind other settings included."""
        names: list[str] = []
        env: list[str] = []
        for slot in text.slots:
            if slot.kind == "env":
                env.append(slot.name)
            elif slot.kind == "setting" and slot.name not in names:
                names.append(slot.name)
                if depth < LONGEST:
                    for scope, expr in self._raw(slot.owner or repo, slot.name):
                        if variable := _variable_of(expr):
                            env.append(variable)
                        for value in self.evaluator.ask(expr, scope):
                            if isinstance(value, Text) and value != text:
                                more = self.variables(value, repo, depth + 1)
                                names += more[0]
                                env += more[1]
        return tuple(dict.fromkeys(names)), tuple(dict.fromkeys(env))

    def _raw(self, repo: str, name: str) -> list[tuple[Scope, Expr]]:
        entries = self.entries.get((repo, name), [])
        return [(Scope(entry.module, entry.module.body), entry.assigns[-1].value) for entry in entries[:2]]

    def evidence(self, repo: str, name: str) -> Evidence | None:
        entry = next(iter(self.entries.get((repo, name), ())), None)
        return Evidence(repo, entry.module.path, entry.assigns[-1].line, "setting", Side.SETTING, name) if entry else None

    def table(self, uses: dict[tuple[str, str], int]) -> list[Setting]:
        """Every setting with its variable and its plain default; secrets are not shown."""
        found = []
        for repo, name in sorted(self.entries):
            evidence = self.evidence(repo, name)
            if evidence is None:
                continue
            texts = self.open_texts(repo, name)
            _, env = self.variables(Text((Slot("setting", name, repo),)), repo)
            default = next((text.shown for text in texts if text.plain is not None), "")
            found.append(
                Setting(
                    repo,
                    name,
                    env[0] if env else "",
                    "" if secret(name) else without_password(default)[:300],
                    evidence,
                    uses.get((repo, name), 0),
                )
            )
        return found


def _for_tests(module: Module) -> bool:
    return bool(_FOR_TESTS.search(module.name.partition(".")[2] or module.name))


def secret(name: str) -> bool:
    return bool(re.search(r"SECRET|PASSWORD|TOKEN(?!_URL)|PRIVATE|API_KEY|_KEY$|CREDENTIAL", name, re.IGNORECASE))


def without_password(address: str) -> str:
    return re.sub(r"(\w://)[^/@\s]*@", r"\1…@", address)


def _origin(parts: tuple[str | Slot, ...]) -> tuple[str | Slot, ...]:
    """Parts of an address without its path."""
    first = parts[0] if parts else ""
    match = re.match(r"\w+://[^/]+(?=/|$)", first) if isinstance(first, str) else None
    return (match[0],) if match and (len(parts) == 1 or len(match[0]) < len(str(first))) else parts


def _joined(parts: tuple[str | Slot, ...]) -> tuple[str | Slot, ...]:
    merged: list[str | Slot] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    return tuple(merged)


def _variable_of(expr: Expr) -> str:
    """The environment variable that a call reads by its look: a first or named argument in capitals, not the name of a class."""
    if isinstance(expr, Choice):
        return next((name for option in expr.options if (name := _variable_of(option))), "")
    if not isinstance(expr, Call):
        return ""
    if called_name(expr) in ("urljoin", "format", "crontab", "timedelta"):
        return next((name for arg in expr.args if (name := _variable_of(arg))), "")
    given = expr.argument(0, "name", "env", "var", "alias", "validation_alias", "environ_name", "key")
    alias = expr.keyword("alias", "validation_alias", "env", "environ_name")
    for one in (alias, given):
        if isinstance(one, Const) and isinstance(one.value, str) and (ENV_NAME.match(one.value) or one is alias):
            return one.value
    return ""


def _default_of(expr: Expr) -> Expr:
    """For a field that reads a variable by a helper of the project, what it falls back to: `default=`, or an address among its arguments."""
    if isinstance(expr, Call) and _variable_of(expr) and dotted(expr.func).rpartition(".")[2] in ("Field", "setting", "Value", "URLValue"):
        addresses = [arg for arg in expr.args if isinstance(arg, Const) and isinstance(arg.value, str) and _ADDRESS.match(arg.value)]
        return expr.keyword("default") or (addresses[0] if addresses else expr.args[-1] if expr.args else expr)
    if isinstance(expr, Call) and dotted(expr.func).rpartition(".")[2] == "Field" and (expr.args or expr.keyword("default")):
        return expr.keyword("default") or expr.args[0]
    return expr


def _given(scan: Scan) -> dict[str, str]:
    """Variables of example and development environment files, and of compose services: what the names hold somewhere."""
    found: dict[str, str] = {}
    for path in sorted(scan.documents):
        document = scan.documents[path]
        for variable in document.variables if document.kind == "env" else ():
            if variable.value:
                found.setdefault(variable.name, variable.value)
        for service in document.services:
            for name, value, _ in service.env:
                if value:
                    found.setdefault(name, value)
    return found
