"""What the first page of the console says of the catalogue."""

from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from corridor.learn.console.access import May
from corridor.learn.discovery.state import states
from corridor.learn.ingest.models import IngestRun
from corridor.learn.ingest.queries import quarantined

from .sources import status_of, took


class CataloguePanel(Component):
    """Last runs, records set aside and how far the index is behind; each for those who may look after it."""

    name = "catalogue"
    template_name = "learn/console/home_panel.html"
    order = 100

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        may = self.request.user.has_perm
        context: dict[str, Any] = {}
        if may(May.READ_SOURCES):
            runs = IngestRun.objects.defer("difference", "warnings", "changed_fields").order_by("-id")[:5]
            context["runs"] = [(run, status_of(run), took(run)) for run in runs]
        if may(May.MEND_RECORDS):
            context["set_aside"] = quarantined().count()
        if may(May.LOOK_AFTER_INDEX):
            context["index"], *_ = states()
        return context
