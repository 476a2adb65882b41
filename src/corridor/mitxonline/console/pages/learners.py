"""Learners: finding one, and all that happened to them."""

from typing import Any

from django.db.models import QuerySet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, NumberColumn, TitleColumn

from corridor.accounts.models import User
from corridor.mitxonline.commerce.models import Order
from corridor.mitxonline.console import queries
from corridor.mitxonline.console.access import May
from corridor.mitxonline.console.timeline import labels, timeline
from corridor.web.console.base import Listing, Sheet, crumb

# What of a timeline asks for more than seeing learners.
GUARDED = {
    **dict.fromkeys(("Order", "Money", "Gateway", "Refund", "Code"), May.SEE_ORDERS),
    "Case": May.SEE_CASES,
    "Certificate": May.SEE_CERTIFICATES,
    "Finding": May.SEE_FINDINGS,
}
ORDERS = 20  # the newest, on a learner's page


class Learners(Listing):
    permission = May.SEE_LEARNERS
    page_title = "Learners"
    header_icon = "user"
    purpose = "Find a person; their page shows everything that happened to them, with who did it and why."
    is_searchable = True
    search_hint = "Name, e-mail, username or order"
    verbose_name, verbose_name_plural = "learner", "learners"
    default_ordering = "-id"
    index_url_name = "registrar:learners"
    index_results_url_name = "registrar:learners_results"
    columns = [
        TitleColumn("name", label="Name", accessor="shown_name", url_name="registrar:learner"),
        Column("email", label="E-mail", sort_key="email"),
        Column("username", label="Username", sort_key="username"),
        NumberColumn("runs", label="Enrolled in"),
        NumberColumn("bought", label="Paid orders"),
        BooleanColumn("is_active", label="May sign in"),
        DateColumn("last_login", label="Last here"),
    ]

    def get_base_queryset(self) -> QuerySet[User]:
        return queries.learners()

    def search_queryset(self, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset & queries.learners(self.search_query.strip())


class LearnerPage(Sheet):
    permission = May.SEE_LEARNERS
    template_name = "mitxonline/console/learner.html"
    header_icon = "user"

    def get_page_title(self) -> str:
        return "Learner"

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Learners", "registrar:learners")]

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        learner = queries.learner(self.kwargs["pk"])
        may, asked = self.request.user.has_perm, self.request.GET.get("only", "")
        seen = [label for label in labels() if label not in GUARDED or may(GUARDED[label])]
        number = self.request.GET.get("p", "1")
        return super().get_context_data(**given) | {
            "learner": learner,
            "runs": queries.runs_of(learner.pk),
            "programs": queries.programs_of(learner.pk),
            "orders": Order.objects.filter(purchaser=learner).order_by("-id")[:ORDERS] if may(May.SEE_ORDERS) else (),
            "labels": seen,
            "only": asked,
            "timeline": timeline(
                learner.pk,
                only=[asked] if asked in seen else seen,
                number=int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1,
            ),
            "may": {each.name.lower(): may(each) for each in May},
        }
