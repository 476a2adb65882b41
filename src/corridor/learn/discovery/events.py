"""What discovery does when something changes elsewhere."""

from . import tuning

tuning.listen()
