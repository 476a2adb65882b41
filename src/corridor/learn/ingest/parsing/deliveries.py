"""Ways of delivery in the words of providers."""

import re

from corridor.learn.catalog.vocabulary import Delivery

_DELIVERY_OF = {
    "": Delivery.ONLINE, "online": Delivery.ONLINE, "live virtual": Delivery.ONLINE, "live online": Delivery.ONLINE, "virtual": Delivery.ONLINE,
    "self paced online": Delivery.ONLINE, "remote": Delivery.ONLINE, "blended": Delivery.HYBRID, "hybrid": Delivery.HYBRID,
    "in person": Delivery.IN_PERSON, "on campus": Delivery.IN_PERSON, "face to face": Delivery.IN_PERSON, "classroom": Delivery.IN_PERSON,
    "offline": Delivery.OFFLINE,
}  # fmt: skip


def delivery(text: str | None) -> Delivery | None:
    """The delivery that a label stands for: online when nothing is said, None for an unknown label."""
    return _DELIVERY_OF.get(" ".join(re.split(r"[\s_-]+", (text or "").strip().casefold())))
