"""A shop made with django-oscar, for comparison: its documented project, in an environment of its own."""
