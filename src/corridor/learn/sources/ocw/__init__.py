"""Open courseware as static files: published JSON trees, the sources they are made of, and the older single files."""
