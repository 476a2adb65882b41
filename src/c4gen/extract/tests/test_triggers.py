"""Sync or async: who waits for a call, by what sets it off."""

import pytest

from c4gen.tests.code import edges_to, facts_of, the_edge

PEER = "peer.example-peer.org"
CALL = "import requests\ndef call():\n    return requests.get('https://peer.example-peer.org/a')\n"
URLS = "from app import views\nfrom django.urls import path\nurlpatterns = [path('do/', views.do)]\n"
TASK = "from celery import shared_task\nfrom app import client\n@shared_task\ndef work():\n    return client.call()\n"
VIA = {
    "a view": (
        {"app/views.py": "from app import client\ndef do(request):\n    return client.call()\n", "app/urls.py": URLS},
        "sync",
        "view: ANY /do",
    ),
    "a class of views": (
        {
            "app/views.py": "from app import client\nfrom django.views import View\nclass Do(View):\n    def get(self, request):\n        return client.call()\n",
            "app/urls.py": "from app.views import Do\nfrom django.urls import path\nurlpatterns = [path('do/', Do.as_view())]\n",
        },
        "sync",
        "view: GET /do",
    ),
    "an action of a view set": (
        {
            "app/views.py": """
            from app import client
            from rest_framework import viewsets
            from rest_framework.decorators import action
            class Things(viewsets.ModelViewSet):
                @action(detail=True, methods=["post"])
                def push(self, request, pk=None):
                    return client.call()
            """,
            "app/urls.py": """
            from app.views import Things
            from rest_framework.routers import DefaultRouter
            router = DefaultRouter()
            router.register("things", Things)
            urlpatterns = router.urls
            """,
        },
        "sync",
        "view: POST /things/{}/push",
    ),
    "a serializer that a view set names": (
        {
            "app/serializers.py": "from app import client\nfrom rest_framework import serializers\nclass Thing(serializers.Serializer):\n"
            "    def create(self, data):\n        return client.call()\n",
            "app/views.py": "from app.serializers import Thing\nfrom rest_framework import viewsets\nclass Things(viewsets.ModelViewSet):\n    serializer_class = Thing\n",
            "app/urls.py": "from app.views import Things\nfrom rest_framework.routers import DefaultRouter\nrouter = DefaultRouter()\n"
            "router.register('things', Things)\nurlpatterns = router.urls\n",
        },
        "sync",
        "view: POST /things",
    ),
    "a task": ({"app/tasks.py": TASK}, "async", "task: app.tasks.work"),
    "a class of tasks": (
        {
            "app/tasks.py": "from celery import Task\nfrom app import client\nclass Work(Task):\n    def run(self):\n        return client.call()\n"
        },
        "async",
        "task: app.tasks.Work",
    ),
    "a task by a decorator of the project": (
        {
            "app/queue.py": "from celery import shared_task\nour_task = shared_task\n",
            "app/tasks.py": "from app import client, queue\n@queue.our_task(bind=True)\ndef work(self):\n    return client.call()\n",
        },
        "async",
        "task: app.tasks.work",
    ),
    "steps that a task composes": (
        {
            "app/tasks.py": """
            from celery import shared_task
            from app import client
            def load():
                return client.call()
            def compose(*steps):
                return lambda: [step() for step in steps]
            @shared_task
            def work():
                compose(load)()
            """
        },
        "async",
        "task: app.tasks.work",
    ),
    "a command": (
        {
            "app/management/commands/push.py": "from django.core.management.base import BaseCommand\nfrom app import client\n"
            "class Command(BaseCommand):\n    def handle(self, **options):\n        client.call()\n"
        },
        "sync",
        "command: push",
    ),
    "a command of click": (
        {"app/commands.py": "import click\nfrom app import client\n@click.command()\ndef push():\n    client.call()\n"},
        "sync",
        "command: push",
    ),
    "a signal": (
        {
            "app/signals.py": "from django.dispatch import receiver\nfrom app import client\n@receiver(saved)\ndef on_save(**given):\n    client.call()\n"
        },
        "sync",
        "signal: app.signals.on_save",
    ),
    "middleware": (
        {
            "app/middleware.py": "from app import client\nclass Check:\n    def __init__(self, get_response):\n        self.next = get_response\n"
            "    def __call__(self, request):\n        client.call()\n        return self.next(request)\n"
        },
        "sync",
        "view: app.middleware.Check",
    ),
    "a socket": (
        {
            "app/consumers.py": "from channels.generic.websocket import WebsocketConsumer\nfrom app import client\n"
            "class Chat(WebsocketConsumer):\n    def receive(self, text):\n        client.call()\n"
        },
        "sync",
        "view: app.consumers.Chat",
    ),
}


