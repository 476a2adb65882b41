"""What a graph says when it is asked: cycles and where to cut them, what is fragile, what a change touches, when load falls together."""
