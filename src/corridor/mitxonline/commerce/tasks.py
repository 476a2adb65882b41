"""What of commerce happens by itself."""

from corridor.celery import app
from corridor.kit import clock

from . import sweeps


@app.task
def resolve_orders() -> int:
    return sweeps.resolve_orders(clock.now())


@app.task
def take_unheard() -> int:
    return sweeps.take_unheard(clock.now())


@app.task
def ask_again_for_refunds() -> int:
    return sweeps.ask_again_for_refunds(clock.now())


@app.task
def cull_baskets() -> int:
    return sweeps.cull_baskets(clock.now())
