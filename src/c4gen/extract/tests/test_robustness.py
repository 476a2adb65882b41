"""Whatever a repository holds, there is an answer: a finding that names the file, no traceback and no wait."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from c4gen.extract.cache import Cache, packed, unpacked
from c4gen.extract.documents import read_document
from c4gen.extract.python import read_python
from c4gen.extract.run import extract
from c4gen.extract.scan import scan
from c4gen.extract.trees import LARGEST, CommitTree, FolderTree, GitFailed
from c4gen.model.facts import Facts
from c4gen.model.store import from_json, to_json
from c4gen.tests.code import edges_to, facts_of, service

CLIENT = "import requests\ndef run():\n    return requests.get('https://bank.example-bank.com/a')\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, text in service(CLIENT).items():
        (tmp_path / "one" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "one" / path).write_text(text)
    return tmp_path / "one"


def read(folder: Path) -> Facts:
    """Facts, with the good file found whatever lies beside it."""
    facts = extract([FolderTree("one", folder)])
    assert edges_to(facts, "bank.example-bank.com")
    return facts


BROKEN = {
    "a syntax error": ("app/broken.py", b"def (:\n", "python.syntax", 1),
    "Python 2": ("app/old.py", b"import os\nprint 'hello'\n", "python.syntax", 2),
    "tabs and spaces": ("app/tabs.py", b"def a():\n\tpass\n        pass\n", "python.syntax", 3),
    "not UTF-8": ("app/latin.py", "name = 'é'\n".encode("latin-1"), "python.syntax", None),
    "zeros": ("app/zeros.py", b"a = 1\0\n", "python.syntax", None),
    "nesting": ("app/deep.py", b"a = " + b"[" * 5000 + b"]" * 5000 + b"\n", "python.syntax", None),
    "a long sum": ("app/sum.py", b"a = " + b"1 + " * 20000 + b"1\n", "python.syntax", None),
    "malformed YAML": ("docker-compose.yml", b"services:\n  web: [\n", "file.malformed", 3),
    "a key said twice": ("docker-compose.yml", b"services:\n  web: {image: a}\n  web: {image: b}\n", "file.malformed", 3),
    "deep YAML": ("docker-compose.yml", b"services: " + b"[" * 400 + b"]" * 400, "file.malformed", None),
    "aliases that grow": (
        "docker-compose.yml",
        b"services: &a0 [x, x]\n" + b"".join(b"k%d: &a%d [*a%d, *a%d]\n" % (n, n, n - 1, n - 1) for n in range(1, 40)),
        "file.malformed",
        None,
    ),
    "malformed JSON": ("package.json", b'{"name": ', "file.malformed", 1),
    "JSON that nests": ("openapi.json", b'{"openapi": "3.0.0", "paths": ' + b"[" * 200000, "file.malformed", None),
    "malformed TOML": ("pyproject.toml", b"[project\n", "file.malformed", None),
}


@pytest.mark.parametrize(("path", "content", "code", "line"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_a_finding(folder: Path, path: str, content: bytes, code: str, line: int | None):
    (folder / path).write_bytes(content)
    (trouble,) = read(folder).troubles
    assert (trouble.repo, trouble.path, trouble.code) == ("one", path, code)
    assert trouble.message.endswith(".")
    if line is not None:
        assert trouble.line == line


HARMLESS = {
    "an encoding that is declared": ("app/latin.py", "# -*- coding: latin-1 -*-\nname = 'é'\n".encode("latin-1")),
    "a byte order mark": ("app/bom.py", b"\xef\xbb\xbfa = 1\n"),
    "an empty file": ("app/empty.py", b""),
    "a template of YAML": ("deploy/app.yaml", b"apiVersion: {{ .Values.version }}\nkind: {{- if x }}\n"),
    "YAML of no kind": ("data.yaml", b"a: [1, 2]\n"),
    "an empty document": ("docker-compose.yml", b""),
    "a list where a mapping is due": ("docker-compose.yml", b"services: [a, b]\n"),
    "numbers where names are due": ("docker-compose.yml", b"services: {1: {image: 2, command: [3, null]}}\n"),
    "a script in one line": ("app.js", b"a=1;" * 100_000),
    "a binary script": ("app.js", bytes(range(256)) * 40),
    "an environment file of bytes": (".env", bytes(range(256))),
}


@pytest.mark.parametrize(("path", "content"), HARMLESS.values(), ids=HARMLESS.keys())
def test_an_odd_file_is_read_or_passed_over(folder: Path, path: str, content: bytes):
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_bytes(content)
    assert read(folder).troubles == ()


def test_a_file_of_20_megabytes_is_passed_over_with_its_size(folder: Path):
    (folder / "app/huge.py").write_bytes(b"a = 1\n" * (20 * 2**20 // 6))
    (trouble,) = read(folder).troubles
    assert (trouble.path, trouble.code) == ("app/huge.py", "tree.too-large")
    assert f"{LARGEST:,}" in trouble.message


def test_a_generated_dict_of_50_000_lines_is_read(folder: Path):
    (folder / "app/table.py").write_text("TABLE = {\n" + "".join(f'    "key{n}": "v{n}",\n' for n in range(50_000)) + "}\n")
    (folder / "app/more.py").write_text(
        "import requests\nfrom app.table import TABLE\ndef pick(name):\n    return requests.get(TABLE[name])\n"
    )
    assert read(folder).troubles == ()


def test_links_are_not_followed(folder: Path):
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "app/self").symlink_to("self")
    outside = folder.parent / "outside.py"
    outside.write_text(CLIENT.replace("bank", "outside"))
    (folder / "app/linked.py").symlink_to(outside)
    facts = read(folder)
    assert not edges_to(facts, "outside.example-outside.com")
    assert facts.troubles == ()


def test_a_file_that_may_not_be_read_is_a_finding(folder: Path, monkeypatch: pytest.MonkeyPatch):
    (folder / "app/closed.py").write_text("a = 1\n")
    before = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "closed.py":
            raise PermissionError(13, "Permission denied")
        return before(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (trouble,) = read(folder).troubles
    assert (trouble.path, trouble.code) == ("app/closed.py", "tree.unreadable")


def test_a_name_that_is_no_text_is_a_finding(folder: Path):
    os.close(os.open(os.fsencode(folder / "app") + b"/\xff\xfe.py", os.O_CREAT | os.O_WRONLY))
    (trouble,) = read(folder).troubles
    assert trouble.code == "tree.name"


def test_a_circle_of_imports_ends():
    files = service("from app.a import run\n") | {
        "app/a.py": "from app.b import *\n",
        "app/b.py": "from app.a import *\nfrom app.a import run\n",
    }
    assert facts_of(one=files).edges == ()


def test_classes_that_derive_from_themselves_end():
    client = "class A(B): ...\nclass B(A):\n    def get(self):\n        return self.x.get(self.base)\ndef run():\n    return A().get()\n"
    assert facts_of(one=service(client)).edges == ()


def test_settings_that_name_each_other_end():
    facts = facts_of(one=service(CLIENT, 'A_URL = f"{B_URL}/a"\nB_URL = f"{A_URL}/b"\n'))
    assert {one.name for one in facts.settings} >= {"A_URL", "B_URL"}


def test_names_of_markup_stay_plain_values():
    name = "<img src=x onerror=alert(1)>"
    facts = facts_of(one=service(CLIENT, **{"docker-compose.yml": f'services:\n  "{name}": {{image: "postgres:17"}}\n'}))
    assert all("<" not in node.id for node in facts.nodes)
    assert name in {node.name for node in facts.nodes}
    assert from_json(to_json(facts)) == facts


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_as_python(content: bytes):
    file = read_python(content)
    assert bool(file.error) != bool(file.functions)
    assert unpacked(packed(file)).error == file.error


NAMES = [
    "docker-compose.yml", "openapi.yaml", "openapi.json", "package.json", "pyproject.toml", "Caddyfile", "nginx.conf", "Procfile", ".env",
    "app.json", "a.ts", "apisix.yaml", "deploy.yaml",
]  # fmt: skip
HEADS = ["", "services:\n", "apiVersion: v1\nkind: Deployment\n", "openapi: 3.0.0\npaths:\n", "routes:\n", "upstream a {", '{"paths": ']


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(NAMES), st.sampled_from(HEADS), st.text(alphabet=st.sampled_from("ab:-{}[]\"'&*|>\n #!%@,?0~é<\0"), max_size=80))
def test_any_text_is_read_as_a_document(name: str, head: str, rest: str):
    document = read_document(name, (head + rest).encode())
    if document is not None:
        assert unpacked(packed(document)) == document


def test_a_foreign_cache_is_an_empty_one(folder: Path, tmp_path: Path):
    cache = Cache(tmp_path / "cache")
    scan([FolderTree("one", folder)], cache)
    assert cache.path is not None
    cache.path.write_bytes(b"no database")
    assert edges_to(extract([FolderTree("one", folder)], (), cache), "bank.example-bank.com")


def test_a_cache_cannot_run_code():
    import pickle

    class Bomb:
        def __reduce__(self):
            return (os.system, ("true",))

    with pytest.raises(pickle.UnpicklingError):
        unpacked(pickle.dumps(Bomb()))


def test_the_second_time_only_what_changed_is_read(folder: Path, tmp_path: Path):
    cache = Cache(tmp_path / "cache")
    (first,), _ = scan([FolderTree("one", folder)], cache)
    (folder / "app/views.py").write_text("def do(request): ...\n")
    (second,), _ = scan([FolderTree("one", folder)], cache)
    assert (first.read, second.read) == (len(first.paths), 1)


def test_two_processes_read_what_one_does(folder: Path, monkeypatch: pytest.MonkeyPatch):
    alone, _ = scan([FolderTree("one", folder)], Cache(None), processes=1)
    monkeypatch.setattr("c4gen.extract.scan.WORTH_A_PROCESS", 1)
    together, _ = scan([FolderTree("one", folder)], Cache(None), processes=2)
    assert packed(alone[0].python) == packed(together[0].python)


def test_where_no_process_may_be_started_this_one_reads(folder: Path, monkeypatch: pytest.MonkeyPatch):
    class Refused:
        def __init__(self, *given: object, **more: object):
            raise OSError("no more processes")

    monkeypatch.setattr("c4gen.extract.scan.WORTH_A_PROCESS", 1)
    monkeypatch.setattr("c4gen.extract.scan.ProcessPoolExecutor", Refused)
    (found,), _ = scan([FolderTree("one", folder)], Cache(None), processes=2)
    assert "app/client.py" in found.python


def test_a_folder_without_git_is_a_sentence(tmp_path: Path):
    with pytest.raises(GitFailed, match="not a git repository"):
        CommitTree("one", tmp_path, "HEAD").entries()
