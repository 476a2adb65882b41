"""Compose, gateways, Kubernetes, front ends and their packages, webhooks."""

import pytest

from c4gen.tests.code import edges_to, facts_of, lines_of, service, the_edge

COMPOSE = """
    services:
      web: {build: ., command: gunicorn app.wsgi, ports: ["8000:8000"]}
      worker: {build: ., command: "celery -A app worker -Q default,mail"}
      db: {image: "postgres:17"}
      cache: {image: "valkey/valkey:8"}
      nginx: {image: "nginx:1.27"}
"""


def test_services_of_compose_are_boxes_with_their_role():
    facts = facts_of(one=service("def run(): ...", **{"docker-compose.yml": COMPOSE}))
    boxes = {node.id: (node.shape, node.roles, node.queues) for node in facts.nodes if node.kind == "container"}
    assert boxes == {
        "one-web": ("container", ("web",), ()),
        "one-worker": ("container", ("worker",), ("default", "mail")),
        "one-db": ("db", (), ()),
        "one-cache": ("db", (), ()),
        "one-nginx": ("container", (), ()),
    }


SETTINGS = {
    "a database": ('DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "db"}}', "one-db", "database", "sync"),
    "a database by address": ('import dj_database_url\nDATABASES = {"default": dj_database_url.parse(os.environ.get("DATABASE_URL", "postgres://db/one"))}', "one-db", "database", "sync"),
    "a cache": ('CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://cache:6379/1"}}', "one-cache", "cache", "sync"),
    "a broker": ('CELERY_BROKER_URL = os.environ.get("BROKER_URL", "redis://cache:6379/0")', "one-cache", "queue", "async"),
    "a broker of another kind": ('CELERY_BROKER_URL = "amqp://me:secret@mq.example-mq.org//"', "rabbitmq", "queue", "async"),
    "mail by a back end": ('EMAIL_BACKEND = "anymail.backends.mailgun.EmailBackend"', "mailgun", "sdk", "sync"),
    "storage by a back end": ('STORAGES = {"default": {"BACKEND": "storages.backends.s3.S3Storage"}}', "s3", "sdk", "sync"),
}  # fmt: skip


@pytest.mark.parametrize(("settings", "target", "kind", "sync"), SETTINGS.values(), ids=SETTINGS.keys())
def test_settings_name_services(settings: str, target: str, kind: str, sync: str):
    facts = facts_of(one=service("def run(): ...", settings, **{"docker-compose.yml": COMPOSE}))
    found = edges_to(facts, target)
    assert {(edge.kind, edge.sync) for edge in found} == {(kind, sync)}
    assert all(one.path == "app/settings.py" for edge in found for one in edge.evidence)


LIBRARIES = {
    "S3": ("import boto3\ndef run():\n    boto3.client('s3').upload_file('a', 'b', 'c')\n", "s3"),
    "another service of the cloud": ("import boto3\ndef run():\n    boto3.client('sqs').send_message()\n", "aws-sqs"),
    "a service of Google": (
        "from googleapiclient.discovery import build\ndef run():\n    return build('youtube', 'v3').videos().list()\n",
        "youtube",
    ),
    "mail": ("from django.core.mail import send_mail\ndef run():\n    send_mail('a', 'b', 'c', ['d'])\n", "mail-server"),
    "mail by its module": ("from django.core import mail\ndef run():\n    mail.send_mail('a', 'b', 'c', ['d'])\n", "mail-server"),
    "search": ("from opensearchpy import OpenSearch\ndef run():\n    return OpenSearch('x').search()\n", "opensearch"),
    "vectors": ("import qdrant_client\ndef run():\n    return qdrant_client.QdrantClient()\n", "qdrant"),
    "a cache": ("import redis\ndef run():\n    return redis.Redis().get('a')\n", "redis"),
    "a language model": ("from litellm import completion\ndef run():\n    return completion(model='x')\n", "llm-provider"),
    "a language model by host": (
        "import requests\ndef run():\n    return requests.post('https://api.openai.com/v1/embeddings')\n",
        "openai",
    ),
    "a CRM": ("from hubspot import HubSpot\ndef run():\n    return HubSpot()\n", "hubspot"),
    "payment": ("import stripe\ndef run():\n    return stripe.Charge.create()\n", "stripe"),
    "identity": ("import ldap\ndef run():\n    return ldap.initialize('x')\n", "ldap"),
    "feeds": ("import feedparser\ndef run(x=None):\n    return feedparser.parse(x)\n", "rss-feeds"),
}


@pytest.mark.parametrize(("client", "target"), LIBRARIES.values(), ids=LIBRARIES.keys())
def test_libraries_name_services(client: str, target: str):
    edge = the_edge(facts_of(one=service(client)), target)
    assert edge.sync == "sync"
    assert lines_of(edge)[0].startswith("app/client.py:")
    assert "view: ANY /do" in edge.triggers


@pytest.mark.parametrize(
    "client",
    [
        "from redis.exceptions import RedisError\ndef run():\n    raise RedisError\n",
        "from stripe import StripeError\ndef run():\n    raise StripeError\n",
    ],
)
def test_exceptions_of_a_library_are_no_call(client: str):
    assert facts_of(one=service(client)).edges == ()


