"""What the first page of the console says of what waits for registrars."""

from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from corridor.mitxonline.commerce.models import RefundRequest
from corridor.mitxonline.commerce.vocabulary import RequestStatus
from corridor.mitxonline.console.access import May
from corridor.mitxonline.enrollments.models import RunEnrollment
from corridor.mitxonline.ledger.models import Case
from corridor.mitxonline.reconciliation.models import Finding

from .seats import stuck

# By the permission that it asks for: what waits, where it is listed, and how that is narrowed to it.
WAITING = (
    (May.SEE_CASES, "Open cases", "registrar:cases", "open=true", lambda: Case.objects.filter(closed_on=None)),
    (
        May.DECIDE_REQUESTS,
        "Refund requests",
        "registrar:requests",
        "status=pending",
        lambda: RefundRequest.objects.filter(status=RequestStatus.PENDING),
    ),
    (May.MEND_SEATS, "Stuck pushes", "registrar:seats", "stuck=true", lambda: RunEnrollment.objects.filter(stuck(), edx_enrolled=False)),
    (May.SEE_FINDINGS, "What does not agree", "registrar:findings", "open=true", lambda: Finding.objects.filter(resolved_on=None)),
)


class RegistrarPanel(Component):
    """What waits, each for those who may look after it."""

    name = "registrar"
    template_name = "mitxonline/console/home_panel.html"
    order = 90

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        may = self.request.user.has_perm
        return {"waiting": [(label, address, asked, rows().count()) for asks, label, address, asked, rows in WAITING if may(asks)]}
