"""Where these pages are in Wagtail's menu: shown to those who may use them."""

from collections.abc import Iterator

from wagtail.admin.menu import SubmenuMenuItem

from corridor.web.console.menu import submenu

from .access import May

LEARNERS = (
    ("Learners", "registrar:learners", "user", May.SEE_LEARNERS),
    ("Certificates", "registrar:certificates", "clipboard-list", May.SEE_CERTIFICATES),
    ("Stuck pushes", "registrar:seats", "resubmit", May.MEND_SEATS),
    ("Reconciliation", "registrar:findings", "glasses", May.SEE_FINDINGS),
)
MONEY = (
    ("Orders", "registrar:orders", "list-ul", May.SEE_ORDERS),
    ("Refund requests", "registrar:requests", "mail", May.DECIDE_REQUESTS),
    ("Cases", "registrar:cases", "warning", May.SEE_CASES),
    ("Discounts", "registrar:discounts", "tag", May.SEE_DISCOUNTS),
    ("Products", "registrar:products", "tag", May.SEE_PRODUCTS),
)


def submenus() -> Iterator[SubmenuMenuItem]:
    yield submenu("Registrar", "group", LEARNERS, 140)
    yield submenu("Money", "decimal", MONEY, 141)
