"""How the indexes are: what they hold, what they have still to take, and what they could not take."""

from typing import Any

from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin.ui.tables import Column, DateColumn

from corridor.kit.outbox.models import OutboxEvent
from corridor.kit.outbox.queries import backlog
from corridor.learn.console import actions, queries
from corridor.learn.console.access import May
from corridor.learn.discovery.state import STORES, states
from corridor.web.console.base import Deed, Listing, Sheet, crumb


class IndexState(Sheet):
    permission = May.LOOK_AFTER_INDEX
    template_name = "learn/console/index.html"
    page_title = "Index"
    header_icon = "table"

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        compare = "compare" in self.request.GET
        return super().get_context_data(**given) | {
            "indexes": [(each, queries.made_at(STORES[each.index]())) for each in states()],
            "backlog": backlog(),
            "compared": compare,
            "drifts": queries.drifts().items() if compare else (),
        }


class Letters(Listing):
    """Messages of a topic that were given up."""

    permission = May.LOOK_AFTER_INDEX
    header_icon = "warning"
    purpose = "Messages that could not be delivered for half a day. When the reason is mended, replay them."
    above = "learn/console/replay_letters.html"
    verbose_name, verbose_name_plural = "dead letter", "dead letters"
    columns = [
        Column("aggregate", label="About"),
        Column("error", label="Last reason"),
        Column("attempts", label="Attempts"),
        DateColumn("created_at", label="Owed since"),
        DateColumn("dead_at", label="Given up"),
    ]

    def get_page_title(self) -> str:
        return f"Dead letters: {self.kwargs['topic']}"

    def get_index_url(self) -> str:
        return reverse("console:letters", args=[self.kwargs["topic"]])

    def get_base_queryset(self) -> Any:
        return OutboxEvent.objects.filter(topic=self.kwargs["topic"]).exclude(dead_at=None).order_by("id")

    def get_context_data(self, *args: Any, **given: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **given)
        return context | {"topic": self.kwargs["topic"]}

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, crumb("Index", "console:index"), {"url": "", "label": self.get_page_title()}]


class ReplayLetters(Deed):
    permission = May.LOOK_AFTER_INDEX

    def carry_out(self) -> str:
        topic: str = self.kwargs["topic"]
        replayed = actions.replay_letters(topic, self.staff)
        return f"{replayed} messages are delivered again."

    def back(self) -> Any:
        return redirect("console:index")
