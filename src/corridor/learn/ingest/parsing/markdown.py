"""Plain text of the Markdown that course sites are written in, Hugo's shortcodes resolved."""

import re

import nh3

from corridor.learn.ingest.cleaning import plain_text

_SHORTCODE = re.compile(r"\{\{[<%]((?:(?!\{\{).)*?)[>%]\}\}", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_IMAGE = re.compile(r"!\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)")
_RULE = re.compile(r"^[\s|:*_=-]{3,}$")
_LEAD = re.compile(r"^\s{0,8}(?:#{1,6}\s+|>\s?|[*+-]\s+|\d{1,3}\\?[.)]\s+)+")
_EMPHASIS = re.compile(r"(?<!\w)([*_]{1,3})(?=\S)([^*_\n]{1,500}?)(?<=\S)\1(?!\w)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")


def _shortcode(match: re.Match[str]) -> str:
    """What a reader sees of a shortcode: the text of a link, the words of a quotation, else nothing."""
    name, _, rest = match.group(1).strip().partition(" ")
    if name == "resource_link":
        return "".join(_QUOTED.findall(rest)[1:2])
    return " ".join(_QUOTED.findall(rest)) if name == "quote" else " "


def markdown_text(source: str) -> str:
    """The words of a Markdown page, one line a block; tables lose their bars, links and images keep their text."""
    text = _SHORTCODE.sub(_shortcode, source)
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    return "\n".join(line for line in map(_line, text.splitlines()) if line)


def _line(line: str) -> str:
    if _RULE.match(line):
        return ""
    line = _LEAD.sub("", line).replace("|", " ")
    line = _ESCAPED.sub(r"\1", _EMPHASIS.sub(r"\2", line))
    return plain_text(line)  # type: ignore[no-any-return]  # text stays text


def html_text(source: str) -> str:
    """The words of an HTML page, one line a block, without scripts and styles."""
    text = re.sub(r"</?(?:p|div|br|li|tr|h[1-6]|section|table|ul|ol|pre|blockquote)\b[^>]*>", "\n", nh3.clean(source, tags=_BLOCK_TAGS))
    return "\n".join(line for line in map(plain_text, text.splitlines()) if line)


_BLOCK_TAGS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "table", "ul", "ol", "pre", "blockquote"}
