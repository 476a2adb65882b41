"""The maps of the system itself, as the checkout has them: docs/architecture, drawn by c4gen. An installation without a checkout has none."""

from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

from corridor.kit.security import policy

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "architecture"
TYPES = {".html", ".css", ".js", ".svg", ".json", ".puml", ".mmd", ".dsl"}
DRAWING = policy(default_src="'none'", style_src="'unsafe-inline'")  # a drawing carries its colours inside


def published() -> bool:
    """Whether this installation has maps to link to."""
    return (FOLDER / "index.html").is_file()


@require_safe
def show(request: HttpRequest, path: str = "") -> HttpResponseBase:
    """A page of the maps, or a file that belongs to one."""
    if not path or path.endswith("/"):
        return HttpResponseRedirect(f"{request.path.rstrip('/')}/index.html")
    if Path(path).suffix not in TYPES or ".." in Path(path).parts or not path.isprintable():
        raise Http404
    response = serve(request, path, document_root=str(FOLDER))
    if isinstance(response, FileResponse) and path.endswith(".svg"):
        response.headers["Content-Security-Policy"] = DRAWING
    if path.endswith((".puml", ".mmd", ".dsl")):
        response.headers["Content-Type"] = "text/plain; charset=utf-8"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
