"""The pages of a set of models: `build(graphs, …)` gives every file by its path, `write` and `differences` compare them with a folder.

Pages open as files: no server, no network, one stylesheet, one script, and everything readable without it.
"""

from c4gen.pages.build import build
from c4gen.pages.folder import differences, write
from c4gen.pages.tables import Table

__all__ = ["Table", "build", "differences", "write"]
