"""A small university, as models: what the tests of pictures and pages are about."""

from c4gen.model.curated import Model
from c4gen.model.facts import Evidence, Facts, FoundEdge, FoundNode, Kind, Operation, Schedule, Setting, Tier, Unresolved
from c4gen.model.graph import Connection, Graph, Standing

HOSTILE = '<script>alert("x")</script>'

CAMPUS = {
    "meta": {
        "name": "campus",
        "title": "Campus",
        "primary_system": "campus",
        "description": "Courses, people and marks of a small university.\n\nRead the containers first.",
        "domain": "Teaching",
        "api_container": "campus-web",
        "repositories": [{"name": "campus", "url": "https://example.org/campus/blob/main"}],
    },
    "actors": [
        {"id": "student", "name": "Student", "description": "Takes courses"},
        {"id": "teacher", "name": "Teacher", "description": "Gives courses and marks"},
        {"id": "visitor", "name": "Visitor", "description": "Looks around"},
    ],
    "systems": [
        {
            "id": "campus",
            "name": "Campus",
            "kind": "internal",
            "description": "Everything about courses",
            "containers": [
                {
                    "id": "campus-web",
                    "name": "Web application",
                    "technology": "Django",
                    "description": "Pages and the API, with permissions of everybody",
                    "components": [
                        {
                            "id": "campus-catalog",
                            "name": "Catalogue",
                            "technology": "Python package",
                            "description": "Courses and programs",
                            "source": {"repo": "campus", "path": "campus/catalog/queries.py", "line": 12},
                            "relationships": [
                                {"target": "campus-enrolment", "label": "Asks for free places"},
                                {"target": "campus-db", "label": "Reads", "technology": "SQL"},
                            ],
                        },
                        {
                            "id": "campus-enrolment",
                            "name": "Enrolment",
                            "technology": "Python package",
                            "relationships": [
                                {"target": "campus-queue", "label": "Owes a mail", "sync": False},
                                {"target": "payments", "label": "Charges"},
                            ],
                        },
                    ],
                },
                {"id": "campus-worker", "name": "Worker", "technology": "Celery", "description": "Mails, imports, nightly sums"},
                {"id": "campus-db", "name": "Database", "technology": "PostgreSQL", "shape": "db", "description": "What must not be lost"},
                {"id": "campus-queue", "name": "Broker", "technology": "Valkey", "shape": "queue", "description": "Tasks that wait"},
            ],
        },
        {"id": "library", "name": "Library", "kind": "internal", "description": "Books and who has them"},
        {"id": "payments", "name": "Payments", "description": "Takes cards"},
        {"id": "mail", "name": "Mail service", "description": "Sends letters", "context_group": "Messaging"},
        {"id": "sms", "name": "Text messages", "description": "Reaches phones", "context_group": "Messaging"},
        {"id": "sso", "name": "Sign-on", "description": "Knows who somebody is"},
    ],
    "scenarios": [
        {
            "id": "enrol",
            "title": "A student enrols",
            "description": "The place is taken before the card is charged.",
            "steps": [
                {"source": "student", "target": "campus-web", "label": "Chooses a course"},
                {"source": "campus-web", "target": "campus-db", "label": "Takes a place"},
                {"source": "campus-web", "target": "payments", "label": "Charges the card"},
                {"source": "campus-web", "target": "campus-queue", "label": "Owes a mail", "sync": False},
                {"source": "campus-worker", "target": "mail", "label": "Sends the mail", "sync": False},
            ],
        }
    ],
    "etl_sources": [{"name": "Old catalogue", "transport": "CSV", "cadence": "nightly", "data": "Courses", "fragile": True}],
}

LIBRARY = {
    "meta": {"name": "library", "title": "Library", "primary_system": "library", "domain": "Services"},
    "systems": [
        {
            "id": "library",
            "name": "Library",
            "kind": "internal",
            "containers": [{"id": "library-web", "name": "Shelves", "technology": "Flask"}],
        },
        {"id": "campus", "name": "Campus", "kind": "internal"},
        {"id": "sso", "name": "Sign-on", "description": "Knows who somebody is"},
    ],
}

LINES = (
    ("student", "campus-web", "Looks for courses and takes them", "sync", "HTTPS"),
    ("teacher", "campus-web", "Gives marks", "sync", "HTTPS"),
    ("campus-web", "campus-db", "Reads and writes", "sync", "SQL"),
    ("campus-worker", "campus-db", "Writes sums", "sync", "SQL"),
    ("campus-web", "campus-queue", "Enqueues", "async", "Redis"),
    ("campus-queue", "campus-worker", "Hands out", "async", "Redis"),
    ("campus-web", "payments", "Charges", "sync", "REST"),
    ("campus-worker", "payments", "Settles", "async", "REST"),
    ("payments", "campus", "Tells of a payment", "async", "webhook"),
    ("campus-worker", "mail", "Sends letters", "async", "SMTP"),
    ("campus-worker", "sms", "Sends reminders", "async", "REST"),
    ("campus-worker", "library", "Fetches loans", "async", "REST"),
    ("library", "campus-web", "Asks for students", "sync", "REST"),
    ("campus-web", "sso", "Signs people in", "sync", "OIDC"),
)


