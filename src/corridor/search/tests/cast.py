"""A small catalogue that the tests of search share, and an encoder that needs no model."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from corridor.search.definition import Analysis, IndexDefinition, Keyword, Sort, Text
from corridor.search.model import Document
from corridor.search.passages import combine, passages
from corridor.search.ports import Vectors
from corridor.search.searcher import Searcher
from corridor.search.store import IndexStore
from corridor.search.text import words
from corridor.search.tuning import Tuning

DEFINITION = IndexDefinition(
    name="courses",
    texts=(
        Text("title", title=True, highlight=True, semantic=0.4),
        Text("description", highlight=True, semantic=0.6),
        Text("instructors", weight=1.5, analysis=Analysis.NAMES),
        Text("numbers", analysis=Analysis.CODES),
        Text("transcript", weight=0.3),
    ),
    keywords=(
        Keyword("level", hints={"graduate": "graduate", "introductory": "introductory", "beginner": "introductory"}),
        Keyword("topic", fold=True),
        Keyword("unit"),
        Keyword("note", facet=False),
    ),
    sorts=(Sort("title", "title"), Sort("newest", "start", descending=True), Sort("price", "price")),
    browse="newest",
)

# number(s), title, description, instructors, level, topics, unit, start, price
_COURSES: tuple[tuple[str, str, str, str, str, str, str, str | None, float | None], ...] = (
    ("18.06", "Linear Algebra", "Systems of equations, vector spaces, determinants and eigenvalues.", "Gilbert Strang", "undergraduate", "Mathematics", "ocw", "2010-02-01", None),
    ("18.06SC", "Linear Algebra", "The same subject for independent study, with recitation videos.", "Gilbert Strang", "undergraduate", "Mathematics", "ocw", "2011-09-01", None),
    ("18.700", "Linear Algebra with Proofs", "Vector spaces treated with more theory than in 18.06.", "David Vogan", "undergraduate", "Mathematics", "ocw", "2013-09-01", None),
    ("6.042J/18.062J", "Mathematics for Computer Science", "Discrete mathematics: proofs, induction, graphs, probability.", "Tom Leighton; Marten van Dijk", "undergraduate", "Mathematics; Computer Science", "ocw", "2010-09-01", None),
    ("6.00", "Introduction to Programming", "Programs that solve problems, for those who never wrote one.", "John Guttag", "introductory", "Computer Science", "ocw", "2008-09-01", None),
    ("6.001", "Structure and Interpretation of Programs", "Abstraction, recursion and interpreters.", "Hal Abelson; Gerald Sussman", "undergraduate", "computer science", "ocw", "2005-02-01", None),
    ("MITx+6.00.1x", "Introduction to Computer Science and Programming Using Python", "Python, simple algorithms, testing and debugging.", "Ana Bell", "introductory", "Computer Science", "mitx", "2024-01-24", 0.0),
    ("6.002; 6.2000", "Circuits and Electronics", "Resistors, amplifiers and digital logic. Old number 6.002.", "Anant Agarwal", "undergraduate", "Engineering", "mitx", "2023-02-01", 149.0),
    ("18.01", "Single Variable Calculus", "Differentiation and integration of functions of one variable.", "David Jerison", "introductory", "Mathematics", "ocw", "2006-09-01", None),
    ("18.01SC", "Single Variable Calculus", "Scholar edition of the calculus of one variable.", "David Jerison", "introductory", "Mathematics", "ocw", "2010-09-01", None),
    ("CS 101", "Computing for Everyone", "What computers are and what they cannot do.", "Zoë Müller", "introductory", "Computer Science", "xPRO", "2022-09-01", 999.5),
    ("15.071x", "The Analytics Edge", "Statistics and optimization in practice: the edge that analytics gives a firm.", "Dimitris Bertsimas", "graduate", "Business", "mitx", "2023-05-01", 49.0),
    ("14.310x", "Data Analysis for Social Scientists", "Statistics and probability for questions of economics and society.", "Esther Duflo", "graduate", "Economics; Data Science", "mitx", "2024-02-01", 250.0),
    ("5.111", "Principles of Chemical Science", "Atoms, molecules, thermodynamics and kinetics.", "Catherine Drennan", "introductory", "Chemistry", "ocw", "2014-09-01", None),
    ("2.006", "Thermal-Fluids Engineering II", "Heat transfer, thermodynamics and the flow of fluids.", "", "undergraduate", "Engineering", "ocw", "2020-02-01", None),
    ("21G.101", "Chinese I", "学习中文:普通话入门课程。Speaking and writing Mandarin.", "Chen Tong", "introductory", "Languages", "ocw", "2014-02-01", None),
    ("21G.701", "Español I", "Introducción al español y a sus culturas; la niñez en América.", "José Ramos", "introductory", "Languages", "ocw", "2003-09-01", None),
    ("21G.612", "Русская литература", "Достоевский, Толстой и Чехов в переводе; ёлка и чай.", "Анна Иванова", "graduate", "Languages", "ocw", "2004-09-01", None),
    ("7.012", "Introductory Biology", "Genetics, cells and molecules; the biology of cancer.", "Eric Lander", "introductory", "Biology", "ocw", "2004-09-01", None),
    ("20.310", "Molecular Mechanics", "Forces between molecules and in living cells.", "", "graduate", "Biology; Engineering", "ocw", "2015-02-01", None),
    ("CMS.400", "Media Systems and Texts", "Film, television and <b>books</b> & how they are read.", "Martin Marks", "undergraduate", "Humanities", "ocw", None, None),
    ("STS.001", "Technology in American History", "Railroads, factories and the first computers.", "Merritt Smith", "undergraduate", "Humanities", "xPRO", None, None),
    ("6.096", "Introduction to C++", "Pointers, classes and templates in C++.", "Jesse Dunietz", "introductory", "Computer Science", "ocw", "2011-01-10", None),
    ("24.00", "To Be or Not to Be: Problems of Philosophy", "Free will, knowledge and the existence of God.", "Alex Byrne", "introductory", "Humanities", "ocw", "2019-09-01", None),
)  # fmt: skip


def courses() -> list[Document]:
    return [_course(number, *row) for number, row in enumerate(_COURSES, 1)]


def _course(
    id: int,
    numbers: str,
    title: str,
    description: str,
    instructors: str,
    level: str,
    topics: str,
    unit: str,
    start: str | None,
    price: float | None,
) -> Document:
    return Document(
        id=id,
        version=1,
        texts={
            "title": title,
            "description": description,
            "instructors": [name for name in instructors.split("; ") if name],
            "numbers": numbers.split("; "),
            "transcript": "" if id != 1 else "today we speak of the fundamental theorem and of orthogonality",
        },
        keywords={"level": [level], "topic": topics.split("; "), "unit": [unit], "note": ["first half"] if id <= 12 else []},
        sorts={"title": title, "start": start, "price": price},
        body=f'{{"id": {id}, "title": "{title}"}}'.encode(),
    )


def course(title: str) -> Document:
    return next(each for each in courses() if each.texts["title"] == title)


# Words that mean the same to the encoder of the tests, so that meaning finds what words do not.
_CONCEPTS = {
    "matrices": "algebra", "matrix": "algebra", "determinants": "algebra", "eigenvalues": "algebra", "coding": "programming", "python": "programming",
    "heat": "thermodynamics", "economy": "economics", "dna": "genetics", "cinema": "film", "movies": "film",
}  # fmt: skip
DIMENSIONS = 96


class WordEncoder:
    """A bag of hashed words as a vector; words of one concept are one."""

    name = "words-of-the-tests"

    def __init__(self) -> None:
        self.calls = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.calls += 1
        return np.array([self._vector(text) for text in texts], dtype=np.float32)

    def _vector(self, text: str) -> Vectors:
        vector = np.full(DIMENSIONS, 1e-3, dtype=np.float32)
        for word in words(text):
            if len(word) > 3:
                seed = int.from_bytes(hashlib.sha256(_CONCEPTS.get(word, word).encode()).digest()[:8], "big")
                vector += np.random.default_rng(seed).standard_normal(DIMENSIONS).astype(np.float32)
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def embedded(documents: Sequence[Document], definition: IndexDefinition = DEFINITION) -> list[Document]:
    encoder = WordEncoder()
    return [replace(each, vector=combine(encoder.encode(passages(each, definition)), definition)) for each in documents]


def catalogue(folder: Path, documents: Sequence[Document] | None = None, *, tuning: Tuning | None = None, meaning: bool = True) -> Searcher:
    encoder = WordEncoder() if meaning else None
    store = IndexStore(folder, DEFINITION, encoder=encoder.name if encoder else None)
    given = courses() if documents is None else documents
    store.rebuild(embedded(given) if meaning else given)
    return Searcher(store, encoder, tuning)


def titles(searcher: Searcher, results: object) -> list[str]:
    """Titles of hits, in their order."""
    known = {each.id: str(each.texts["title"]) for each in courses()}
    return [known[hit.id] for hit in results.hits]
