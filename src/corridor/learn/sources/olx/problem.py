"""The words of OLX's components, as a learner sees them before answering."""

from xml.etree.ElementTree import Element, tostring

import nh3

from corridor.learn.ingest.parsing.markdown import html_text

# What is not shown, or shown only after answering.
HIDDEN = frozenset(
    {
        "script", "style", "solution", "demandhint", "optionhint", "choicehint", "stringequalhint", "numericalresponsehint", "compoundhint",
        "correcthint", "hint", "hintgroup", "responseparam", "additional_answer", "answer", "grader_payload", "metadata",
    }
)  # fmt: skip


def problem_text(source: str, element: Element | None) -> str:
    """A problem's words; without the element, when its XML is broken, from the source."""
    if element is None:
        return html_text(nh3.clean(source, tags={"p", "div", "li", "label"}, clean_content_tags=set(HIDDEN)))
    words: list[str] = []
    _collect(element, words)
    return "\n".join(line for part in "".join(words).split("\n") if (line := " ".join(part.split())))


_BREAKS = frozenset(
    {"p", "div", "li", "label", "description", "choice", "option", "tr", "br", "h1", "h2", "h3", "h4", "pre", "text", "prompt"}
)

_INLINE = frozenset({"a", "b", "code", "em", "i", "small", "span", "strong", "sub", "sup", "tt", "u"})


def _collect(element: Element, words: list[str]) -> None:
    if element.tag in HIDDEN:
        return
    words.append(element.text or "")
    for child in element:
        _collect(child, words)
        words.append(("\n" if child.tag in _BREAKS else "" if child.tag in _INLINE else " ") + (child.tail or ""))


def inline_html(element: Element) -> str:
    return html_text(tostring(element, encoding="unicode", method="html"))
