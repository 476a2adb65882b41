"""When the tasks of commerce run."""

from typing import Any

from celery.schedules import crontab


def schedule() -> dict[str, Any]:
    return {
        "mitxonline: ask gateways about payments that nobody told of": {
            "task": "corridor.mitxonline.commerce.tasks.resolve_orders",
            "schedule": crontab(minute="*/5"),
        },
        "mitxonline: take in payments that nobody told of, of orders that were given up too": {
            "task": "corridor.mitxonline.commerce.tasks.take_unheard",
            "schedule": crontab(minute=40),
        },
        "mitxonline: ask gateways about refunds under way": {
            "task": "corridor.mitxonline.commerce.tasks.ask_again_for_refunds",
            "schedule": crontab(minute=20),
        },
        "mitxonline: forget carts of browsers whose sessions are over": {
            "task": "corridor.mitxonline.commerce.tasks.cull_baskets",
            "schedule": crontab(hour=4, minute=0),
        },
    }
