"""The published API: parameters in, prepared bytes out."""
