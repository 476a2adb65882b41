"""Where an address in a call comes from, however it is written."""

import pytest

from c4gen.tests.code import facts_of, lines_of, model, service, the_edge

BASE = 'PEER_URL = os.environ.get("PEER_URL", "https://peer.example-peer.org/root")'
WRITTEN = {
    "requests": ("import requests\ndef run():\n    return requests.get('https://peer.example-peer.org/a/b')\n", "GET /a/b"),
    "httpx": ("import httpx\ndef run():\n    return httpx.post('https://peer.example-peer.org/a')\n", "POST /a"),
    "urllib": (
        "from urllib.request import urlopen\ndef run():\n    return urlopen('https://peer.example-peer.org/feed.xml')\n",
        "GET /feed.xml",
    ),
    "a request object of urllib": (
        """
        from urllib import request
        def run():
            return request.urlopen(request.Request("https://peer.example-peer.org/a"))
        """,
        "GET /a",
    ),
    "aiohttp": (
        """
        import aiohttp
        async def run():
            async with aiohttp.ClientSession() as session:
                async with session.get("https://peer.example-peer.org/a") as answer:
                    return await answer.json()
        """,
        "GET /a",
    ),
    "a session": (
        """
        import requests
        session = requests.Session()
        def run():
            return session.delete("https://peer.example-peer.org/a")
        """,
        "DELETE /a",
    ),
    "a subclass of a session": (
        """
        import requests
        class Signed(requests.Session):
            def sign(self): ...
        def run():
            return Signed().put("https://peer.example-peer.org/a")
        """,
        "PUT /a",
    ),
    "a client with a base": (
        """
        import httpx
        from django.conf import settings
        def run():
            with httpx.Client(base_url=settings.PEER_URL) as client:
                return client.get("/things")
        """,
        "GET /root/things",
    ),
    "a local name": (
        """
        import requests
        def run():
            base = "https://peer.example-peer.org"
            address = base + "/a"
            return requests.get(address)
        """,
        "GET /a",
    ),
    "a constant of another module": (
        """
        import requests
        from app.constants import PEER
        def run():
            return requests.get(PEER + "/a")
        """,
        "GET /a",
    ),
    "a dict": (
        """
        import requests
        PLACES = {"one": "https://peer.example-peer.org/a", "two": None}
        def run():
            return requests.get(PLACES["one"])
        """,
        "GET /a",
    ),
    "get of a dict": (
        """
        import requests
        PLACES = {"one": "https://peer.example-peer.org/a"}
        def run():
            return requests.get(PLACES.get("one"))
        """,
        "GET /a",
    ),
    "a loop over a dict": (
        """
        import requests
        PLACES = {"one": "https://peer.example-peer.org/a"}
        def run():
            for name, place in PLACES.items():
                requests.get(place)
        """,
        "GET /a",
    ),
    "an attribute of a class": (
        """
        import requests
        class Peer:
            base = "https://peer.example-peer.org"
            def get(self):
                return requests.get(self.base + "/a")
        def run():
            return Peer().get()
        """,
        "GET /a",
    ),
    "an attribute set by the constructor": (
        """
        import requests
        from django.conf import settings
        class Peer:
            def __init__(self, base):
                self.base = base.rstrip("/")
            def get(self):
                return requests.get(f"{self.base}/a")
        def run():
            return Peer(settings.PEER_URL).get()
        """,
        "GET /root/a",
    ),
    "a property of a subclass": (
        """
        import requests
        class Client:
            @property
            def base(self):
                raise NotImplementedError
            def get(self, path):
                return requests.get(f"{self.base}/{path}")
        class Peer(Client):
            @property
            def base(self):
                return "https://peer.example-peer.org"
            def things(self):
                return self.get("a")
        def run():
            return Peer().things()
        """,
        "GET /a",
    ),
    "an f-string with gaps": (
        "import requests\ndef run(number=1):\n    return requests.get(f'https://peer.example-peer.org/a/{number}/b')\n",
        "GET /a/{}/b",
    ),
    "percent": (
        "import requests\ndef run(number=1):\n    return requests.get('https://peer.example-peer.org/a/%s/b' % number)\n",
        "GET /a/{}/b",
    ),
    "format": (
        "import requests\ndef run(number=1):\n    return requests.get('https://peer.example-peer.org/a/{}/b'.format(number))\n",
        "GET /a/{}/b",
    ),
    "urljoin": (
        """
        import requests
        from urllib.parse import urljoin
        from django.conf import settings
        def run():
            return requests.get(urljoin(settings.PEER_URL, "/a"))
        """,
        "GET /a",
    ),
    "a function that makes the address": (
        """
        import requests
        from django.conf import settings
        def address(path):
            return f"{settings.PEER_URL}/{path}"
        def run():
            return requests.get(address("a"))
        """,
        "GET /root/a",
    ),
    "a wrapper that takes the address": (
        """
        import requests
        def fetch(url, tries=3):
            return requests.get(url, timeout=5)
        def run():
            return fetch("https://peer.example-peer.org/a")
        """,
        "GET /a",
    ),
    "a wrapper that takes method and path": (
        """
        import requests
        from django.conf import settings
        class Peer:
            def call(self, method, path, **options):
                return requests.request(method, f"{settings.PEER_URL}{path}", **options)
            def make(self):
                return self.call("post", "/a")
        def run():
            return Peer().make()
        """,
        "POST /root/a",
    ),
    "a wrapper that takes the verb as a function": (
        """
        import requests
        def call(verb, address):
            return verb(address, timeout=3)
        def run():
            return call(requests.patch, "https://peer.example-peer.org/a")
        """,
        "PATCH /a",
    ),
    "a verb by its name": (
        """
        import requests
        def call(method):
            return getattr(requests, method)("https://peer.example-peer.org/a")
        def run():
            return call("put")
        """,
        "PUT /a",
    ),
    "arguments in a dict": (
        """
        import requests
        def run():
            given = {"method": "delete", "url": "https://peer.example-peer.org/a"}
            return requests.request(**given)
        """,
        "DELETE /a",
    ),
    "an address that grows by itself": (
        """
        import requests
        def run(query=""):
            address = "https://peer.example-peer.org/a"
            address = f"{address}/b"
            return requests.get(address)
        """,
        None,
    ),
}


