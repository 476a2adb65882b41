from .outbox.models import OutboxEvent

__all__ = ["OutboxEvent"]
