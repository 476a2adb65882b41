"""What can keep Corridor's local servers and processes from running; each message says what to do."""

from corridor.kit.errors import Problem


class EmbeddedError(Problem):
    """Corridor's local servers or processes cannot run as things are."""

    code = "cannot_run"
    status = 503


class HomeUnusableError(EmbeddedError):
    """The folder that Corridor keeps everything in cannot be read or written."""


class NewerDataError(EmbeddedError):
    """The data were written by a newer Corridor or PostgreSQL."""


class ServerFailedError(EmbeddedError):
    """A server did not start; the message holds the end of its log."""


class DiskFullError(EmbeddedError):
    """Too little space is left to start safely."""


class AlreadyRunningError(EmbeddedError):
    """Another `corridor up` runs from the same home folder."""


class PortTakenError(EmbeddedError):
    """The port that was asked for has another listener."""


class DatabaseUnusableError(EmbeddedError):
    """The database server cannot be reached, or is too old."""


class CacheUnusableError(EmbeddedError):
    """Valkey or Redis cannot be reached."""


class NotReadyError(EmbeddedError):
    """The processes started but the site does not answer; the message holds the end of the log."""
