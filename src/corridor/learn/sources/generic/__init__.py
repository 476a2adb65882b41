"""Any catalogue in JSONL, JSON or CSV files, by a declared mapping. See docs/add-a-source.md."""
