"""Podcasts: a folder of small YAML files, each naming an RSS feed."""
