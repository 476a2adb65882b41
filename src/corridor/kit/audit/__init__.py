"""Who changed what, and why: rows that are only ever added, written in the transaction of the change."""

from .recording import record, record_each

__all__ = ["record", "record_each"]