def connection(source: str, target: str, label: str, sync: str, protocol: str, repo: str = "campus") -> Connection:
    line = Evidence(repo, f"{repo}/{target}.py", len(label), "http.requests", symbol=f"call_{target}")
    id = f"{source}-{target}-{protocol}".lower()
    return Connection(
        id,
        source,
        target,
        label,
        sync,
        Standing.CONFIRMED,
        Tier.HOST,
        0.9,
        protocol,
        trigger="on request",
        tags=(protocol.lower(),),
        evidence=(line,),
    )


def place(path: str, line: int) -> Evidence:
    return Evidence("campus", path, line, "settings.read")


FACTS = Facts(
    repositories=("campus",),
    nodes=(
        FoundNode("db", "db", "container", "postgres:18", "db", evidence=(place("compose.yaml", 3),)),
        FoundNode("web", "web", "container", "build: .", evidence=(place("compose.yaml", 9),)),
    ),
    edges=(FoundEdge("web-db", "web", "db", Kind.DATABASE, "depends on", "sync", Tier.CONFIG, 0.7, evidence=(place("compose.yaml", 12),)),),
    settings=(Setting("campus", "PAYMENTS_URL", "PAYMENTS_URL", "https://pay.example", place("campus/settings.py", 7), 2),),
    operations=(Operation("campus", "GET", "/api/courses/{}", "course", "campus.views.course", place("campus/urls.py", 4)),),
    schedules=(
        Schedule(
            "campus", "settle", "campus.tasks.settle", "every 3600 s", "default", place("campus/celery.py", 20), env=("SETTLE_EVERY",)
        ),
    ),
    unresolved=(Unresolved("campus", "campus/feeds.py", 8, "campus.feeds.fetch", "requests.get(feed.url)", "the address comes from data"),),
)


def campus() -> Graph:
    return Graph(Model.model_validate(CAMPUS), tuple(connection(*line) for line in LINES), FACTS)


def library() -> Graph:
    lines = (("library-web", "campus", "Asks for students", "sync", "REST"), ("campus", "library-web", "Fetches loans", "async", "REST"))
    signs_in = connection("library-web", "sso", "Signs people in", "sync", "OIDC", "library")
    return Graph(Model.model_validate(LIBRARY), (*(connection(*line, repo="library") for line in lines), signs_in), Facts(("library",)))


def hostile() -> Graph:
    """The campus, with markup in every text that a model can hold."""
    graph = campus()
    model = graph.model
    systems = tuple(
        system.model_copy(update={"name": f"{system.name} {HOSTILE}", "description": f"\"{HOSTILE}' onload=x\u202e"})
        for system in model.systems
    )
    meta = model.meta.model_copy(
        update={
            "title": HOSTILE,
            "repositories": tuple(r.model_copy(update={"url": "javascript:alert(1)//"}) for r in model.meta.repositories),
        }
    )
    connections = tuple(
        Connection(
            c.id,
            c.source,
            c.target,
            f"]]>{HOSTILE}",
            c.sync,
            c.standing,
            c.tier,
            c.confidence,
            f"</title>{HOSTILE}",
            evidence=c.evidence,
            tags=('"><img src=x>',),
        )
        for c in graph.connections
    )
    return Graph(model.model_copy(update={"meta": meta, "systems": systems}), connections, graph.facts)


def large(systems: int, seed: int = 3) -> Graph:
    """A system of many parts and neighbours, woven by arithmetic."""
    parts = [
        {"id": f"part-{n}", "name": f"Part number {n}", "technology": "Django", "description": "Does a share of the work " * (n % 3 + 1)}
        for n in range(12)
    ]
    others = [
        {"id": f"other-{n}", "name": f"Outside system {n}", "description": "Is asked now and then " * (n % 2 + 1)} for n in range(systems)
    ]
    model = Model.model_validate(
        {
            "meta": {"name": f"large-{seed}", "primary_system": "whole"},
            "systems": [{"id": "whole", "name": "Whole", "kind": "internal", "containers": parts}, *others],
        }
    )
    lines = [
        connection(
            f"part-{n % 12}",
            f"part-{(n * seed + 1) % 12}" if n % 3 == 0 else f"other-{n % systems}",
            f"Does thing {n}",
            ("sync", "async")[n % 2],
            "REST",
        )
        for n in range(systems + 12)
    ]
    return Graph(model, tuple(line for line in lines if line.source != line.target), Facts())
