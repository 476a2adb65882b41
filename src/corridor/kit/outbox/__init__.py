"""What must happen elsewhere after a commit: rows written in the transaction, delivered at least once by the relay."""

from .publish import publish
from .receivers import Delivery, receiver

__all__ = ["Delivery", "publish", "receiver"]
