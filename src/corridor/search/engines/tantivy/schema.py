"""Fields of the files and how their text is taken apart."""

from tantivy import Filter, Index, Schema, SchemaBuilder, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from corridor.search.clauses import Field, text_field
from corridor.search.definition import Analysis, IndexDefinition, Text
from corridor.search.text import LONGEST_WORD, STOP_WORDS

ID, VERSION, WEIGHT, BODY, TEXTS = "id", "version", "weight", "body", "texts"
STEMMED, PLAIN, RAW = "corridor_stemmed", "corridor_plain", "raw"


def facet_field(keyword: str) -> str:
    return f"k_{keyword}"


def folded_field(keyword: str) -> str:
    return f"f_{keyword}"


def order_field(key: str) -> str:
    return f"o_{key}"


def names_field(text: str) -> str:
    """Whole names as written, for suggestions."""
    return f"n_{text}"


def has_own_field(text: Text) -> bool:
    return (text.weight != 1 or text.analysis is Analysis.NAMES) and not text.title and text.analysis is not Analysis.CODES


def build_schema(definition: IndexDefinition) -> Schema:
    builder = SchemaBuilder()
    builder.add_unsigned_field(ID, indexed=True, fast=True)
    builder.add_unsigned_field(VERSION, fast=True)
    builder.add_float_field(WEIGHT, fast=True)
    builder.add_bytes_field(BODY, stored=True)
    builder.add_bytes_field(TEXTS, stored=True)
    builder.add_text_field(Field.BAG, tokenizer_name=STEMMED, index_option="freq")
    builder.add_text_field(Field.TITLE, tokenizer_name=STEMMED, index_option="freq")
    builder.add_text_field(Field.WORDS, tokenizer_name=PLAIN, index_option="position")
    builder.add_text_field(Field.SUGGEST, tokenizer_name=PLAIN, index_option="freq")
    builder.add_text_field(Field.EXACT, tokenizer_name=RAW, index_option="basic")
    builder.add_text_field(Field.CODES, tokenizer_name=RAW, index_option="basic")
    for text in definition.texts:
        if has_own_field(text):
            tokenizer = PLAIN if text.analysis is Analysis.NAMES else STEMMED
            builder.add_text_field(text_field(text.name), tokenizer_name=tokenizer, index_option="freq")
        if text.analysis is Analysis.NAMES:
            builder.add_text_field(names_field(text.name), fast=True, tokenizer_name=RAW, index_option="basic")
    for keyword in definition.keywords:
        builder.add_text_field(facet_field(keyword.name), fast=keyword.facet, tokenizer_name=RAW, index_option="basic")
        if keyword.fold:
            builder.add_text_field(folded_field(keyword.name), tokenizer_name=RAW, index_option="basic")
    for key in definition.sort_keys:
        builder.add_text_field(order_field(key), fast=True, tokenizer_name=RAW, index_option="basic")
    return builder.build()


def stemmer() -> TextAnalyzer:
    return (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.remove_long(4 * LONGEST_WORD))
        .filter(Filter.custom_stopword(sorted(STOP_WORDS)))
        .filter(Filter.stemmer("english"))
        .build()
    )


def register(index: Index) -> None:
    index.register_tokenizer(STEMMED, stemmer())
    index.register_tokenizer(PLAIN, TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(4 * LONGEST_WORD)).build())