@pytest.mark.parametrize(("client", "operation"), WRITTEN.values(), ids=WRITTEN.keys())
def test_an_address_is_followed_to_its_host(client: str, operation: str | None):
    constants = "PEER = 'https://peer.example-peer.org'\n"
    facts = facts_of(one=service(client, BASE, **{"app/constants.py": constants}))
    found = {edge.operation for edge in facts.edges if edge.target == "peer.example-peer.org"}
    assert found == ({operation} if operation else {"GET /a", "GET /a/b"})
    assert not facts.unresolved


def test_a_call_shows_the_line_that_names_the_address_and_the_line_that_calls():
    client = WRITTEN["a wrapper that takes the address"][0]
    edge = the_edge(facts_of(one=service(client)), "peer.example-peer.org")
    assert lines_of(edge) == ["app/client.py:3", "app/client.py:5"]


def test_a_setting_is_evidence_with_its_variable():
    client = WRITTEN["a client with a base"][0]
    edge = the_edge(facts_of(one=service(client, BASE)), "peer.example-peer.org")
    assert lines_of(edge, "setting") == ["app/settings.py:3"]
    assert edge.settings == ("PEER_URL",)


UNRESOLVED = {
    "from data": ("import requests\ndef run(row=None):\n    return requests.get(row.address)\n", "the address comes from data"),
    "from callers unknown": (
        "import requests\ndef get(url):\n    return requests.get(url)\ndef run():\n    return handlers['get']()\n",
        "the address is given by callers that were not found",
    ),
    "a path alone": ("import httpx\ndef run(client=httpx.Client()):\n    return client.get('/a')\n", "the address has no host"),
    "this machine": ("import requests\ndef run():\n    return requests.get('http://localhost:9/a')\n", "the host is local or unknown"),
    "a mapping unknown": ("import requests\ndef run(given=None):\n    return requests.post(**given)\n", "the address comes from data"),
    "an unknown list": ("import requests\ndef run(*given):\n    return requests.get(*given, timeout=2)\n", None),
}


@pytest.mark.parametrize(("client", "reason"), UNRESOLVED.values(), ids=UNRESOLVED.keys())
def test_what_cannot_be_told_is_listed_with_its_reason(client: str, reason: str | None):
    facts = facts_of(one=service(client))
    assert not facts.edges
    assert {one.reason for one in facts.unresolved} == ({reason} if reason else set())
    assert all(one.path == "app/client.py" for one in facts.unresolved)


NO_CALLS = {
    "the session of a request": "def run(request=None):\n    return request.session.get(settings.KEY)\n",
    "a cache": "from x import client\nPREFIX='a'\ndef run(key=''):\n    return client.get(f'{PREFIX}{key}')\n",
    "a dict named like a client": "api = {}\ndef run(name=''):\n    return api.get(name)\n",
}


@pytest.mark.parametrize("client", NO_CALLS.values(), ids=NO_CALLS.keys())
def test_what_only_looks_like_a_call_is_none(client: str):
    facts = facts_of(one=service("from django.conf import settings\n" + client))
    assert not facts.edges
    assert not facts.unresolved


def test_wrappers_that_call_each_other_end():
    client = """
    import requests
    def one(url, deep=0):
        return two(url, deep + 1)
    def two(url, deep=0):
        return one(url, deep) or requests.get(url)
    def run():
        return one("https://peer.example-peer.org/a")
    """
    facts = facts_of(one=service(client))
    assert the_edge(facts, "peer.example-peer.org").operation == "GET /a"


