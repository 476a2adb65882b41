"""Words of catalogues made into values: pure functions, a table of cases each."""
