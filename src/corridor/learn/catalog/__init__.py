"""The catalogue: resources, runs, reference data, and the documents that are served of them."""
