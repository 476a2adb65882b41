"""Engines that run within the process: Tantivy for words, an exact scan for vectors."""
