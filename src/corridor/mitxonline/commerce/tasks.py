"""What of commerce happens by itself."""

from celery import shared_task

from corridor.kit import clock

from . import sweeps


@shared_task
def resolve_orders() -> int:
    return sweeps.resolve_orders(clock.now())


@shared_task
def take_unheard() -> int:
    return sweeps.take_unheard(clock.now())


@shared_task
def ask_again_for_refunds() -> int:
    return sweeps.ask_again_for_refunds(clock.now())


@shared_task
def cull_baskets() -> int:
    return sweeps.cull_baskets(clock.now())
