"""Platforms, offerors, schools, departments and topics as declarative files: one folder a set."""
