"""Stand-ins with pages: a small Django site of its own, on SQLite in the home folder, which knows Corridor only from outside."""
