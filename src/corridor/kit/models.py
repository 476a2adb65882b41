from .api.models import IdempotentRequest
from .audit.models import AuditEntry
from .outbox.models import OutboxEvent

__all__ = ["AuditEntry", "IdempotentRequest", "OutboxEvent"]
