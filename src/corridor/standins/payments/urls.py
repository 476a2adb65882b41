from django.urls import path

from . import cybersource_api, pages, staff, stripe_api

urlpatterns = [
    path("", staff.payments),
    path("settings/", staff.set_up),
    path("staff/<str:key>/settle/", staff.settle),
    path("staff/<str:key>/tell/", staff.tell),
    path("deliveries/<int:id>/", staff.send_again),
    path("pay/<str:key>/", pages.pay),
    path("cybersource/pay", pages.begin),
    path("cybersource/rest/pts/v2/payments/<str:number>/refunds", cybersource_api.refund),
    path("cybersource/rest/tss/v2/searches", cybersource_api.search),
    path("stripe/v1/checkout/sessions", stripe_api.sessions),
    path("stripe/v1/checkout/sessions/<str:key>", stripe_api.session),
    path("stripe/v1/charges", stripe_api.charges),
    path("stripe/v1/refunds", stripe_api.refunds),
]
