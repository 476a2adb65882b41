"""Where everything of a picture goes: `lay_out(picture)` gives a `Layout` of whole pixels."""
