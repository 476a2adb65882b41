"""How source catalogues get in: fetch, keep, map, stage, merge, report."""