def test_objects_of_one_class_keep_their_addresses_apart():
    client = """
    import requests
    class Client:
        def __init__(self, base):
            self.base = base
        def get(self, path):
            return requests.get(self.base + path)
    bank = Client("https://bank.example-bank.com")
    def rates():
        return Client("https://rates.example-rates.org")
    def run():
        bank.get("/statements")
        rates().get("/daily")
    """
    found = {(edge.target, edge.operation) for edge in facts_of(one=service(client)).edges}
    assert found == {("bank.example-bank.com", "GET /statements"), ("rates.example-rates.org", "GET /daily")}


def test_many_wrappers_of_many_callers_end_soon():
    """Eight layers, each called from eight places of the next: a number of ways that nobody waits for."""
    layers = ["import requests", "def layer0(url, more=''):\n    return requests.get(url + more)"]
    for number in range(1, 9):
        layers += [f"def at{number}_{place}(url, more=''):\n    return layer{number - 1}(url, more + '{place}')" for place in range(8)]
        calls = "\n".join(f"    at{number}_{place}(url, more)" for place in range(8))
        layers.append(f"def layer{number}(url, more=''):\n{calls}")
    layers.append("def run():\n    return layer8('https://peer.example-peer.org/a')")
    facts = facts_of(one=service("\n".join(layers)))
    assert len(facts.edges) + len(facts.unresolved) > 0


def test_a_setting_that_only_tests_define_gives_its_path_and_no_host():
    files = service("import requests\nfrom django.conf import settings\ndef run():\n    return requests.get(settings.LEDGER_API_URL)\n")
    files["app/settings_test.py"] = (
        'LEDGER_API_URL = "http://foo.example-foo.net/api/v2/entries"\nDATABASES = {"default": {"ENGINE": "sqlite3"}}\n'
    )
    facts = facts_of(one=files)
    assert [(edge.target, edge.operation) for edge in facts.edges] == [("ledger", "GET /api/v2/entries")]


def test_a_host_that_is_named_like_the_repository_is_its_makers_site():
    client = "import requests\ndef run():\n    return requests.post('https://campus.example-makers.org/update')\n"
    settings = 'SITE_BASE_URL = "https://campus.example-own.org"'
    facts = facts_of(campus=service(client, settings))
    assert the_edge(facts, "campus.example-makers.org").operation == "POST /update"
    own = service(client.replace("example-makers", "example-own"), settings)
    assert facts_of(campus=own).edges == ()


def test_a_call_to_what_seems_to_be_its_own_address_is_listed():
    client = "import requests\nfrom django.conf import settings\ndef run():\n    return requests.get(settings.SITE_URL + '/health')\n"
    facts = facts_of(one=service(client, 'SITE_URL = os.environ["SITE_URL"]'))
    assert facts.edges == ()
    assert [one.reason for one in facts.unresolved] == ["the name of its setting says that the address is its own"]


def test_a_template_in_a_setting_keeps_its_host_whatever_variables_may_hold():
    reader = "import os\ndef get_env(name, default=None):\n    for key in ['APP_' + name, name]:\n        value = os.environ.get(key)\n        if value:\n            return value\n    return default\n"
    settings = "from app.environment import get_env\nDOWNLOAD_URL = get_env('DOWNLOAD_URL', 'https://files.example-files.org/{bucket}/x')"
    client = "import requests\nfrom django.conf import settings\ndef run(name=None):\n    return requests.get(settings.DOWNLOAD_URL.format(bucket=name))\n"
    facts = facts_of(one=service(client, settings, **{"app/environment.py": reader}))
    assert the_edge(facts, "files.example-files.org").operation == "GET /{}/x"


def test_a_variable_with_the_prefix_of_its_own_system_leads_elsewhere():
    settings = 'RELEASE_CHECK_URL = os.environ["ONECAMPUS_RELEASE_CHECK_URL"]'
    client = "import requests\nfrom django.conf import settings\ndef run():\n    return requests.get(settings.RELEASE_CHECK_URL)\n"
    facts = facts_of(onecampus=service(client, settings))
    assert the_edge(facts, "release-check").settings == ("ONECAMPUS_RELEASE_CHECK_URL", "RELEASE_CHECK_URL")


OF_ONE_REPOSITORY = """
    meta: {{name: {id}, title: {id}, primary_system: {id}, repositories: [{{name: town, path: .}}]}}
    systems: [{{id: {id}, name: {id}, kind: internal, repo: town, source: {{repo: town, path: {id}}}}}]
"""


@pytest.mark.parametrize(("path", "target"), [("/market/api/stalls", "market"), ("/api/stalls", None)])
def test_the_own_address_of_several_systems_is_told_apart_by_where_its_path_begins(path: str, target: str | None):
    models = [model(OF_ONE_REPOSITORY.format(id=id)) for id in ("harbour", "market")]
    settings = 'SITE_BASE_URL = os.environ.get("SITE_BASE_URL", "http://127.0.0.1:8000")'
    client = f"import requests\nfrom django.conf import settings\ndef run():\n    return requests.get(settings.SITE_BASE_URL + '{path}')\n"
    facts = facts_of(*models, town=service(client, settings))
    assert {edge.target for edge in facts.edges if edge.operation.startswith("GET")} == ({target} if target else set())
    assert facts.unresolved
