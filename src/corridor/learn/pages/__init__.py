"""The pages on which people look around, search and read about a resource."""
