"""What can be wrong with a request to the ingestion."""

from corridor.kit.errors import Problem


class IngestError(Problem):
    """Base of the ingestion's errors; the message tells a person what to do."""

    code = "ingest_error"


class SourceUnknown(IngestError):
    code = "source_unknown"
    status = 404


class SourceBusy(IngestError):
    """Another process reads this source."""

    code = "source_busy"
    status = 409

    def __init__(self, source: str) -> None:
        super().__init__(f"{source} is being read by another process. Wait until it is done: corridor ingest report")


class RunUnknown(IngestError):
    code = "run_unknown"
    status = 404


class NothingKept(IngestError):
    """The raw payloads of a run are not there to be replayed."""

    code = "nothing_kept"
    status = 410


class RecordUnknown(IngestError):
    code = "record_unknown"
    status = 404


class NotMerged(IngestError):
    """The record shares its resource with no other."""

    code = "not_merged"
    status = 409


class MappingInvalid(IngestError):
    """A file that declares a mapping cannot be used; the message names the place in it."""

    code = "mapping_invalid"
