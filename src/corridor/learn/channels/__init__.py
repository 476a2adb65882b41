"""Channels: the landing pages of topics, departments and units."""
