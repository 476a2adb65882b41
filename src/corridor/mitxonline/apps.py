from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class MitxOnlineConfig(AppConfig):
    name = "corridor.mitxonline"
    label = "mitxonline"
    verbose_name = "MITx Online"

    def ready(self) -> None:
        from .console.access import make_registrars

        # Sent for one application after the other; at the turn of this one all permissions are there.
        post_migrate.connect(make_registrars, sender=apps.get_app_config("auth"), dispatch_uid="mitxonline: registrars")
