"""Facts from source trees, without running or importing them: one quick pass per file, then a resolver over the whole program."""
