"""How good search is, measured with judged queries: the real engines and the real searcher, on any collection."""
