"""The registrar's pages within Wagtail's console at /cms/: learners, seats, orders, codes, certificates, and what does not agree."""
