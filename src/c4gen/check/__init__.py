"""Model against code: what each knows alone, and where they say different things."""
