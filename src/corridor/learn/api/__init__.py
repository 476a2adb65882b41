"""The published API of Learn: its operations, their parameters, and the shapes they answer with."""
