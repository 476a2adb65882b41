"""Strict readers of what is exported: as much of each language as the exports use, and nothing else."""

import re
from dataclasses import dataclass, field

BOX = re.compile(r' *(Person|(?:System|Container|Component)(?:Db|Queue)?(?:_Ext)?)\((\w+)((?:, "[^"<>\\!\n]*"){2,3})\)')
REL = re.compile(r'Rel\((\w+), (\w+), "([^"<>\\!\n]+)", "([^"<>\\!\n]*)"(, \$tags="async")?\)')
BOUNDARY = re.compile(r'Boundary\((\w+), "[^"<>\\!\n]*"\) \{')
HEAD = (
    re.compile(r"@startuml"),
    re.compile(r"!include <C4/C4_Container>"),
    re.compile(r"!include <C4/C4_Component>"),
    re.compile(r'AddRelTag\("async", \$lineColor="#[0-9a-f]{6}", \$lineStyle=DashedLine\(\)\)'),
    re.compile(r"title [^\n<>!]*"),
)


@dataclass
class Read:
    """Names in the order they are given, and arrows between them."""

    boxes: list[str] = field(default_factory=list)
    arrows: list[tuple[str, str, bool]] = field(default_factory=list)  # from, to, asynchronous or mixed
    groups: list[str] = field(default_factory=list)


class NotInTheLanguage(Exception):
    pass


def _demand(said: object, line: str) -> None:
    if not said:
        raise NotInTheLanguage(line)


def read_plantuml(text: str) -> Read:
    lines = text.split("\n")
    _demand(lines[-3:] == ["SHOW_LEGEND()", "@enduml", ""], text[-60:])
    for pattern, line in zip(HEAD, lines, strict=False):
        _demand(pattern.fullmatch(line), line)
    read, inside = Read(), False
    for line in lines[len(HEAD) : -3]:
        if found := BOX.fullmatch(line):
            _demand(line.startswith("  ") == inside, line)
            read.boxes.append(found[2])
        elif found := BOUNDARY.fullmatch(line):
            _demand(not inside, line)
            inside = True
            read.groups.append(found[1])
        elif line == "}":
            _demand(inside, line)
            inside = False
        else:
            found = REL.fullmatch(line)
            _demand(found and not inside, line)
            assert found
            read.arrows.append((found[1], found[2], bool(found[5])))
    _demand(not inside, "a boundary stays open")
    return read


MERMAID_TEXT = r'"(?:[^\W]|[ .,:/()\-]|#\d+;)*"'
MERMAID_BOX = re.compile(rf" +(\w+)(?:\[{MERMAID_TEXT}\]|\(\[{MERMAID_TEXT}\]\)|\[\({MERMAID_TEXT}\)\]|\[\[{MERMAID_TEXT}\]\])")
MERMAID_ARROW = re.compile(rf"  (\w+) (-->|-\.->|==>)\|{MERMAID_TEXT}\| (\w+)")
MERMAID_GROUP = re.compile(rf"  subgraph (\w+)\[{MERMAID_TEXT}\]")


def read_mermaid(text: str) -> Read:
    lines = text.split("\n")
    _demand(lines[0] == "flowchart TB" and lines[-1] == "", text[:40])
    read, inside = Read(), False
    for line in lines[1:-1]:
        if found := MERMAID_ARROW.fullmatch(line):
            _demand(not inside, line)
            read.arrows.append((found[1], found[3], found[2] != "-->"))
        elif found := MERMAID_GROUP.fullmatch(line):
            _demand(not inside, line)
            inside = True
            read.groups.append(found[1])
        elif line == "  end":
            _demand(inside, line)
            inside = False
        else:
            found = MERMAID_BOX.fullmatch(line)
            _demand(found and line.startswith("    ") == inside, line)
            assert found
            read.boxes.append(found[1])
    _demand(not inside, "a subgraph stays open")
    return read


TOKEN = re.compile(r'\s*(?:(?P<string>"[^"\\\n]*")|(?P<arrow>->)|(?P<mark>[{}=])|(?P<word>[^\s"{}=]+))')
INSIDE = {"model": ("person", "softwareSystem"), "softwareSystem": ("container",), "container": ("component",)}
VIEWS = ("systemContext", "container", "component")


def read_structurizr(text: str) -> Read:
    """Boxes stand in boxes of the level above, arrows join boxes that were given before, views name one of them."""
    reader = _Structurizr(text)
    reader.workspace()
    return reader.read


class _Structurizr:
    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        place = 0
        while text[place:].strip():
            found = TOKEN.match(text, place)
            _demand(found, text[place : place + 60])
            assert found
            self.tokens.append(found[0].strip())
            place = found.end()
        self.tokens.reverse()
        self.read = Read()

    def take(self, *wanted: str) -> str:
        token = self.tokens.pop() if self.tokens else "the end"
        _demand(not wanted or token in wanted, f"{token} instead of {wanted}")
        return token

    def strings(self, least: int, most: int) -> list[str]:
        found = []
        while self.tokens and self.tokens[-1].startswith('"'):
            found.append(self.take())
        _demand(least <= len(found) <= most, f"{len(found)} strings")
        return found

    def workspace(self) -> None:
        self.take("workspace")
        self.strings(1, 2)
        self.take("{")
        self.take("model")
        self.block("model")
        self.take("views")
        self.views()
        self.take("}")
        _demand(not self.tokens, "something after the end")

    def block(self, around: str) -> None:
        self.take("{")
        while self.tokens[-1] != "}":
            name = self.take()
            _demand(re.fullmatch(r"\w+", name), name)
            if self.take("=", "->") == "->":
                target = self.take()
                _demand(around == "model" and {name, target} <= set(self.read.boxes), f"{name} -> {target}")
                said = self.strings(1, 3)
                self.read.arrows.append((name, target, said[-1] != '"sync"'))
                continue
            kind = self.take(*INSIDE[around])
            _demand(name not in self.read.boxes, f"{name} twice")
            self.read.boxes.append(name)
            self.strings(1, 4)
            if self.tokens[-1] == "{":
                self.block(kind)
        self.take("}")

    def views(self) -> None:
        self.take("{")
        while self.tokens[-1] != "}":
            if self.take(*VIEWS, "styles") == "styles":
                for token in ("{", "relationship", '"async"', "{", "style", "dashed", "color", "#e8a33d", "}", "}"):
                    self.take(token)
                continue
            name = self.take()
            _demand(name in self.read.boxes, name)
            self.read.groups.append(name)
            for token in ("{", "include", "*", "autolayout", "lr", "}"):
                self.take(token)
        self.take("}")
