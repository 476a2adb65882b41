"""Architecture maps drawn from code. A tool of its own, for any set of Python repositories; imports nothing of corridor."""
