"""All Python files of all repositories as one program: modules by name, and what a dotted name means where it is written."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from c4gen.extract.scan import Scan
from c4gen.extract.syntax import CLASS_BODY, Assign, Attr, Call, Class, Expr, Function, Import, PythonFile, dotted

_DEEPEST = 12  # re-exports followed


@dataclass(eq=False, slots=True)
class Module:
    repo: str
    path: str
    name: str
    file: PythonFile
    is_package: bool
    names: dict[str, list[Assign]] = field(default_factory=dict)
    imports: dict[str, Import] = field(default_factory=dict)
    stars: list[Import] = field(default_factory=list)
    functions: dict[str, Function] = field(default_factory=dict)
    classes: dict[str, Class] = field(default_factory=dict)

    @property
    def body(self) -> Function:
        return self.file.functions[0]


@dataclass(frozen=True, slots=True)
class FunctionRef:
    module: Module
    function: Function

    @property
    def key(self) -> str:
        return f"{self.module.repo}:{self.module.name}:{self.function.name}"

    @property
    def shown(self) -> str:
        return f"{self.module.name}.{self.function.name}".rstrip(".")


@dataclass(frozen=True, slots=True)
class ClassRef:
    module: Module
    cls: Class

    @property
    def shown(self) -> str:
        return f"{self.module.name}.{self.cls.name}"


@dataclass(frozen=True, slots=True)
class ModuleRef:
    module: Module


@dataclass(frozen=True, slots=True)
class VariableRef:
    """A name that a module's body assigns."""

    module: Module
    name: str


@dataclass(frozen=True, slots=True)
class External:
    """Something of a package that is not scanned."""

    name: str


Target = FunctionRef | ClassRef | ModuleRef | VariableRef | External


