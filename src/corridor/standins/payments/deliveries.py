"""Notifications on their way to the site that is tried."""

import threading
from collections.abc import Mapping
from typing import Protocol

import requests
from django.db import connection
from django.utils import timezone

from . import secure_acceptance, stripe_objects
from .models import Delivery, Payment, Service, Settings

WAIT_SECONDS = 10


class Module(Protocol):
    """How a service tells: what of a payment, and in which words when it is sent."""

    def told(self, payment: Payment) -> tuple[str, dict[str, object]] | None: ...

    def sealed(self, delivery: Delivery) -> tuple[bytes, dict[str, str]]: ...


MODULES: Mapping[str, Module] = {Service.CYBERSOURCE: secure_acceptance, Service.STRIPE: stripe_objects}


def send(delivery: Delivery) -> None:
    """Send it, signed now; the answer is kept with it."""
    service = delivery.payment.service
    body, headers = MODULES[service].sealed(delivery)
    try:
        answer = requests.post(
            Settings.current().address_for(service), data=body, headers=headers, timeout=WAIT_SECONDS, allow_redirects=False
        )
        delivery.answered = f"{answer.status_code} {answer.text[:150]}"
    except requests.RequestException as error:
        delivery.answered = f"no answer: {type(error).__name__}"
    delivery.at = timezone.now()
    delivery.save()


def send_later(delivery: Delivery, seconds: float) -> None:
    """In a thread of this process: a stand-in that stops loses what it had not sent, as the services do at times."""
    delivery.answered = f"waits {seconds:.0f} s"
    delivery.save()

    def fire() -> None:
        try:
            send(delivery)
        finally:
            connection.close()

    timer = threading.Timer(seconds, fire)
    timer.daemon = True
    timer.start()
