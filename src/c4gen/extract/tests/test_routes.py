"""What a repository provides over HTTP."""

import pytest

from c4gen.extract.addresses import normal, plain_pattern
from c4gen.tests.code import facts_of, service

VIEWS = """
    from django.views import View
    from rest_framework import generics, viewsets
    from rest_framework.decorators import action, api_view
    def page(request, number=None): ...
    @api_view(["GET", "POST"])
    def api(request): ...
    class Class(View):
        def get(self, request): ...
        def post(self, request): ...
    class Listed(generics.ListCreateAPIView): ...
    class Things(viewsets.ReadOnlyModelViewSet):
        @action(detail=True, methods=["post"], url_path="push-it")
        def push(self, request, pk=None): ...
        @action(detail=False)
        def recent(self, request): ...
"""
LISTS = {
    "path": ('urlpatterns = [path("a/<int:number>/b", views.page)]', {"ANY /a/{}/b"}),
    "re_path": (r'urlpatterns = [re_path(r"^a/(?P<number>\d+)/$", views.page)]', {"ANY /a/{}"}),
    "methods of a function": ('urlpatterns = [path("a", views.api)]', {"GET /a", "POST /a"}),
    "methods of a class": ('urlpatterns = [path("a", views.Class.as_view())]', {"GET /a", "POST /a"}),
    "a generic view": ('urlpatterns = [path("a", views.Listed.as_view())]', {"GET /a", "POST /a"}),
    "a decorator around a view": ('urlpatterns = [path("a", csrf_exempt(views.page))]', {"ANY /a"}),
    "include": ('urlpatterns = [path("in/", include("app.inner"))]', {"ANY /in/x"}),
    "include of a list": ('more = [path("y", views.page)]\nurlpatterns = [path("in/", include(more))]', {"ANY /in/y"}),
    "include with a namespace": ('urlpatterns = [path("in/", include(("app.inner", "inner")))]', {"ANY /in/x"}),
    "a sum": ('urlpatterns = [path("a", views.page)] + [path("b", views.page)]', {"ANY /a", "ANY /b"}),
    "a list that grows": ('urlpatterns = [path("a", views.page)]\nurlpatterns += [path("b", views.page)]', {"ANY /a", "ANY /b"}),
    "append": ('urlpatterns = [path("a", views.page)]\nurlpatterns.append(path("b", views.page))', {"ANY /a", "ANY /b"}),
    "a list made of itself": (
        'urlpatterns = [path("a", views.page)]\nurlpatterns = urlpatterns + [path("b", views.page)]\nurlpatterns = [*urlpatterns]',
        {"ANY /a", "ANY /b"},
    ),
    "a circle of includes": ('urlpatterns = [path("r", views.page), path("in/", include("app.circle"))]', {"ANY /r", "ANY /in/c"}),
    "a router": (
        'router = DefaultRouter()\nrouter.register(r"things", views.Things)\nurlpatterns = [path("api/", include(router.urls))]',
        {"GET /api/things", "GET /api/things/{}", "POST /api/things/{}/push-it", "GET /api/things/recent"},
    ),
    "a language before": ('urlpatterns = i18n_patterns(path("a", views.page))', {"ANY /a"}),
    "a condition": ('urlpatterns = []\nif settings.DEBUG:\n    urlpatterns += [path("debug", views.page)]', {"ANY /debug"}),
}
HEAD = """from app import views
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from rest_framework.routers import DefaultRouter
"""


@pytest.mark.parametrize(("urls", "operations"), LISTS.values(), ids=LISTS.keys())
def test_operations_of_a_list_of_addresses(urls: str, operations: set[str]):
    files = service("def run(): ...")
    files |= {
        "app/views.py": VIEWS,
        "app/urls.py": HEAD + urls,
        "app/inner.py": "from app import views\nfrom django.urls import path\nurlpatterns = [path('x', views.page)]\n",
        "app/circle.py": "from app import views\nfrom django.urls import include, path\n"
        "urlpatterns = [path('c', views.page), path('deeper/', include('app.urls'))]\n",
    }
    found = {f"{one.method} {one.path}" for one in facts_of(one=files).operations}
    assert {one for one in found if "/deeper/" not in one} == operations


