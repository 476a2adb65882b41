"""What the systems' pages in Wagtail's console at /cms/ have in common; each system brings its own."""
