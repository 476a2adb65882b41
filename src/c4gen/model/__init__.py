"""What an architecture model says: curated YAML, facts found in code, and the two merged."""
