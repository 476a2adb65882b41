"""Background work: tasks, the queues that they go to, and when they run, as values."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property

from c4gen.extract.callers import Callers
from c4gen.extract.evaluator import Evaluator
from c4gen.extract.program import ClassRef, External, FunctionRef, Module, Program, called_name
from c4gen.extract.settings import Settings
from c4gen.extract.syntax import Attr, BeatEntry, Call, Const, Expr, Items, Pairs, dotted, shown
from c4gen.extract.values import Made, Number, Row, Scope, Table, Text, Value
from c4gen.model.facts import Evidence, Schedule, Side, Task

_DECORATOR = re.compile(
    r"(^|\.)(shared_task|periodic_task|db_task|db_periodic_task|actor)(\(\))?$|^(celery|django_rq|django_tasks|procrastinate|huey)[\w.]*(\(\))?\.(task|job|periodic_task)$"
)
_APPLIES = re.compile(r"(^|\.)(shared_task|app\.task|celery_app\.task)$")
_TASK_BASE = re.compile(r"(^|\.)(celery\.(app\.)?(task\.)?Task|Task)$")
_FIELDS = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")
_SECONDS = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1, "weeks": 604800}


@dataclass(frozen=True)
class FoundTask:
    ref: FunctionRef
    task: Task


class Jobs:
    def __init__(self, program: Program, evaluator: Evaluator, settings: Settings, callers: Callers) -> None:
        self.callers = callers
        self.program = program
        self.evaluator = evaluator
        self.settings = settings
        self.tasks = [*self._decorated(), *self._classes()]
        self._by_name = {found.task.name: found for found in self.tasks}
        self._by_symbol = {found.task.symbol: found for found in self.tasks}
        self._by_function = {id(found.ref.function): found for found in self.tasks}

    # tasks

    def _decorated(self) -> list[FoundTask]:
        found = []
        for ref in self.program.functions():
            for decorator in ref.function.decorators:
                call = decorator if isinstance(decorator, Call) else None
                if self._is_task(ref.module, call.func if call else decorator):
                    found.append(self._task(ref, call))
                    break
        return found

    def _is_task(self, module: Module, expr: Expr) -> bool:
        name = dotted(expr)
        if not name:
            return False
        if re.search(r"(^|\.)(shared_task|app\.task|celery\.task|celery_app\.task|periodic_task)$", name):
            return True
        if "task" not in name.rpartition(".")[2] and name.rpartition(".")[2] not in ("job", "actor"):
            return False
        return self._stands_for_task(module, expr)

    def _stands_for_task(self, module: Module, expr: Expr) -> bool:
        """A library's decorator under its own name or another, or a decorator of the project that applies one."""
        for value in self.evaluator.ask(expr, Scope(module)):
            if isinstance(value, External) and _DECORATOR.search(value.name):
                return True
            if isinstance(value, FunctionRef) and any(_APPLIES.search(name) for name in value.function.refs):
                return True
        return False

    def _task(self, ref: FunctionRef, call: Call | None) -> FoundTask:
        scope = Scope(ref.module)
        name = self.evaluator.plain(call.keyword("name"), scope) if call else ""
        queue = self._plain(call.keyword("queue", "queue_name"), scope, ref.module.repo) if call else ""
        evidence = Evidence(ref.module.repo, ref.module.path, ref.function.line, "task", Side.TRIGGER, ref.shown)
        full = name or ref.shown
        return FoundTask(ref, Task(ref.module.repo, full, ref.shown, queue or self._routed(full, ref), evidence))

    def _classes(self) -> list[FoundTask]:
        """Classes of tasks: `run` is what a worker calls."""
        found = []
        for cls in self.program.classes():
            bases = [base for base in self.program.line(cls) if isinstance(base, External)]
            run = self.program.method(cls, "run")
            if run and any(_TASK_BASE.search(base.name) and "celery" in base.name for base in bases):
                scope = Scope(cls.module)
                name = (
                    next((self.evaluator.plain(assign.value, scope) for assign in cls.cls.assigns if assign.name == "name"), "")
                    or cls.shown
                )
                evidence = Evidence(cls.module.repo, cls.module.path, cls.cls.line, "task class", Side.TRIGGER, cls.shown)
                found.append(FoundTask(run, Task(cls.module.repo, name, cls.shown, self._routed(name, run), evidence)))
        return found

    def of(self, ref: FunctionRef) -> FoundTask | None:
        return self._by_function.get(id(ref.function))

    def named(self, name: str) -> FoundTask | None:
        return self._by_name.get(name) or self._by_symbol.get(name)

    # queues

    def _routed(self, name: str, ref: FunctionRef) -> str:
        """The queue that routes give a task: exact names before patterns, then the default queue."""
        repo = ref.module.repo
        for pattern, queue in self._routes(repo):
            if fnmatchcase(name, pattern) or fnmatchcase(ref.shown, pattern):
                return queue
        return self._default(repo)

    def _routes(self, repo: str) -> list[tuple[str, str]]:
        if not hasattr(self, "_routes_of"):
            self._routes_of: dict[str, list[tuple[str, str]]] = {}
        if repo not in self._routes_of:
            found = [
                pair for setting in ("CELERY_TASK_ROUTES", "CELERY_ROUTES", "task_routes") for pair in self._route_table(repo, setting)
            ]
            self._routes_of[repo] = sorted(found, key=lambda pair: (any(mark in pair[0] for mark in "*?["), -len(pair[0])))
        return self._routes_of[repo]

    def _route_table(self, repo: str, setting: str) -> list[tuple[str, str]]:
        found = []
        for value, _ in self._settings_values(repo, setting):
            rows = [value] if isinstance(value, Table) else self._inner_tables(value)
            for table in rows:
                for key, route in table.pairs.items:
                    if key is not None and (pattern := self._plain(key, table.scope, repo)):
                        found.append((pattern, self._queue_of(route, table.scope, repo)))
        return [(pattern, queue) for pattern, queue in found if queue]

    def _inner_tables(self, value: Value) -> list[Table]:
        if not isinstance(value, Row):
            return []
        return [inner for item in value.items.items for inner in self.evaluator.ask(item, value.scope) if isinstance(inner, Table)]

    def _queue_of(self, route: Expr, scope: Scope, repo: str) -> str:
        for value in self.evaluator.ask(route, scope):
            if isinstance(value, Table):
                for key, queue in value.pairs.items:
                    if isinstance(key, Const) and key.value in ("queue", "routing_key"):
                        return self._plain(queue, value.scope, repo)
            if isinstance(value, Text):
                return self._shown(value, repo)
        return ""

    def _default(self, repo: str) -> str:
        for setting in ("CELERY_TASK_DEFAULT_QUEUE", "CELERY_DEFAULT_QUEUE"):
            for value, _ in self._settings_values(repo, setting):
                if isinstance(value, Text):
                    return self._shown(value, repo)
        return ""

    def _settings_values(self, repo: str, name: str) -> list[tuple[Value, Scope]]:
        """Values of a setting of Django, or of `app.conf.<name>`."""
        found = (
            [(value, scope) for scope, expr in self.settings.own(repo, name) for value in self.evaluator.ask(expr, scope)]
            if name.isupper()
            else []
        )
        if name.islower():
            for ref in self.program.functions():
                if ref.module.repo == repo:
                    for assign in ref.function.assigns:
                        if assign.name.endswith(f".conf.{name}"):
                            scope = Scope(ref.module, ref.function)
                            found += [(value, scope) for value in self.evaluator.ask(assign.value, scope)]
        return found

    # schedules

    @cached_property
    def schedules(self) -> list[Schedule]:
        found = [schedule for module in self.program.modules for beat in module.file.beats for schedule in self._entries(module, beat)]
        found += [schedule for ref, call in self.program.calls("add_periodic_task") if (schedule := self._added(ref, call))]
        return sorted(found, key=lambda schedule: (schedule.repo, schedule.name, schedule.evidence.path, schedule.evidence.line))

    def _entries(self, module: Module, beat: BeatEntry) -> Iterator[Schedule]:
        """One entry, or one for each call of the function that makes it of its parameters."""
        function = module.functions.get(beat.function)
        fields = {key.value: value for key, value in beat.entry.items if isinstance(key, Const)}
        scope = Scope(module, function)
        open_ = [text for name in ("task", "schedule") for text in self.evaluator.texts(fields[name], scope)]
        made_by = FunctionRef(module, function) if function and beat.name is None else None
        if made_by is None or not any(slot.kind == "param" for text in open_ for slot in text.slots):
            yield self._entry(module, beat, scope, beat.line)
            return
        for ref, call, method in self.callers.of(made_by):
            bound = self.evaluator.bound(made_by, call, Scope(ref.module, ref.function), method)
            yield self._entry(module, beat, Scope(module, function, bound), call.line, ref.module.path)

    def _entry(self, module: Module, beat: BeatEntry, scope: Scope, line: int, path: str = "") -> Schedule:
        fields = {key.value: value for key, value in beat.entry.items if isinstance(key, Const)}
        task = self._plain(fields["task"], scope, module.repo) or shown(fields["task"])
        name = (self._plain(beat.name, scope, module.repo) if beat.name else "") or task
        return self._schedule(module, scope, name, task, fields["schedule"], fields.get("options"), line, path)

    def _added(self, ref: FunctionRef, call: Call) -> Schedule | None:
        """`sender.add_periodic_task(schedule, task.s(), name=…)`."""
        signature = call.argument(1, "sig")
        if len(call.args) < 1 or not isinstance(signature, Call) or not isinstance(signature.func, Attr):
            return None
        scope = Scope(ref.module, ref.function)
        target = self.program.lookup(ref.module, dotted(signature.func.base))
        found = self.of(target) if isinstance(target, FunctionRef) else None
        task = found.task.name if found else dotted(signature.func.base)
        return self._schedule(
            ref.module, scope, self._plain(call.keyword("name"), scope, ref.module.repo) or task, task, call.args[0], None, call.line
        )

    def _schedule(
        self, module: Module, scope: Scope, name: str, task: str, when: Expr, options: Expr | None, line: int, path: str = ""
    ) -> Schedule:
        repo = module.repo
        cadence = self.cadence(when, scope, repo)
        settings, env = self._behind(when, scope, repo)
        queue = self._queue_of(options, scope, repo) if options is not None else ""
        known = self.named(task)
        evidence = Evidence(repo, path or module.path, line, "beat", Side.TRIGGER, name)
        return Schedule(repo, name, task, cadence, queue or (known.task.queue if known else ""), evidence, settings, env)

    def cadence(self, expr: Expr, scope: Scope, repo: str, depth: int = 0) -> str:
        """ "every N s", "cron: m h dom mon dow", or the expression itself where it can't be told."""
        for value in self.evaluator.ask(expr, scope):
            for one in self.evaluator.expand(value, 0):
                match one:
                    case Number(value=seconds):
                        return f"every {seconds:g} s"
                    case Made(call=Call() as call, scope=Scope() as inner) if depth < 3:
                        return self._made(one, call, inner, repo, depth)
                    case Text():
                        seconds_ = self._number(expr, scope, repo)
                        if seconds_ is not None:
                            return f"every {seconds_:g} s"
                        return f"every {{{one.slots[0].name}}} s" if one.slots else self._cron_text(one.shown)
        call_ = expr if isinstance(expr, Call) else None
        return self._called(call_, scope, repo, depth) if call_ and depth < 3 else shown(expr)

    def _cron_text(self, text: str) -> str:
        return f"cron: {text}" if len(text.split()) == 5 else text

    def _made(self, made: Made, call: Call, scope: Scope, repo: str, depth: int) -> str:
        name = made.cls.name if isinstance(made.cls, External) else made.cls.cls.name
        if name.endswith(("timedelta", "crontab", "schedule")):
            return self._called(call, scope, repo, depth)
        inner = call.argument(0, "run_every", "schedule", "nowfun")
        return self.cadence(inner, scope, repo, depth + 1) if inner is not None else shown(call)

    def _called(self, call: Call, scope: Scope, repo: str, depth: int) -> str:
        name = called_name(call)
        if name == "timedelta":
            return self._timedelta(call, scope, repo)
        if name == "crontab":
            return "cron: " + " ".join(
                self._cron_field(call.argument(place, field), scope, repo, "*") for place, field in self._cron_places()
            )
        if name == "from_string":
            return self._cron_text(self._plain(call.args[0], scope, repo)) if call.args else shown(call)
        if name in ("schedule", "maybe_schedule") and (inner := call.argument(0, "run_every", "s")) is not None:
            return self.cadence(inner, scope, repo, depth + 1)
        return shown(call)

    def _cron_places(self) -> list[tuple[int, str]]:
        places = {"minute": 0, "hour": 1, "day_of_week": 2, "day_of_month": 3, "month_of_year": 4}
        return [(places[field], field) for field in _FIELDS]

    def _cron_field(self, expr: Expr | None, scope: Scope, repo: str, default: str) -> str:
        if expr is None:
            return default
        for value in self.evaluator.ask(expr, scope):
            if isinstance(value, Number):
                return f"{value.value:g}"
            if isinstance(value, Text):
                return self._shown(value, repo).replace(" ", "") or default
            if isinstance(value, Row):
                return ",".join(shown(item) for item in value.items.items)
        return f"{{{shown(expr)}}}"

    def _timedelta(self, call: Call, scope: Scope, repo: str) -> str:
        total = 0.0
        given = [*call.keywords, *zip(("days", "seconds"), call.args, strict=False)]
        for unit, expr in given:
            seconds = self._number(expr, scope, repo)
            if seconds is None or unit not in _SECONDS:
                return f"every {{{shown(expr)}}} {unit}"
            total += seconds * _SECONDS[unit]
        return f"every {total:g} s"

    def _number(self, expr: Expr, scope: Scope, repo: str) -> float | None:
        for value in self.evaluator.ask(expr, scope):
            for one in self.evaluator.expand(value, 0):
                if isinstance(one, Number):
                    return one.value
                if isinstance(one, Text):
                    filled = self.settings.filled(one, repo)
                    if filled and re.fullmatch(r"\d+(\.\d+)?", filled[0].plain or ""):
                        return float(filled[0].shown)
                    for slot in one.slots:
                        if slot.kind == "env" and slot.name in self.evaluator.env_defaults:
                            where, default = self.evaluator.env_defaults[slot.name]
                            numbers = [found.value for found in self.evaluator.ask(default, where) if isinstance(found, Number)]
                            if numbers:
                                return numbers[0]
        return None

    def _behind(self, expr: Expr, scope: Scope, repo: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Settings and variables that a cadence is made of."""
        settings: list[str] = []
        env: list[str] = []
        waiting: list[Expr] = [expr]
        for number in range(20):
            if number >= len(waiting):
                break
            one = waiting[number]
            if isinstance(one, Call):
                waiting += [*one.args, *(value for _, value in one.keywords)]
            elif isinstance(one, Items | Pairs):
                continue
            for value in self.evaluator.ask(one, scope):
                if isinstance(value, Text):
                    names, variables = self.settings.variables(value, repo)
                    settings += names
                    env += variables
        return tuple(dict.fromkeys(settings)), tuple(dict.fromkeys(env))

    # texts

    def _plain(self, expr: Expr | None, scope: Scope, repo: str) -> str:
        if expr is None:
            return ""
        for value in self.evaluator.ask(expr, scope):
            if isinstance(value, Text):
                return self._shown(value, repo)
            if isinstance(value, FunctionRef | ClassRef):
                return value.shown
        return ""

    def _shown(self, text: Text, repo: str) -> str:
        filled = self.settings.filled(text, repo)
        return filled[0].shown if filled else text.shown
