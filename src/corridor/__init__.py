"""Corridor: an open platform for online learning."""

import os

__version__ = "0.1.0"

# A product of numpy's is bound by memory, and there is one process a core already. To be said before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