@pytest.mark.parametrize(("files", "sync", "trigger"), VIA.values(), ids=VIA.keys())
def test_what_sets_a_call_off_tells_whether_it_waits(files: dict[str, str], sync: str, trigger: str):
    edge = the_edge(facts_of(one={"app/__init__.py": "", "app/client.py": CALL, **files}), PEER)
    assert edge.sync == sync
    assert trigger in edge.triggers


def test_a_view_that_hands_a_task_to_a_queue_does_not_call():
    files = {
        "app/client.py": CALL,
        "app/tasks.py": TASK,
        "app/urls.py": URLS,
        "app/views.py": "from app.tasks import work\ndef do(request):\n    work.delay()\n",
    }
    edge = the_edge(facts_of(one=files), PEER)
    assert edge.sync == "async"
    assert edge.triggers == ("task: app.tasks.work",)


def test_a_call_that_views_and_tasks_reach_is_two_edges():
    files = {
        "app/client.py": CALL,
        "app/tasks.py": TASK,
        "app/urls.py": URLS,
        "app/views.py": "from app import client\ndef do(request):\n    client.call()\n",
    }
    assert sorted(edge.sync for edge in edges_to(facts_of(one=files), PEER)) == ["async", "sync"]


def test_a_client_that_all_parts_share_counts_for_those_who_point_it_there():
    """Many views use the client too, nearer than the task does; they point it elsewhere."""
    views = "".join(f"def do{number}(request):\n    return Client('https://other.example-other.org').get('/x')\n" for number in range(20))
    paths = ", ".join(f"path('{number}', views.do{number})" for number in range(20))
    files = {
        "app/kit.py": """
        import requests
        class Client:
            def __init__(self, base):
                self.base = base
            def get(self, path):
                return requests.get(self.base + path)
        """,
        "app/views.py": f"from app.kit import Client\n{views}",
        "app/urls.py": f"from app import views\nfrom django.urls import path\nurlpatterns = [{paths}]\n",
        "app/sources.py": "from app.kit import Client\ndef peer():\n    return Client('https://peer.example-peer.org')\n",
        "app/steps.py": "from app.sources import peer\ndef one():\n    return two()\ndef two():\n    return three()\ndef three():\n    return peer().get('/a')\n",
        "app/tasks.py": "from celery import shared_task\nfrom app import steps\n@shared_task\ndef work():\n    return steps.one()\n",
    }
    assert the_edge(facts_of(one=files), PEER).sync == "async"


def test_a_client_that_its_constructor_points_at_a_peer_counts_for_who_uses_it():
    files = {
        "app/client.py": """
        import requests
        class Peer:
            def __init__(self, base):
                self.base = base
            def get(self):
                return requests.get(f"{self.base}/a")
        peer = Peer("https://peer.example-peer.org")
        """,
        "app/tasks.py": "from celery import shared_task\nfrom app.client import peer\n@shared_task\ndef work():\n    return peer.get()\n",
    }
    assert the_edge(facts_of(one=files), PEER).sync == "async"


def test_a_function_of_a_module_is_no_method_of_the_same_name_elsewhere():
    """`ledger.record` is what the module has; a class far away that has a `record`, too, is not reached by it."""
    files = {
        "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "app.settings")\n',
        "app/__init__.py": "",
        "app/settings.py": 'ROOT_URLCONF = "app.urls"\n',
        "app/client.py": CALL,
        "app/ledger.py": "def record(what):\n    return what\n",
        "app/feeds.py": "from app import client\nclass Feed:\n    def record(self, what):\n        return client.call()\n",
        "app/views.py": "from app import ledger\ndef do(request):\n    return ledger.record(request)\n",
        "app/urls.py": URLS,
        "app/tasks.py": TASK,
    }
    assert [edge.sync for edge in edges_to(facts_of(one=files), PEER)] == ["async"]
