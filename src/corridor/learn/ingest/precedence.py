"""Which source is believed where they differ: what staff set, else what the source was registered with."""

from collections import defaultdict

from .models import SourceSetting

LAST = 1000


def of_sources() -> defaultdict[str, int]:
    """Precedence by source; unknown ones come last."""
    settings = SourceSetting.objects.values_list("source", "precedence", "default_precedence")
    return defaultdict(lambda: LAST, {source: default if own is None else own for source, own, default in settings})
