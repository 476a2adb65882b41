"""How the interfaces for programs behave when staff have set them to fail."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from .models import Settings

View = Callable[..., HttpResponse]


def for_programs(view: View) -> View:
    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if Settings.current().down:
            return HttpResponse("<h1>503 Service Temporarily Unavailable</h1>", status=503)
        return view(request, *args, **kwargs)

    return answer
