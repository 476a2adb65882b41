"""Sloan Executive Education: courses joined with their offerings."""
