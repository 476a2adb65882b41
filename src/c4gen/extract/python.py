"""A Python file to `PythonFile`. Quick and total: whatever the file holds, there is an answer."""

import ast
import re
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from c4gen.extract.syntax import (
    CLASS_BODY,
    OPAQUE,
    Assign,
    Attr,
    BeatEntry,
    Call,
    Choice,
    Class,
    Const,
    Each,
    Expr,
    Function,
    Import,
    Index,
    Items,
    Join,
    Lambda,
    Name,
    Pairs,
    Parameter,
    Product,
    PythonFile,
    Spread,
)

LONGEST_TEXT = 600
_PERCENT = re.compile(r"%(?:\((\w+)\))?[#0\- +]*\d*(?:\.\d+)?[sdrif]")


def read_python(content: bytes) -> PythonFile:
    """Facts of a file's text; `error` says why there are none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(content)
        return _Reader().file(tree)
    except SyntaxError as error:
        return PythonFile(error=error.msg or "syntax error", error_line=error.lineno or 0)
    except (ValueError, RecursionError, MemoryError) as error:
        return PythonFile(error=str(error) or type(error).__name__)


def _dotted(node: ast.AST) -> str:
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    names.append(node.id)
    return ".".join(reversed(names))


def _annotation(node: ast.expr | None) -> str:
    """The class that an annotation names: `X`, `a.X`, `X | None`, `Optional[X]`, `"X"`."""
    while node is not None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value if node.value.replace(".", "").isidentifier() else ""
        if isinstance(node, ast.BinOp):
            node = node.left
        elif isinstance(node, ast.Subscript) and _dotted(node.value).endswith("Optional"):
            node = node.slice
        else:
            return _dotted(node)
    return ""


class _Reader:
    """Walks one file. `self.function` is the one whose body is being read."""

    def __init__(self) -> None:
        self.result = PythonFile()
        self.function = Function("", "", 1)
        self.result.functions.append(self.function)
        self.class_: Class | None = None

    def file(self, tree: ast.Module) -> PythonFile:
        self.body(tree.body)
        return self.result

    def body(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            handler = _STATEMENTS.get(type(statement))
            if handler:
                handler(self, statement)
            else:
                self.generic(statement)

    def generic(self, node: ast.AST) -> None:
        """Any other statement: its expressions and its blocks, in order."""
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, ast.expr):
                self.expr(value)
            elif isinstance(value, list) and value:
                if isinstance(value[0], ast.stmt):
                    self.body(value)
                else:
                    for item in value:
                        if isinstance(item, ast.expr):
                            self.expr(item)
                        elif isinstance(item, ast.ExceptHandler | ast.match_case):
                            self.generic(item)

    # statements

    def function_def(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        decorators = tuple(self.expr(decorator) for decorator in node.decorator_list)
        outer, outer_class = self.function, self.class_
        cls = outer_class.name if outer_class else outer.cls
        prefix = outer_class.name if outer_class else outer.name
        name = f"{prefix}.{node.name}" if prefix else node.name
        if outer_class:
            outer_class.methods.append(node.name)
        elif outer.name:
            outer.refs.add(node.name)
        inner = Function(
            name,
            cls,
            node.lineno,
            self.parameters(node.args),
            decorators,
            gives=_annotation(node.returns),
            is_async=isinstance(node, ast.AsyncFunctionDef),
        )
        self.result.functions.append(inner)
        self.function, self.class_ = inner, None
        self.body(node.body)
        self.function, self.class_ = outer, outer_class

    def parameters(self, args: ast.arguments) -> tuple[Parameter, ...]:
        positional = [*args.posonlyargs, *args.args]
        defaults = [None] * (len(positional) - len(args.defaults)) + [self.expr(value) for value in args.defaults]
        found = [Parameter(arg.arg, default, _annotation(arg.annotation)) for arg, default in zip(positional, defaults, strict=True)]
        if args.vararg:
            found.append(Parameter("*" + args.vararg.arg))
        for arg, value in zip(args.kwonlyargs, args.kw_defaults, strict=True):
            found.append(Parameter(arg.arg, self.expr(value) if value is not None else None, _annotation(arg.annotation)))
        if args.kwarg:
            found.append(Parameter("**" + args.kwarg.arg))
        return tuple(found)

    def class_def(self, node: ast.ClassDef) -> None:
        bases = tuple(self.expr(base) for base in node.bases)
        decorators = tuple(self.expr(decorator) for decorator in node.decorator_list)
        outer, outer_function = self.class_, self.function
        prefix = outer.name if outer else outer_function.name
        name = f"{prefix}.{node.name}" if prefix else node.name
        self.class_ = Class(name, node.lineno, bases, decorators)
        self.result.classes.append(self.class_)
        self.function = Function(f"{name}.{CLASS_BODY}", name, node.lineno)
        self.result.functions.append(self.function)
        self.body(node.body)
        self.class_, self.function = outer, outer_function

    def assign(self, node: ast.Assign) -> None:
        value = self.expr(node.value)
        for target in node.targets:
            self.bind(target, value, node.lineno)

    def annotated(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.bind(node.target, self.expr(node.value), node.lineno)
        elif isinstance(node.target, ast.Name) and (named := _annotation(node.annotation)):
            self.bind(node.target, Call(Name(named), (), (), node.lineno), node.lineno)

    def augmented(self, node: ast.AugAssign) -> None:
        value = self.expr(node.value)
        if isinstance(node.op, ast.Add) and isinstance(node.target, ast.Name):
            before = next((assign.value for assign in reversed(self.function.assigns) if assign.name == node.target.id), None)
            self.bind(
                node.target,
                Items((*before.items, *_spread(value))) if isinstance(before, Items) else Join((before, value)) if before else value,
                node.lineno,
            )

    def bind(self, target: ast.expr, value: Expr, line: int) -> None:
        if isinstance(target, ast.Name):
            into = self.class_.assigns if self.class_ else self.function.assigns
            into.append(Assign(target.id, value, line))
        elif isinstance(target, ast.Attribute):
            if name := _dotted(target):
                self.function.assigns.append(Assign(name, value, line))
        elif isinstance(target, ast.Tuple | ast.List):
            for place, item in enumerate(target.elts):
                one: Expr = value.items[place] if isinstance(value, Items) and len(value.items) == len(target.elts) else Each(value, place)
                self.bind(item, one, line)
        elif isinstance(target, ast.Subscript) and (name := _dotted(target.value)):
            key = self.expr(target.slice)
            self.function.assigns.append(Assign(f"{name}[]", Pairs(((key, value),), (line,)), line))
            self.beat(key, value, line)

    def beat(self, name: Expr | None, value: Expr, line: int) -> None:
        """Remember a dict that schedules a task; the key that it is kept under is met after it."""
        if not isinstance(value, Pairs) or not {"task", "schedule"} <= {key.value for key, _ in value.items if isinstance(key, Const)}:
            return
        known = next((beat for beat in self.result.beats if beat.entry is value), None)
        if known:
            known.name, known.line = name, line
        else:
            self.result.beats.append(BeatEntry(name, value, self.function.name, line))

    def loop(self, node: ast.For | ast.AsyncFor) -> None:
        self.each(node.target, self.expr(node.iter), node.lineno)
        self.body(node.body)
        self.body(node.orelse)

    def each(self, target: ast.expr, of: Expr, line: int) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            for place, item in enumerate(target.elts):
                if isinstance(item, ast.Name):
                    self.bind(item, Each(of, place), line)
        else:
            self.bind(target, Each(of), line)

    def with_(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            value = self.expr(item.context_expr)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, value, node.lineno)
        self.body(node.body)

    def return_(self, node: ast.Return) -> None:
        if node.value is not None:
            self.function.returns.append(self.expr(node.value))

    def import_(self, node: ast.Import) -> None:
        for alias in node.names:
            module = alias.name
            bound = alias.asname or module.partition(".")[0]
            self.result.imports.append(Import(bound, module if alias.asname else bound, "", 0, node.lineno))
            if not alias.asname and "." in module:
                self.function.refs.add(module)

    def import_from(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            self.result.imports.append(Import(alias.asname or alias.name, node.module or "", alias.name, node.level, node.lineno))

    # expressions

    def expr(self, node: ast.expr) -> Expr:
        handler = _EXPRESSIONS.get(type(node))
        if handler:
            return handler(self, node)
        for child in _children(node):
            self.expr(child)
        return OPAQUE

    def constant(self, node: ast.Constant) -> Expr:
        value = node.value
        if isinstance(value, str):
            return Const(value[:LONGEST_TEXT])
        if value is None or isinstance(value, int | float):
            return Const(value)
        return OPAQUE

    def name(self, node: ast.Name) -> Expr:
        self.function.refs.add(node.id)
        return Name(node.id)

    def attribute(self, node: ast.Attribute) -> Expr:
        if name := _dotted(node):
            self.function.refs.add(name)
            base: Expr | None = None
            for part in name.split("."):
                base = Attr(base, part) if base is not None else Name(part)
            return base or OPAQUE
        return Attr(self.expr(node.value), node.attr)

    def call(self, node: ast.Call) -> Expr:
        func = self.expr(node.func)
        args = tuple(Spread(self.expr(arg.value)) if isinstance(arg, ast.Starred) else self.expr(arg) for arg in node.args)
        keywords = tuple((keyword.arg or "", self.expr(keyword.value)) for keyword in node.keywords)
        call = Call(func, args, keywords, node.lineno)
        self.function.calls.append(call)
        if isinstance(func, Name) and func.id == "dict" and keywords and not args and all(name for name, _ in keywords):
            pairs = Pairs(tuple((Const(name), value) for name, value in keywords), tuple(keyword.lineno for keyword in node.keywords))
            self.beat(None, pairs, node.lineno)
            return pairs
        return call

    def joined(self, node: ast.JoinedStr) -> Expr:
        parts = tuple(self.expr(part.value) if isinstance(part, ast.FormattedValue) else self.expr(part) for part in node.values)
        return Join(parts)

    def binary(self, node: ast.BinOp) -> Expr:
        left, right = self.expr(node.left), self.expr(node.right)
        if isinstance(node.op, ast.Add):
            if isinstance(left, Items) or isinstance(right, Items):
                return Items((*_spread(left), *_spread(right)))
            return Join((left, right))
        if isinstance(node.op, ast.Mult):
            return Product(left, right)
        if isinstance(node.op, ast.Mod) and isinstance(left, Const) and isinstance(left.value, str):
            return _percent(left.value, right)
        if isinstance(node.op, ast.BitOr):
            return Choice((left, right))
        return OPAQUE

    def dict_(self, node: ast.Dict) -> Expr:
        items = tuple(
            (self.expr(key) if key is not None else None, self.expr(value)) for key, value in zip(node.keys, node.values, strict=True)
        )
        for (key, value), node_key in zip(items, node.keys, strict=True):
            if isinstance(value, Pairs) and node_key is not None:
                self.beat(key, value, node_key.lineno)
        pairs = Pairs(items, tuple((key or value).lineno for key, value in zip(node.keys, node.values, strict=True)))
        self.beat(None, pairs, node.lineno)
        return pairs

    def sequence(self, node: ast.List | ast.Tuple | ast.Set) -> Expr:
        return Items(tuple(Spread(self.expr(item.value)) if isinstance(item, ast.Starred) else self.expr(item) for item in node.elts))

    def subscript(self, node: ast.Subscript) -> Expr:
        return Index(self.expr(node.value), self.expr(node.slice))

    def conditional(self, node: ast.IfExp) -> Expr:
        self.expr(node.test)
        return Choice((self.expr(node.body), self.expr(node.orelse)))

    def boolean(self, node: ast.BoolOp) -> Expr:
        return Choice(tuple(self.expr(value) for value in node.values))

    def passed_on(self, node: ast.Await | ast.Starred | ast.YieldFrom) -> Expr:
        return self.expr(node.value)

    def walrus(self, node: ast.NamedExpr) -> Expr:
        value = self.expr(node.value)
        self.bind(node.target, value, node.lineno)
        return value

    def lambda_(self, node: ast.Lambda) -> Expr:
        return Lambda(self.expr(node.body))

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Expr:
        self.generators(node.generators)
        return Items((self.expr(node.elt),))

    def dict_comprehension(self, node: ast.DictComp) -> Expr:
        self.generators(node.generators)
        key, value = self.expr(node.key), self.expr(node.value)
        self.beat(key, value, node.lineno)
        return Pairs(((key, value),), (node.lineno,))

    def generators(self, generators: list[ast.comprehension]) -> None:
        for generator in generators:
            self.each(generator.target, self.expr(generator.iter), getattr(generator.target, "lineno", 0))
            for condition in generator.ifs:
                self.expr(condition)


def _spread(value: Expr) -> tuple[Expr, ...]:
    """The items of a list that is added to another."""
    return value.items if isinstance(value, Items) else (Spread(value),)


def _children(node: ast.AST) -> Iterator[ast.expr]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield child


def _percent(template: str, values: Expr) -> Expr:
    """`"…%s…" % values` as a Join."""
    given = values.items if isinstance(values, Items) else (values,)
    named = {key.value: value for key, value in values.items if isinstance(key, Const)} if isinstance(values, Pairs) else {}
    parts: list[Expr] = []
    end = 0
    for place, match in enumerate(_PERCENT.finditer(template)):
        parts.append(Const(template[end : match.start()]))
        parts.append(named.get(match[1], OPAQUE) if match[1] else given[place] if place < len(given) else OPAQUE)
        end = match.end()
    parts.append(Const(template[end:]))
    return Join(tuple(parts))


_STATEMENTS: dict[type[ast.AST], Callable[[_Reader, Any], None]] = {
    ast.FunctionDef: _Reader.function_def,
    ast.AsyncFunctionDef: _Reader.function_def,
    ast.ClassDef: _Reader.class_def,
    ast.Assign: _Reader.assign,
    ast.AnnAssign: _Reader.annotated,
    ast.AugAssign: _Reader.augmented,
    ast.For: _Reader.loop,
    ast.AsyncFor: _Reader.loop,
    ast.With: _Reader.with_,
    ast.AsyncWith: _Reader.with_,
    ast.Return: _Reader.return_,
    ast.Import: _Reader.import_,
    ast.ImportFrom: _Reader.import_from,
}
_EXPRESSIONS: dict[type[ast.AST], Callable[[_Reader, Any], Expr]] = {
    ast.Constant: _Reader.constant,
    ast.Name: _Reader.name,
    ast.Attribute: _Reader.attribute,
    ast.Call: _Reader.call,
    ast.JoinedStr: _Reader.joined,
    ast.BinOp: _Reader.binary,
    ast.Dict: _Reader.dict_,
    ast.List: _Reader.sequence,
    ast.Tuple: _Reader.sequence,
    ast.Set: _Reader.sequence,
    ast.Subscript: _Reader.subscript,
    ast.IfExp: _Reader.conditional,
    ast.BoolOp: _Reader.boolean,
    ast.Await: _Reader.passed_on,
    ast.Starred: _Reader.passed_on,
    ast.YieldFrom: _Reader.passed_on,
    ast.NamedExpr: _Reader.walrus,
    ast.Lambda: _Reader.lambda_,
    ast.ListComp: _Reader.comprehension,
    ast.SetComp: _Reader.comprehension,
    ast.GeneratorExp: _Reader.comprehension,
    ast.DictComp: _Reader.dict_comprehension,
}
