from django.apps import AppConfig


class MitxOnlineConfig(AppConfig):
    name = "corridor.mitxonline"
    label = "mitxonline"
    verbose_name = "MITx Online"
