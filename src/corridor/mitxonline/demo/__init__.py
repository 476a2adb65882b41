"""The demo: what Northmere, a university that does not exist, teaches here."""
