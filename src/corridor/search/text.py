"""Text taken apart into words, in any script. Documents and queries go through the same function."""

import re
import unicodedata

# Too common to say anything. Left out of the searched text and never required of a document.
STOP_WORDS = frozenset(
    [
        "a",
        "about",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "each",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "her",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "me",
        "more",
        "most",
        "my",
        "no",
        "not",
        "now",
        "of",
        "on",
        "or",
        "our",
        "she",
        "should",
        "some",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "very",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)

WORD = re.compile(r"[^\W_]+")
# Scripts that put no space between words: every letter is a token, and words are found as phrases of letters.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
UNSPACED = re.compile(f"[{_UNSPACED}]")
_POSSESSIVE = re.compile(r"'s(?![^\W_])")
_PLUSES = re.compile(r"(?<![^\W_])([a-z])\+\+(?![^\W_])")
_SHARP = re.compile(r"(?<![^\W_])([a-z])#(?![^\W_])")
# Letters that Unicode does not take apart.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"})
# Longer runs of letters are keys and noise, not words.
LONGEST_WORD = 60


class _Folding(dict[int, str]):
    """Character → its plain lower-case letters, filled in as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if character in "'’‘ʼ":
        return "'"
    if unicodedata.category(character) in ("Cs", "Cn", "Co"):
        return " "  # half a character, or none that this version of Unicode knows
    if UNSPACED.match(character) and not unicodedata.category(character).startswith("M"):
        return f" {character} "
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold()).translate(_LETTERS)
    kept = "".join(each for each in decomposed if unicodedata.category(each)[0] != "M" and unicodedata.category(each) != "Cf")
    return unicodedata.normalize("NFC", kept.replace("\u0640", ""))


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Lower case without accents and marks; letters of unspaced scripts stand alone; c++ and c# become words."""
    folded = text.lower() if text.isascii() else text.translate(_FOLDING)
    if "'" in folded:
        folded = _POSSESSIVE.sub("", folded)
    if "+" in folded:
        folded = _PLUSES.sub(r"\1plusplus", folded)
    if "#" in folded:
        folded = _SHARP.sub(r"\1sharp", folded)
    return folded


def words(text: str) -> list[str]:
    """The words of a text in order, folded."""
    return [word for word in WORD.findall(fold(text)) if len(word) <= LONGEST_WORD]


def phrase(text: str) -> str:
    """A whole text in its folded form, for comparison."""
    return " ".join(words(text))
