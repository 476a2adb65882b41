"""The OpenAPI document of MITx Online: all versions in one, as clients know it."""

from corridor.kit.api.documents import Published
from corridor.mitxonline import urls

DESCRIPTION = (
    "Courses, their runs, programs and what they cost. Reading needs no account. Parameters that are not listed, and values that a "
    "parameter does not take, are answered with 400 and what is wrong with each. Answers carry an ETag. To keep a copy, ask the second "
    "version of courses or programs with cursor=0, then again with the cursor of the last answer: what changed comes as results, what is "
    "gone as tombstones."
)
PUBLISHED = {"all": Published("MITx Online API", "1.0.0", DESCRIPTION, urls.api)}
