from corridor.standins.site.apps import StandIn


class PaymentsConfig(StandIn):
    default = True  # of the two classes that are to be seen here
    name = "corridor.standins.payments"
    label = "payments"
    verbose_name = "Payments (CyberSource and Stripe)"
    place = "payments/"
