from corridor.search.errors import IndexMissing


class NotIndexedYet(IndexMissing):
    """What a reader is told while there is no index to ask."""

    def __init__(self) -> None:
        super().__init__(
            "The catalogue is not indexed yet, so it cannot be searched. Try again in a few minutes; who runs this site sees with "
            "`./corridor index status` how far it is, and begins anew with `./corridor index rebuild`."
        )
