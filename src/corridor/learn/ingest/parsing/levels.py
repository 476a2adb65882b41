"""Levels in the words of providers."""

from corridor.learn.catalog.vocabulary import Level

_WORDS = {
    Level.UNDERGRADUATE: "u ug undergrad undergraduate bachelor bachelors",
    Level.GRADUATE: "g grad graduate master masters postgraduate doctoral",
    Level.HIGH_SCHOOL: "highschool secondary",
    Level.NONCREDIT: "noncredit",
    Level.ADVANCED: "advanced expert experienced",
    Level.INTERMEDIATE: "intermediate medium",
    Level.INTRODUCTORY: "introductory introduction intro beginner beginners basic elementary novice",
}  # fmt: skip
_LEVEL_OF = {word: level for level, words in _WORDS.items() for word in words.split()}


def level(text: str) -> Level | None:
    """The level that a word or label stands for; None for "All Levels", "Mixed" and what is unknown."""
    squeezed = text.casefold().replace("-", "").replace("level", "").strip()
    return _LEVEL_OF.get(squeezed.replace(" ", "")) or _LEVEL_OF.get(squeezed.partition(" ")[0])


def levels(text: str) -> tuple[Level, ...]:
    """All levels in a list separated by commas, slashes, semicolons or "and", in order, each once."""
    for separator in (" and ", "/", ";", "|", "&"):
        text = text.replace(separator, ",")
    return tuple(dict.fromkeys(found for part in text.split(",") if (found := level(part))))
