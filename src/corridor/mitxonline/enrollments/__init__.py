"""Who takes which run and program: a ledger of changes and what follows from it."""
