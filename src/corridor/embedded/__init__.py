"""The local default: PostgreSQL and Valkey from wheels under our own supervisor, and the processes of `corridor up`."""
