"""What is kept of a Python file: names, values and calls, without the rest of the grammar. Small, because a large repository has millions of nodes."""

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Expr:
    """An expression."""


@dataclass(slots=True, eq=False)
class Const(Expr):
    value: str | int | float | bool | None


@dataclass(slots=True, eq=False)
class Name(Expr):
    id: str


@dataclass(slots=True, eq=False)
class Attr(Expr):
    base: Expr
    name: str


@dataclass(slots=True, eq=False)
class Call(Expr):
    """`keywords` with the name "" are `**mappings`. `argument(…)` finds one by place or name, as far as no `*list` stands before it."""

    func: Expr
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str, Expr], ...]
    line: int

    def keyword(self, *names: str) -> Expr | None:
        return next((value for name, value in self.keywords if name in names), None)

    def argument(self, place: int, *names: str) -> Expr | None:
        found = self.keyword(*names)
        if found is not None or place >= len(self.args) or any(isinstance(arg, Spread) for arg in self.args[: place + 1]):
            return found
        return self.args[place]


@dataclass(slots=True, eq=False)
class Join(Expr):
    """Texts one after another: an f-string, a sum, a format."""

    parts: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class Pairs(Expr):
    """A dict; the key None unpacks another mapping."""

    items: tuple[tuple[Expr | None, Expr], ...]
    lines: tuple[int, ...]


@dataclass(slots=True, eq=False)
class Items(Expr):
    """A list, tuple or set; also what a comprehension makes, as one item."""

    items: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class Spread(Expr):
    """`*items` in a list."""

    of: Expr


@dataclass(slots=True, eq=False)
class Each(Expr):
    """Any one element of what is iterated over."""

    of: Expr
    place: int | None = None  # in an unpacked tuple


@dataclass(slots=True, eq=False)
class Index(Expr):
    base: Expr
    key: Expr


@dataclass(slots=True, eq=False)
class Choice(Expr):
    """One of several: a conditional expression, `a or b`, sums of unlike things."""

    options: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class Lambda(Expr):
    body: Expr


@dataclass(slots=True, eq=False)
class Product(Expr):
    left: Expr
    right: Expr


@dataclass(slots=True, eq=False)
class Opaque(Expr):
    """Nothing that matters here."""


OPAQUE = Opaque()


@dataclass(slots=True, eq=False)
class Assign:
    name: str  # "x", or "self.x"
    value: Expr
    line: int


@dataclass(slots=True, eq=False)
class Parameter:
    name: str
    default: Expr | None = None
    annotation: str = ""


CLASS_BODY = "<body>"


@dataclass(slots=True, eq=False)
class Function:
    """A function, a method, the body of a class (`Name.<body>`) or of the module (`name` ""). `refs` are the dotted names that it reads."""

    name: str  # qualified within the module: "Client.get", "outer.inner"
    cls: str  # the class around, "" when there is none
    line: int
    params: tuple[Parameter, ...] = ()
    decorators: tuple[Expr, ...] = ()
    assigns: list[Assign] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    returns: list[Expr] = field(default_factory=list)
    refs: set[str] = field(default_factory=set)
    gives: str = ""  # the class that its annotation names
    is_async: bool = False

    @property
    def bare(self) -> str:
        return self.name.rpartition(".")[2]


@dataclass(slots=True, eq=False)
class Class:
    name: str
    line: int
    bases: tuple[Expr, ...]
    decorators: tuple[Expr, ...]
    assigns: list[Assign] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)  # bare names


@dataclass(slots=True, eq=False)
class Import:
    """`from module import name as alias` or `import module as alias`. The alias "*" takes everything."""

    alias: str
    module: str
    name: str
    level: int
    line: int


@dataclass(slots=True, eq=False)
class BeatEntry:
    """A dict with the keys "task" and "schedule", wherever it stands; `name` is the key that it is kept under."""

    name: Expr | None
    entry: Pairs
    function: str
    line: int


@dataclass(slots=True, eq=False)
class PythonFile:
    beats: list[BeatEntry] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)  # the first is the module's body
    classes: list[Class] = field(default_factory=list)
    error: str = ""
    error_line: int = 0


def dotted(expr: Expr | None) -> str:
    """ "a.b.c" of a chain of names, "" of anything else."""
    names: list[str] = []
    while isinstance(expr, Attr):
        names.append(expr.name)
        expr = expr.base
    if not isinstance(expr, Name):
        return ""
    names.append(expr.id)
    return ".".join(reversed(names))


def shown(expr: Expr | None, depth: int = 0) -> str:
    """An expression as a person would read it, shortened."""
    if expr is None or depth > 4:
        return "…"
    match expr:
        case Const(value=value):
            return repr(value)
        case Name(id=name):
            return name
        case Attr(base=base, name=name):
            return f"{shown(base, depth + 1)}.{name}"
        case Call(func=func, args=args, keywords=keywords):
            inside = [shown(arg, depth + 1) for arg in args[:3]] + [f"{name}=…" for name, _ in keywords[:2] if name]
            return f"{shown(func, depth + 1)}({', '.join(inside)})"
        case Join(parts=parts):
            return "".join(
                part.value if isinstance(part, Const) and isinstance(part.value, str) else f"{{{shown(part, depth + 1)}}}" for part in parts
            )
        case Index(base=base, key=key):
            return f"{shown(base, depth + 1)}[{shown(key, depth + 1)}]"
        case Choice(options=options):
            return " or ".join(shown(option, depth + 1) for option in options)
        case Each(of=of):
            return f"each of {shown(of, depth + 1)}"
    return "…"
