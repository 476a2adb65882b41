"""What can go wrong with an index."""

from corridor.kit.errors import Problem


class SearchError(Problem):
    code = "search_failed"
    status = 500


class UnknownField(SearchError):
    """A filter, facet or sort that the index does not declare."""

    code = "unknown_search_field"
    status = 400


class IndexMissing(SearchError):
    """Nothing has been indexed yet, or the files are of another definition or encoder."""

    code = "index_missing"
    status = 503


class IndexDamaged(IndexMissing):
    """Files of the index are missing, cut short or not what they should be; a rebuild replaces them."""

    code = "index_damaged"


class IndexBusy(SearchError):
    """Another process is writing."""

    code = "index_busy"
    status = 503


class ShrinkRefused(SearchError):
    """A rebuilt index lost more documents than deletions explain; the live one stays."""

    code = "index_shrink_refused"
    status = 409


class UnfitVector(SearchError):
    """A vector is no number, or has another length than those of the index."""

    code = "unfit_vector"


class EncoderUnavailable(SearchError):
    """Texts cannot be turned into vectors: packages, model or service are missing."""

    code = "encoder_unavailable"
    status = 503
