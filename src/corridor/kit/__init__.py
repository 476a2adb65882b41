"""Technique without domain words: outbox, HTTP client, clock, errors, pagination, health."""
