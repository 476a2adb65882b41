from django.apps import AppConfig


class LearnConfig(AppConfig):
    name = "corridor.learn"
    label = "learn"
    verbose_name = "Learn"
