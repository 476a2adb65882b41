"""What registrars may do, and the group that may do all of it. To see a thing and to change it are two permissions."""

from enum import StrEnum
from typing import Any

from corridor.web.console.access import make_group

REGISTRARS = "Registrars"


class May(StrEnum):
    """What the pages ask for."""

    SEE_LEARNERS = "mitxonline.view_runenrollment"
    CHANGE_ENROLLMENTS = "mitxonline.change_runenrollment"
    GIVE_RIGHTS = "mitxonline.add_entitlement"
    CHANGE_GRADES = "mitxonline.change_courserungrade"
    SEE_CERTIFICATES = "mitxonline.view_certificate"
    ISSUE_CERTIFICATES = "mitxonline.add_certificate"
    REVOKE_CERTIFICATES = "mitxonline.change_certificate"
    MEND_SEATS = "mitxonline.change_coursewareseat"
    SEE_ORDERS = "mitxonline.view_order"
    REFUND = "mitxonline.add_refund"
    DECIDE_REQUESTS = "mitxonline.change_refundrequest"
    SEE_CASES = "mitxonline.view_case"
    CLOSE_CASES = "mitxonline.change_case"
    SEE_DISCOUNTS = "mitxonline.view_discount"
    ADD_DISCOUNTS = "mitxonline.add_discount"
    CHANGE_DISCOUNTS = "mitxonline.change_discount"
    SEE_PRODUCTS = "mitxonline.view_product"
    CHANGE_PRODUCTS = "mitxonline.change_product"
    SEE_FINDINGS = "mitxonline.view_finding"
    MEND_FINDINGS = "mitxonline.change_finding"


def make_registrars(**_: Any) -> None:
    """Make the group that may use all of these pages, unless there is one."""
    make_group(REGISTRARS, May)
