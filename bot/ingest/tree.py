"""A page's markup, put in order for an extractor that was taught on tidy sites.

Extractors look for paragraphs in boxes that say what they are. Old and Asian sites write articles
as lines between ``<br>`` in a table's cell, hide the body until a script shows it, and put much
around it. Here layout tables become boxes, broken lines become paragraphs, and what calls itself
navigation, comments, advertisement or a cookie notice goes, unless most of the page is in it.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring, tostring

from bot.errors import ParseError
from bot.text import CJK, clean

MOST_TAGS = 20_000  # of one page; long articles have two thousand
MOST_TEXT = 300_000  # characters of it that are looked at
_UNSEEN = frozenset("script style template noscript iframe svg canvas object embed link".split())
_ASIDE = frozenset(
    "nav aside dialog button select form-nav amp-consent amp-sidebar amp-ad amp-social-share "
    "amp-analytics rt rp input textarea".split()
)
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|cmp|shar(?:e|ing)|social|sns(?:btn)?|comments?|disqus|replies"
    r"|related|relation|recomm?(?:end)?|rank(?:ing)?|newsletter|edm|promo|ads?|advert\w*|sponsor\w*"
    r"|pager|pagination|breadcrumbs?|crumbs?|nav|navi|menu|sidebar|side|foot(?:er)?|copyright|skip"
    r"|toolbar|tools?|player|byline|login)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ROLES = frozenset("dialog alertdialog navigation banner complementary contentinfo search".split())
_INLINE = frozenset(
    "a b i u em strong span font small big sub sup code mark ruby rb br img".split()
)
_LAYOUT = frozenset("table tbody thead tfoot tr td th dl dt dd center font".split())
_BROKEN = frozenset(("p", "span", "font", "strong", "em", "center"))
_MOST = 0.5  # of the page's text: what holds so much is no aside, whatever its name
_WHOLE = 0.6  # of the page's text: a box that calls itself the article and holds so much is it
_LONG_CELL = 100  # characters: cells of data are shorter
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_LABEL = 300  # characters of an element's names that are looked at
_SENTENCE = 12  # characters: shorter boxes are labels
_ENDS = tuple("。！？.!?」』”’)）…：:")
_HEADLINE = 8  # characters of a link that may be a headline
_BLOCKS = frozenset(
    "p div section article main li h1 h2 h3 h4 h5 h6 td th dd dt blockquote figcaption pre body "
    "header footer ul ol table tr dl figure form details".split()
)
_CJK = re.compile(f"[{CJK}]")
_LONG_TAG = re.compile(r"<([a-z][a-z0-9]{0,20})\s[^<>]{2000,}", re.IGNORECASE)
_MOST_ATTRIBUTES = 1000  # of one tag: the parser compares each with all before it
_REFERENCE = re.compile(r"&#(x[0-9a-f]{1,8}|[0-9]{1,8});?", re.IGNORECASE)
_UNHELD = re.compile("[\ud800-\udfff\ufffe\uffff]")
_ASCII = 128
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidy:
    """A page in order. `lines` are its visible blocks, each with the share of it that is links."""

    root: HtmlElement
    lines: tuple[tuple[str, float], ...]


def tidy(html: str) -> Tidy:
    """The tree of a page without its asides. ParseError("page.too_large") for more than 20,000
    tags, ParseError("page.empty") where there is no markup at all."""
    if html.count("<") > MOST_TAGS:
        raise ParseError(f"more than {MOST_TAGS} tags", code="page.too_large")
    try:
        # As bytes: a declared encoding inside a text is an error to lxml.
        root = document_fromstring(_storable(html).encode(), parser=_parser())
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise ParseError("the page holds no markup", code="page.empty") from error
    _prune(root)
    _shorten(root)
    _unbox(root)
    _break_lines(root)
    _name_paragraphs(root)
    lines = tuple(_lines(root))
    _narrow(root)
    return Tidy(root=root, lines=lines)


def _storable(html: str) -> str:
    """Markup without the characters, written or referred to, that no tree may hold or that hide."""
    return _UNHELD.sub("", clean(_REFERENCE.sub(_character, _LONG_TAG.sub(_bare, html))))


def _bare(match: re.Match[str]) -> str:
    return match[0] if len(match[0].split()) <= _MOST_ATTRIBUTES else f"<{match[1]}"


def _character(match: re.Match[str]) -> str:
    digits = match[1]
    number = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    if number > sys.maxunicode or chr(number) in "<>&\"'":
        return match[0] if number < _ASCII else ""
    return chr(number)


def _parser() -> HTMLParser:
    return HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)


def _weights(root: HtmlElement) -> dict[HtmlElement, int]:
    """The length of the text in each element, links apart."""
    weights: dict[HtmlElement, int] = {}
    for element in reversed(list(root.iter(etree.Element))):
        if element.tag in _UNSEEN or element.tag == "a":
            own = 0
        else:
            own = len((element.text or "").strip())
            own += sum(weights[c] + len((c.tail or "").strip()) for c in element if c in weights)
        weights[element] = own
    return weights


def _prune(root: HtmlElement) -> None:
    for element in list(root.iterdescendants(*_UNSEEN)):
        _drop(element)
    weights = _weights(root)
    most = max(1, weights[root]) * _MOST
    for element in list(root.iterdescendants(etree.Element)):
        if element.tag in ("body", "head", "html", "main"):
            continue
        if weights[element] > most:
            if element.get("style"):
                del element.attrib["style"]  # shown by a script that we do not run
        elif _is_aside(element):
            _drop(element)


def _shorten(root: HtmlElement) -> None:
    """What comes after so much text goes unread: no article is so long."""
    left = MOST_TEXT
    for _, element in etree.iterwalk(root, events=("start",)):
        if element.text:
            element.text, left = element.text[: max(0, left)], left - len(element.text)
        if element.tail:
            element.tail, left = element.tail[: max(0, left)], left - len(element.tail)


def _is_aside(element: HtmlElement) -> bool:
    if element.tag in _ASIDE or element.get("role") in _ROLES:
        return True
    if element.get("aria-hidden") == "true" or _HIDDEN.search(element.get("style") or ""):
        return True
    if element.tag == "footer":
        return True
    if element.tag in _INLINE:
        return False
    names = f"{element.get('id') or ''} {element.get('class') or ''}"
    return bool(_NAMED.search(names[:_LABEL]))


def _drop(element: HtmlElement) -> None:
    parent = element.getparent()
    before = element.getprevious()
    tail = element.tail or ""
    if before is None:
        parent.text = (parent.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail
    parent.remove(element)


def _unbox(root: HtmlElement) -> None:
    """Tables and definition lists that only lay out the page become plain boxes."""
    weights = _weights(root)
    for box in list(root.iter("table", "dl")):
        cells = list(box.iter("td", "th", "dt", "dd"))
        if len(cells) < 4 or any(
            weights[c] > _LONG_CELL or c.find(".//table") is not None for c in cells
        ):
            for part in box.iter(*_LAYOUT):
                if part.tag != "font" or weights[part] > _LONG_CELL:
                    part.tag = "div"


def _break_lines(root: HtmlElement) -> None:
    """Lines between ``<br>`` or blank lines of the source become paragraphs."""
    for element in list(root.iter(etree.Element)):
        if element.tag in _UNSEEN or element.tag in (
            "pre",
            "table",
            "tr",
            "ul",
            "ol",
            "a",
            "head",
            "html",
        ):
            continue
        if any(child.tag == "br" for child in element):
            _paragraphs(element)


def _paragraphs(element: HtmlElement) -> None:
    children = list(element)
    line = etree.Element("p")
    line.text, element.text = element.text, None
    made = [line]
    for child in children:
        element.remove(child)
        if child.tag == "br" or child.tag not in _INLINE:
            line = etree.Element("p")
            line.text, child.tail = child.tail, None
            made.extend([line] if child.tag == "br" else [child, line])
        else:
            line.append(child)
    if element.tag in _BROKEN:
        element.tag = "div"
    element.extend(
        part for part in made if part.tag != "p" or len(part) or (part.text or "").strip()
    )


def _name_paragraphs(root: HtmlElement) -> None:
    """Boxes that hold a sentence and nothing else become paragraphs."""
    for element in root.iter("div", "section"):
        if all(child.tag in _INLINE for child in element):
            text = "".join(element.itertext()).strip()
            if len(text) >= _SENTENCE and text.endswith(_ENDS):
                element.tag = "p"
            elif text and len(element) == 1 and element[0].tag in ("strong", "b"):
                element.tag = "h3"  # as editors make them that know no headings


def _narrow(root: HtmlElement) -> None:
    """Where one box calls itself the article and holds most of the page's text, only it stays."""
    body = root.find("body")
    if body is None:
        return
    weights = _weights(body)
    whole = max(1, weights[body])
    boxes = body.xpath(".//*[contains(@itemprop, 'articleBody')] | .//article | .//main")
    fitting = [box for box in boxes if weights[box] >= whole * _WHOLE]
    if fitting:
        chosen = fitting[-1]  # the innermost of those inside each other
        chosen.tail = None
        for child in list(body):
            body.remove(child)
        body.text = None
        body.append(chosen)


