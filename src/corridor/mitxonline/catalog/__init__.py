"""Courses, their runs, programs and what they cost."""
