"""MIT xPRO: professional courses and programs, its own and those of its partners."""