class Program:
    def __init__(self, scans: list[Scan]) -> None:
        self.modules: list[Module] = []
        self._by_name: dict[str, list[Module]] = defaultdict(list)
        self._meanings: dict[tuple[int, str], Target | None] = {}
        self._calls: dict[str, list[tuple[FunctionRef, Call]]] | None = None
        self._lines: dict[int, list[ClassRef | External]] = {}
        for scan in scans:
            self._add(scan)
        self._subclasses: dict[Class, list[ClassRef]] | None = None

    def _add(self, scan: Scan) -> None:
        folders = {str(PurePosixPath(path).parent) for path in scan.python}
        packages = {str(PurePosixPath(path).parent) for path in scan.python if path.endswith("/__init__.py")}
        roots = _roots(scan.paths, folders, packages)
        for path, file in scan.python.items():
            if not file.functions:
                continue
            names = _names(path, roots, packages)
            module = Module(scan.name, path, names[0], file, path.endswith("__init__.py"))
            self._index(module)
            for name in names:
                self._by_name[name].append(module)

    def _index(self, module: Module) -> None:
        self.modules.append(module)
        for assign in module.body.assigns:
            module.names.setdefault(assign.name, []).append(assign)
        for entry in module.file.imports:
            if entry.name == "*":
                module.stars.append(entry)
            else:
                module.imports.setdefault(entry.alias, entry)
        for function in module.file.functions[1:]:
            module.functions[function.name] = function
        for cls in module.file.classes:
            module.classes[cls.name] = cls

    # modules and names

    def module(self, name: str, repo: str = "") -> Module | None:
        """A module by its dotted name, one of the same repository before others."""
        found = self._by_name.get(name)
        if not found:
            return None
        return next((module for module in found if module.repo == repo), found[0])

    def lookup(self, module: Module, name: str, depth: int = 0) -> Target | None:
        """What a dotted name means in the body of a module; None for a name that it does not know."""
        key = (id(module), name)
        if key in self._meanings:
            return self._meanings[key]
        self._meanings[key] = None  # a circle of imports ends here
        found = self._lookup(module, name, depth)
        self._meanings[key] = found
        return found

    def _lookup(self, module: Module, name: str, depth: int) -> Target | None:
        if depth > _DEEPEST:
            return None
        head, _, rest = name.partition(".")
        target = self._head(module, head, depth)
        while target is not None and rest:
            head, _, rest = rest.partition(".")
            target = self._member(target, head, depth)
        return target

    def _head(self, module: Module, name: str, depth: int) -> Target | None:
        if name in module.functions:
            return FunctionRef(module, module.functions[name])
        if name in module.classes:
            return ClassRef(module, module.classes[name])
        if name in module.names:
            return VariableRef(module, name)
        if name in module.imports:
            return self._imported(module, module.imports[name], depth)
        for star in module.stars:
            source = self.module(self.absolute(module, star), module.repo)
            if source and source is not module and (found := self.lookup(source, name, depth + 1)) is not None:
                return found
        if module.is_package and (submodule := self.module(f"{module.name}.{name}", module.repo)):
            return ModuleRef(submodule)
        return None

    def absolute(self, module: Module, entry: Import) -> str:
        """The dotted name of the module that an import names."""
        if not entry.level:
            return entry.module
        parts = module.name.split(".")
        up = entry.level - 1 if module.is_package else entry.level
        kept = parts[: len(parts) - up] if up else parts
        return ".".join([*kept, *([entry.module] if entry.module else [])])

    def _imported(self, module: Module, entry: Import, depth: int) -> Target | None:
        name = self.absolute(module, entry)
        source = self.module(name, module.repo)
        if not entry.name:
            return ModuleRef(source) if source else External(name)
        if source and source is not module and (found := self.lookup(source, entry.name, depth + 1)) is not None:
            return found
        if submodule := self.module(f"{name}.{entry.name}", module.repo):
            return ModuleRef(submodule)
        return External(f"{name}.{entry.name}")

    def _member(self, target: Target, name: str, depth: int) -> Target | None:
        match target:
            case External(name=outer):
                submodule = self.module(f"{outer}.{name}")
                return ModuleRef(submodule) if submodule else External(f"{outer}.{name}")
            case ModuleRef(module=module):
                found = self.lookup(module, name, depth + 1)
                if found is None and (submodule := self.module(f"{module.name}.{name}", module.repo)):
                    return ModuleRef(submodule)
                return found
            case ClassRef():
                return self.method(target, name) or self._inner(target, name)
        return None

    def _inner(self, target: ClassRef, name: str) -> ClassRef | None:
        inner = target.module.classes.get(f"{target.cls.name}.{name}")
        return ClassRef(target.module, inner) if inner else None

    # classes

    def line(self, ref: ClassRef) -> list[ClassRef | External]:
        """A class and what it derives from, nearest first."""
        if (known := self._lines.get(id(ref.cls))) is not None:
            return known
        found: list[ClassRef | External] = []
        seen: set[int] = set()

        def walk(one: ClassRef | External, depth: int) -> None:
            if isinstance(one, External):
                found.append(one)
                return
            if id(one.cls) in seen or depth > _DEEPEST:
                return
            seen.add(id(one.cls))
            found.append(one)
            for base in one.cls.bases:
                target = self.base(one.module, base)
                if target is not None:
                    walk(target, depth + 1)

        walk(ref, 0)
        self._lines[id(ref.cls)] = found
        return found

    def base(self, module: Module, expr: Expr) -> ClassRef | External | None:
        """The class that an expression in a list of bases names: `X`, `Generic[X]`, `factory(X)`."""
        name = dotted(expr)
        if not name:
            inner = getattr(expr, "base", None) or getattr(expr, "func", None)
            return self.base(module, inner) if isinstance(inner, Expr) else None
        target = self.lookup(module, name)
        return target if isinstance(target, ClassRef | External) else None

    def method(self, ref: ClassRef, name: str) -> FunctionRef | None:
        for one in self.line(ref):
            if isinstance(one, ClassRef) and (function := one.module.functions.get(f"{one.cls.name}.{name}")):
                return FunctionRef(one.module, function)
        return None

    def subclasses(self, ref: ClassRef) -> list[ClassRef]:
        """Those that name the class among their bases, and theirs."""
        if self._subclasses is None:
            self._subclasses = defaultdict(list)
            for one in self.classes():
                for base in one.cls.bases:
                    target = self.base(one.module, base)
                    if isinstance(target, ClassRef):
                        self._subclasses[target.cls].append(one)
        found: list[ClassRef] = []
        waiting = [ref]
        while waiting and len(found) < 200:
            for one in self._subclasses.get(waiting.pop().cls, ()):
                if one not in found:
                    found.append(one)
                    waiting.append(one)
        return found

    def class_of(self, ref: FunctionRef) -> ClassRef | None:
        cls = ref.module.classes.get(ref.function.cls) if ref.function.cls else None
        return ClassRef(ref.module, cls) if cls else None

    # walks over everything

    def functions(self) -> Iterator[FunctionRef]:
        for module in self.modules:
            for function in module.file.functions:
                yield FunctionRef(module, function)

    def classes(self) -> Iterator[ClassRef]:
        for module in self.modules:
            for cls in module.file.classes:
                yield ClassRef(module, cls)

    def calls(self, *names: str) -> Iterator[tuple[FunctionRef, Call]]:
        """Calls of functions of these names."""
        if self._calls is None:
            self._calls = defaultdict(list)
            for ref in self.functions():
                for call in ref.function.calls:
                    self._calls[called_name(call)].append((ref, call))
        for name in names:
            yield from self._calls.get(name, ())

    def body_of(self, ref: ClassRef) -> FunctionRef | None:
        function = ref.module.functions.get(f"{ref.cls.name}.{CLASS_BODY}")
        return FunctionRef(ref.module, function) if function else None


def called_name(call: Call) -> str:
    """The last name of what is called: `c` of `a.b.c()`."""
    func = call.func
    return func.name if isinstance(func, Attr) else getattr(func, "id", "")


def _roots(paths: set[str], folders: set[str], packages: set[str]) -> list[str]:
    """Folders that are on the import path: the top, `src`, what holds a manage.py or a pyproject, and parents of topmost packages."""
    roots = {""}
    for path in paths:
        pure = PurePosixPath(path)
        if pure.name in ("manage.py", "pyproject.toml", "setup.py"):
            roots.add(_plain(str(pure.parent)))
    roots |= {f"{root}/src".lstrip("/") for root in list(roots)} & {_plain(folder) for folder in _ancestors(folders)}
    for package in packages:
        if str(PurePosixPath(package).parent) not in packages:
            roots.add(_plain(str(PurePosixPath(package).parent)))
    return sorted(roots, key=lambda root: (-len(root), root))


def _ancestors(folders: set[str]) -> set[str]:
    found = set(folders)
    for folder in folders:
        found.update(str(parent) for parent in PurePosixPath(folder).parents)
    return found


def _plain(folder: str) -> str:
    return "" if folder == "." else folder


def _names(path: str, roots: list[str], packages: set[str]) -> list[str]:
    """Dotted names by which a file may be imported, the likeliest first."""
    stem = path.removesuffix(".py").removesuffix("/__init__")
    inside = {root for root in roots if root not in packages}
    names = [
        stem[len(root) :].lstrip("/").replace("/", ".") for root in roots if root in inside and (not root or stem.startswith(f"{root}/"))
    ]
    return list(dict.fromkeys(name for name in names if name)) or [stem.replace("/", ".")]