def test_an_operation_shows_the_line_of_its_handler():
    files = service("def run(): ...") | {"app/views.py": VIEWS, "app/urls.py": HEAD + 'urlpatterns = [path("a", views.Class.as_view())]'}
    found = {one.method: f"{one.evidence.path}:{one.evidence.line}" for one in facts_of(one=files).operations}
    assert found == {"GET": "app/views.py:8", "POST": "app/views.py:9"}


def test_projects_that_gather_their_addresses_while_they_start_show_them_too():
    files = service("def run(): ...")
    files |= {
        "app/urls.py": "urlpatterns = []\n",
        "app/part/urls.py": "from app import views\nfrom django.urls import path\nurlpatterns = [path('part/', views.do)]\n",
        "app/apps.py": """
        from django.apps import AppConfig
        from django.urls import path
        from app import views
        class ShopConfig(AppConfig):
            def get_urls(self):
                urls = [path("basket/", views.do)]
                return urls
        """,
    }
    assert {one.path for one in facts_of(one=files).operations} == {"/part", "/basket"}


def test_addresses_that_tests_put_together_are_not_the_projects():
    files = {
        "app/settings/test.py": 'ROOT_URLCONF = "app.test_urls.urls"\n',
        "app/views.py": "def do(request): ...\n",
        "app/test_urls/urls.py": "from app import views\nfrom django.urls import path\nurlpatterns = [path('only-tests/', views.do)]\n",
        "app/urls.py": "from app import views\nfrom django.urls import path\nurlpatterns = [path('do/', views.do)]\n",
    }
    assert "/do" in {one.path for one in facts_of(one=files).operations}


def test_other_frameworks_decorate():
    files = {
        "api/main.py": """
        from fastapi import FastAPI
        from api.things import router
        app = FastAPI()
        app.include_router(router, prefix="/v1")
        """,
        "api/things.py": """
        from fastapi import APIRouter
        router = APIRouter(prefix="/things")
        @router.get("/{number}")
        def one(number: int): ...
        """,
        "shop/web.py": """
        from flask import Flask
        app = Flask(__name__)
        @app.route("/basket", methods=["POST"])
        def basket(): ...
        """,
    }
    assert {f"{one.method} {one.path}" for one in facts_of(one=files).operations} == {"GET /v1/things/{}", "POST /basket"}


def test_a_committed_document_counts_and_marks_what_the_code_has_too():
    spec = """
    openapi: 3.0.3
    info: {title: One}
    paths:
      /do/:
        get: {operationId: do_it}
      /gone/{id}/:
        delete: {operationId: gone}
    """
    facts = facts_of(one=service("def run(): ...", **{"openapi/v0.yaml": spec, "app/urls.py": 'from app import views\nfrom django.urls import path\nurlpatterns = [path("do/", views.do)]'}))  # fmt: skip
    assert {(one.method, one.path, one.documented) for one in facts.operations} == {
        ("ANY", "/do", False),
        ("GET", "/do", True),
        ("DELETE", "/gone/{}", True),
    }


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        (r"^a/(?P<id>\d+)/$", "a/{}/"),
        (r"^a(?:/b)?/$", "a{}/"),
        (r"(?P<path>.*)", "{}"),
        (r"^a\.json$", "a.json"),
        (r"^x/(?P<a>[^/]+)/y/(?P<b>(one|two))$", "x/{}/y/{}"),
    ],
)
def test_a_pattern_as_a_path(pattern: str, path: str):
    assert plain_pattern(pattern) == path


@pytest.mark.parametrize(
    ("path", "same"), [("/a/<int:x>/", "/a/{}"), ("a//b", "/a/b"), ("/a/{id}/b/", "/a/{}/b"), ("/a/:id", "/a/{}"), ("", "/"), ("/", "/")]
)
def test_paths_are_compared_in_one_form(path: str, same: str):
    assert normal(path) == same
    assert normal(normal(path)) == same
