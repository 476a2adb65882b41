from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class LearnConfig(AppConfig):
    name = "corridor.learn"
    label = "learn"
    verbose_name = "Learn"

    def ready(self) -> None:
        from .console.access import make_curators

        # Sent for one application after the other; at the turn of this one all permissions are there.
        post_migrate.connect(make_curators, sender=apps.get_app_config("auth"), dispatch_uid="learn: curators")
