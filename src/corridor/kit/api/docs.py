"""The interactive documentation of the APIs, and the documents that it reads."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from . import documents
from .views import SHORTLY, answer, dumps


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "kit/api_docs.html", {"documents": documents.published()})


@require_safe
def document(request: HttpRequest, name: str) -> HttpResponse:
    return answer(dumps(documents.document(name)), SHORTLY)
