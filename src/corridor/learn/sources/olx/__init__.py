"""Open edX course archives (OLX in a tar.gz): read safely, and made into content files of the runs that they belong to."""

from corridor.learn.ingest.tar import ArchiveRefused

from .course import OlxCourse, read_courses
from .runs import RunArchives, checksums, content_files, run_ids

__all__ = ["ArchiveRefused", "OlxCourse", "RunArchives", "checksums", "content_files", "read_courses", "run_ids"]
