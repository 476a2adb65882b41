"""Corridor: an open platform for online learning."""

__version__ = "0.1.0"
