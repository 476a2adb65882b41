"""What resources are linked to in the reference data: topics, departments, features of their content."""

from collections.abc import Iterable, Mapping, Sequence

from corridor.learn.catalog.topics import TopicLookup, folded
from corridor.learn.ingest.merge import Json, Listed
from corridor.learn.ingest.sql import Links, execute, fetch
from corridor.learn.ingest.tally import Tally

TOPICS = Links("learn_learningresource_topics", "learningresource_id", "topic_id")
DEPARTMENTS = Links("learn_learningresource_departments", "learningresource_id", "department_id", "text")
TAGS = Links("learn_learningresource_content_tags", "learningresource_id", "contenttag_id")
LONGEST_TAG = 128
NEW_TAGS = """
    INSERT INTO learn_contenttag (name) SELECT name FROM unnest(%s::text[]) AS given (name)
    WHERE NOT EXISTS (SELECT FROM learn_contenttag AS old WHERE old.name = given.name) ON CONFLICT DO NOTHING
"""


def write(records: Mapping[int, Json], members: Mapping[int, Sequence[Listed]], lookup: TopicLookup, tally: Tally) -> set[int]:
    """Link resources by id. Gives those for which something differs."""
    topics = [(id, topic) for id, listed in members.items() for topic in _topics(listed, lookup, tally)]
    departments = [(id, department) for id, record in records.items() for department in record.get("departments", ())]
    return TOPICS.set(list(records), topics) | DEPARTMENTS.set(list(records), departments) | TAGS.set(list(records), _tags(records))


def _topics(members: Iterable[Listed], lookup: TopicLookup, tally: Tally) -> frozenset[int]:
    """Topics of the most trusted record whose words mean any, each record's words read in the vocabulary of its own unit."""
    for member in members:
        words = member.record.get("topics", ())
        offeror = member.record.get("offered_by", "")
        if found := lookup.topics(words, offeror):
            return found
        for word in words:
            tally.warn("topic that means none of ours", f"{offeror}: {folded(word)}")
    return frozenset()


def _tags(records: Mapping[int, Json]) -> list[tuple[int, int]]:
    named = [(id, tag[:LONGEST_TAG]) for id, record in records.items() for tag in record.get("content_tags", ())]
    names = sorted({tag for _, tag in named})
    execute(NEW_TAGS, [names])
    ids = dict(fetch("SELECT name, id FROM learn_contenttag WHERE name = ANY(%s)", [names]))
    return [(id, ids[tag]) for id, tag in named]