GATEWAYS = {
    "nginx": (
        "deploy/nginx.conf",
        "upstream app { server web:8000; }\nserver {\n  location /api/ {\n    auth_request /check;\n    proxy_pass http://app;\n  }\n}\n",
        "/api/",
        5,
    ),
    "caddy": ("Caddyfile", "example.com {\n  reverse_proxy /api/* web:8000\n}\n", "/api/*", 2),
    "apisix": (
        "config/apisix/apisix.yaml",
        """
        routes:
          - uri: /api/*
            plugins: {openid-connect: {}}
            upstream: {nodes: {"web:8000": 1}}
        """,
        "/api/*",
        2,
    ),
    "an ingress": (
        "deploy/ingress.yaml",
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: one}
        spec:
          rules:
            - host: one.example-one.org
              http:
                paths:
                  - path: /api
                    backend: {service: {name: web, port: {number: 80}}}
        """,
        "one.example-one.org/api",
        6,
    ),
    "a route of APISIX in Kubernetes": (
        "deploy/route.yaml",
        """
        apiVersion: apisix.apache.org/v2
        kind: ApisixRoute
        metadata: {name: one}
        spec:
          http:
            - match: {paths: [/api/*]}
              backends: [{serviceName: web, servicePort: 80}]
              plugins: [{name: jwt-auth}]
        """,
        "/api/*",
        6,
    ),
}


@pytest.mark.parametrize(("path", "text", "match", "line"), GATEWAYS.values(), ids=GATEWAYS.keys())
def test_gateways_lead_to_services(path: str, text: str, match: str, line: int):
    facts = facts_of(one=service("def run(): ...", **{"docker-compose.yml": COMPOSE, path: text}))
    (edge,) = (edge for edge in facts.edges if edge.kind == "gateway")
    assert (edge.target, edge.label) == ("one-web", match)
    assert [(one.path, one.line) for one in edge.evidence] == [(path, line)]


def test_a_gateway_that_checks_who_comes_is_marked():
    facts = facts_of(one=service("def run(): ...", **{"docker-compose.yml": COMPOSE, "deploy/nginx.conf": GATEWAYS["nginx"][1]}))
    (edge,) = (edge for edge in facts.edges if edge.kind == "gateway")
    assert edge.tags == ("auth:auth_request", "gateway")


def test_workloads_of_kubernetes_are_boxes():
    workload = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: mailer}
    spec:
      template:
        spec:
          containers:
            - {name: mailer, image: "one:1", command: [celery, -A, app, worker, -Q, mail]}
    """
    facts = facts_of(one=service("def run(): ...", **{"deploy/mailer.yaml": workload}))
    assert {node.id: (node.roles, node.queues) for node in facts.nodes if node.kind == "container"} == {
        "one-mailer": (("worker",), ("mail",))
    }


FRONT = {
    "package.json": '{\n  "name": "front",\n  "dependencies": {\n    "@campus/ledger-api-axios": "^2.1.0",\n    "react": "19.0.0"\n  }\n}\n',
    "src/api.ts": """
    import { EntriesApi } from "@campus/ledger-api-axios"
    const base = process.env.NEXT_PUBLIC_LEDGER_URL
    export const entries = new EntriesApi()
    export const today = () => fetch("https://events.example-events.com/v1/today")
    """,
}


def test_a_generated_client_leads_to_the_system_that_it_was_made_of():
    facts = facts_of(front=FRONT, ledger=service("def run(): ..."))
    edge = the_edge(facts, "ledger", kind="package")
    assert [(one.path, one.line) for one in edge.evidence] == [("package.json", 4), ("src/api.ts", 1)]
    assert the_edge(facts, "ledger", kind="config").settings == ("NEXT_PUBLIC_LEDGER_URL",)
    assert the_edge(facts, "events.example-events.com").operation == "ANY /v1/today"


def test_a_generated_client_of_a_system_that_nobody_described_leads_outside():
    facts = facts_of(front=FRONT)
    assert the_edge(facts, "ledger", kind="package").source == "front"
    own = {"package.json": '{"name": "ledger", "dependencies": {"@campus/ledger-api-axios": "1", "@types/node-api": "1"}}'}
    assert facts_of(ledger=own).edges == ()


def test_python_calls_through_a_generated_client_lead_to_its_system():
    client = """
    import ledger_api_client
    from django.conf import settings
    def run():
        api = ledger_api_client.EntriesApi(ledger_api_client.ApiClient(ledger_api_client.Configuration(host=settings.LEDGER_URL)))
        return api.entries_list()
    """
    facts = facts_of(shop=service(client, 'LEDGER_URL = os.environ["LEDGER_URL"]'), ledger=service("def run(): ..."))
    edge = the_edge(facts, "ledger", kind="package")
    assert edge.source == "shop"
    assert edge.sync == "sync"
    assert lines_of(edge) == ["app/client.py:4"]


HOOKS = {
    "checked": (
        "import hmac\ndef signed(request):\n    return hmac.compare_digest(request.headers['x'], 'y')\ndef stripe_hook(request):\n    return signed(request)\n",
        "signed",
    ),
    "not checked": ("def stripe_hook(request):\n    return request.body\n", "unsigned"),
}


@pytest.mark.parametrize(("views", "tag"), HOOKS.values(), ids=HOOKS.keys())
def test_a_webhook_tells_whether_its_sender_is_checked(views: str, tag: str):
    files = service("def run(): ...") | {
        "app/views.py": views,
        "app/urls.py": "from app import views\nfrom django.urls import path\nurlpatterns = [path('webhooks/stripe/', views.stripe_hook)]\n",
    }
    (edge,) = (edge for edge in facts_of(one=files).edges if edge.kind == "webhook")
    assert (edge.source, edge.target, edge.direction, edge.sync) == ("stripe", "one", "in", "async")
    assert tag in edge.tags
