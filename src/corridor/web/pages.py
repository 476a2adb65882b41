"""What is no system's: the choice of colours."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from corridor.kit.errors import Problem

THEMES = ("light", "dark", "auto")
COOKIE = "theme"
YEAR = 365 * 24 * 3600


class UnknownTheme(Problem):
    code = "unknown_theme"

    def __init__(self) -> None:
        super().__init__(f"Colours can be {', '.join(THEMES)}.")


# Exempt, for it changes nothing but this cookie, and a token in each page would make every page personal.
@csrf_exempt
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember a visitor's choice of colours and lead back to the page it was made on."""
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        raise UnknownTheme
    response = HttpResponseRedirect(_back(request))
    if theme == "auto":
        response.delete_cookie(COOKIE)
    else:
        response.set_cookie(COOKIE, theme, max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")
    return response


def _back(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(address, allowed_hosts=None) and address.startswith("/")
    return address if own else "/"
