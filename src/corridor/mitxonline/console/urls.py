"""The addresses of these pages, below /cms/mitxonline/."""

from typing import Any

from django.urls import URLPattern, path

from .pages import cases, certificates, coding, discounts, enrolling, findings, learners, orders, products, refunds, seats

app_name = "registrar"


def listing(where: str, view: Any, name: str) -> list[URLPattern]:
    """A list, and the part of it that filters fetch."""
    return [path(where, view.as_view(), name=name), path(f"{where}results/", view.as_view(results_only=True), name=f"{name}_results")]


urlpatterns = [
    *listing("learners/", learners.Learners, "learners"),
    path("learners/<int:pk>/", learners.LearnerPage.as_view(), name="learner"),
    path("learners/<int:pk>/enroll/", enrolling.Enroll.as_view(), name="enroll"),
    path("learners/<int:pk>/grant/", enrolling.Grant.as_view(), name="grant"),
    path("learners/<int:pk>/issue/<str:kind>/<int:id>/", enrolling.Issue.as_view(), name="issue"),
    path("enrollments/<int:pk>/unenroll/", enrolling.Unenroll.as_view(), name="unenroll"),
    path("enrollments/<int:pk>/downgrade/", enrolling.Downgrade.as_view(), name="downgrade"),
    path("enrollments/<int:pk>/defer/", enrolling.Defer.as_view(), name="defer"),
    path("enrollments/<int:pk>/grade/", enrolling.Grade.as_view(), name="grade"),
    path("enrollments/<int:pk>/send/", enrolling.SendAgain.as_view(), name="send_again"),
    path("program-enrollments/<int:pk>/unenroll/", enrolling.UnenrollFromProgram.as_view(), name="unenroll_program"),
    *listing("orders/", orders.Orders, "orders"),
    path("orders/<int:pk>/", orders.OrderPage.as_view(), name="order"),
    path("orders/<int:pk>/refund/", refunds.Refund.as_view(), name="refund"),
    *listing("refund-requests/", refunds.Requests, "requests"),
    path("refund-requests/<int:pk>/", refunds.RequestPage.as_view(), name="request"),
    path("refund-requests/<int:pk>/approve/", refunds.Approve.as_view(), name="approve"),
    path("refund-requests/<int:pk>/deny/", refunds.Deny.as_view(), name="deny"),
    *listing("cases/", cases.Cases, "cases"),
    path("cases/<int:pk>/", cases.CasePage.as_view(), name="case"),
    path("cases/<int:pk>/close/", cases.Close.as_view(), name="close_case"),
    *listing("discounts/", discounts.Discounts, "discounts"),
    path("discounts/add/", coding.AddDiscount.as_view(), name="add_discount"),
    path("discounts/batch/", coding.AddBatch.as_view(), name="add_batch"),
    path("discounts/<int:pk>/edit/", coding.EditDiscount.as_view(), name="edit_discount"),
    path("discounts/<int:pk>/assign/", coding.Assign.as_view(), name="assign_discount"),
    path("discounts/<int:pk>/", discounts.DiscountPage.as_view(), name="discount"),
    *listing("products/", products.Products, "products"),
    path("products/add/", products.Sell.as_view(), name="sell"),
    path("products/<int:pk>/", products.ProductPage.as_view(), name="product"),
    path("products/<int:pk>/reprice/", products.Reprice.as_view(), name="reprice"),
    path("products/<int:pk>/withdraw/", products.Withdraw.as_view(), name="withdraw"),
    path("products/<int:pk>/put-back/", products.PutBack.as_view(), name="put_back"),
    *listing("seats/", seats.Seats, "seats"),
    path("seats/all/", seats.SendAll.as_view(), name="send_all"),
    *listing("certificates/", certificates.Certificates, "certificates"),
    path("certificates/due/", certificates.CertificatesDue.as_view(), name="due"),
    path("certificates/<uuid:uuid>/", certificates.CertificatePage.as_view(), name="certificate"),
    path("certificates/<uuid:uuid>/revoke/", certificates.Revoke.as_view(), name="revoke"),
    path("certificates/<uuid:uuid>/reissue/", certificates.Reissue.as_view(), name="reissue"),
    *listing("findings/", findings.Findings, "findings"),
    path("findings/<int:pk>/", findings.FindingPage.as_view(), name="finding"),
    path("findings/<int:pk>/repair/", findings.Mend.as_view(), name="mend"),
    path("findings/compare/<str:kind>/", findings.CompareNow.as_view(), name="compare"),
]