def _lines(root: HtmlElement) -> Iterator[tuple[str, float]]:
    """The blocks of a page in order, with the share of each that is links."""
    body = root.find("body")
    words: list[str] = []
    linked = 0

    def flush() -> Iterator[tuple[str, float]]:
        nonlocal linked
        text = _BLANK.sub(" ", "".join(words)).strip()
        if text:
            yield text, min(1.0, linked / len(text))
        words.clear()
        linked = 0

    inside = 0
    for event, element in etree.iterwalk(
        body if body is not None else root, events=("start", "end")
    ):
        is_block = element.tag in _BLOCKS
        if is_block or element.tag == "br":
            yield from flush()
        if element.tag == "a":
            inside += 1 if event == "start" else -1
        piece = (element.text if event == "start" else element.tail) or ""
        words.append(piece)
        linked += len(piece.strip()) if inside else 0
    yield from flush()


def is_list(page: Tidy) -> bool:
    """Whether a page lists stories rather than tells one: headlines that are links, with no more
    than a teaser between any two."""
    runs, headlines = [0], 0
    for text, share in page.lines:
        if share >= 0.8 and size(text) >= 2.5 * _HEADLINE:
            headlines += 1
            runs.append(0)
        else:
            runs[-1] += size(text)
    total, longest = sum(runs), max(runs)
    return headlines >= 4 and longest < 600 and longest < max(200, 0.4 * total)


def size(text: str) -> int:
    """The length of a text in Latin letters: a CJK character carries about two and a half."""
    return len(text) + 3 * len(_CJK.findall(text)) // 2


def markup(page: Tidy) -> str:
    found: str = tostring(page.root, encoding="unicode")
    return found
