"""Languages by code, from their names in English and in themselves."""

import re

_NAMES = {
    "ar": "arabic العربية", "bn": "bengali বাংলা", "cs": "czech čeština", "da": "danish dansk", "de": "german deutsch",
    "el": "greek ελληνικά", "en": "english inglés anglais inglese englisch", "es": "spanish español espanol castellano espagnol spagnolo",
    "et": "estonian eesti", "fa": "persian farsi فارسی", "fi": "finnish suomi", "fr": "french français francais francés", "he": "hebrew עברית",
    "hi": "hindi हिन्दी", "hu": "hungarian magyar", "id": "indonesian", "it": "italian italiano", "ja": "japanese 日本語", "ko": "korean 한국어",
    "nl": "dutch nederlands", "no": "norwegian norsk", "pl": "polish polski", "pt": "portuguese português portugues", "ro": "romanian română",
    "ru": "russian русский", "sv": "swedish svenska", "sw": "swahili kiswahili", "ta": "tamil தமிழ்", "te": "telugu తెలుగు", "th": "thai ไทย",
    "tr": "turkish türkçe", "uk": "ukrainian українська", "ur": "urdu اردو", "vi": "vietnamese", "zh": "chinese mandarin 中文 汉语 漢語",
}  # fmt: skip
_CODE_OF = {name: code for code, names in _NAMES.items() for name in names.split()}
_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{2}|[0-9]{3}|[a-z]{4}))?", re.IGNORECASE)


def language(text: str) -> str:
    """The code of a language: "English", "Español - Latinoamérica", "en-US" and "pt_BR" give en, es, en-us and pt-br; "" for unknown ones."""
    cleaned = text.strip()
    if (match := _TAG.fullmatch(cleaned)) and match[1].lower() in _NAMES:
        return "-".join(part.lower() for part in match.groups() if part)
    words = re.findall(r"[^\W\d_]+", cleaned.casefold())
    return _CODE_OF.get(words[0], "") if words else ""


def languages(text: str, separators: str = ",;/|") -> tuple[str, ...]:
    """The codes of all known languages in a list, in order, each once."""
    parts = re.split(f"[{re.escape(separators)}]", text)
    return tuple(dict.fromkeys(code for part in parts if (code := language(part))))
