"""The addresses of buying, below the prefix of MITx Online."""

from django.urls import URLPattern, path
from django.views.generic import RedirectView

from . import callbacks, order_pages, pages

patterns: list[URLPattern] = [
    path("cart/", pages.cart),
    path("cart/add", pages.add),
    path("cart/add/", pages.add),
    path("cart/remove", pages.remove),
    path("cart/code", pages.code),
    path("checkout/", pages.review),
    path("checkout/to_payment", pages.to_payment),
    path("checkout/to_payment/", pages.to_payment),
    path("checkout/anonymous", RedirectView.as_view(url=pages.CHECKOUT)),  # what was collected is claimed there
    path("checkout/result/", callbacks.result),
    path("api/checkout/result/", callbacks.cybersource),
    path("webhook/stripe/", callbacks.stripe),
    path("orders/", order_pages.history),
    path("orders/history", RedirectView.as_view(url=pages.ORDERS)),
    path("orders/receipt/<int:id>/", order_pages.receipt),
    path("orders/receipt/<int:id>.pdf", order_pages.receipt_file),
    path("orders/<str:reference>/", order_pages.order),
    path("orders/<str:reference>/refund/", order_pages.money_back),
]
