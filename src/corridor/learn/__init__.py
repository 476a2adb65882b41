"""MIT Learn's part: one catalogue of learning resources from many sources, and how it is found."""
