"""How resources are found: the declared index, the search API and its pages."""
