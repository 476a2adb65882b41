"""Content files: the pages, documents and transcripts of a course."""
