"""Our documents as Tantivy's."""

import math
import struct
from collections.abc import Mapping, Sequence

import orjson
import tantivy

from corridor.search.clauses import Field, text_field
from corridor.search.codes import index_terms, suggestion_terms
from corridor.search.definition import Analysis, IndexDefinition, Text
from corridor.search.model import Document
from corridor.search.text import fold, phrase

from . import schema

# Tantivy refuses longer terms; values beyond are cut in documents and filters alike.
LONGEST_VALUE = 512


class Spellings:
    """One spelling per folded value of a keyword: the first that was met. Keeps xPRO and xPro one facet value."""

    def __init__(self, known: Mapping[str, Sequence[str]]) -> None:
        self._known = {field: {fold(value): value for value in values} for field, values in known.items()}

    def __call__(self, field: str, value: str) -> str:
        return self._known.setdefault(field, {}).setdefault(fold(value), value)


def values_of(document: Document, text: Text) -> list[str]:
    given = document.texts.get(text.name) or ()
    return [given] if isinstance(given, str) else [each for each in given if each]


def convert(document: Document, definition: IndexDefinition, spellings: Spellings) -> tantivy.Document:
    made = tantivy.Document()
    made.add_unsigned(schema.ID, document.id)
    made.add_unsigned(schema.VERSION, document.version)
    made.add_float(schema.WEIGHT, float(document.weight))
    made.add_bytes(schema.BODY, document.body)
    kept: dict[str, list[str]] = {}
    for text in definition.texts:
        values = [_valid(value) for value in values_of(document, text)]
        if text.highlight or text.title or text.analysis is Analysis.CODES:
            kept[text.name] = values
        _add_text(made, text, values)
    made.add_bytes(schema.TEXTS, orjson.dumps(kept))
    _add_keywords(made, document, definition, spellings)
    for key in definition.sort_keys:
        if (order := order_key(document.sorts.get(key), document.id)) is not None:
            made.add_text(schema.order_field(key), order)
    return made


def _add_text(made: tantivy.Document, text: Text, values: Sequence[str]) -> None:
    for value in values:
        folded = fold(value)
        made.add_text(Field.WORDS, folded)
        if text.weight >= 1:
            made.add_text(Field.BAG, folded)
        if schema.has_own_field(text):
            made.add_text(text_field(text.name), folded)
        if text.title:
            made.add_text(Field.BAG, folded)
            made.add_text(Field.TITLE, folded)
            made.add_text(Field.EXACT, phrase(value)[:LONGEST_VALUE])
        if text.title or text.analysis is Analysis.NAMES:
            made.add_text(Field.SUGGEST, folded)
        if text.analysis is Analysis.NAMES:
            made.add_text(schema.names_field(text.name), value[:LONGEST_VALUE])
    if text.analysis is Analysis.CODES:
        for term in index_terms(values):
            made.add_text(Field.CODES, term)
        for form in suggestion_terms(values):
            made.add_text(Field.CODES, f"c:{form}")


def _add_keywords(made: tantivy.Document, document: Document, definition: IndexDefinition, spellings: Spellings) -> None:
    for keyword in definition.keywords:
        values = (_valid(value)[:LONGEST_VALUE] for value in document.keywords.get(keyword.name) or () if value)
        if not keyword.fold:
            for value in dict.fromkeys(values):
                made.add_text(schema.facet_field(keyword.name), value)
            continue
        for folded, value in {fold(value): value for value in values}.items():
            made.add_text(schema.folded_field(keyword.name), folded)
            made.add_text(schema.facet_field(keyword.name), spellings(keyword.name, value))


def _valid(text: str) -> str:
    """Without what UTF-8 cannot carry."""
    return text if text.isascii() else text.encode("utf-8", "ignore").decode()


def order_key(value: str | int | float | None, id: int) -> str | None:
    """A string that sorts as the value does, made unique by the id; None where there is nothing to sort by."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, str):
        return f"{phrase(value)[:200]}\x00{id:020d}"
    (bits,) = struct.unpack(">Q", struct.pack(">d", value))
    return f"{bits ^ (0xFFFF_FFFF_FFFF_FFFF if bits >> 63 else 1 << 63):016x}{id:020d}"
