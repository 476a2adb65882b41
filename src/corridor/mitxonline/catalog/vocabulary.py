"""Closed vocabularies of the catalogue, with the codes that the published API has."""

from django.db import models


class Mode(models.TextChoices):
    AUDIT = "audit", "Audit"
    VERIFIED = "verified", "Verified"


class Availability(models.TextChoices):
    ANYTIME = "anytime", "Anytime"
    DATED = "dated", "Dated"


class DisplayMode(models.TextChoices):
    COURSE = "course", "Course"


class NodeType(models.TextChoices):
    OPERATOR = "operator", "Operator"
    COURSE = "course", "Course"
    PROGRAM = "program", "Program"


class Operator(models.TextChoices):
    ALL_OF = "all_of", "All of"
    MIN_NUMBER_OF = "min_number_of", "At least so many of"


class VariantLength(models.TextChoices):
    FULL = "", "Full"
    SHORT = "S", "Short"


class VariantIndustry(models.TextChoices):
    ORIGINAL = "", "Original"
    ENERGY = "E", "Energy"
    FINANCE = "F", "Finance"
    HEALTHCARE = "HC", "Healthcare"


class DocumentKind(models.TextChoices):
    COURSE = "course", "Course"
    RUN = "run", "Course run"
    PROGRAM = "program", "Program"
    DEPARTMENT = "department", "Department"
    COLLECTION = "collection", "Program collection"


# As Open edX names the languages of its interface, each with the name that its speakers give it.
LANGUAGES = {
    "af_ZA": "Afrikaans", "ar": "العربية", "az": "Azərbaycanca", "bo": "བོད་ཡིག", "da": "Dansk", "de": "Deutsch", "de_DE": "Deutsch (Deutschland)",
    "el": "Ελληνικά", "es_419": "Español (Latinoamérica)", "es_ES": "Español (España)", "en": "English", "fa": "فارسی", "fr": "Français",
    "fr_CA": "Français (Canada)", "he": "עברית", "hi": "हिन्दी", "hu": "Magyar", "id": "Bahasa Indonesia", "it_IT": "Italiano", "ja": "日本語",
    "ka": "ქართული", "kk": "Қазақ тілі", "ko": "한국어", "lv": "Latviešu", "nl": "Nederlands", "pl": "Polski", "pt_BR": "Português (Brasil)",
    "pt_PT": "Português (Portugal)", "ro": "Română", "ru": "Русский", "sq": "Shqip", "sv": "Svenska", "sw": "Kiswahili", "te": "తెలుగు",
    "th": "ไทย", "tr_TR": "Türkçe", "uk": "Українська", "uz": "Oʻzbekcha", "vi": "Tiếng Việt", "zh_CN": "简体中文", "zh_HANS": "中文 (简体)",
    "zh_HK": "中文 (香港)",
}  # fmt: skip
PRIMARY_LANGUAGES = ("", "en")  # of a run whose course says nothing else
