"""Money in double entry, and what gateways said of it."""
