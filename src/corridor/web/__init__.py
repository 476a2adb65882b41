"""Base templates, components and the stylesheet."""
