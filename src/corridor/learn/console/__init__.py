"""The staff console's pages for the catalogue and its search, within Wagtail's console at /cms/."""
