"""Sheets in which staff ask for many things at once: a row a request."""
